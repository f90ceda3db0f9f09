"""`Index`: one published version, opened; related trials by NCT id, by draft protocol and by free text."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from ..data import Trial, normalise_nct_id
from ..embed import ChunkPolicy, Encoder, embed_query
from ..errors import IndexDamaged, UnknownTrial, UsageError
from .answering import Answering, Asked
from .asking import Asking
from .aspects import Weights
from .batching import in_batches
from .channels import Channels
from .facts import Facts
from .filters import NO_FILTERS, Filters, FilterTable
from .hits import Hit
from .manifest import Manifest, check_files, check_model, read_manifest
from .query import Query, Weighted
from .ranking import DEFAULT_RANKING, Ranking
from .store import Store

MOST_CHARACTERS = 50_000
"""The longest query text: a whole protocol synopsis fits, a book does not."""
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
            self._channels = Channels.open(folder, list(self.manifest.sections), self._store.cards)
        except (OSError, ValueError, RuntimeError) as error:
            raise IndexDamaged(
                f"The index version {folder} cannot be opened: {str(error).splitlines()[0]}.",
                "Run trialkin verify to find the damaged file, then trialkin rollback or trialkin build --force.",
            ) from error
        self._ranking = ranking
        self._asking = Asking(self._channels, ranking)
        self._answering = Answering(self._channels, self._store, ranking.floor)
        self._filters = FilterTable(self._store.cards)
        self._load_encoder = encoder
        self._encoder: Encoder | None = None

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

    def related(
        self,
        nct_id: str,
        top: int = 10,
        filters: Filters = NO_FILTERS,
        weights: Weights | None = None,
        *,
        explain: bool = True,
    ) -> list[Hit]:
        """The trials most like a trial of the index, best first, without itself.

        Args:
            nct_id: in any spelling.
            top: hits at most, 1 or more.
            filters: conditions that every hit meets.
            weights: what counts more or less than by default.
            explain: also give each hit's reasons; long lists are faster without.

        Raises:
            InvalidNctId, UnknownTrial, UsageError
        """
        return self.alike([nct_id], (), top, filters, weights, explain=explain)

    def alike(
        self,
        likes: Sequence[str],
        unlikes: Sequence[str] = (),
        top: int = 10,
        filters: Filters = NO_FILTERS,
        weights: Weights | None = None,
        *,
        explain: bool = True,
    ) -> list[Hit]:
        """The trials most like all of some trials and unlike others, best first, without any of these.

        Likes count alike, and unlikes together half as much. Reasons are those towards the first like.

        Raises:
            InvalidNctId, UnknownTrial, UsageError: also where no like is given, or one is an unlike, too.
        """
        return self._answer(self._alike(likes, unlikes, weights or {}), top, filters, explain=explain)

    def related_to(
        self,
        draft: Trial,
        top: int = 10,
        filters: Filters = NO_FILTERS,
        weights: Weights | None = None,
        *,
        explain: bool = True,
    ) -> list[Hit]:
        """The trials most like a record that is not in the index, such as a draft protocol. Its id is not looked at.

        Raises:
            UsageError: it has no text at all.
            ModelError: the index was built with another model than the settings name.
        """
        query = self._asking.of_record(draft, self._embed, weights or {})
        if query.profile is None:
            raise UsageError("The draft has no text to compare.", "Give it a title, a summary or conditions.")
        asked = Asked(Weighted(((query, 1.0),)), Facts.of_trial(draft), self._ranking.trial_scale)
        return self._answer(asked, top, filters, explain=explain)

    def search(
        self,
        text: str,
        top: int = 10,
        filters: Filters = NO_FILTERS,
        weights: Weights | None = None,
        *,
        explain: bool = True,
    ) -> list[Hit]:
        """The trials most like a text: key words, a question, a protocol's synopsis, a patient's story.

        Raises:
            UsageError: the text is empty or longer than `MOST_CHARACTERS`.
            ModelError: the index was built with another model than the settings name.
        """
        return self._answer(self._text(text, weights or {}), top, filters, explain=explain)

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
        pairs = [(name, self._checked(text)) for name, text in texts]
        queries = (self._text(text, weights or {}) for _, text in pairs)
        yield from zip(
            (name for name, _ in pairs), self._answer_many(queries, top, filters, explain=explain), strict=True
        )

    def warm_up(self) -> None:
        """Load the encoder and bring the files into memory now, rather than at the first queries."""
        self._channels.warm()
        self._store.warm()
        self._embed("warm up")

    def _row(self, nct_id: str) -> int:
        canonical = normalise_nct_id(nct_id)
        row = self._store.row(canonical)
        if row is None:
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
        _check_something_to_compare(parts[0][0], self._store.nct_id(liked[0]))
        facts = Facts.of_row(self._store.facts_of(np.asarray(liked[:1], np.int32))[0])
        return Asked(Weighted(tuple(parts), (*liked, *unliked)), facts, self._ranking.trial_scale)

    def _text(self, text: str, weights: Weights) -> Asked:
        text = self._checked(text)
        query = self._asking.of_text(text, self._embed, weights)
        _check_something_to_compare(query, "a text")
        return Asked(Weighted(((query, 1.0),)), Facts.of_text(text), self._ranking.text_scale)

    def _checked(self, text: str) -> str:
        text = text.encode(errors="replace").decode()  # half of a surrogate pair is no text
        if not text.strip():
            raise UsageError("The query is empty.", "Give some words, such as steroid-resistant ITP, anti-CD20.")
        if len(text) > MOST_CHARACTERS:
            raise UsageError(
                f"The query has {len(text):,} characters; {MOST_CHARACTERS:,} is the most.",
                "Give its title, summary or criteria.",
            )
        return text

    def _embed(self, text: str) -> NDArray[np.float32]:
        if self._encoder is None:
            encoder = self._load_encoder(self.manifest)
            check_model(self.manifest, encoder.model)
            self._encoder = encoder
        chunks = self.manifest.chunks
        return embed_query(text, self._encoder, ChunkPolicy(chunks.tokens, chunks.overlap, chunks.limit))

    def _answer(self, asked: Asked, top: int, filters: Filters, *, explain: bool) -> list[Hit]:
        _check_top(top)
        return self._answering.hits(asked, top, self._filters.allowed(filters), explain=explain)

    def _answer_many(
        self, queries: Iterable[Asked], top: int, filters: Filters, *, explain: bool
    ) -> Iterator[list[Hit]]:
        _check_top(top)
        allowed = self._filters.allowed(filters)
        with ThreadPoolExecutor() as pool:
            for part in in_batches(queries, _AT_ONCE):
                yield from pool.map(lambda asked: self._answering.hits(asked, top, allowed, explain=explain), part)


def _check_something_to_compare(query: Query, name: str) -> None:
    """Refuse a query of which the weights leave nothing."""
    by_words = query.words > 0
    by_pairs = query.meaning > 0 and any(weight > 0 for weight in query.pair_weights.values())
    by_concepts = any(weight > 0 and len(query.concepts[kind].ids) for kind, weight in query.concept_weights.items())
    if not (by_words or by_pairs or by_concepts):
        raise UsageError(
            f"These weights leave nothing of {name} to compare.",
            "Give weight to an aspect that it has, such as text.",
        )


def _check_top(top: int) -> None:
    if top < 1:
        raise UsageError(f"The number of hits is {top}.", "Ask for at least 1.")
