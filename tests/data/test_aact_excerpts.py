import pytest

from support.aact import FIRST, TABLES, read, some, trials
from trialkin.data import Part
from trialkin.data.trial import Trial

TOLD = {
    "studies": {"brief_title", "start_date", "last_update_post_date", "phases"},
    "sponsors": {"lead_sponsor", "collaborators"},
    "eligibilities": {"eligibility_criteria", "sex", "std_ages", "minimum_age", "minimum_age_years"},
    "conditions": {"conditions"},
    "keywords": {"keywords"},
    "facilities": {"locations"},
    "browse_conditions": {"condition_meshes", "condition_ancestors"},
    "design_outcomes": {"primary_outcomes", "secondary_outcomes", "other_outcomes"},
}


@pytest.mark.parametrize("absent", TABLES)
def test_without_a_table_nothing_is_known_of_what_it_alone_tells(absent):
    found = read({name: text for name, text in TABLES.items() if name != absent})
    first = next(one for one in found if isinstance(one, Part))
    joined = {"arm_groups", "interventions"} if "intervention" in absent or absent == "design_groups" else set()
    for field in first.fields - joined:
        assert getattr(first.trial, field) == getattr(FIRST, field)
    assert TOLD.get(absent, set()).isdisjoint(first.fields)
    kept = {"countries", "has_results"}.union(*(fields for name, fields in TOLD.items() if name != absent))
    assert kept <= first.fields


def test_without_a_column_nothing_is_known_of_what_it_tells():
    (record,) = read({"studies": "nct_id|brief_title|phase\nNCT00000001|T|PHASE1\n"})
    assert record.fields == {"nct_id", "brief_title", "phases"}
    assert record.trial.has_results is None


def test_countries_come_from_their_own_table_where_there_are_no_sites():
    countries = "nct_id|name|removed\nNCT00000001|Fiji|f\nNCT00000002|Peru|f\nNCT00000002|Chad|f\nNCT00000002|Cuba|t\n"
    first, second = read(some("studies", "facilities") | {"countries": countries})
    assert (first.trial.countries, second.trial.countries) == (("Norway", "United States"), ("Chad", "Peru"))
    first, second = read(some("studies") | {"countries": countries})
    assert (first.trial.countries, second.trial.countries) == (("Fiji",), ("Chad", "Peru"))
    assert ("countries" in first.fields, "locations" in first.fields) == (True, False)


def test_without_studies_the_other_tables_make_parts():
    records = read(some("conditions", "keywords"))
    assert records == [
        Part(
            Trial(nct_id="NCT00000001", has_results=None, conditions=("Cold", "Cough"), keywords=("lozenge", "zinc")),
            frozenset({"nct_id", "conditions", "keywords"}),
        ),
        Part(
            Trial(nct_id="NCT00000002", has_results=None, conditions=("Cold",)),
            frozenset({"nct_id", "conditions", "keywords"}),
        ),
    ]


def test_a_trial_without_a_row_in_studies_is_read_and_counted():
    *records, notice = read(some("studies", "keywords") | {"conditions": "nct_id|name\nNCT00000003|Cold\n"})
    assert [record.trial.nct_id for record in records] == ["NCT00000001", "NCT00000002", "NCT00000003"]
    assert records[2].fields == {"nct_id", "conditions"}
    assert (notice.file, notice.position) == ("download.zip/studies.txt", "whole file")
    assert notice.reason.startswith("1 trials of other tables have no row here")


def test_of_an_excerpt_only_what_has_rows_is_known():
    """Every trial has conditions, so one without shows that the tables were cut."""
    tables = some("studies", "keywords") | {"conditions": "nct_id|name\nNCT00000001|Cold\n"}
    whole, cut = read(tables)
    assert {"conditions", "keywords"} <= whole.fields
    assert {"conditions", "keywords"}.isdisjoint(cut.fields)
    assert cut.fields == read(some("studies"))[1].fields


def test_a_table_that_only_joins_others_is_set_aside_without_them():
    rejection, *records = read(some("studies", "intervention_other_names"))
    assert rejection.reason == "it says nothing without the table interventions"
    assert len(trials(records)) == 2


def test_a_trial_of_which_only_rows_that_join_others_are_left_is_set_aside():
    others = "nct_id|intervention_id|name\nNCT00000005|3|x\n"
    record, rejection = read(some("interventions") | {"intervention_other_names": others})
    assert record.trial.nct_id == "NCT00000001"
    assert (rejection.nct_id, rejection.reason) == ("NCT00000005", "its rows say nothing without those of other tables")


def test_tables_without_rows_say_that_they_tell_of_no_trial():
    (only,) = read({"studies": "nct_id|brief_title\n", "keywords": "id|nct_id|name\n"})
    assert "none of its rows" in only.reason
