"""What belongs together in others' judgement, read from files: the truth that rankings are measured against.

A folder holds any of these sets; one that is absent is not evaluated.

- ``related-lists.tsv``: columns ``query_nct``, ``related_nct``; the trials that someone lists beside a trial.
- ``reviews.tsv``: columns ``review``, ``nct_id``; trials that a review includes should find each other.
- a sub-folder with ``topics.tsv`` (``qid<TAB>text``) and ``qrels.txt`` (TREC: ``qid 0 nctId grade``).
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, TypeVar

from ..data import normalise_nct_id
from ..errors import InvalidNctId, ReadError

Qrels = dict[str, dict[str, int]]
"""Grades by NCT id, by query id; 0 is not relevant."""
Answer = TypeVar("Answer")

_RELATED_LISTS, _REVIEWS, _TOPICS, _QRELS = "related-lists.tsv", "reviews.tsv", "topics.tsv", "qrels.txt"
_RELATED_MEASURES = ("R@5", "R@20", "R@100")
_REVIEW_MEASURES = ("R@10", "R@50", "R@100", "RR")
_TEXT_MEASURES = ("P(rel=1)@10", "nDCG@10", "R@100")
_LEAST_DEPTH, _WHOLE_LIST = 100, 1000


@dataclass(frozen=True)
class TruthSet:
    """One set of judgements. Every query has at least one relevant trial.

    Attributes:
        name: of the set.
        kind: what asks: trials by their NCT id, or texts.
        queries: NCT id or text by query id.
        qrels: grades of the judged trials by query id; for trials without the query itself.
        groups: the query ids of each group. A mean is taken in each group, then over groups.
        measures: names as ir-measures writes them.
    """

    name: str
    kind: Literal["trials", "texts"]
    queries: dict[str, str]
    qrels: Qrels
    groups: dict[str, list[str]]
    measures: tuple[str, ...]

    @property
    def depth(self) -> int:
        """How many trials of each list the measures look at, at least 100; 1000 where one looks at the whole list."""
        cutoffs = [name.partition("@")[2] for name in self.measures]
        return max(_LEAST_DEPTH, *(int(cutoff) if cutoff else _WHOLE_LIST for cutoff in cutoffs))

    @property
    def relevant(self) -> set[str]:
        """The trials that some query should find."""
        return {nct_id for grades in self.qrels.values() for nct_id, grade in grades.items() if grade > 0}

    def trials(self) -> list[str]:
        """The NCT ids that ask, each once, in order; none for texts. A trial of two reviews asks once."""
        return list(dict.fromkeys(self.queries.values())) if self.kind == "trials" else []

    def texts(self) -> list[tuple[str, str]]:
        """Query id and text of each text that asks; none for trials."""
        return list(self.queries.items()) if self.kind == "texts" else []

    def by_query(self, answers: Mapping[str, Answer]) -> dict[str, Answer]:
        """Answers by query id, from answers to `trials` by NCT id or to `texts` by query id."""
        return {
            qid: answers[key]
            for qid, text in self.queries.items()
            if (key := text if self.kind == "trials" else qid) in answers
        }

    def restricted(self, held: Callable[[str], bool]) -> "TruthSet":
        """The same set as if there were no other trials than those held.

        Queries by other trials are left out, and queries that have nothing to find any more.
        """
        asking = (qid for qid, text in self.queries.items() if self.kind == "texts" or held(text))
        qrels = {qid: {nct_id: grade for nct_id, grade in self.qrels[qid].items() if held(nct_id)} for qid in asking}
        return _truth_set(self.name, self.kind, self.queries, qrels, self.groups, self.measures)


def read_truth(folder: Path) -> list[TruthSet]:
    """The sets of a folder: related lists, reviews, then its sub-folders by name.

    Grades below 0 become 0; of two grades of one trial the higher counts; queries that have no relevant trial and
    reviews of a single trial are left out.

    Raises:
        ReadError: the folder is missing or holds no set, or a line is malformed; says which.
    """
    if not folder.is_dir():
        raise ReadError(f"{folder} is not a folder.", "Give the folder of the truth sets.")
    readers = [(folder / _RELATED_LISTS, _related_lists), (folder / _REVIEWS, _reviews)]
    sets = [read(path) for path, read in readers if path.is_file()]
    for one in sorted(path for path in folder.iterdir() if path.is_dir()):
        present = [name for name in (_TOPICS, _QRELS) if (one / name).is_file()]
        if len(present) == 1:
            raise ReadError(f"{one} holds {present[0]} alone.", f"A set of texts is {_TOPICS} and {_QRELS} together.")
        if present:
            sets.append(_judged_texts(one))
    if not sets:
        raise ReadError(
            f"{folder} holds no truth set.",
            f"Sets are {_RELATED_LISTS}, {_REVIEWS}, and sub-folders with {_TOPICS} and {_QRELS}.",
        )
    return sets


def _related_lists(path: Path) -> TruthSet:
    qrels: Qrels = {}
    for where, (query, related) in _columns(path, "query_nct", "related_nct"):
        asking, found = _nct_id(query, where), _nct_id(related, where)
        if found != asking:
            qrels.setdefault(asking, {})[found] = 1
    queries = {nct_id: nct_id for nct_id in qrels}
    return _truth_set("related-lists", "trials", queries, qrels, _each_alone(queries), _RELATED_MEASURES)


def _reviews(path: Path) -> TruthSet:
    included: dict[str, dict[str, None]] = {}
    for where, (review, nct_id) in _columns(path, "review", "nct_id"):
        included.setdefault(review, {})[_nct_id(nct_id, where)] = None
    queries, qrels, groups = {}, {}, {}
    for review, trials in included.items():
        groups[review] = [f"{review}/{nct_id}" for nct_id in trials]
        for qid, nct_id in zip(groups[review], trials, strict=True):
            queries[qid] = nct_id
            qrels[qid] = {other: 1 for other in trials if other != nct_id}
    return _truth_set("reviews", "trials", queries, qrels, groups, _REVIEW_MEASURES)


def _judged_texts(folder: Path) -> TruthSet:
    queries: dict[str, str] = {}
    for where, line in _lines(folder / _TOPICS):
        qid, _, text = (part.strip() for part in line.partition("\t"))
        if not qid or not text:
            raise ReadError(f"{where}: not a query id, a tab and a text.", "Write qid<TAB>text.")
        if qid in queries:
            raise ReadError(f"{where}: the query id {qid!r} is there before.", "Give each query an id of its own.")
        queries[qid] = text
    qrels: Qrels = {qid: {} for qid in queries}
    for where, line in _lines(folder / _QRELS):
        fields = line.split()
        if len(fields) != 4 or not fields[3].lstrip("-").isdecimal():
            raise ReadError(f"{where}: not a judgement.", "Write qid 0 nctId grade, with a whole number as grade.")
        qid, nct_id, grade = fields[0], _nct_id(fields[2], where), max(int(fields[3]), 0)
        if qid not in qrels:
            raise ReadError(f"{where}: {_TOPICS} has no query {qid!r}.", "Add its text there, or drop its judgements.")
        qrels[qid][nct_id] = max(grade, qrels[qid].get(nct_id, 0))
    return _truth_set(folder.name, "texts", queries, qrels, _each_alone(queries), _TEXT_MEASURES)


def _truth_set(
    name: str,
    kind: Literal["trials", "texts"],
    queries: dict[str, str],
    qrels: Qrels,
    groups: dict[str, list[str]],
    measures: tuple[str, ...],
) -> TruthSet:
    """A set of the queries among `qrels` that have something to find."""
    kept = {qid: grades for qid, grades in qrels.items() if any(grade > 0 for grade in grades.values())}
    left = {group: [qid for qid in qids if qid in kept] for group, qids in groups.items()}
    return TruthSet(
        name,
        kind,
        {qid: text for qid, text in queries.items() if qid in kept},
        kept,
        {group: qids for group, qids in left.items() if qids},
        measures,
    )


def _each_alone(queries: Mapping[str, str]) -> dict[str, list[str]]:
    return {qid: [qid] for qid in queries}


def _columns(path: Path, *names: str) -> Iterator[tuple[str, list[str]]]:
    """Where each line stands, and its fields in the named columns; the first line names the columns."""
    positions: list[int] | None = None
    for where, line in _lines(path):
        fields = [field.strip() for field in line.split("\t")]
        if positions is None:
            if not set(names) <= set(fields):
                raise ReadError(f"{where}: the columns {' and '.join(names)} are not named.", "Name them, with tabs.")
            positions = [fields.index(name) for name in names]
        elif len(fields) <= max(positions) or not all(fields[position] for position in positions):
            raise ReadError(f"{where}: {' or '.join(names)} is not given.", "Write a value a column, with tabs.")
        else:
            yield where, [fields[position] for position in positions]


def _lines(path: Path) -> Iterator[tuple[str, str]]:
    """Where each line that is not blank stands, and the line."""
    try:
        text = path.read_text(encoding="utf-8-sig")
    except OSError as error:
        raise ReadError(f"{path}: {error.strerror or error}.", "Check the file and its permissions.") from None
    except UnicodeDecodeError as error:
        raise ReadError(f"{path} is not UTF-8 text (byte {error.start}).", "Save it as UTF-8.") from None
    for number, line in enumerate(text.split("\n"), start=1):
        if line.strip():
            yield f"{path}, line {number}", line


def _nct_id(text: str, where: str) -> str:
    try:
        return normalise_nct_id(text)
    except InvalidNctId as error:
        raise ReadError(f"{where}: {error.what}", "An NCT id is NCT and eight digits, not all of them 0.") from None
