"""`Index`: one published version, opened; related trials by NCT id, by draft protocol and by free text."""

import difflib
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import numpy as np

from ..data import Trial, normalise_nct_id
from ..data.schema import TRIAL_SCHEMA
from ..embed import Encoder
from ..errors import IndexDamaged, UnknownTrial, UsageError
from .answering import Answering, Asked
from .arrow_file import read_table
from .asked_trials import asked_trials
from .asking import Asking
from .aspects import Weights
from .batching import in_batches
from .channels import Channels
from .facets import Facet, FacetTable
from .facts import Facts
from .families import collapsed, members_of
from .filters import NO_FILTERS, Filters, FilterTable
from .hits import Hit
from .links import LINKS
from .listing import listed
from .manifest import Manifest, check_files, read_manifest
from .misspelt import Speller
from .near import SiteTable
from .neighbourhood import MOST_TRIALS, Looked, Neighbourhood, neighbourhood
from .query import Weighted, check_something_to_compare
from .query_text import EDGES, QueryEmbedder, check_text
from .ranking import DEFAULT_RANKING, Ranking
from .sought import Sought
from .store import Store

_UNLIKE = 0.5
"""What the unlikes of a query count together, beside 1 of its likes."""
_AT_ONCE = 64
"""Queries of a batch that are in memory at one time, with their answers."""


class Index:
    """One immutable version of the index. Safe to use from several threads.

    Attributes:
        version: its name.
        manifest: what it was made from.
    """

    def __init__(
        self,
        folder: Path,
        encoder: Callable[[Manifest], Encoder],
        *,
        checksums: bool = True,
        ranking: Ranking = DEFAULT_RANKING,
    ) -> None:
        """Open a version.

        Args:
            folder: of the version.
            encoder: loads the encoder for text queries, on the first one.
            checksums: also check every file's checksum, which finds what its format would not notice.
            ranking: what counts how much.

        Raises:
            IndexDamaged: a file is missing, cut short or altered.
        """
        self.version = folder.name
        self.manifest = read_manifest(folder)
        check_files(folder, self.manifest, checksums=checksums)
        try:
            self._store = Store(folder, list(self.manifest.snapshot.files))
            sites = SiteTable.open(folder, len(self._store))
            self._links = read_table(folder / LINKS)
            self._channels = Channels.open(folder, list(self.manifest.sections), self._store.cards)
        except (OSError, ValueError, RuntimeError) as error:
            raise IndexDamaged(
                f"The index version {folder} cannot be opened: {str(error).splitlines()[0]}.",
                "Run trialkin verify to find the damaged file, then trialkin rollback or trialkin build --force.",
            ) from error
        self._ranking = ranking
        self._asking = Asking(self._channels, ranking)
        self._answering = Answering(self._channels, self._store, ranking.floor)
        self._filters = FilterTable(self._store.cards, sites)
        self._facets = FacetTable(self._store.cards)
        self._embed = QueryEmbedder(self.manifest, encoder)
        self._speller = Speller(self._channels.lexical, self._channels.profiles, self._store.texts_of)

    def __len__(self) -> int:
        return len(self._store)

    def __contains__(self, nct_id: str) -> bool:
        return self._store.row(normalise_nct_id(nct_id)) is not None

    def nct_ids(self) -> list[str]:
        """All trials, in order."""
        return [self._store.nct_id(row) for row in range(len(self))]

    def trial(self, nct_id: str) -> Trial:
        """The full record.

        Raises:
            InvalidNctId, UnknownTrial
        """
        return self._store.trial(self._row(nct_id))

    def trials(self, nct_ids: Sequence[str], fields: Sequence[str] | None = None) -> list[Trial]:
        """Many records at once, in the order given.

        Args:
            nct_ids: in any spelling.
            fields: the registry's names of those to read, such as ``briefTitle``; others are absent from the records.
                None for all.

        Raises:
            InvalidNctId, UnknownTrial
            UsageError: a record has no such field.
        """
        if unknown := sorted(set(fields or ()) - set(TRIAL_SCHEMA.names)):
            near = difflib.get_close_matches(unknown[0], TRIAL_SCHEMA.names)
            hint = f"Did you mean {' or '.join(near)}?" if near else f"Fields are {', '.join(TRIAL_SCHEMA.names)}."
            raise UsageError(f"A record has no field {unknown[0]!r}.", hint)
        columns = TRIAL_SCHEMA.names if fields is None else list(dict.fromkeys(["nctId", *fields]))
        return self._store.trials([self._row(one) for one in nct_ids], columns)

    def related(
        self,
        nct_id: str,
        top: int = 10,
        filters: Filters = NO_FILTERS,
        weights: Weights | None = None,
        *,
        explain: bool = True,
        skip: int = 0,
    ) -> list[Hit]:
        """The trials most like a trial of the index, best first, without itself.

        Args:
            nct_id: in any spelling.
            top: hits at most, 1 or more.
            filters: conditions that every hit meets.
            weights: what counts more or less than by default.
            explain: also give each hit's reasons; long lists are faster without.
            skip: leave out the first so many: hits of ranks `skip` + 1 to `top`, the only ones that are explained. Up
                to rank 400 lists of any length are the beginnings of longer ones, so pages fit together.

        Raises:
            InvalidNctId, UnknownTrial, UsageError
        """
        return self.alike([nct_id], (), top, filters, weights, explain=explain, skip=skip)

    def alike(
        self,
        likes: Sequence[str],
        unlikes: Sequence[str] = (),
        top: int = 10,
        filters: Filters = NO_FILTERS,
        weights: Weights | None = None,
        *,
        explain: bool = True,
        skip: int = 0,
    ) -> list[Hit]:
        """The trials most like all of some trials and unlike others, best first, without any of these.

        Likes count alike, and unlikes together half as much. Reasons are those towards the first like.

        Raises:
            InvalidNctId, UnknownTrial, UsageError: also where no like is given, or one is an unlike, too.
        """
        return self._answer(self._alike(likes, unlikes, weights or {}), top, filters, explain=explain, skip=skip)

    def related_to(
        self,
        draft: Trial,
        top: int = 10,
        filters: Filters = NO_FILTERS,
        weights: Weights | None = None,
        *,
        explain: bool = True,
        skip: int = 0,
    ) -> list[Hit]:
        """The trials most like a record that is not in the index, such as a draft protocol. Its id is not looked at.

        Raises:
            UsageError: it has no text at all.
            ModelError: the index was built with another model than the settings name.
        """
        query = self._asking.of_record(draft, self._embed.section, weights or {})
        if query.profile is None:
            raise UsageError("The draft has no text to compare.", "Give it a title, a summary or conditions.")
        asked = Asked(Weighted(((query, 1.0),)), Facts.of_trial(draft), self._ranking.trial_scale)
        return self._answer(asked, top, filters, explain=explain, skip=skip)

    def search(
        self,
        text: str,
        top: int = 10,
        filters: Filters = NO_FILTERS,
        weights: Weights | None = None,
        *,
        explain: bool = True,
        skip: int = 0,
    ) -> list[Hit]:
        """The trials most like a text: key words, a question, a protocol's synopsis, a patient's story.

        A text of NCT ids alone, such as "trials like NCT07057778", asks for the trials most like these.

        Raises:
            UsageError: the text is empty or longer than 50,000 characters.
            UnknownTrial: it asks for trials like one that is not in the index.
            ModelError: the index was built with another model than the settings name.
        """
        return self._answer(self._text(text, weights or {}), top, filters, explain=explain, skip=skip)

    def sought(self, text: str) -> Sought:
        """What `search` looks for: a text as it is meant to be spelt, without what only asks and what it denies.

        Raises:
            UsageError: the text is empty or longer than 50,000 characters.
        """
        meant, spelled = self._speller.corrected(check_text(text))
        return replace(self._asking.sought(meant), spelled=spelled)

    def related_many(
        self,
        nct_ids: Iterable[str],
        top: int = 10,
        filters: Filters = NO_FILTERS,
        weights: Weights | None = None,
        *,
        explain: bool = True,
    ) -> Iterator[tuple[str, list[Hit]]]:
        """`related` for many trials, over all processors: canonical id and hits, in the order given.

        Every id is checked before the first is answered.
        """
        names = [self._store.nct_id(self._row(nct_id)) for nct_id in nct_ids]
        queries = (self._alike([name], (), weights or {}) for name in names)
        yield from zip(names, self._answer_many(queries, top, filters, explain=explain), strict=True)

    def search_many(
        self,
        texts: Iterable[tuple[str, str]],
        top: int = 10,
        filters: Filters = NO_FILTERS,
        weights: Weights | None = None,
        *,
        explain: bool = True,
    ) -> Iterator[tuple[str, list[Hit]]]:
        """`search` for many pairs of a query's name and its text, in the order given."""
        pairs = [(name, check_text(text)) for name, text in texts]
        for nct_id in (one for _, text in pairs for one in asked_trials(text)):
            self._row(nct_id)
        queries = (self._text(text, weights or {}) for _, text in pairs)
        yield from zip(
            (name for name, _ in pairs), self._answer_many(queries, top, filters, explain=explain), strict=True
        )

    def neighbourhood(self, nct_ids: Sequence[str], text: str | None = None) -> Neighbourhood:
        """Where some trials lie in two dimensions, like ones near each other, around the first or around a text.

        Raises:
            InvalidNctId, UnknownTrial, UsageError: there is nothing to lay out, or more than `MOST_TRIALS`.
            ModelError: the index was built with another model than the settings name.
        """
        rows = list(dict.fromkeys(self._row(one) for one in nct_ids))
        if not rows and text is None:
            raise UsageError("No trial is given to lay out.", "Give at least one NCT id.")
        if len(rows) > MOST_TRIALS:
            raise UsageError(f"{len(rows):,} trials cannot be laid out together.", f"Give {MOST_TRIALS} at most.")
        looked = None if text is None else self._looked(self.sought(text).text)
        ids = [self._store.nct_id(row) for row in rows]
        return neighbourhood(self._channels, self._ranking, np.asarray(rows, np.int32), ids, looked)

    def count(self, filters: Filters = NO_FILTERS) -> int:
        """How many trials meet some filters.

        Raises:
            UsageError: a filter has a value that no trial has.
        """
        allowed = self._filters.allowed(filters)
        return len(self) if allowed is None else int(allowed.sum())

    def listed(self, filters: Filters = NO_FILTERS, order: Sequence[tuple[str, bool]] = ()) -> list[str]:
        """The NCT ids of all trials that meet some filters; `order` is as `listing.listed` takes it.

        Raises:
            UsageError: a filter has a value that no trial has.
        """
        return listed(self._store.cards, self._filters.allowed(filters), order)

    def facets(
        self, nct_ids: Sequence[str] | None = None, filters: Filters = NO_FILTERS, most: int = 50
    ) -> list[Facet]:
        """How many trials have which status, phase, condition and so on, a field of `FACETS` each, in their order.

        Args:
            nct_ids: count these trials, such as the hits of a list; None for all.
            filters: count only trials that meet them.
            most: values of a field at most, the most frequent ones.

        Raises:
            InvalidNctId, UnknownTrial, UsageError
        """
        if most < 1:
            raise UsageError(f"The number of values is {most}.", "Ask for at least 1.")
        chosen = self._filters.allowed(filters)
        if nct_ids is not None:
            given = np.zeros(len(self), np.bool_)
            given[[self._row(one) for one in nct_ids]] = True
            chosen = given if chosen is None else given & chosen
        return self._facets.facets(chosen, most)

    def collapsed(self, hits: Sequence[Hit]) -> list[Hit]:
        """One hit a family of trials (extensions, substudies, near-duplicates of one another): the best ranked.

        Its `family` names the others of the list, and ranks stay those of the whole list. `index/families.py` tells
        what a family is.

        Args:
            hits: of this index, best first.
        """
        rows = np.asarray([self._row(hit.nct_id) for hit in hits], np.int32)
        return collapsed(hits, members_of(hits, self._links, self._store.facts_of(rows), rows))

    def warm_up(self) -> None:
        """Load the encoder and bring the files into memory now, rather than at the first queries."""
        self._channels.warm()
        self._store.warm()
        self.facets()
        self._embed.warm_up()
        self._speller.corrected("mispelt")

    def _row(self, nct_id: str) -> int:
        canonical = normalise_nct_id(nct_id)
        row = self._store.row(canonical)
        if row is None:
            if successor := self._store.successor(canonical):
                raise UnknownTrial(f"{canonical} is a former id of {successor}.", f"Ask for {successor}.")
            raise UnknownTrial(
                f"{canonical} is not among the {len(self):,} trials of this index.",
                "Check the number, import the record and build again, or search by its words.",
            )
        return row

    def _alike(self, likes: Sequence[str], unlikes: Sequence[str], weights: Weights) -> Asked:
        liked = list(dict.fromkeys(self._row(one) for one in likes))
        unliked = list(dict.fromkeys(self._row(one) for one in unlikes))
        if not liked:
            raise UsageError("No trial is given to be like.", "Give at least one NCT id.")
        if both := set(liked) & set(unliked):
            raise UsageError(f"{self._store.nct_id(min(both))} is liked and unliked.", "Leave out one of the two.")
        parts = [(self._asking.of_row(row, weights), 1 / len(liked)) for row in liked]
        parts += [(self._asking.of_row(row, weights), -_UNLIKE / len(unliked)) for row in unliked]
        check_something_to_compare(parts[0][0], self._store.nct_id(liked[0]))
        facts = Facts.of_row(self._store.facts_of(np.asarray(liked[:1], np.int32))[0])
        return Asked(Weighted(tuple(parts), (*liked, *unliked)), facts, self._ranking.trial_scale)

    def _text(self, text: str, weights: Weights) -> Asked:
        if nct_ids := asked_trials(check_text(text)):
            return self._alike(nct_ids, (), weights)
        sought = self.sought(text)
        query = self._asking.of_text(sought, self._embed.query, weights)
        check_something_to_compare(query, "a text")
        told = Facts.of_text(sought.text.strip(EDGES) or sought.text)
        return Asked(Weighted(((query, 1.0),)), told, self._ranking.text_scale)

    def _looked(self, text: str) -> Looked:
        channels = self._channels
        return Looked(
            self._embed.query(text),
            {
                kind: channels.concepts[kind].of_concepts(thesaurus.of_text(text))
                for kind, thesaurus in channels.thesauri.items()
            },
        )

    def _answer(self, asked: Asked, top: int, filters: Filters, *, explain: bool, skip: int) -> list[Hit]:
        _check_top(top)
        if skip < 0:
            raise UsageError(f"The number of hits to leave out is {skip}.", "Leave out none, or more.")
        return self._answering.hits(asked, top, self._filters.allowed(filters), explain=explain, skip=skip)

    def _answer_many(
        self, queries: Iterable[Asked], top: int, filters: Filters, *, explain: bool
    ) -> Iterator[list[Hit]]:
        _check_top(top)
        allowed = self._filters.allowed(filters)
        with ThreadPoolExecutor() as pool:
            for part in in_batches(queries, _AT_ONCE):
                yield from pool.map(lambda asked: self._answering.hits(asked, top, allowed, explain=explain), part)


def _check_top(top: int) -> None:
    if top < 1:
        raise UsageError(f"The number of hits is {top}.", "Ask for at least 1.")
