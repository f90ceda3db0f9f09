import io
import json
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trialkin.data import DRAFT_ID, Trial, draft_from, draft_of, is_nct_id, read_draft
from trialkin.data.draft import MOST_BYTES
from trialkin.data.study_json import trial_from_study
from trialkin.data.trial import Intervention, Sponsor, StudyDate
from trialkin.errors import ReadError, UsageError

MODULES = {
    "identificationModule": {"briefTitle": "Moon Dust for **Hiccups**", "organization": {"fullName": "A clinic"}},
    "statusModule": {"startDateStruct": {"date": "2027-01", "type": "ESTIMATED"}},
    "conditionsModule": {"conditions": ["Hiccups"]},
    "designModule": {"phases": ["PHASE2"], "designInfo": {"allocation": "RANDOMIZED"}, "enrollmentInfo": {"count": 9}},
    "armsInterventionsModule": {"interventions": [{"type": "DRUG", "name": "Moon dust"}]},
    "eligibilityModule": {"minimumAge": "6 Months"},
}
BARE = {name: value for fields in MODULES.values() for name, value in fields.items()}
OURS = {
    "briefTitle": "Moon Dust for **Hiccups**",
    "organization": {"name": "A clinic"},
    "startDate": {"date": "2027-01", "type": "ESTIMATED"},
    "conditions": ["Hiccups"],
    "phases": ["PHASE2"],
    "allocation": "RANDOMIZED",
    "enrollmentCount": 9,
    "interventions": [{"type": "DRUG", "name": "Moon dust"}],
    "minimumAge": "6 Months",
}
EXPECTED = Trial(
    nct_id=DRAFT_ID,
    brief_title="Moon Dust for Hiccups",
    organization=Sponsor(name="A clinic"),
    start_date=StudyDate(date="2027-01", type="ESTIMATED"),
    conditions=("Hiccups",),
    phases=("PHASE2",),
    allocation="RANDOMIZED",
    enrollment_count=9,
    interventions=(Intervention(name="Moon dust", type="DRUG"),),
    minimum_age="6 Months",
    minimum_age_years=0.5,
)


def test_no_record_can_have_the_id_of_drafts(make_study):
    assert not is_nct_id(DRAFT_ID)
    with pytest.raises(ReadError, match=DRAFT_ID):
        trial_from_study(make_study(0))


@pytest.mark.parametrize(
    "study",
    [
        {"protocolSection": MODULES},
        {"protocolSection": MODULES, "hasResults": False, "derivedSection": {"miscInfoModule": {}}},
        {"protocolSection": BARE},
        MODULES,
        BARE,
        OURS,
        {**BARE, "organization": {"name": "A clinic"}, "eligibilityModule": {"minimumAge": "6 Months"}},
        {**OURS, "nctId": "NCT07057778", "briefSummary": None, "keywords": [], "acronym": ""},
    ],
    ids=["section", "whole", "section of bare fields", "modules", "bare fields", "ours", "mixed", "with empty fields"],
)
def test_a_draft_is_the_same_however_its_fields_are_wrapped(study):
    assert draft_of(study) == EXPECTED
    assert draft_from(f"\ufeff \n{json.dumps(study, indent=1)}") == EXPECTED


def test_a_record_as_the_api_gives_it_is_a_draft_of_itself(make_trial):
    record = make_trial(7, brief_summary="Dust, twice a day.", organization=Sponsor(name="A clinic"), sex="FEMALE")
    answer = json.loads(record.model_dump_json(by_alias=True, exclude_none=True))
    assert draft_of(answer) == record.model_copy(update={"nct_id": DRAFT_ID})


def test_genuine_records_are_drafts_of_themselves(shared):
    for path in sorted((shared / "formats" / "api-v2").glob("NCT*.json")):
        study = json.loads(path.read_bytes())
        expected = trial_from_study(study).model_copy(update={"nct_id": DRAFT_ID, "has_results": None})
        assert draft_of(study) == expected, path.name
        assert draft_of(study["protocolSection"]).brief_summary == expected.brief_summary


def test_derived_headings_count_with_or_without_their_section():
    browse = {"conditionBrowseModule": {"meshes": [{"id": "D006606", "term": "Hiccup"}]}}
    for study in ({"protocolSection": MODULES, "derivedSection": browse}, {**MODULES, **browse}):
        assert [one.term for one in draft_of(study).condition_meshes] == ["Hiccup"]


@pytest.mark.parametrize(
    ("study", "name", "near"),
    [
        ({"breifTitle": "A"}, "breifTitle", "briefTitle"),
        ({"BRIEF_TITLE": "A"}, "BRIEF_TITLE", "briefTitle"),
        ({"brief_title": ""}, "brief_title", "briefTitle"),
        ({"conditionModule": {}, "briefTitle": "A"}, "conditionModule", "conditionsModule"),
        ({"protocolSektion": {"briefTitle": "A"}}, "protocolSektion", "protocolSection"),
        ({"protocolSection": {"conditionsModule": {"condition": ["A"]}}}, "condition", "conditions"),
        ({"designModule": {"designInfo": {"alocation": "RANDOMIZED"}}}, "alocation", "allocation"),
        ({"designInfo": {"alocation": "RANDOMIZED"}}, "alocation", "allocation"),
        ({"armsInterventionsModule": {"interventions": [{"name": "A"}, {"nam": "B"}]}}, "nam", "name"),
        ({"interventions": [{"name": "A"}, {"nam": "B"}]}, "nam", "name"),
        ({"leadSponsor": {"nome": "A"}}, "nome", "name"),
        ({"protocolSection": MODULES, "resultSection": {}}, "resultSection", "resultsSection"),
        ({"studies": []}, "studies", "studyType"),
    ],
)
def test_a_field_that_no_study_has_is_named_with_those_near_it(study, name, near):
    with pytest.raises(UsageError) as refused:
        draft_of(study)
    assert refused.value.what == f"A study has no field {name!r}."
    assert near in refused.value.hint


def test_a_name_like_no_other_is_refused_with_examples():
    with pytest.raises(UsageError) as refused:
        draft_of({"☃" * 500: 1})
    assert refused.value.what == f"A study has no field {'☃' * 60!r}."
    assert "briefTitle" in refused.value.hint


@pytest.mark.parametrize(
    ("study", "what"),
    [
        ({"protocolSection": "A"}, "protocolSection is str"),
        ({"conditions": "Hiccups"}, "field conditions"),
        ({"briefTitle": 5}, "field briefTitle"),
        ({"interventions": ["Moon dust"]}, r"interventions\[0\] is str"),
        ({"eligibilityModule": ["A"], "sex": "MALE"}, "eligibilityModule is list"),
        ({"startDate": {"date": "soon"}}, "field startDate.date"),
        ({"enrollmentCount": "many"}, "field enrollmentCount"),
        ({"protocolSection": MODULES, "derivedSection": 5}, "The draft: the derivedSection is int|derivedSection"),
    ],
)
def test_a_field_of_the_wrong_shape_is_named(study, what):
    with pytest.raises(UsageError, match=what) as refused:
        draft_of(study)
    assert refused.value.hint


@pytest.mark.parametrize("text", ["", " \n", "\ufeff", "{}", '{"protocolSection": {}}', '{"nctId": "NCT07057778"}'])
def test_a_draft_that_says_nothing_is_refused(text):
    with pytest.raises(UsageError, match="The draft is empty"):
        draft_from(text)


@pytest.mark.parametrize("value", ["\ud800", 2**70, {1, 2}, b"A"])
def test_what_json_cannot_hold_is_refused(value):
    with pytest.raises(UsageError, match="The draft is not JSON"):
        draft_of({"briefTitle": value})


def test_a_field_that_is_nested_without_end_is_refused():
    deep = []
    for _ in range(5000):
        deep = [deep]
    with pytest.raises(UsageError, match="The draft is not JSON"):
        draft_of({"centralContacts": deep})


@pytest.mark.parametrize("text", ["{", '{"briefTitle": "A"', "{briefTitle}", '{"briefTitle": "A"} and more'])
def test_broken_json_is_refused_with_its_place(text):
    with pytest.raises(UsageError, match=r"broken at line 1, column \d+"):
        draft_from(text)


@pytest.mark.parametrize("text", ["Moon dust for hiccups", "[Synopsis] of {moon dust}", "5", "中文 [/bold]"])
def test_what_is_not_json_is_a_text(text):
    assert draft_from(f"  {text}\n") == text


def test_files_and_standard_input_are_read(tmp_path, monkeypatch):
    path = tmp_path / "draft.json"
    path.write_bytes(b"\xef\xbb\xbf" + json.dumps(MODULES).encode())
    assert read_draft(path) == EXPECTED
    monkeypatch.setattr("sys.stdin", io.StringIO("Moon dust\n"))
    assert read_draft(type(path)("-")) == "Moon dust"


@pytest.mark.parametrize("content", [b"a" * (MOST_BYTES + 1), b'{"briefSummary": "' + b"a" * MOST_BYTES + b'"}'])
def test_a_draft_that_is_too_large_is_refused(tmp_path, monkeypatch, content):
    path = tmp_path / "draft"
    path.write_bytes(content)
    with pytest.raises(UsageError, match="more than 1,000,000 bytes"):
        read_draft(path)
    monkeypatch.setattr("sys.stdin", io.StringIO(content.decode()))
    with pytest.raises(UsageError, match="more than 1,000,000 bytes"):
        read_draft(type(path)("-"))


def test_a_file_that_cannot_be_read_is_named(tmp_path):
    with pytest.raises(ReadError, match="absent: No such file"):
        read_draft(tmp_path / "absent")
    with pytest.raises(ReadError, match="Is a directory"):
        read_draft(tmp_path)
    (tmp_path / "draft.docx").write_bytes(b"PK\x03\x04\xff\xfe")
    with pytest.raises(ReadError, match=r"draft.docx is not UTF-8 text.*plain text"):
        read_draft(tmp_path / "draft.docx")


def test_standard_input_that_is_no_text_is_refused_as_a_file_is(monkeypatch):
    raw = io.BytesIO(b"PK\x03\x04\xff\xfe")
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(raw, encoding="utf-8", errors="surrogateescape"))
    with pytest.raises(ReadError, match=r"- is not UTF-8 text \(byte 4\)"):
        read_draft(Path("-"))


NAMES = st.sampled_from(
    ["protocolSection", "derivedSection", "nctId", "date", "name", "type", "geoPoint", *MODULES, *BARE, *OURS]
) | st.text(max_size=5)
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(NAMES, inner, max_size=3),
    max_leaves=6,
)


@given(st.dictionaries(NAMES, VALUES, max_size=5))
def test_no_object_breaks_the_reading(study):
    with suppress(UsageError):
        assert draft_of(study).nct_id == DRAFT_ID


@given(st.text(max_size=30) | st.text(max_size=20).map("{{{}".format))
def test_no_text_breaks_the_reading(text):
    with suppress(UsageError):
        draft_from(text)


def test_what_the_api_says_around_a_record_is_no_part_of_the_draft():
    around = {"indexVersion": "0001", "dataDate": "2026-02-11", "dataSource": "ClinicalTrials.gov"}
    assert draft_of({**around, **BARE}) == draft_of(BARE)
    with pytest.raises(UsageError, match="empty"):
        draft_of(around)
