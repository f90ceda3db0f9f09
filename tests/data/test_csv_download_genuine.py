import csv
import re

import pytest

from trialkin.data.csv_download import is_csv_download, read_csv
from trialkin.data.plain_text import plain_text

GENUINE = {"ctg-studies.csv": 40, "ctg-studies-few-columns.csv": 35, "legacy-SearchResults.csv": 100}


def genuine(shared, name):
    path = shared / "formats" / "csv-download" / name
    with path.open(encoding="utf-8-sig", newline="") as text:
        rows = list(csv.DictReader(text))
    with path.open("rb") as stream:
        assert is_csv_download(stream.read(1000))
        stream.seek(0)
        return rows, list(read_csv(stream, name))


@pytest.mark.parametrize("name", GENUINE)
def test_the_genuine_downloads_are_read_whole_with_every_row(shared, name):
    rows, records = genuine(shared, name)
    assert len(records) == GENUINE[name]
    assert [record.trial.nct_id for record in records] == [row["NCT Number"] for row in rows]


@pytest.mark.parametrize("name", GENUINE)
def test_every_filled_cell_of_the_genuine_downloads_lands_in_the_trial(shared, name):
    for row, record in zip(*genuine(shared, name), strict=True):
        trial = record.trial
        cell = {column: text.strip() for column, text in row.items() if text.strip()}
        assert trial.brief_title == cell.get("Study Title", cell.get("Title"))
        assert trial.acronym == cell.get("Acronym")
        assert "|".join(trial.conditions) == cell["Conditions"]
        typed = [f"{each.type.replace('_', ' ').title()}: {each.name}" for each in trial.interventions]
        assert [text.lower() for text in typed] == [
            text.split(": ")[0].replace("_", " ").lower() + ": " + text.split(": ", 1)[1].lower()
            for text in cell.get("Interventions", "").split("|")
            if text
        ]
        for column, outcomes in (
            ("Primary Outcome Measures", trial.primary_outcomes),
            ("Secondary Outcome Measures", trial.secondary_outcomes),
            ("Other Outcome Measures", trial.other_outcomes),
            ("Outcome Measures", trial.primary_outcomes),
        ):
            if column in cell:
                told = [", ".join(filter(None, (o.measure, o.description, o.time_frame))) for o in outcomes]
                assert "|".join(told) == "|".join(map(plain_text, cell[column].split("|")))
        sponsors = [each.name for each in (trial.lead_sponsor, *trial.collaborators)]
        named = cell.get("Sponsor/Collaborators") or "|".join(
            filter(None, [cell["Sponsor"], cell.get("Collaborators")])
        )
        assert "|".join(sponsors) == named
        assert trial.sex == cell.get("Sex", cell.get("Gender")).upper()
        assert plain(cell["Study Type"]) == plain(trial.study_type)
        assert plain(cell.get("Study Status", cell.get("Status"))) == plain(trial.overall_status)
        assert str(trial.enrollment_count) == cell.get("Enrollment", "None")
        assert "|".join(filter(None, [trial.org_study_id, *(i.id for i in trial.secondary_ids)])) == cell.get(
            "Other IDs", ""
        )
        assert (trial.brief_summary or "") == plain_text(cell.get("Brief Summary", ""))
        joined = [", ".join(filter(None, (s.facility, s.city, s.state, s.zip, s.country))) for s in trial.locations]
        assert "|".join(joined) == cell.get("Locations", "")
        for column, date in (
            ("First Posted", trial.study_first_post_date),
            ("Last Update Posted", trial.last_update_post_date),
        ):
            assert (date is None) == (column not in cell)
        for column, date in (
            ("Start Date", trial.start_date),
            ("Primary Completion Date", trial.primary_completion_date),
            ("Completion Date", trial.completion_date),
        ):
            assert (date is None) == (column not in cell)
        assert len(trial.phases) == len([text for text in cell.get("Phases", "").split("|") if text])
        if "Study Design" in cell or "Study Designs" in cell:
            told = [trial.allocation, trial.intervention_model, trial.masking, trial.primary_purpose]
            assert all(told) == (trial.study_type == "INTERVENTIONAL")
        assert trial.std_ages
        limits = [limit for limit in (trial.minimum_age, trial.maximum_age) if limit]
        assert limits == re.findall(r"\d+ \w+", cell["Age"])


def plain(text):
    """Letters and digits alone, so that bullets, escapes and spelling of codes do not matter."""
    return "".join(filter(str.isalnum, text)).lower()
