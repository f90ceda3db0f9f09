"""CSV in the registry's columns: read back by the reader of its downloads."""

import csv
import io

import pytest

from trialkin.api.registry_csv import COLUMNS, studies_csv
from trialkin.data import Trial
from trialkin.data.csv_download import read_csv


@pytest.fixture(scope="session")
def trials(sample):
    from trialkin.data import read_trials

    return [one for one in read_trials(sample) if isinstance(one, Trial)]


def test_the_columns_are_those_of_a_genuine_download(shared):
    with (shared / "formats" / "csv-download" / "ctg-studies.csv").open(encoding="utf-8-sig") as file:
        assert list(COLUMNS) == next(csv.reader(file))


def test_what_is_written_is_read_back_by_the_reader_of_downloads(trials):
    parts = list(read_csv(io.BytesIO(studies_csv(trials, list(COLUMNS))), "trials.csv"))
    assert len(parts) == len(trials) == 263
    for part, trial in zip(parts, trials, strict=True):
        read = part.trial
        for name in (
            *("nct_id", "brief_title", "acronym", "overall_status", "brief_summary", "has_results", "conditions"),
            *("sex", "std_ages", "phases", "enrollment_count", "study_type", "allocation", "intervention_model"),
            *("masking", "primary_purpose", "org_study_id", "last_update_post_date", "study_first_post_date"),
        ):
            assert getattr(read, name) == getattr(trial, name), (trial.nct_id, name)
        assert [(one.type, one.name) for one in read.interventions] == [
            (one.type, one.name) for one in trial.interventions
        ]
        assert (read.start_date and read.start_date.date) == (trial.start_date and trial.start_date.date)
        assert read.lead_sponsor == trial.lead_sponsor


def test_columns_are_written_in_the_order_asked_for(make_trial):
    trial = make_trial(1, conditions=("A, B", 'C "D"'), interventions=({"name": "Dust", "type": "DRUG"}, {"name": "X"}))
    rows = list(csv.reader(io.StringIO(studies_csv([trial], ["Interventions", "NCT Number", "Conditions"]).decode())))
    assert rows == [["Interventions", "NCT Number", "Conditions"], ["DRUG: Dust|X", "NCT00000001", 'A, B|C "D"']]


def test_cells_without_a_value_are_empty(make_trial):
    trial = make_trial(1, brief_title=None)
    (row,) = csv.DictReader(io.StringIO(studies_csv([trial], list(COLUMNS)).decode()))
    filled = {name: cell for name, cell in row.items() if cell}
    assert filled == {"NCT Number": "NCT00000001", "Study URL": "https://clinicaltrials.gov/study/NCT00000001"}


def test_parts_of_a_cell_are_joined_as_the_registry_does(make_trial):
    trial = make_trial(
        1,
        study_type="OBSERVATIONAL",
        observational_model="COHORT",
        time_perspective="PROSPECTIVE",
        org_study_id="A-1",
        secondary_ids=({"id": "B"},),
        locations=({"facility": "G", "city": "Oslo", "country": "Norway"}, {"country": "Peru"}),
        primary_outcomes=({"measure": "M", "description": "D", "time_frame": "1 hour"}, {"measure": "N"}),
        lead_sponsor={"name": "Moon Clinic", "class": "OTHER"},
    )
    (row,) = csv.DictReader(io.StringIO(studies_csv([trial], list(COLUMNS)).decode()))
    assert row["Study Design"] == "Observational Model: COHORT|Time Perspective: PROSPECTIVE"
    assert row["Other IDs"] == "A-1|B"
    assert row["Locations"] == "G, Oslo, Norway|Peru"
    assert row["Primary Outcome Measures"] == "M, D, 1 hour|N"
    assert (row["Sponsor"], row["Funder Type"]) == ("Moon Clinic", "OTHER")
