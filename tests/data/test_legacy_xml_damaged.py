import io
import re
import tracemalloc

import pytest
from hypothesis import given
from hypothesis import strategies as st

from support.legacy_xml import RICH, read, study, trial_of
from trialkin.data import Rejection
from trialkin.data.legacy_xml import read_xml
from trialkin.data.records import Part


@pytest.mark.parametrize(("text", "root"), [("<html><body/></html>", "html"), ("<search_results/>", "search_results")])
def test_other_xml_is_rejected_with_its_root_named(text, root):
    (rejection,) = read(text)
    assert (rejection.position, rejection.nct_id) == ("whole file", None)
    assert rejection.reason == f"XML without any clinical_study; its root is {root!r}"


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "no element found: line 1, column 0"),
        ("{}", "line 1, column 0"),
        ("<clinical_study>\n<a></b></clinical_study>", "mismatched tag: line 2"),
        (study("<brief_title>&nbsp;</brief_title>"), "undefined entity"),
        (study("<a>\x01</a>"), "invalid token"),
        (study().encode().replace(b"</nct_id>", b"\xe9</nct_id>"), "invalid token"),
        ('<?xml version="1.0" encoding="klingon"?>' + study(), "klingon"),
        ('<?xml version="1.0" encoding="shift_jis"?>' + study(), "encoding"),
        ('<?xml version="1.0" encoding="UTF-16"?>' + study(), "encoding"),
        (study("<enrollment>many</enrollment>"), "enrollmentCount"),
        (study("<start_date>a fine day</start_date>"), "startDate"),
        ("<clinical_study/>", "no NCT id"),
    ],
)
def test_what_cannot_be_read_is_rejected_with_the_reason(text, reason):
    (rejection,) = read(text)
    assert isinstance(rejection, Rejection)
    assert rejection.file == "record.xml"
    assert reason in rejection.reason


def test_a_record_that_is_cut_short_is_rejected_by_its_id():
    for end in range(RICH.index("</nct_id>") + 9, RICH.rindex("</clinical_study>"), 97):
        (rejection,) = read(RICH[:end])
        assert isinstance(rejection, Rejection)
        assert rejection.nct_id == "NCT01234567"
        assert "cut short" in rejection.reason


def test_what_stands_before_a_cut_is_given():
    whole = f"<all>{study(number=1)}{study(number=2)}{study(number=3)}</all>"
    first, second, rejection = read(whole[: whole.rindex("</id_info>")])
    assert (first.trial.nct_id, second.trial.nct_id) == ("NCT00000001", "NCT00000002")
    assert (rejection.position, rejection.nct_id) == ("after study 2", "NCT00000003")


BOMBS = {
    "billion laughs": '<!DOCTYPE lolz [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">'
    '<!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;&b;&b;">]>' + study("<brief_title>&c;</brief_title>"),
    "quadratic blowup": f'<!DOCTYPE a [<!ENTITY a "{"x" * 1000}">]>' + study(f"<a>{'&a;' * 1000}</a>"),
    "external file": '<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/hostname">]>'
    + study("<brief_title>&x;</brief_title>"),
    "external parameter": '<!DOCTYPE a [<!ENTITY % x SYSTEM "http://127.0.0.1:9/x.dtd"> %x;]>' + study(),
    "external document type": '<!DOCTYPE clinical_study SYSTEM "http://127.0.0.1:9/x.dtd">' + study(),
    "inner document type": "<!DOCTYPE clinical_study [<!ELEMENT clinical_study ANY>]>" + study(),
}


@pytest.mark.parametrize("bomb", BOMBS)
def test_document_types_and_entities_are_refused_not_expanded(bomb):
    (rejection,) = read('<?xml version="1.0"?>\n' + BOMBS[bomb])
    assert isinstance(rejection, Rejection)
    assert "document type or entities" in rejection.reason


def test_a_record_beyond_the_limit_is_rejected_before_it_is_all_read(monkeypatch):
    monkeypatch.setattr("trialkin.data.xml_studies._CHUNK", 1 << 10)
    monkeypatch.setattr("trialkin.data.xml_studies._RECORD_LIMIT", 1 << 20)
    endless = Endless(b"<all>" + study(number=1).encode() + study(number=2)[:-17].encode(), b"<a>x</a>")
    first, rejection = read_xml(endless, "endless.xml")
    assert first.trial.nct_id == "NCT00000001"
    assert (rejection.nct_id, rejection.reason) == ("NCT00000002", "the record is larger than 1 MiB")
    assert endless.given < 2 << 20
    small = study("<a>dust</a>" * 4000)
    assert sum(isinstance(part, Part) for part in read(f"<all>{small * 60}</all>")) == 60  # the limit is for a record


def test_a_record_of_too_many_elements_is_rejected(monkeypatch):
    monkeypatch.setattr("trialkin.data.xml_studies._ELEMENT_LIMIT", 1000)
    (rejection,) = read(study("<a/>" * 1000))
    assert "elements" in rejection.reason
    (part,) = read(study("<clinical_results>" + "<a/>" * 1000 + "</clinical_results>"))
    assert part.trial.has_results is True


def test_deep_nesting_ends_in_a_record():
    assert trial_of("<a>" * 50_000 + "</a>" * 50_000).nct_id == "NCT00000001"


def test_memory_stays_bounded_however_many_records_a_file_holds(monkeypatch):
    monkeypatch.setattr("trialkin.data.xml_studies._CHUNK", 64 << 10)
    record = study(f"<brief_summary><textblock>{'moon dust ' * 2000}</textblock></brief_summary>")
    results = "<clinical_results>" + "<a>dust</a>" * 2000 + "</clinical_results>"
    text = b"<all>" + (record.encode() + study(results).encode()) * 150 + b"</all>"
    stream = io.BytesIO(text)
    tracemalloc.start()
    try:
        assert sum(isinstance(one, Part) for one in read_xml(stream, "many.xml")) == 300
        assert tracemalloc.get_traced_memory()[1] < 3 << 20
    finally:
        tracemalloc.stop()


class Endless(io.RawIOBase):
    """A stream that begins with something and goes on for ever."""

    def __init__(self, start, again):
        self._start, self._again, self.given = start, again, 0

    def read(self, size=-1):
        assert size > 0
        start, self._start = self._start[:size], self._start[size:]
        found = start + self._again * ((size - len(start)) // len(self._again))
        self.given += len(found)
        return found


EDIT = st.tuples(st.integers(0, len(RICH) - 1), st.binary(max_size=4), st.integers(0, 4))


@given(st.lists(EDIT, min_size=1, max_size=5), st.integers(0, len(RICH) * 2))
def test_an_altered_file_ends_in_records_or_rejections(edits, end):
    content = bytearray(RICH.encode())
    for place, put, taken in edits:
        content[place : place + taken] = put
    found = read(bytes(content[:end]))
    assert found
    assert all(isinstance(one, Part | Rejection) for one in found)


@given(st.lists(st.tuples(st.sampled_from(re.findall(r">([^<>\s][^<>]*)<", RICH)), st.text(max_size=12)), max_size=4))
def test_altered_texts_end_in_records_or_rejections(changes):
    content = RICH
    for old, new in changes:
        content = content.replace(f">{old}<", f">{new}<", 1)
    found = read(content.encode("utf-8", "surrogatepass"))
    assert found
    assert all(isinstance(one, Part | Rejection) for one in found)
