import copy
import io
import json
import re
import tracemalloc

import pytest
from hypothesis import given
from hypothesis import strategies as st

from support.legacy_json import RICH, legacy, read, response, with_field
from trialkin.data import Rejection
from trialkin.data.legacy_json import read_legacy, read_legacy_study, study_of
from trialkin.data.records import Part
from trialkin.errors import ReadError


@pytest.mark.parametrize(
    ("path", "value", "named"),
    [
        (("ProtocolSection",), None, "ProtocolSection"),
        (("ProtocolSection",), [], "ProtocolSection"),
        (("ProtocolSection", "StatusModule"), "done", "StatusModule"),
        (("ProtocolSection", "IdentificationModule", "NCTId"), 5, "nctId"),
        (("ProtocolSection", "ConditionsModule", "ConditionList"), ["Hiccups"], "ConditionList"),
        (("ProtocolSection", "ConditionsModule", "ConditionList", "Condition"), "Hiccups", "ConditionList.Condition"),
        (("ProtocolSection", "ArmsInterventionsModule", "ArmGroupList", "ArmGroup", 0), "Dust", "ArmGroup[0]"),
        (("ProtocolSection", "StatusModule", "StartDateStruct", "StartDate"), "a fine day", "startDate"),
        (("ProtocolSection", "StatusModule", "OverallStatus"), 5, "overallStatus"),
        (("ProtocolSection", "DesignModule", "EnrollmentInfo", "EnrollmentCount"), "many", "enrollmentCount"),
        (("ProtocolSection", "DesignModule", "PhaseList", "Phase"), [2], "phases"),
        (("ProtocolSection", "EligibilityModule", "HealthyVolunteers"), "perhaps", "healthyVolunteers"),
        (("DerivedSection",), "none", "DerivedSection"),
    ],
)
def test_a_field_of_the_wrong_shape_is_refused_by_name_and_the_others_are_read(path, value, named):
    first, rejection, last = read(response(legacy(1), with_field(*path, value=value), legacy(3)))
    assert (first.trial.nct_id, last.trial.nct_id) == ("NCT00000001", "NCT00000003")
    assert (rejection.file, rejection.position) == ("studies.json", "study 2")
    assert named in rejection.reason
    known = path[0] != "ProtocolSection" or path[-1] not in {"ProtocolSection", "NCTId"}
    assert rejection.nct_id == ("NCT01234567" if known else None)


@pytest.mark.parametrize("value", [None, 5, "NCT01234567", [], {}, {"Study": None}, {"FullStudy": []}, {"a": "b"}])
def test_what_is_no_study_is_refused(value):
    with pytest.raises(ReadError):
        study_of(value)
    assert isinstance(read_legacy_study(value, "file", "line 1"), Rejection)
    assert all(isinstance(one, Rejection) for one in read(value))


@pytest.mark.parametrize("content", [b"", b"<xml/>", b'{"Study": ', b'{"FullStudy": {"Study": {}}', b"{" * 100_000])
def test_a_file_that_is_no_json_is_rejected_whole(content):
    (rejection,) = read(content)
    assert (rejection.position, rejection.reason) == ("whole file", "not valid JSON, or cut short")


@pytest.mark.parametrize(
    "value", [response(), {"FullStudiesResponse": {"NStudiesFound": 0}}, {"FullStudiesResponse": {"FullStudies": {}}}]
)
def test_a_response_without_studies_says_so(value):
    (rejection,) = read(value)
    assert "FullStudies" in rejection.reason


def test_what_stands_before_a_cut_is_given():
    content = json.dumps(response(*(legacy(number) for number in range(1, 6)))).encode()
    starts = [found.start() for found in re.finditer(rb'\{"Rank"', content)]
    for end in range(starts[0], len(content)):
        *whole, rejection = read(content[:end])
        finished = sum(end >= start for start in [*starts[1:], content.rindex(b"]}}")]) if end < len(content) else 5
        assert len(whole) - finished in (0, 1)
        assert all(isinstance(part, Part) for part in whole)
        assert rejection.position == f"after study {len(whole)}"
        assert "cut short" in rejection.reason


def test_a_single_study_beyond_the_limit_is_rejected(monkeypatch):
    monkeypatch.setattr("trialkin.data.legacy_json._STUDY_LIMIT", 1 << 20)
    (rejection,) = read({"Study": {"ProtocolSection": "x" * (1 << 20)}})
    assert rejection.reason == "the study is larger than 1 MiB"


def test_memory_stays_bounded_however_many_studies_a_file_holds():
    modules = {"DescriptionModule": {"BriefSummary": "moon dust " * 2000}}
    one = json.dumps({"Rank": 1, "Study": legacy(1, **modules)}).encode()
    content = b'{"FullStudiesResponse": {"FullStudies": [' + b",".join([one] * 500) + b"]}}"
    stream = io.BytesIO(content)
    tracemalloc.start()
    try:
        assert sum(isinstance(found, Part) for found in read_legacy(stream, "many.json")) == 500
        assert tracemalloc.get_traced_memory()[1] < 2 << 20
    finally:
        tracemalloc.stop()


def places(value, path=()):
    """The path of every value inside a JSON value."""
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, inside in items:
        yield (*path, key)
        yield from places(inside, (*path, key))


ANY_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inside: st.lists(inside, max_size=3) | st.dictionaries(st.text(), inside, max_size=3),
    max_leaves=5,
)


@given(st.lists(st.tuples(st.sampled_from(list(places(RICH))), ANY_JSON), min_size=1, max_size=3))
def test_an_altered_study_is_a_record_or_a_rejection(changes):
    study = copy.deepcopy(RICH)
    for path, value in changes:
        place = study
        try:
            for key in path[:-1]:
                place = place[key]
            place[path[-1]] = value
        except (KeyError, TypeError, IndexError):
            continue
    assert isinstance(read_legacy_study(study, "file", "study 1"), Part | Rejection)


CONTENT = json.dumps(response(RICH, legacy(2)), indent=1).encode()
EDIT = st.tuples(st.integers(0, len(CONTENT) - 1), st.binary(max_size=4), st.integers(0, 4))


@given(st.lists(EDIT, min_size=1, max_size=5), st.integers(0, len(CONTENT) * 2))
def test_an_altered_file_ends_in_records_or_rejections(edits, end):
    content = bytearray(CONTENT)
    for place, put, taken in edits:
        content[place : place + taken] = put
    found = read(bytes(content[:end]))
    assert found
    assert all(isinstance(one, Part | Rejection) for one in found)


@pytest.mark.parametrize("number", ["9" * 5000, "1e999", "-1", "1.5", "NaN", "[" * 5000, '"\\ud800"'])
def test_strange_values_end_in_rejections(number):
    content = json.dumps(response(with_field("ProtocolSection", "DesignModule", "EnrollmentInfo", value="?"))).encode()
    found = read(content.replace(b'"?"', b'{"EnrollmentCount": ' + number.encode() + b"}"))
    assert found
    assert all(isinstance(one, Rejection) for one in found)
