"""Ranking quality of the current index on judgements made by others.

    python bench/quality.py TRUTH_DIR [RUNS_DIR]

TRUTH_DIR holds related-lists.tsv, reviews.tsv, and folders with topics.tsv and qrels.txt. Every query goes through the
command line as a user's would (``--format trec``), every measure through ir-measures; the runs stay in RUNS_DIR.
Related lists and reviews are positives only: recall at k, and for reviews the reciprocal rank, averaged per review
and then over reviews; a trial is never in its own list. Prints a Markdown table.
"""

import subprocess
import sys
import tempfile
from collections import defaultdict
from collections.abc import Iterable
from pathlib import Path
from statistics import fmean

import ir_measures
from ir_measures import RR, P, R, nDCG

Qrels = dict[str, dict[str, int]]
Values = dict[str, dict[ir_measures.Measure, float]]


def main() -> None:
    truth = Path(sys.argv[1])
    runs = Path(sys.argv[2]) if len(sys.argv) > 2 else Path(tempfile.mkdtemp(prefix="trialkin-runs-"))
    runs.mkdir(parents=True, exist_ok=True)
    lists = related_lists(truth / "related-lists.tsv")
    reviews = review_groups(truth / "reviews.tsv")
    siblings = {trial: {one: 1 for one in group if one != trial} for group in reviews.values() for trial in group}
    run = related_run([*lists, *siblings], runs / "related.trec")
    print("| set | measure | value |\n|---|---|---|")
    measures = [R @ 5, R @ 20, R @ 100]
    report("related-lists", measures, [evaluate(measures, lists, run)])
    measures = [R @ 10, R @ 50, R @ 100, RR]
    per_review = [
        evaluate(measures, {trial: {one: 1 for one in group if one != trial} for trial in group}, run)
        for group in reviews.values()
        if len(group) > 1
    ]
    report("reviews", measures, per_review)
    measures = [P(rel=1) @ 10, nDCG @ 10, R @ 100]
    for folder in sorted(path for path in truth.iterdir() if (path / "qrels.txt").is_file()):
        qrels = read_qrels(folder / "qrels.txt")
        run = search_run(folder / "topics.tsv", runs / f"{folder.name}.trec")
        judged = {query: grades for query, grades in qrels.items() if any(grade > 0 for grade in grades.values())}
        report(folder.name, measures, [evaluate(measures, judged, run)])


def related_lists(path: Path) -> Qrels:
    lists: Qrels = defaultdict(dict)
    for line in path.read_text().splitlines()[1:]:
        query, _, related, _ = line.split("\t")
        lists[query][related] = 1
    return lists


def review_groups(path: Path) -> dict[str, list[str]]:
    groups: dict[str, list[str]] = defaultdict(list)
    for line in path.read_text().splitlines()[1:]:
        review, trial = line.split("\t")
        groups[review].append(trial)
    return groups


def read_qrels(path: Path) -> Qrels:
    qrels: Qrels = defaultdict(dict)
    for one in ir_measures.read_trec_qrels(str(path)):
        qrels[one.query_id][one.doc_id] = max(one.relevance, 0)
    return qrels


def related_run(trials: Iterable[str], out: Path) -> Qrels:
    ids = out.with_suffix(".ids")
    ids.write_text("".join(f"{trial}\n" for trial in dict.fromkeys(trials)))
    return trialkin("related", "--ids-file", str(ids), "--top", "1000", out=out)


def search_run(topics: Path, out: Path) -> Qrels:
    return trialkin("search", "--queries-file", str(topics), "--top", "100", out=out)


def trialkin(*arguments: str, out: Path) -> Qrels:
    with out.open("w") as stream:
        command = [str(Path(sys.executable).with_name("trialkin")), *arguments, "--format", "trec"]
        subprocess.run(command, stdout=stream, check=True)
    run: Qrels = defaultdict(dict)
    for one in ir_measures.read_trec_run(str(out)):
        run[one.query_id][one.doc_id] = one.score
    return run


def evaluate(measures: list[ir_measures.Measure], qrels: Qrels, run: Qrels) -> dict[ir_measures.Measure, float]:
    """Means over the queries of `qrels`; a query without an answer counts as 0."""
    asked = {query: run.get(query, {}) for query in qrels}
    values: Values = defaultdict(dict)
    for one in ir_measures.iter_calc(measures, qrels, asked):
        values[one.query_id][one.measure] = one.value
    return {measure: fmean(values[query].get(measure, 0.0) for query in qrels) for measure in measures}


def report(name: str, measures: list[ir_measures.Measure], groups: list[dict[ir_measures.Measure, float]]) -> None:
    for measure in measures:
        print(f"| {name} | {measure} | {fmean(group[measure] for group in groups):.3f} |")


if __name__ == "__main__":
    main()
