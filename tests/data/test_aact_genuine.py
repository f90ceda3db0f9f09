import csv
from collections import defaultdict

import pytest

from trialkin.data.aact import AactTables, is_table
from trialkin.data.plain_text import plain_text
from trialkin.data.spelled import code, date, phases
from trialkin.data.trial import Sponsor


@pytest.fixture(scope="module")
def genuine(shared):
    """The rows of the genuine tables by table and trial, and what reading the tables gives."""
    paths = sorted((shared / "formats" / "aact").glob("*.csv"))
    rows = defaultdict(lambda: defaultdict(list))
    with AactTables() as aact:
        rejections = []
        for path in paths:
            with path.open(newline="", encoding="utf-8", errors="replace") as stream:
                for row in csv.DictReader(stream):
                    if row["nct_id"]:
                        rows[path.stem][row["nct_id"]].append(row)
            with path.open("rb") as stream:
                assert is_table(stream.peek(4096))
                rejections += aact.add(stream, str(path))
        assert rejections == []
        return rows, list(aact.records())


def test_the_genuine_tables_give_each_trial_that_they_name(genuine):
    rows, (*records, notice) = genuine
    named = set().union(*rows.values())
    assert [record.trial.nct_id for record in records] == sorted(named)
    assert len(rows["studies"]) == 29
    assert notice.reason.startswith(f"{len(named) - 29} trials of other tables have no row here")


def test_each_cell_of_the_genuine_studies_lands_in_its_trial(genuine):
    rows, records = genuine
    found = {record.trial.nct_id: record.trial for record in records[:-1]}
    for nct_id, (row,) in rows["studies"].items():
        trial = found[nct_id]
        for column in ("brief_title", "official_title", "acronym", "why_stopped"):
            assert getattr(trial, column) == (plain_text(row[column]) or None)
        for column in ("overall_status", "study_type", "enrollment_type"):
            assert getattr(trial, column) == code(row[column])
        assert trial.organization == Sponsor(name=row["source"], class_=code(row["source_class"]))
        assert list(trial.phases) == phases(row["phase"])
        assert trial.enrollment_count == (int(row["enrollment"]) if row["enrollment"] else None)
        assert trial.has_results == bool(row["results_first_posted_date"])
        assert trial.study_first_post_date == date(row["study_first_posted_date"])
        assert trial.last_update_post_date == date(row["last_update_posted_date"])


@pytest.mark.parametrize("what", ["start", "primary_completion", "completion"])
def test_each_date_of_the_genuine_studies_is_as_precise_as_the_registry_has_it(genuine, what):
    rows, records = genuine
    found = {record.trial.nct_id: getattr(record.trial, f"{what}_date") for record in records[:-1]}
    for nct_id, (row,) in rows["studies"].items():
        told = found[nct_id]
        if told is None:
            assert not row[f"{what}_date"]
        else:
            assert told.date == date(row[f"{what}_month_year"])
            assert date(row[f"{what}_date"]).startswith(told.date)
            assert told.type == code(row[f"{what}_date_type"])
    assert {len(told.date) for told in found.values() if told is not None} == {7, 10}


def test_each_row_of_the_other_genuine_tables_lands_in_its_trial(genuine):
    rows, records = genuine
    for record in records[:-1]:
        trial, of_trial = (
            record.trial,
            {name: sorted(table[record.trial.nct_id], key=_id) for name, table in rows.items()},
        )
        summaries = [plain_text(row["description"]) for row in of_trial["brief_summaries"]]
        assert trial.brief_summary == (summaries[-1] if summaries else None)
        assert list(trial.conditions) == [row["name"] for row in of_trial["conditions"]]
        assert list(trial.countries) == sorted(
            row["name"] for row in of_trial["countries"] if row["removed"] == "FALSE"
        )
        for kind in ("condition", "intervention"):
            for what, mesh_type in (("meshes", "mesh-list"), ("ancestors", "mesh-ancestor")):
                terms = [one.term for one in getattr(trial, f"{kind}_{what}")]
                of_kind = of_trial[f"browse_{kind}s"]
                assert terms == [row["mesh_term"] for row in of_kind if row["mesh_type"] == mesh_type]
        for field, table in (("conditions", "conditions"), ("countries", "countries"), ("brief_title", "studies")):
            assert (field in record.fields) == bool(of_trial[table])


def _id(row):
    return int(row.get("id", 0))
