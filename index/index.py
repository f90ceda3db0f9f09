"""`Index`: one published version, opened; related trials by NCT id and by free text."""

from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np

from ..data import Trial, normalise_nct_id
from ..embed import ChunkPolicy, Encoder, Section, embed_query
from ..errors import IndexDamaged, UnknownTrial, UsageError
from .aspects import ASPECT_OF, TRAIT_ASPECT, Aspect, Weights
from .batching import in_batches
from .dense import Dense
from .filters import NO_FILTERS, Filters, FilterTable
from .hits import Hit, Likeness
from .lexical import Lexical
from .manifest import Manifest, check_files, check_model, read_manifest
from .ranking import TEXT_LEXICAL_WEIGHT, TEXT_WEIGHTS, TRAIT_WEIGHTS, TRIAL_LEXICAL_WEIGHT, TRIAL_WEIGHTS
from .scoring import Channels, Query, Ranked, rank
from .store import Store
from .terms import terms
from .traits import TraitTable

MOST_CHARACTERS = 50_000
"""The longest query text: a whole protocol synopsis fits, a book does not."""
DENSE, LEXICAL = "dense", "lexical"
_AT_ONCE = 64
"""Queries of a batch that are in memory at one time, with their answers."""


class Index:
    """One immutable version of the index. Safe to use from several threads.

    Attributes:
        version: its name.
        manifest: what it was made from.
    """

    def __init__(self, folder: Path, encoder: Callable[[Manifest], Encoder], *, checksums: bool = True) -> None:
        """Open a version.

        Args:
            folder: of the version.
            encoder: loads the encoder for text queries, on the first one.
            checksums: also check every file's checksum, which finds what its format would not notice.

        Raises:
            IndexDamaged: a file is missing, cut short or altered.
        """
        self.version = folder.name
        self.manifest = read_manifest(folder)
        check_files(folder, self.manifest, checksums=checksums)
        try:
            self._store = Store(folder, list(self.manifest.snapshot.files))
            self._channels = Channels(
                Dense(folder / DENSE, list(self.manifest.sections), len(self._store)),
                Lexical(folder / LEXICAL),
                TraitTable(folder),
            )
        except (OSError, ValueError, RuntimeError) as error:
            raise IndexDamaged(
                f"The index version {folder} cannot be opened: {str(error).splitlines()[0]}.",
                "Run trialkin verify to find the damaged file, then trialkin rollback or trialkin build --force.",
            ) from error
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
    ) -> list[Hit]:
        """The trials most like a trial of the index, best first, without itself.

        Args:
            nct_id: in any spelling.
            top: hits at most, 1 or more.
            filters: conditions that every hit meets.
            weights: what counts more or less than by default.

        Raises:
            InvalidNctId, UnknownTrial, UsageError
        """
        return self._answer(self._trial_query(self._row(nct_id), weights or {}), top, filters)

    def search(
        self,
        text: str,
        top: int = 10,
        filters: Filters = NO_FILTERS,
        weights: Weights | None = None,
    ) -> list[Hit]:
        """The trials most like a text: key words, a question, a protocol's synopsis, a patient's story.

        Raises:
            UsageError: the text is empty or longer than `MOST_CHARACTERS`.
            ModelError: the index was built with another model than the settings name.
        """
        return self._answer(self._text_query(text, weights or {}), top, filters)

    def related_many(
        self,
        nct_ids: Iterable[str],
        top: int = 10,
        filters: Filters = NO_FILTERS,
        weights: Weights | None = None,
    ) -> Iterator[tuple[str, list[Hit]]]:
        """`related` for many trials, over all processors: canonical id and hits, in the order given.

        Every id is checked before the first is answered.
        """
        rows = [self._row(nct_id) for nct_id in nct_ids]
        queries = (self._trial_query(row, weights or {}) for row in rows)
        names = [self._store.nct_id(row) for row in rows]
        yield from zip(names, self._answer_many(queries, top, filters), strict=True)

    def search_many(
        self,
        texts: Iterable[tuple[str, str]],
        top: int = 10,
        filters: Filters = NO_FILTERS,
        weights: Weights | None = None,
    ) -> Iterator[tuple[str, list[Hit]]]:
        """`search` for many pairs of a query's name and its text, in the order given."""
        pairs = [(name, self._checked(text)) for name, text in texts]
        queries = (self._text_query(text, weights or {}) for _, text in pairs)
        yield from zip((name for name, _ in pairs), self._answer_many(queries, top, filters), strict=True)

    def warm_up(self) -> None:
        """Load the encoder now rather than at the first text query."""
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

    def _trial_query(self, row: int, weights: Weights) -> Query:
        dense, lexical, traits = self._channels.dense, self._channels.lexical, self._channels.traits
        query = Query(
            {section: vector for section in dense if (vector := dense[section].vector(row)) is not None},
            _weigh(TRIAL_WEIGHTS, weights),
            lexical.of_trial(row),
            TRIAL_LEXICAL_WEIGHT * weights.get(Aspect.TEXT, 1.0),
            {
                trait: traits.standing(row, trait) * np.float32(weight * weights.get(TRAIT_ASPECT[trait], 1.0))
                for trait, weight in TRAIT_WEIGHTS.items()
            },
            exclude=row,
        )
        return _with_something_to_compare(query, self._store.nct_id(row))

    def _text_query(self, text: str, weights: Weights) -> Query:
        vector = self._embed(self._checked(text))
        sections = _weigh_for_text(weights)
        query = Query(
            {section: vector for section in self._channels.dense if section in sections},
            sections,
            self._channels.lexical.of_terms(terms(text)),
            TEXT_LEXICAL_WEIGHT * weights.get(Aspect.TEXT, 1.0),
            {},
        )
        return _with_something_to_compare(query, "a text")

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

    def _embed(self, text: str) -> np.ndarray:
        if self._encoder is None:
            encoder = self._load_encoder(self.manifest)
            check_model(self.manifest, encoder.model)
            self._encoder = encoder
        chunks = self.manifest.chunks
        return embed_query(text, self._encoder, ChunkPolicy(chunks.tokens, chunks.overlap, chunks.limit))

    def _answer(self, query: Query, top: int, filters: Filters) -> list[Hit]:
        _check_top(top)
        return self._hits(rank(query, self._channels, top, self._filters.allowed(filters)))

    def _answer_many(self, queries: Iterable[Query], top: int, filters: Filters) -> Iterator[list[Hit]]:
        _check_top(top)
        allowed = self._filters.allowed(filters)
        with ThreadPoolExecutor() as pool:
            for part in in_batches(queries, _AT_ONCE):
                for ranked in pool.map(lambda query: rank(query, self._channels, top, allowed), part):
                    yield self._hits(ranked)

    def _hits(self, ranked: Ranked) -> list[Hit]:
        hits = []
        for place, card in enumerate(self._store.cards_of(ranked.rows)):
            cosines = {
                section: round(float(values[place]), 4)
                for section, values in ranked.cosines.items()
                if not np.isnan(values[place])
            }
            hits.append(
                Hit(
                    rank=place + 1,
                    score=float(ranked.scores[place]),
                    likeness=Likeness(sections=cosines, words=round(float(ranked.lexical[place]), 4)),
                    **{name: card[name] for name in _CARD_FIELDS},
                )
            )
        return hits


_CARD_FIELDS = [
    str(field.alias) for name, field in Hit.model_fields.items() if name not in ("rank", "score", "likeness")
]
"""What a hit takes from a trial's card, in the registry's names."""


def _weigh(sections: dict[Section, float], weights: Weights) -> dict[Section, float]:
    return {section: weight * weights.get(ASPECT_OF[section], 1.0) for section, weight in sections.items()}


def _weigh_for_text(weights: Weights) -> dict[Section, float]:
    """Title and summary speak for a trial, and the sections of each other aspect that the user names."""
    named = {
        section: TRIAL_WEIGHTS[section] * weights[aspect]
        for section, aspect in ASPECT_OF.items()
        if aspect is not Aspect.TEXT and aspect in weights
    }
    return _weigh(TEXT_WEIGHTS, weights) | named


def _with_something_to_compare(query: Query, name: str) -> Query:
    """The query, unless its weights leave nothing of it."""
    if query.lexical == 0 and not any(query.weights[section] > 0 for section in query.vectors):
        raise UsageError(
            f"These weights leave nothing of {name} to compare.",
            "Give weight to an aspect that it has, such as text.",
        )
    return query


def _check_top(top: int) -> None:
    if top < 1:
        raise UsageError(f"The number of hits is {top}.", "Ask for at least 1.")
