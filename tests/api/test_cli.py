"""The command from an empty home to answers, in every format."""

import csv
import io
import json
import re

import pytest
from typer.testing import CliRunner

from trialkin import __version__
from trialkin.api.cli import app
from trialkin.api.formats import Format
from trialkin.index import Filters, parse_weights

NCT_ID = "NCT07057778"
TEXT = "steroid-resistant ITP, anti-CD20"
COMMANDS = sorted(command.name or command.callback.__name__ for command in app.registered_commands)


def runs(text):
    """The lines of a TREC run as their six fields."""
    return [line.split(" ") for line in text.splitlines()]


def test_an_empty_home_takes_in_the_sample_and_says_what_became_of_it(built):
    assert built.imported.returncode == 0
    assert built.imported.stdout == "263 read, 263 kept, 0 replaced, 0 unchanged, 0 rejected\n"


def test_a_build_publishes_a_version_and_says_what_it_made(built):
    assert built.published.returncode == 0
    assert re.fullmatch(
        r"Published version 0001: 263 trials, [\d,]+ sections; [\d,]+ texts of [\d,]+ tokens newly embedded\.\n",
        built.published.stdout,
    )


def test_neither_says_anything_on_stderr_where_it_is_no_terminal(built):
    assert built.imported.stderr == ""
    assert built.published.stderr == ""


def test_a_second_build_says_that_nothing_has_changed_and_publishes_nothing(run, home):
    again = run(home, "build")
    assert (again.returncode, again.stderr) == (0, "")
    assert again.stdout == "Nothing has changed: version 0001 with 263 trials is current.\n"
    assert [one.name for one in (home / "index").iterdir() if one.is_dir()] == ["0001"]


def test_a_forced_build_embeds_nothing_again_and_answers_the_same(call, home):
    before = call(home, "related", NCT_ID, "--format", "trec")
    forced = call(home, "build", "--force")
    assert forced.returncode == 0
    assert "Published version 0002: 263 trials" in forced.stdout
    assert "0 texts of 0 tokens newly embedded" in forced.stdout
    assert call(home, "related", NCT_ID, "--format", "trec").stdout == before.stdout


def test_importing_the_same_file_again_changes_nothing(call, home, sample):
    assert call(home, "import", sample).stdout == "263 read, 0 kept, 0 replaced, 263 unchanged, 0 rejected\n"
    assert "Nothing has changed" in call(home, "build").stdout


def test_related_prints_a_table_for_people(run, built, index):
    answer = run(built.home, "related", NCT_ID)
    assert (answer.returncode, answer.stderr) == (0, "")
    lines = answer.stdout.splitlines()
    assert lines[0].startswith(f"Related to {NCT_ID}  {index.trial(NCT_ID).title[:40]}")
    assert re.findall(r"^ +(\d+) +(NCT\d{8}) ", answer.stdout, re.M) == [
        (str(hit.rank), hit.nct_id) for hit in index.related(NCT_ID)
    ]
    assert lines[-1].startswith("Index 0001, 263 trials, data of 2026-02-11. Score: 0 to 1, how surely a kin")
    assert all(len(line) <= 100 for line in lines)


def test_related_prints_the_index_s_own_answer_as_json_in_one_line(run, built, index):
    answer = run(built.home, "related", NCT_ID, "--format", "json")
    assert (answer.returncode, answer.stderr) == (0, "")
    (line,) = answer.stdout.splitlines()
    assert json.loads(line) == {
        "indexVersion": "0001",
        "dataDate": "2026-02-11",
        "query": NCT_ID,
        "hits": [hit.model_dump(by_alias=True, mode="json") for hit in index.related(NCT_ID)],
    }


def test_related_prints_csv_that_the_csv_module_reads(run, built, index):
    answer = run(built.home, "related", NCT_ID, "--format", "csv")
    rows = list(csv.DictReader(io.StringIO(answer.stdout)))
    expected = index.related(NCT_ID)
    assert [row["nctId"] for row in rows] == [hit.nct_id for hit in expected]
    assert [row["title"] for row in rows] == [hit.title for hit in expected]
    assert [float(row["score"]) for row in rows] == [hit.score for hit in expected]
    assert {row["query"] for row in rows} == {NCT_ID}


def test_related_prints_a_trec_run_that_names_the_query_by_its_id(run, built, index):
    answer = run(built.home, "related", NCT_ID, "--format", "trec", "--top", 3)
    assert runs(answer.stdout) == [
        [NCT_ID, "Q0", hit.nct_id, str(hit.rank), repr(hit.score), "trialkin"] for hit in index.related(NCT_ID, 3)
    ]


def test_the_words_of_a_search_need_no_quotes(call, built, index):
    answer = call(built.home, "search", *TEXT.split(), "--format", "json")
    assert [hit["nctId"] for hit in json.loads(answer.stdout)["hits"]] == [hit.nct_id for hit in index.search(TEXT)]


def test_what_a_search_is_meant_to_say_is_told_above_its_list(call, built):
    told = "Looked for “thrombocytopenia” in place of “thrombocytopnia”"
    assert told in call(built.home, "search", "thrombocytopnia").stdout
    assert "Looked for" not in call(built.home, "search", '"thrombocytopnia" ITP').stdout


def test_what_a_search_denies_is_told_above_its_list(call, built):
    told = "Not looked for, as it is denied: “no rheumatoid arthritis”"
    assert told in call(built.home, "search", "relapsed ITP, no rheumatoid arthritis").stdout
    assert "Not looked for" not in call(built.home, "search", "relapsed ITP").stdout


def test_how_each_query_of_a_file_is_read_is_told_above_its_list(call, built):
    lines = "plain\trelapsed ITP\nread\ta 45-year-old woman with ITP, no rheumatoid arthritis, thrombocytopnia\n"
    plain, read = call(built.home, "search", "--queries-file", "-", stdin=lines).stdout.split("Trials for read: ")
    assert "Trials for plain: “relapsed ITP”" in plain
    for told in ("Looked for “thrombocytopenia”", "“no rheumatoid arthritis”", "Asked for a woman of 45"):
        assert told in read
        assert told not in plain
    found = call(built.home, "search", "--queries-file", "-", "--format", "json", stdin=lines).stdout
    plain, read = map(json.loads, found.splitlines())
    assert {"leftOut", "spelled", "person"}.isdisjoint(plain)
    assert read["leftOut"] == ["no rheumatoid arthritis"]
    assert read["spelled"] == {"thrombocytopnia": "thrombocytopenia"}
    assert read["person"] == {"age": 45, "sex": "FEMALE", "pregnant": False}


def test_how_a_draft_in_plain_text_is_read_is_told_above_its_list(call, built):
    told = "Not looked for, as it is denied: “no rheumatoid arthritis”"
    assert told in call(built.home, "related", "--draft", "-", stdin="relapsed ITP, no rheumatoid arthritis").stdout


def test_whom_a_search_asks_for_is_told_above_its_list(call, built):
    told = "Asked for a woman of 45: trials for others rank lower"
    assert told in call(built.home, "search", "a 45-year-old woman with ITP").stdout
    assert "Asked for" not in call(built.home, "search", "ITP").stdout


def test_a_search_as_a_trec_run_has_six_fields_a_line(call, built):
    lines = runs(call(built.home, "search", TEXT, "--format", "trec", "--top", 3).stdout)
    assert len(lines) == 3
    assert {len(fields) for fields in lines} == {6}


@pytest.mark.parametrize("spelling", ["nct 07057778", "nct07057778", "NCT-7057778", " NCT07057778 "])
def test_an_id_is_understood_however_it_is_typed(call, built, index, spelling):
    answer = call(built.home, "related", *spelling.split(), "--top", 2, "--format", "trec")
    assert [fields[0] for fields in runs(answer.stdout)] == [NCT_ID] * 2
    assert [fields[2] for fields in runs(answer.stdout)] == [hit.nct_id for hit in index.related(NCT_ID, 2)]


def test_options_reach_the_index(call, built, index):
    plain = {hit.nct_id for hit in index.related(NCT_ID)}
    narrowed = json.loads(
        call(
            built.home, "related", NCT_ID, "--status", "recruiting", "--status", "COMPLETED", "--phase", "PHASE2",
            "--weights", "intervention=5,text=0", "--top", 5, "--format", "json",
        ).stdout
    )["hits"]  # fmt: skip
    assert narrowed
    assert {hit["overallStatus"] for hit in narrowed} <= {"RECRUITING", "COMPLETED"}
    assert all("PHASE2" in hit["phases"] for hit in narrowed)
    assert {hit["nctId"] for hit in narrowed} != plain
    weights = parse_weights("intervention=5,text=0")
    filters = Filters(status=("RECRUITING", "COMPLETED"), phase=("PHASE2",))
    assert narrowed == [
        hit.model_dump(by_alias=True, mode="json") for hit in index.related(NCT_ID, 5, filters, weights)
    ]


def test_filters_that_no_trial_meets_give_an_empty_answer_and_say_why(call, built):
    nobody = ("--status", "WITHDRAWN", "--has-results", "--age", 1)
    answer = call(built.home, "related", NCT_ID, *nobody)
    assert answer.returncode == 0
    assert "No close trial meets the filters." in answer.stdout
    assert json.loads(call(built.home, "related", NCT_ID, *nobody, "--format", "json").stdout)["hits"] == []


def test_each_query_of_an_ids_file_is_named_by_its_own_id(call, built, tmp_path, index):
    ids = index.nct_ids()[:3]
    path = tmp_path / "ids.txt"
    path.write_text(f"{ids[0]}\n\n {ids[1].lower()} \nnct {int(ids[2][3:])}\n")
    answer = call(built.home, "related", "--ids-file", path, "--top", 4, "--format", "trec")
    assert answer.returncode == 0
    assert [fields[0] for fields in runs(answer.stdout)] == [one for one in ids for _ in range(4)]


@pytest.mark.parametrize("form", list(Format))
def test_a_batch_answers_as_its_queries_do_one_by_one(call, built, index, form):
    ids = [NCT_ID, *index.nct_ids()[10:13]]
    batch = call(built.home, "related", "--ids-file", "-", "--format", form, stdin="\n".join(ids)).stdout
    single = [call(built.home, "related", one, "--format", form).stdout for one in ids]
    if form is Format.CSV:
        single = [single[0], *(one.split("\n", 1)[1] for one in single[1:])]
    if form is Format.TABLE:
        rows = re.compile(r"^ +\d+ +NCT\d{8} .*$", re.M)
        assert rows.findall(batch) == [row for one in single for row in rows.findall(one)]
    else:
        assert batch == "".join(single)


def test_a_batch_of_texts_answers_as_its_queries_do_one_by_one(call, built):
    queries = {"t1": TEXT, "t2": "knee pain exercise", "t3": "中文"}
    lines = "".join(f"{name}\t{text}\n" for name, text in queries.items())
    batch = runs(call(built.home, "search", "--queries-file", "-", "--format", "trec", stdin=lines).stdout)
    assert list(dict.fromkeys(fields[0] for fields in batch)) == list(queries)
    for name, text in queries.items():
        single = runs(call(built.home, "search", text, "--format", "trec").stdout)
        assert [fields[1:] for fields in batch if fields[0] == name] == [fields[1:] for fields in single]


def test_versions_are_listed_for_people_and_as_json(call, second_version):
    listed = json.loads(call(second_version, "versions", "--json").stdout)
    assert [(one["version"], one["current"], one["trials"]) for one in listed] == [
        ("0001", False, 263),
        ("0002", True, 263),
    ]
    assert listed[0]["sources"] == ["trials.jsonl"]
    assert listed[0]["precision"] == "f32"
    assert listed[0]["countedBeside"] == 110_191
    assert listed[0]["bytes"] > 1_000_000
    table = call(second_version, "versions").stdout
    assert re.search(r"^ *0001 +263 +2026-02-11 .*MB *$", table, re.M)
    assert re.search(r"^ *0002 +263 +2026-02-11 .*MB +current *$", table, re.M)


def test_verify_says_that_a_version_is_whole(call, second_version):
    assert re.fullmatch(r"Version 0002 is whole: \d+ files, [\d,]+ bytes\.\n", call(second_version, "verify").stdout)
    assert call(second_version, "verify", "0001").stdout.startswith("Version 0001 is whole")


def test_rollback_lets_the_version_before_answer_and_deletes_nothing(call, second_version):
    assert call(second_version, "rollback").stdout == "Version 0001 answers now.\n"
    assert json.loads(call(second_version, "related", NCT_ID, "-f", "json").stdout)["indexVersion"] == "0001"
    assert call(second_version, "rollback", "0002").stdout == "Version 0002 answers now.\n"
    assert json.loads(call(second_version, "related", NCT_ID, "-f", "json").stdout)["indexVersion"] == "0002"


def test_the_demo_shows_the_whole_way_in_a_folder_of_its_own(run, home):
    (home / "demo").mkdir()
    for shared in ("models", "vectors"):
        (home / "demo" / shared).symlink_to(home / shared)
    shown = run(home, "demo")
    assert (shown.returncode, shown.stderr) == (0, "")
    assert "263 read, 263 kept" in shown.stdout
    assert f"Related to {NCT_ID}" in shown.stdout
    assert len(re.findall(r"^  (?:rank +\d+|not near)  NCT\d{8}  \S", shown.stdout, re.M)) == 5
    assert json.loads(run(home, "versions", "--json").stdout)[0]["version"] == "0001"


def test_the_installed_command_knows_its_version_and_its_help(run, tmp_path):
    assert run(tmp_path, "--version").stdout == f"trialkin {__version__}\n"
    shown = run(tmp_path, "--help")
    assert shown.returncode == 0
    assert all(re.search(rf"\b{name}\b", shown.stdout) for name in COMMANDS)
    assert list(tmp_path.iterdir()) == []


def test_the_commands_are_these():
    assert {"import", "build", "related", "search", "serve", "versions", "verify", "rollback"} <= set(COMMANDS)


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_explains_itself(name):
    shown = CliRunner().invoke(app, [name, "--help"])
    assert shown.exit_code == 0
    assert f"{name} [OPTIONS]" in shown.output
    explained = shown.output.split("\n", 3)[3].strip().splitlines()[0]
    assert len(explained.split()) > 3
