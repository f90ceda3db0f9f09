"""`trialkin related` by several trials, by drafts, by presets, and with reasons."""

import json
import re

import pytest

from support.routes import plain
from trialkin.api.reasons_list import reason_line
from trialkin.data import draft_of
from trialkin.index import PRESETS

NCT_ID, OTHER, UNLIKED = "NCT07057778", "NCT05302024", "NCT03304288"
DRAFT = {
    "briefTitle": "Iguratimod After Failure of Corticosteroids in ITP",
    "conditions": ["Immune Thrombocytopenia"],
    "interventions": [{"type": "DRUG", "name": "Iguratimod"}],
}
TEXT = "Iguratimod in immune thrombocytopenia that came back after corticosteroids"


def answer(done):
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


@pytest.fixture
def draft(tmp_path):
    path = tmp_path / "draft.json"
    path.write_text(json.dumps(DRAFT))
    return path


def test_like_alone_is_the_same_as_the_id_itself(call, built):
    by_id = call(built.home, "related", NCT_ID, "--json")
    assert by_id.returncode == 0
    assert call(built.home, "related", "--like", f" {NCT_ID.lower()} ", "--json").stdout == by_id.stdout
    assert call(built.home, "related", NCT_ID, "--format", "json").stdout == by_id.stdout


def test_several_trials_and_some_to_be_unlike_are_asked_together(call, built, index):
    options = (NCT_ID, "--like", OTHER, "--unlike", UNLIKED)
    found = answer(call(built.home, "related", *options, "--json", "--top", 5))
    assert found["query"] == f"{NCT_ID}+{OTHER}-{UNLIKED}"
    assert found["hits"] == plain(index.alike([NCT_ID, OTHER], [UNLIKED], 5))
    assert not {hit["nctId"] for hit in found["hits"]} & {NCT_ID, OTHER, UNLIKED}
    table = call(built.home, "related", *options).stdout
    assert table.splitlines()[0].strip() == f"Related to {NCT_ID}+{OTHER}-{UNLIKED}"


def test_a_name_in_place_of_an_id_is_answered_with_the_trials_it_may_mean(call, built):
    done = call(built.home, "related", NCT_ID, "--unlike", "iguratimod")
    assert done.returncode == 2
    assert "'iguratimod' is not an NCT id." in done.stderr
    assert "Nearest trials: NCT" in done.stderr


def test_an_unknown_trial_to_be_like_is_refused(call, built):
    done = call(built.home, "related", NCT_ID, "--like", "NCT99999999")
    assert (done.returncode, done.stdout) == (1, "")
    assert "NCT99999999 is not among the 263 trials" in done.stderr


def test_a_draft_as_json_is_answered_as_a_record_of_its_own(call, built, index, draft):
    found = answer(call(built.home, "related", "--draft", draft, "--json"))
    assert found["query"] == "draft"
    assert found["hits"] == plain(index.related_to(draft_of(DRAFT)))
    assert "Iguratimod" in found["hits"][0]["interventions"]


def test_a_draft_from_standard_input_may_be_a_text(call, built, index):
    done = call(built.home, "related", "--draft", "-", "--json", stdin=f"\n{TEXT}\n")
    assert answer(done)["hits"] == plain(index.search(TEXT))


def test_a_table_of_a_draft_is_named_by_its_title_or_its_conditions(call, built, draft):
    def heading():
        return call(built.home, "related", "--draft", draft, "--top", 1).stdout.splitlines()[0].strip()

    assert heading() == f"Related to the draft  {DRAFT['briefTitle']}"
    draft.write_text(json.dumps(DRAFT | {"briefTitle": None}))
    assert heading() == "Related to the draft  Immune Thrombocytopenia"
    draft.write_text(f"{TEXT}. {TEXT}.")
    assert heading() == f"Related to the draft  {TEXT[:57]}..."


def test_a_draft_leaves_no_trace_in_the_home(call, built, draft):
    before = {path: path.stat().st_mtime_ns for path in built.home.rglob("*")}
    assert call(built.home, "related", "--draft", draft).returncode == 0
    assert {path: path.stat().st_mtime_ns for path in built.home.rglob("*")} == before


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ('{"briefTitel": "A"}', "A study has no field 'briefTitel'.\n  Near: briefTitle"),
        ('{"briefTitle": ', "broken at line 1"),
        ('{"conditions": 5}', "The draft's field conditions"),
        ("{}", "The draft is empty."),
        ("a " * 30_000, "The query has 59,999 characters; 50,000 is the most."),
    ],
)
def test_a_draft_that_cannot_be_used_is_refused_with_the_reason(call, built, draft, content, said):
    draft.write_text(content)
    done = call(built.home, "related", "--draft", draft)
    assert (done.returncode, done.stdout) == (2, "")
    assert said in done.stderr
    assert "Traceback" not in done.stderr


def test_a_draft_that_is_not_there_is_named(call, built, tmp_path):
    done = call(built.home, "related", "--draft", tmp_path / "absent")
    assert (done.returncode, done.stdout) == (1, "")
    assert f"{tmp_path / 'absent'}: No such file" in done.stderr


def test_a_preset_changes_the_list_and_weights_change_the_preset(call, built, index):
    plainly = answer(call(built.home, "related", NCT_ID, "--json"))["hits"]
    preset = answer(call(built.home, "related", NCT_ID, "--preset", "same-drug", "--json"))["hits"]
    assert preset == plain(index.related(NCT_ID, weights=PRESETS["same-drug"])) != plainly
    both = call(built.home, "related", NCT_ID, "--preset", "same-drug", "--weights", "intervention=0", "--json")
    assert answer(both)["hits"] == plain(index.related(NCT_ID, weights={**PRESETS["same-drug"], "intervention": 0}))
    assert answer(call(built.home, "search", TEXT, "--preset", "same-disease", "--json"))["hits"] == plain(
        index.search(TEXT, weights=PRESETS["same-disease"])
    )


def test_reasons_are_listed_under_each_hit(call, built, index):
    done = call(built.home, "related", NCT_ID, "--reasons", "--top", 3)
    assert done.returncode == 0
    said = " ".join(done.stdout.split())
    for hit in index.related(NCT_ID, 3):
        assert " ".join(f"{hit.rank} {hit.nct_id} {hit.score:.2f}".split()) in said
        assert " ".join(hit.why.split()) in said
        for reason in hit.reasons:
            assert " ".join(reason_line(reason, hit.score).split()) in said
    assert re.search(r"Same intervention \d+%: “Iguratimod”", said)
    assert "Score: 0 to 1" in done.stdout
