"""`trialkin evaluate` on the bundled sample, with a small truth folder of its trials."""

import json

import pytest

from trialkin.index import PRESETS
from trialkin.index.measures import measure
from trialkin.index.truth import read_truth

LISTS = {
    "NCT07057778": ["NCT05302024", "NCT06790888", "NCT07297563", "NCT07234019", "NCT01506414"],
    "NCT01719692": ["NCT03443570", "NCT07297563"],
}
REVIEWED = ["NCT03304288", "NCT01667263", "NCT07278908"]
TOPIC = "steroid-resistant immune thrombocytopenia, rituximab"
ABSENT = "NCT09999999"


@pytest.fixture
def truth(tmp_path):
    """A folder with a set of each kind, all of it in the sample."""
    folder = tmp_path / "truth"
    (folder / "notes").mkdir(parents=True)
    rows = [f"{query}\t{rank}\t{one}" for query, found in LISTS.items() for rank, one in enumerate(found, 1)]
    (folder / "related-lists.tsv").write_text("\n".join(["query_nct\trank\trelated_nct", *rows]))
    (folder / "reviews.tsv").write_text("\n".join(["review\tnct_id", *(f"CD1\t{one}" for one in REVIEWED)]))
    (folder / "notes" / "topics.tsv").write_text(f"q1\t{TOPIC}\n")
    (folder / "notes" / "qrels.txt").write_text("q1 0 NCT07057778 2\nq1 0 NCT07234019 1\nq1 0 NCT00000414 0\n")
    return folder


def evaluated(call, home, *arguments):
    """The summary of an evaluation that ends well."""
    done = call(home, "evaluate", *arguments, "--json")
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def by_measure(summary):
    return {(one["set"], row["measure"]): row for one in summary["sets"] for row in one["measures"]}


def refused(done, code):
    """What a refusal says, once it has been found to be one."""
    assert done.returncode == code, done.stderr
    assert done.stdout == ""
    assert "Traceback" not in done.stderr
    assert "Unexpected error" not in done.stderr
    return done.stderr


def test_the_figures_are_those_of_the_lists_that_the_index_gives(call, built, index, truth):
    found = by_measure(evaluated(call, built.home, truth))
    first_five = {query: {hit.nct_id for hit in index.related(query, top=5)} for query in LISTS}
    recall = sum(len(first_five[query] & set(LISTS[query])) / len(LISTS[query]) for query in LISTS) / 2
    assert found["related-lists", "R@5"]["mean"] == pytest.approx(recall)
    ranks = [
        min(hit.rank for hit in index.related(one, top=263) if hit.nct_id in REVIEWED and hit.nct_id != one)
        for one in REVIEWED
    ]
    assert found["reviews", "RR"]["mean"] == pytest.approx(sum(1 / rank for rank in ranks) / 3)
    first_ten = {hit.nct_id for hit in index.search(TOPIC, top=10)}
    assert found["notes", "P(rel=1)@10"]["mean"] == pytest.approx(len(first_ten & {"NCT07057778", "NCT07234019"}) / 10)
    assert all(0 <= row["low"] <= row["mean"] <= row["high"] <= 1 for row in found.values())


def test_the_table_names_every_set_and_measure_with_interval_and_sizes(call, built, truth):
    done = call(built.home, "evaluate", truth)
    assert done.returncode == 0, done.stderr
    rows = [line.split() for line in done.stdout.splitlines() if " to " in line]
    sizes = [["2", "2"]] * 3 + [["3", "1"]] * 4 + [["1", "1"]] * 3
    assert [row[-2:] for row in rows] == sizes
    assert [row[0] for row in rows if len(row) == 8] == ["related-lists", "reviews", "notes"]
    expected = [name for one in read_truth(truth) for name in one.measures]
    assert [row[-7] for row in rows] == expected
    assert "Index 0001, 263 trials" in done.stdout
    assert done.stderr == ""


def test_trials_that_the_index_lacks_are_left_out_and_counted(call, built, truth):
    before = by_measure(evaluated(call, built.home, truth))
    with (truth / "related-lists.tsv").open("a") as lists:
        lists.write(f"\nNCT01719692\t3\t{ABSENT}\n{ABSENT}\t1\tNCT07057778\n")
    with (truth / "notes" / "topics.tsv").open("a") as topics:
        topics.write("q2\tgout\n")
    with (truth / "notes" / "qrels.txt").open("a") as qrels:
        qrels.write(f"q1 0 {ABSENT} 2\nq2 0 {ABSENT} 1\n")
    done = call(built.home, "evaluate", truth, "--json")
    assert by_measure(json.loads(done.stdout)) == before
    lists, notes = done.stderr.splitlines()
    assert lists.startswith("related-lists: 1 of 8 relevant trials are not in the index")
    assert "1 of 3 queries are left out" in lists
    assert notes.startswith("notes: 1 of 3 relevant trials are not in the index")
    assert "1 of 2 queries are left out" in notes


def test_a_set_with_nothing_in_the_index_is_left_out_and_the_others_are_measured(call, built, truth):
    (truth / "reviews.tsv").write_text(f"review\tnct_id\nCD1\t{ABSENT}\nCD1\t{REVIEWED[0]}\n")
    done = call(built.home, "evaluate", truth, "--json")
    assert done.returncode == 0
    assert [one["set"] for one in json.loads(done.stdout)["sets"]] == ["related-lists", "notes"]
    assert "2 of 2 queries are left out" in done.stderr


def test_what_it_writes_can_be_measured_again_by_others(call, built, index, truth, tmp_path):
    out = tmp_path / "new" / "out"
    summary = evaluated(call, built.home, truth, "--out", out)
    assert json.loads((out / "summary.json").read_text()) == summary
    assert summary["indexVersion"] == "0001"
    assert summary["dataDate"] == index.manifest.snapshot.data_date
    assert summary["ranking"] == index.manifest.ranking
    assert {path.name for path in out.iterdir()} == {
        "notes.trec", "per-query.tsv", "related-lists.trec", "reviews.trec", "summary.json",
    }  # fmt: skip
    values = [line.split("\t") for line in (out / "per-query.tsv").read_text().splitlines()[1:]]
    for one in read_truth(truth):
        run = {}
        for line in (out / f"{one.name}.trec").read_text().splitlines():
            qid, q0, nct_id, rank, _, tag = line.split(" ")
            assert (q0, tag) == ("Q0", "trialkin")
            run.setdefault(qid, []).append(nct_id)
            assert int(rank) == len(run[qid])
        again = {(name, qid): value for name, found in measure(one, run).items() for qid, value in found.items()}
        assert {(name, qid): float(value) for set_, name, qid, value in values if set_ == one.name} == again
    first = (out / "related-lists.trec").read_text().splitlines()[0].split()
    (best,) = index.related("NCT07057778", top=1)
    assert first[2] == best.nct_id
    assert float(first[4]) == best.score


def test_against_itself_nothing_differs(call, built, truth, tmp_path):
    assert call(built.home, "evaluate", truth, "--out", tmp_path / "out").returncode == 0
    found = by_measure(evaluated(call, built.home, truth, "--against", tmp_path / "out"))
    assert len(found) == 10
    for row in found.values():
        assert row["difference"] == {"mean": 0, "low": 0, "high": 0, "notAbove": 1}
    done = call(built.home, "evaluate", truth, "--against", tmp_path / "out")
    assert done.stdout.count("+0.000 to +0.000") == 10
    assert done.stderr == ""


def test_against_a_worse_run_the_difference_is_the_gain_of_each_query(call, built, truth, tmp_path):
    now = by_measure(evaluated(call, built.home, truth, "--out", tmp_path / "out"))
    path = tmp_path / "out" / "per-query.tsv"
    header, *lines = path.read_text().splitlines()
    path.write_text("\n".join([header, *(line.rpartition("\t")[0] + "\t0.0" for line in lines), ""]))
    found = by_measure(evaluated(call, built.home, truth, "--against", tmp_path / "out"))
    for key, row in found.items():
        assert row["difference"]["mean"] == pytest.approx(now[key]["mean"])
        assert row["difference"]["low"] == pytest.approx(now[key]["low"])
    assert found["related-lists", "R@100"]["difference"]["notAbove"] == 0


def test_queries_that_only_one_evaluation_has_are_not_compared_and_it_says_so(call, built, truth, tmp_path):
    assert call(built.home, "evaluate", truth, "--out", tmp_path / "out").returncode == 0
    lists = truth / "related-lists.tsv"
    lists.write_text(lists.read_text() + f"\n{REVIEWED[0]}\t1\t{REVIEWED[1]}\n")
    done = call(built.home, "evaluate", truth, "--against", tmp_path / "out", "--json")
    assert "related-lists: 2 queries are compared; 1 are new, 0 are in" in done.stderr
    found = by_measure(json.loads(done.stdout))
    assert found["related-lists", "R@5"]["difference"]["mean"] == 0


def test_an_earlier_evaluation_with_fewer_relevant_trials_is_pointed_out(call, built, truth, tmp_path):
    assert call(built.home, "evaluate", truth, "--out", tmp_path / "out").returncode == 0
    lists = truth / "related-lists.tsv"
    lists.write_text(lists.read_text() + f"\nNCT01719692\t3\t{REVIEWED[1]}\n")
    done = call(built.home, "evaluate", truth, "--against", tmp_path / "out")
    assert done.returncode == 0
    assert "knew 6 relevant trials, this index 7" in done.stderr


def test_weights_reach_the_ranking(call, built, index, truth, tmp_path):
    evaluated(call, built.home, truth, "--out", tmp_path / "out", "--weights", "condition=5,text=0")
    run = [line.split() for line in (tmp_path / "out" / "related-lists.trec").read_text().splitlines()]
    ranked = [fields[2] for fields in run if fields[0] == "NCT07057778"]
    assert ranked == [hit.nct_id for hit in index.related("NCT07057778", 100, weights={"condition": 5, "text": 0})]
    assert ranked != [hit.nct_id for hit in index.related("NCT07057778", 100)]
    assert json.loads((tmp_path / "out" / "summary.json").read_text())["weights"] == "condition=5,text=0"


def test_a_preset_reaches_the_ranking_and_the_summary(call, built, index, truth, tmp_path):
    summary = evaluated(call, built.home, truth, "--out", tmp_path, "--preset", "same-drug", "--weights", "text=1")
    assert (summary["preset"], summary["weights"]) == ("same-drug", "text=1")
    first = [line.split()[2] for line in (tmp_path / "related-lists.trec").read_text().splitlines()[:10]]
    weights = {**PRESETS["same-drug"], "text": 1.0}
    assert first == [hit.nct_id for hit in index.related("NCT07057778", 10, weights=weights)]
    assert first != [hit.nct_id for hit in index.related("NCT07057778", 10)]


def test_a_truth_folder_that_cannot_be_read_is_refused_with_a_way_out(call, built, truth, tmp_path):
    assert "absent is not a folder" in refused(call(built.home, "evaluate", tmp_path / "absent"), 1)
    (tmp_path / "empty").mkdir()
    assert "holds no truth set" in refused(call(built.home, "evaluate", tmp_path / "empty"), 1)
    (truth / "notes" / "qrels.txt").write_text("q1 0 NCT07057778\n")
    assert "qrels.txt, line 1: not a judgement" in refused(call(built.home, "evaluate", truth), 1)


def test_a_truth_about_other_trials_is_refused(call, built, tmp_path):
    (tmp_path / "reviews.tsv").write_text(f"review\tnct_id\nCD1\t{ABSENT}\nCD1\tNCT09999998\n")
    said = refused(call(built.home, "evaluate", tmp_path), 1)
    assert "has a relevant trial in the index" in said


def test_without_an_index_it_says_what_to_do(call, truth, tmp_path):
    assert "trialkin build" in refused(call(tmp_path / "home", "evaluate", truth), 1)


@pytest.mark.parametrize("name", ["absent", "truth"])
def test_an_earlier_folder_without_an_evaluation_is_refused(call, built, truth, tmp_path, name):
    said = refused(call(built.home, "evaluate", truth, "--against", tmp_path / name), 1)
    assert "per-query.tsv" in said
    assert "trialkin evaluate --out" in said


@pytest.mark.parametrize(
    ("file", "content"), [("per-query.tsv", "set\nnotes\tR@5"), ("summary.json", "{}"), ("summary.json", "[")]
)
def test_a_damaged_earlier_evaluation_is_refused(call, built, truth, tmp_path, file, content):
    out = tmp_path / "out"
    out.mkdir()
    (out / "per-query.tsv").write_text("set\tmeasure\tqid\tvalue\n")
    (out / "summary.json").write_text('{"sets": []}')
    (out / file).write_text(content)
    assert f"{file} is damaged" in refused(call(built.home, "evaluate", truth, "--against", out), 1)


def test_misuse_is_refused_before_any_work(call, built, truth, tmp_path):
    assert "no aspect 'colour'" in refused(call(built.home, "evaluate", truth, "--weights", "colour=1"), 2)
    assert "no preset 'best'" in refused(call(built.home, "evaluate", truth, "--preset", "best"), 2)
    assert refused(call(built.home, "evaluate"), 2)
    (tmp_path / "file").write_text("")
    assert "file" in refused(call(built.home, "evaluate", truth, "--out", tmp_path / "file"), 1)
