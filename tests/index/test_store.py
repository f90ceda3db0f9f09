import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from trialkin.data import Snapshot, upsert
from trialkin.data.schema import TRIAL_SCHEMA
from trialkin.index.card import CARD_SCHEMA, card, first_day
from trialkin.index.facts import FACT_SCHEMA, fact_row
from trialkin.index.store import Store, write_store


@pytest.fixture
def written(tmp_path):
    """Writes the store of some trials, in the order of their ids; gives the folder and the files."""

    def make(trials):
        upsert(tmp_path / "snapshot", trials, "test")
        snapshot = Snapshot.open(tmp_path / "snapshot")
        held = list(snapshot.trials())
        order = np.argsort([one.nct_id for one in held])
        cards = pa.Table.from_pylist([card(held[place]) for place in order], schema=CARD_SCHEMA)
        facts = pa.Table.from_pylist([fact_row(held[place]) for place in order], schema=FACT_SCHEMA)
        folder = tmp_path / "version"
        folder.mkdir()
        write_store(folder, snapshot, cards, facts, order)
        return folder, [one.name for one in snapshot.files]

    return make


def test_a_card_holds_what_lists_and_filters_show(make_trial):
    shown = card(
        make_trial(
            7,
            brief_title="A trial",
            overall_status="COMPLETED",
            phases=("PHASE1", "PHASE2"),
            study_type="INTERVENTIONAL",
            enrollment_count=40,
            conditions=("ITP",),
            interventions=({"name": "Rituximab"}, {"name": "Placebo"}),
            lead_sponsor={"name": "A sponsor", "class": "NIH"},
            countries=("China",),
            has_results=True,
            sex="FEMALE",
            minimum_age_years=18.0,
            start_date={"date": "2020-05"},
            completion_date={"date": "2021"},
            last_update_post_date="2022-03-04",
        )
    )
    assert shown == {
        "nctId": "NCT00000007",
        "title": "A trial",
        "overallStatus": "COMPLETED",
        "phases": ["PHASE1", "PHASE2"],
        "studyType": "INTERVENTIONAL",
        "enrollmentCount": 40,
        "conditions": ["ITP"],
        "interventions": ["Rituximab", "Placebo"],
        "leadSponsor": "A sponsor",
        "sponsorClass": "NIH",
        "countries": ["China"],
        "hasResults": True,
        "sex": "FEMALE",
        "minimumAgeYears": 18.0,
        "maximumAgeYears": None,
        "statesEligibility": True,
        "startDate": "2020-05-01",
        "completionDate": "2021-01-01",
        "lastUpdatePostDate": "2022-03-04",
    }


def test_a_record_of_an_id_alone_has_a_card(make_trial):
    shown = card(make_trial(7, brief_title=None))
    assert shown["title"] == "NCT00000007"
    assert shown["statesEligibility"] is False
    assert shown["startDate"] is shown["leadSponsor"] is None


@pytest.mark.parametrize(
    ("date", "day"), [("2025", "2025-01-01"), ("2025-07", "2025-07-01"), ("2025-07-09", "2025-07-09"), (None, None)]
)
def test_the_first_day_of_a_date_of_any_precision(date, day):
    assert first_day(date) == day


def test_rows_follow_the_ids_whatever_the_order_of_import(written, make_trial):
    folder, files = written([make_trial(number) for number in (30, 10, 20)])
    store = Store(folder, files)
    assert len(store) == 3
    assert [store.nct_id(row) for row in range(3)] == ["NCT00000010", "NCT00000020", "NCT00000030"]
    assert [store.row(f"NCT000000{number}") for number in (10, 20, 30)] == [0, 1, 2]
    titles = [one["title"] for one in store.cards_of(np.asarray([1, 0], np.int32), ["title"])]
    assert titles == ["Invented study 20", "Invented study 10"]


def test_facts_are_read_in_the_order_asked_whatever_the_order_of_import(written, sample_trials):
    folder, files = written(sample_trials[::-1])
    store = Store(folder, files)
    asked = [store.row(trial.nct_id) for trial in sample_trials]
    assert store.facts_of(np.asarray(asked, np.int32)) == [fact_row(trial) for trial in sample_trials]


@pytest.mark.parametrize("nct_id", ["NCT00000001", "NCT00000015", "NCT99999999"])
def test_an_id_that_is_not_held_has_no_row(written, make_trial, nct_id):
    folder, files = written([make_trial(number) for number in (30, 10, 20)])
    assert Store(folder, files).row(nct_id) is None


def test_the_trial_that_had_an_id_before_is_found(written, make_trial):
    trials = [make_trial(1), make_trial(20, nct_id_aliases=("NCT00000004", "NCT00000007")), make_trial(30)]
    store = Store(*written(trials))
    assert store.successor("NCT00000004") == store.successor("NCT00000007") == "NCT00000020"
    assert store.successor("NCT00000020") is None
    assert store.successor("NCT99999999") is None


def test_every_record_is_read_back_as_it_was_imported(written, sample_trials):
    folder, files = written(sample_trials)
    store = Store(folder, files)
    for trial in sample_trials:
        assert store.trial(store.row(trial.nct_id)) == trial


def test_records_are_found_across_row_groups(written, make_trial):
    numbers = [number * 37 % 2503 for number in range(1, 2503)]
    folder, files = written([make_trial(number, enrollment_count=number) for number in numbers])
    store = Store(folder, files)
    for number in (1, 999, 1000, 1001, 2001, 2502):
        assert store.trial(store.row(f"NCT{number:08d}")).enrollment_count == number


def test_many_records_are_read_at_once_in_the_order_asked(written, make_trial):
    numbers = [number * 37 % 2503 for number in range(1, 2503)]
    folder, files = written([make_trial(number, enrollment_count=number, conditions=("ITP",)) for number in numbers])
    store = Store(folder, files)
    asked = [2502, 3, 999, 1001, 3, 1]
    rows = [store.row(f"NCT{number:08d}") for number in asked]
    assert [one.enrollment_count for one in store.trials(rows, ["nctId", "enrollmentCount"])] == asked
    assert {one.conditions for one in store.trials(rows, ["nctId", "enrollmentCount"])} == {()}
    assert store.trials(rows, TRIAL_SCHEMA.names) == [store.trial(row) for row in rows]
    assert store.trials([], ["nctId"]) == []


def test_a_row_group_is_read_once_for_all_records_in_it(written, make_trial, monkeypatch):
    folder, files = written([make_trial(number) for number in range(1, 900)])
    store, read = Store(folder, files), []
    group = pq.ParquetFile.read_row_group
    monkeypatch.setattr(pq.ParquetFile, "read_row_group", lambda *args, **kw: read.append(kw) or group(*args, **kw))
    store.trials(list(range(0, 899, 7)), ["nctId", "briefTitle"])
    assert len(read) == pq.read_metadata(folder / "records" / files[0]).num_row_groups
    assert read[0] == {"columns": ["nctId", "briefTitle"]}


def test_a_store_keeps_its_records_when_the_snapshot_moves_on(written, make_trial, tmp_path):
    folder, files = written([make_trial(1, brief_summary="old")])
    upsert(tmp_path / "snapshot", [make_trial(1, brief_summary="new")], "later")
    store = Store(folder, files)
    assert store.trial(0).brief_summary == "old"


def test_a_disk_without_hard_links_gets_copies(written, make_trial, monkeypatch):
    def refuse(*_):
        raise OSError

    monkeypatch.setattr("os.link", refuse)
    folder, files = written([make_trial(1, brief_summary="kept")])
    assert Store(folder, files).trial(0).brief_summary == "kept"
