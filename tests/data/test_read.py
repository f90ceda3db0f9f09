import gzip
import json
import tracemalloc
import zipfile
from io import BytesIO
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory

import pytest
import zstandard
from hypothesis import given
from hypothesis import strategies as st

from trialkin.data import Rejection, Trial, read_trials
from trialkin.data.study_json import trial_from_study
from trialkin.errors import ReadError

BOM = b"\xef\xbb\xbf"


def dump(value, indent=None):
    return json.dumps(value, indent=indent, ensure_ascii=False).encode()


def lines(*values):
    return b"".join(dump(value) + b"\n" for value in values)


def zipped(**members):
    buffer = BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return buffer.getvalue()


@pytest.fixture
def read(tmp_path):
    """Read bytes from a file whose name says nothing true about them."""

    def from_bytes(content):
        path = tmp_path / "studies.csv"
        path.write_bytes(content)
        return list(read_trials(path))

    return from_bytes


@pytest.fixture(scope="session")
def three(make_study):
    return [make_study(number) for number in (1, 2, 3)]


def ids(records):
    return [record.nct_id if isinstance(record, Trial) else record for record in records]


ALL_THREE = ["NCT00000001", "NCT00000002", "NCT00000003"]

FORMS = {
    "JSON lines": lambda studies: lines(*studies),
    "JSON lines without a last line break": lambda studies: lines(*studies).rstrip(),
    "JSON lines with blank lines": lambda studies: b"\n \n" + lines(*studies).replace(b"\n", b"\r\n\r\n"),
    "a list on one line": dump,
    "a list over many lines": lambda studies: dump(studies, indent=2),
    "a page on one line": lambda studies: dump({"totalCount": 3, "studies": studies, "nextPageToken": "x"}),
    "a page over many lines": lambda studies: dump({"nextPageToken": "x", "studies": studies}, indent=2),
    "a page a line": lambda studies: lines({"studies": studies[:2]}, {"studies": studies[2:]}),
}
WRAPPINGS = {
    "plain": bytes,
    "with a byte order mark": lambda content: BOM + content,
    "gzip": gzip.compress,
    "gzip in two members": lambda content: gzip.compress(content[:50]) + gzip.compress(content[50:]),
    "zstandard": zstandard.compress,
    "zstandard in two frames": lambda content: zstandard.compress(content[:50]) + zstandard.compress(content[50:]),
    "zip": lambda content: zipped(**{"inside.txt": content}),
    "gzip in a zip": lambda content: zipped(**{"inside.txt": gzip.compress(content)}),
}


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("wrapping", WRAPPINGS)
def test_studies_in_any_form_and_wrapping_are_found_by_content(read, three, form, wrapping):
    assert ids(read(WRAPPINGS[wrapping](FORMS[form](three)))) == ALL_THREE


@pytest.mark.parametrize("indent", [None, 2])
@pytest.mark.parametrize("wrapping", WRAPPINGS)
def test_one_study_is_read_pretty_printed_and_on_one_line(read, make_study, indent, wrapping):
    study = make_study(7, descriptionModule={"briefSummary": "Größe ≥ 3 μm"})
    assert read(WRAPPINGS[wrapping](dump(study, indent))) == [trial_from_study(study)]


def test_a_folder_is_read_with_its_subfolders_in_order_and_without_hidden_files(tmp_path, three):
    (tmp_path / "b").mkdir()
    (tmp_path / "b" / "last").write_bytes(zstandard.compress(dump(three[2])))
    (tmp_path / "a.json").write_bytes(dump(three[0]))
    (tmp_path / "a.jsonl").write_bytes(lines(three[1]))
    (tmp_path / ".hidden").write_bytes(b"junk")
    assert ids(read_trials(tmp_path)) == ALL_THREE


def test_several_paths_are_read_in_the_order_given(tmp_path, three):
    paths = [tmp_path / str(number) for number in range(3)]
    for path, study in zip(paths, three, strict=True):
        path.write_bytes(dump(study))
    assert ids(read_trials(paths[2], str(paths[0]), paths[1])) == [ALL_THREE[2], ALL_THREE[0], ALL_THREE[1]]


@pytest.mark.parametrize("broken", [b'{"protocolSection": {"ident\n', b'{"protocolSection": oops}\n', b"{oops}\n"])
@pytest.mark.parametrize("place", [0, 1, 3])
def test_a_broken_line_among_good_ones_is_set_aside_with_file_line_and_reason(tmp_path, three, broken, place):
    path = tmp_path / "studies.jsonl"
    good = [lines(study) for study in three]
    path.write_bytes(b"".join([*good[:place], broken, *good[place:]]))
    found = list(read_trials(path))
    assert found.pop(place) == Rejection(str(path), f"line {place + 1}", None, "not valid JSON")
    assert ids(found) == ALL_THREE


def test_line_numbers_count_blank_lines(read, three):
    found = read(b"\n\n" + lines(three[0]) + b"\n{oops}\n")
    assert [one.position for one in found if isinstance(one, Rejection)] == ["line 5"]


@pytest.mark.parametrize(
    ("identification", "nct_id", "named"),
    [
        ({}, None, "nctId is None"),
        ({"nctId": "ISRCTN1"}, "ISRCTN1", "nctId is 'ISRCTN1'"),
        ({"nctId": 12}, None, "nctId is 12"),
        ({"nctId": "NCT00000009", "briefTitle": 5}, "NCT00000009", "Field briefTitle"),
    ],
)
def test_a_study_with_a_bad_field_is_set_aside_with_the_field_and_its_id(read, three, identification, nct_id, named):
    bad = {"protocolSection": {"identificationModule": identification}}
    for content, position in (
        (lines(three[0], bad, three[1]), "line 2"),
        (dump([three[0], bad, three[1]]), "study 2"),
        (lines({"studies": [three[0], bad, three[1]]}), "line 1, study 2"),
    ):
        first, rejection, last = read(content)
        assert ids([first, last]) == ALL_THREE[:2]
        assert (rejection.position, rejection.nct_id) == (position, nct_id)
        assert named in rejection.reason


@pytest.mark.parametrize("indent", [None, 2])
@pytest.mark.parametrize("form", [list, lambda studies: {"studies": studies, "totalCount": 3}])
def test_a_list_cut_short_gives_what_stands_before_the_cut_and_says_so(read, three, form, indent):
    whole = dump(form(three), indent)
    found = read(whole[: whole.index(b"NCT00000003")])
    assert ids(found[:2]) == ALL_THREE[:2]
    if indent is None and form is not list:
        return
    assert (found[2].position, len(found)) == ("after study 2", 3)
    assert "cut short" in found[2].reason


@pytest.mark.parametrize("indent", [None, 1])
@given(data=st.data())
def test_a_file_with_mutated_bytes_gives_trials_and_rejections_and_never_raises(make_study, indent, data):
    studies = [make_study(number, designModule={"enrollmentInfo": {"count": number}}) for number in (1, 2, 3)]
    forms = [lines(*studies), dump(studies, indent), dump(studies[0], indent)]
    content = bytearray(data.draw(st.sampled_from(forms)))
    for place in data.draw(st.lists(st.integers(0, len(content) - 1), max_size=8)):
        content[place : place + data.draw(st.integers(0, 3))] = data.draw(st.binary(max_size=3))
    records = read_bytes(bytes(content))
    assert records or not content.strip()
    assert all(isinstance(record, Trial | Rejection) for record in records)


def read_bytes(content):
    with TemporaryDirectory() as folder:
        path = Path(folder, "file")
        path.write_bytes(content)
        return list(read_trials(path))


@pytest.mark.parametrize("content", [b"", b"\n \n", BOM, gzip.compress(b""), zstandard.compress(b"")])
def test_an_empty_file_is_set_aside_as_empty(read, content):
    (rejection,) = read(content)
    assert (rejection.position, rejection.reason) == ("whole file", "the file is empty")


@pytest.mark.parametrize("content", [b"name,title\n1,2\n", b"\x00\x01\x02\x03", b"null"])
def test_a_file_of_no_known_format_is_set_aside_whole(read, content):
    (rejection,) = read(content)
    assert rejection.position == "whole file"
    assert "in no format" in rejection.reason


@pytest.mark.parametrize("content", [b'{\n "protocolSection": {\n', b'{"a": {"b": 1', b'{"a": {\n"b": 1}\n'])
def test_one_object_cut_short_is_set_aside_whole(read, content):
    (rejection,) = read(content)
    assert (rejection.position, rejection.nct_id) == ("whole file", None)
    assert "cut short" in rejection.reason


def test_a_missing_path_is_refused_before_anything_is_read(tmp_path, three):
    path = tmp_path / "there.json"
    path.write_bytes(dump(three[0]))
    records = read_trials(path, tmp_path / "absent.json")
    with pytest.raises(ReadError, match=r"absent\.json"):
        next(records)


def test_a_folder_without_files_is_refused_by_name(tmp_path):
    (tmp_path / "empty").mkdir()
    with pytest.raises(ReadError, match="empty"):
        next(read_trials(tmp_path / "empty"))


def test_a_file_that_cannot_be_opened_is_refused_by_name(tmp_path, monkeypatch):
    path = tmp_path / "secret.json"
    path.write_bytes(b"{}")

    def refuse(*_args, **_options):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "open", refuse)
    with pytest.raises(ReadError, match=r"secret\.json: Permission denied"):
        next(read_trials(path))


BIG = {
    "a list": lambda studies: b"[" + b",".join(studies) + b"]",
    "a page": lambda studies: b'{"totalCount": 2000, "studies": [\n' + b",\n".join(studies) + b"]}",
    "JSON lines": b"\n".join,
    "gzip": lambda studies: gzip.compress(b"\n".join(studies), 1),
    "zstandard": lambda studies: zstandard.compress(b"\n".join(studies)),
    "zip": lambda studies: zipped(inside=b"\n".join(studies)),
}


@pytest.mark.parametrize("form", BIG)
def test_a_file_of_fifteen_megabytes_is_read_in_few_megabytes_of_memory(tmp_path, make_study, form):
    path = tmp_path / "big"
    study, noise = dump(make_study(1, descriptionModule={"briefSummary": "NOISE"})), Random(1)
    path.write_bytes(BIG[form]([study.replace(b"NOISE", noise.randbytes(3700).hex().encode()) for _ in range(2000)]))
    records = read_trials(path)
    tracemalloc.start()
    try:
        assert next(records).nct_id == "NCT00000001"
        assert sum(isinstance(record, Trial) for record in records) == 1999
        assert tracemalloc.get_traced_memory()[1] < 6_000_000
    finally:
        tracemalloc.stop()


def test_the_first_record_is_given_before_the_rest_of_the_file_is_read(tmp_path, make_study):
    path = tmp_path / "list"
    study = dump(make_study(1))
    path.write_bytes(b"[" + b",".join([study] * 200_000))
    records = read_trials(path)
    tracemalloc.start()
    try:
        assert next(records).nct_id == "NCT00000001"
        assert tracemalloc.get_traced_memory()[1] < 4_000_000 < path.stat().st_size
    finally:
        tracemalloc.stop()
        records.close()


def test_the_genuine_single_studies_are_read_and_equal_their_json(shared):
    paths = sorted((shared / "formats" / "api-v2").glob("NCT*.json"))
    trials = list(read_trials(*paths))
    assert [trial.nct_id for trial in trials] == [path.stem for path in paths]
    assert len(trials) == 5
    for path, trial in zip(paths, trials, strict=True):
        protocol = json.loads(path.read_bytes())["protocolSection"]
        status, design = protocol["statusModule"], protocol["designModule"]
        assert trial.brief_title == protocol["identificationModule"]["briefTitle"]
        assert trial.overall_status == status["overallStatus"]
        assert trial.last_update_post_date == status["lastUpdatePostDateStruct"]["date"]
        assert trial.start_date.date == status["startDateStruct"]["date"]
        assert trial.enrollment_count == design["enrollmentInfo"]["count"]
        assert list(trial.phases) == design.get("phases", [])
        assert trial.lead_sponsor.name == protocol["sponsorCollaboratorsModule"]["leadSponsor"]["name"]
        assert list(trial.conditions) == protocol["conditionsModule"]["conditions"]
        sites = protocol["contactsLocationsModule"].get("locations", [])
        assert [site.city for site in trial.locations] == [site["city"] for site in sites]
        arms = protocol["armsInterventionsModule"]
        assert [one.name for one in trial.interventions] == [one["name"] for one in arms.get("interventions", [])]
        outcomes = protocol["outcomesModule"]["primaryOutcomes"]
        assert [one.time_frame for one in trial.primary_outcomes] == [one.get("timeFrame") for one in outcomes]
        assert trial.minimum_age == protocol["eligibilityModule"].get("minimumAge")
        assert "\\" not in trial.eligibility_criteria


@pytest.mark.parametrize(("name", "count"), [("api-v2/studies-page.json", 1), ("api-v2-download/ctg-studies.json", 10)])
def test_the_genuine_page_and_download_are_read_whole_without_rejections(shared, name, count):
    path = shared / "formats" / name
    content = json.loads(path.read_bytes())
    studies = content["studies"] if isinstance(content, dict) else content
    assert list(read_trials(path)) == [trial_from_study(study) for study in studies]
    assert len(studies) == count
