"""References for citation managers."""

import io
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trialkin.api.ris import Reference, reference_of_hit, reference_of_trial, source_note, write_ris
from trialkin.data.trial import Sponsor, StudyDate
from trialkin.index import Hit

NOTE = "trialkin, index 0001, data of 2026-02-11."
TAG = re.compile(r"[A-Z][A-Z0-9]  - \S.*|ER  - ")


def written(*references):
    out = io.StringIO(newline="")
    write_ris(references, NOTE, out)
    return out.getvalue()


def tags(text):
    """Tag and value of every line, entry by entry."""
    entries = [entry.split("\r\n") for entry in text.split("ER  - \r\n\r\n")[:-1]]
    return [[(line[:2], line[6:]) for line in entry if line] for entry in entries]


def hit(**fields):
    return Hit(
        **{
            "rank": 3,
            "nct_id": "NCT00000001",
            "title": "Moon dust for hiccups",
            "score": 0.456,
            "overall_status": "RECRUITING",
            "phases": ("PHASE2",),
            "study_type": "INTERVENTIONAL",
            "enrollment_count": 60,
            "start_date": "2020-03-01",
            "conditions": ("Hiccups", "Singultus"),
            "interventions": ("Moon dust",),
            "lead_sponsor": "Dust, Inc.",
            "why": "Also tests moon dust.",
            "reasons": (),
        }
        | fields
    )


def test_a_hit_has_title_sponsor_date_address_keywords_and_why():
    assert tags(written(reference_of_hit(hit()))) == [
        [
            ("TY", "DATA"),
            ("AN", "NCT00000001"),
            ("TI", "Moon dust for hiccups"),
            ("AU", "Dust Inc."),
            ("PY", "2020"),
            ("DA", "2020/03/01/"),
            ("KW", "Hiccups"),
            ("KW", "Singultus"),
            ("N1", "Also tests moon dust."),
            ("N1", "Rank 3, score 0.46."),
            ("N1", NOTE),
            ("DB", "ClinicalTrials.gov"),
            ("PB", "ClinicalTrials.gov"),
            ("UR", "https://clinicaltrials.gov/study/NCT00000001"),
        ]
    ]


def test_what_a_hit_lacks_has_no_line():
    (entry,) = tags(written(reference_of_hit(hit(lead_sponsor=None, start_date=None, conditions=(), why=""))))
    assert {"AU", "PY", "DA", "KW"}.isdisjoint(tag for tag, _ in entry)
    assert [value for tag, value in entry if tag == "N1"] == ["Rank 3, score 0.46.", NOTE]


def test_a_record_has_its_summary_and_no_rank(make_trial):
    trial = make_trial(
        7,
        brief_summary="First line.\n\nTY  - BOOK\r\nSecond line.",
        start_date=StudyDate(date="2021-05"),
        lead_sponsor=Sponsor(name="A clinic"),
    )
    (entry,) = tags(written(reference_of_trial(trial)))
    assert ("AB", "First line. TY - BOOK Second line.") in entry
    assert ("DA", "2021/05//") in entry
    assert ("AU", "A clinic") in entry
    assert [value for tag, value in entry if tag == "N1"] == [NOTE]


@pytest.mark.parametrize(
    ("date", "said"), [("2020", "2020///"), ("2020-03", "2020/03//"), ("2020-03-09", "2020/03/09/")]
)
def test_a_date_of_any_precision_keeps_it(date, said):
    (entry,) = tags(written(Reference("NCT00000001", "A", None, date, ())))
    assert ("DA", said) in entry


@given(title=st.text(), condition=st.text(), note=st.text())
def test_no_text_can_break_out_of_its_line(title, condition, note):
    text = written(Reference("NCT00000001", title, title, None, (condition,), title, (note,)), reference_of_hit(hit()))
    assert len(tags(text)) == 2
    assert "\n" not in text.replace("\r\n", "")
    assert all(TAG.fullmatch(line) for line in text.split("\r\n") if line)


def test_the_note_names_the_index_and_the_date_of_the_data():
    assert source_note("0001", "2026-02-11") == NOTE
    assert "unknown date" in source_note("0001", None)
