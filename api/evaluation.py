"""An index measured on a truth set, and what that leaves in a folder."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, TypeVar

import orjson

from ..errors import ReadError
from ..index import Index, Weights
from ..index.measures import Difference, Values, bootstrap_interval, by_group, mean, measure, paired_bootstrap
from ..index.truth import TruthSet

PER_QUERY, SUMMARY = "per-query.tsv", "summary.json"
_COLUMNS = ("set", "measure", "qid", "value")
Parsed = TypeVar("Parsed")


@dataclass(frozen=True)
class Earlier:
    """An evaluation to compare with.

    Attributes:
        values: of every measure and query, by set.
        relevant: how many relevant trials its index held, by set.
    """

    values: Mapping[str, Values]
    relevant: Mapping[str, int]


NOTHING_EARLIER = Earlier({}, {})


@dataclass(frozen=True)
class Evaluation:
    """What came of one set.

    Attributes:
        truth: the set, restricted to the trials of the index.
        run: NCT ids with scores by query id, best first.
        values: of every measure and query.
        differences: by measure, to an earlier evaluation; empty where there is none to compare with.
    """

    truth: TruthSet
    run: Mapping[str, list[tuple[str, float]]]
    values: Values
    differences: Mapping[str, Difference]

    def rows(self) -> list[dict[str, Any]]:
        """Each measure with its mean, the 95% interval of the mean, and the difference where there is one."""
        rows = []
        for name, value in mean(self.truth, self.values).items():
            low, high = bootstrap_interval(by_group(self.truth, self.values[name]))
            row = {"measure": name, "mean": value, "low": low, "high": high}
            if name in self.differences:
                found = asdict(self.differences[name])
                row["difference"] = {"notAbove": found.pop("not_above"), **found}
            rows.append(row)
        return rows

    def summary(self) -> dict[str, Any]:
        """For JSON."""
        return {
            "set": self.truth.name,
            "queries": len(self.truth.queries),
            "groups": len(self.truth.groups),
            "relevantTrials": len(self.truth.relevant),
            "measures": self.rows(),
        }


def answers(index: Index, truth: TruthSet, weights: Weights) -> Iterator[tuple[str, list[tuple[str, float]]]]:
    """The index's answer to each trial or text of a set, as it comes: NCT ids with scores, best first."""
    for found in (
        index.related_many(truth.trials(), truth.depth, weights=weights, explain=False),
        index.search_many(truth.texts(), truth.depth, weights=weights, explain=False),
    ):
        for query, hits in found:
            yield query, [(hit.nct_id, hit.score) for hit in hits]


def evaluate(
    truth: TruthSet, answered: Mapping[str, list[tuple[str, float]]], earlier: Mapping[str, Mapping[str, float]]
) -> Evaluation:
    """Measure answers, and pair them with an earlier evaluation's values on the queries that both have."""
    run = truth.by_query(answered)
    values = measure(truth, {qid: [nct_id for nct_id, _ in hits] for qid, hits in run.items()})
    differences = {}
    for name, now in values.items():
        before = {qid: value for qid, value in earlier.get(name, {}).items() if qid in now}
        if before:
            same = {qid: now[qid] for qid in before}
            differences[name] = paired_bootstrap(by_group(truth, same), by_group(truth, before))
    return Evaluation(truth, run, values, differences)


def write_evaluation(folder: Path, evaluations: list[Evaluation], summary: dict[str, Any]) -> None:
    """Write a TREC run a set, the values of every query, and the summary, into a folder that exists."""
    with (folder / PER_QUERY).open("w", encoding="utf-8") as out:
        out.write("\t".join(_COLUMNS) + "\n")
        for one in evaluations:
            for name, values in one.values.items():
                out.writelines(f"{one.truth.name}\t{name}\t{qid}\t{value!r}\n" for qid, value in values.items())
    for one in evaluations:
        with (folder / f"{one.truth.name}.trec").open("w", encoding="utf-8") as out:
            for qid, hits in one.run.items():
                out.writelines(
                    f"{qid} Q0 {nct_id} {rank} {score!r} trialkin\n"
                    for rank, (nct_id, score) in enumerate(hits, start=1)
                )
    (folder / SUMMARY).write_bytes(orjson.dumps(summary, option=orjson.OPT_INDENT_2) + b"\n")


def read_earlier(folder: Path) -> Earlier:
    """What `write_evaluation` left.

    Raises:
        ReadError: the folder holds no evaluation, or one that is damaged; says which file.
    """
    return Earlier(_read(folder / PER_QUERY, _values), _read(folder / SUMMARY, _relevant))


def _read(path: Path, parse: Callable[[str], Parsed]) -> Parsed:
    try:
        return parse(path.read_text(encoding="utf-8"))
    except OSError as error:
        hint = "Give a folder that trialkin evaluate --out wrote."
        raise ReadError(f"{path}: {error.strerror or error}.", hint) from None
    except (ValueError, KeyError, TypeError):
        raise ReadError(f"{path} is damaged.", "Evaluate the earlier index again with --out.") from None


def _values(text: str) -> dict[str, Values]:
    found: dict[str, Values] = {}
    for line in filter(None, text.split("\n")[1:]):
        name, measured, qid, value = line.split("\t")
        found.setdefault(name, {}).setdefault(measured, {})[qid] = float(value)
    return found


def _relevant(text: str) -> dict[str, int]:
    return {one["set"]: int(one["relevantTrials"]) for one in orjson.loads(text)["sets"]}
