import numpy as np
import pyarrow as pa
import pytest

from trialkin.index.arrow_file import read_table
from trialkin.index.links import LINK_SCHEMA, LINKS, links, links_of, write_links


@pytest.fixture
def linked(make_trial):
    """The links of a record, given by its fields."""

    def of(**fields):
        return links(make_trial(1, **fields))

    return of


def test_ids_are_told_apart_by_whose_they_are(linked):
    found = linked(
        org_study_id="CAIN457A2302",
        nct_id_aliases=("NCT00000009",),
        secondary_ids=(
            {"id": "2010-022228-66", "type": "EUDRACT_NUMBER"},
            {"id": "U1111-1114-9005", "type": "REGISTRY"},
            {"id": "NCT00000002", "type": "OTHER"},
            {"id": "SPON-77"},
        ),
    )
    assert found == {
        "registered": ["201002222866", "U111111149005"],
        "numbered": ["CAIN457A2302", "SPON77"],
        "listed": ["NCT00000002", "NCT00000009"],
        "mentioned": [],
    }


@pytest.mark.parametrize(
    "one",
    [
        {"id": "R01HL123456", "type": "NIH"},
        {"id": "P30CA006973"},
        {"id": "5U01 AI-068632", "type": "OTHER"},
        {"id": "GRANT 4711", "type": "OTHER_GRANT"},
        {"id": "001"},
        {"id": "PROTOCOL"},
    ],
)
def test_grants_running_numbers_and_bare_words_are_no_ids_of_a_study(linked, one):
    assert linked(secondary_ids=(one,)) == {"registered": [], "numbered": [], "listed": [], "mentioned": []}


def test_spacing_and_letter_case_of_an_id_do_not_matter(linked):
    assert linked(org_study_id="cain 457-a/2302")["numbered"] == linked(org_study_id="CAIN457A2302")["numbered"]


@pytest.mark.parametrize(
    "field", ["brief_title", "official_title", "brief_summary", "detailed_description", "eligibility_criteria"]
)
def test_other_trials_that_a_text_mentions_are_found(linked, field):
    found = linked(**{field: "For those who completed nct00000007 (not NCT000000071, nor NCT00000001 itself)."})
    assert found["mentioned"] == ["NCT00000007"]


def test_links_are_read_back_in_the_order_asked(make_trial, tmp_path):
    rows = [links(make_trial(n, org_study_id=f"STUDY-{n}")) for n in (10, 20, 30)]
    write_links(tmp_path, pa.Table.from_pylist(rows, schema=LINK_SCHEMA))
    found = links_of(read_table(tmp_path / LINKS), np.asarray([2, 0, 1], np.int32))
    assert [one["numbered"] for one in found] == [["STUDY30"], ["STUDY10"], ["STUDY20"]]
