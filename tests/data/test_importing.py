import errno
import itertools
import json
import os
import signal
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from trialkin.data import ImportCounts, Part, Rejection, Snapshot, upsert
from trialkin.errors import SnapshotError, StorageError

BROKEN = Rejection("studies.jsonl", "line 7", "NCT00000009", "Field sex: it is a number.")


def contents(folder):
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def trials(folder):
    found = list(Snapshot.open(folder).trials())
    by_id = {trial.nct_id: trial for trial in found}
    assert len(by_id) == len(found)
    return by_id


@pytest.fixture(scope="session")
def dated(make_trial):
    """A trial with a date of last update, and a summary that tells versions apart."""
    return lambda number, date, summary="": make_trial(number, last_update_post_date=date, brief_summary=summary)


def test_new_trials_are_kept_and_counted(tmp_path, make_trial):
    counts = upsert(tmp_path / "snapshot", [make_trial(1), BROKEN, make_trial(2)], "one.json")
    assert counts == ImportCounts(read=3, kept=2, rejected=1)
    assert trials(tmp_path / "snapshot") == {trial.nct_id: trial for trial in (make_trial(1), make_trial(2))}


@pytest.mark.parametrize(
    ("dates", "outcome"),
    [
        (("2020-01-01", "2020-01-02"), "replaced"),
        (("2020-01-01", "2020-01-01"), "replaced"),
        (("2020-01", "2020-01-31"), "replaced"),
        ((None, "1999-01-01"), "replaced"),
        ((None, None), "replaced"),
        (("2020-01-02", "2020-01-01"), "unchanged"),
        (("1999-01-01", None), "unchanged"),
    ],
)
@pytest.mark.parametrize("together", [False, True])
def test_of_two_records_of_one_id_the_newer_stays_and_the_last_of_equals(tmp_path, dated, dates, outcome, together):
    first, second = dated(1, dates[0], "first"), dated(1, dates[1], "second")
    if together:
        counts = upsert(tmp_path, [first, second], "both")
        assert counts == ImportCounts(read=2, kept=1, **{outcome: 1})
    else:
        upsert(tmp_path, [first], "before")
        counts = upsert(tmp_path, [second], "after")
        assert counts == ImportCounts(read=1, **{outcome: 1})
    assert trials(tmp_path) == {"NCT00000001": second if outcome == "replaced" else first}


def test_an_equal_record_leaves_every_file_as_it_was(tmp_path, dated):
    records = [dated(1, "2020-01-01"), dated(2, None)]
    upsert(tmp_path, records, "first")
    before = contents(tmp_path)
    assert upsert(tmp_path, records, "again") == ImportCounts(read=2, unchanged=2)
    assert contents(tmp_path) == before


def test_an_older_record_leaves_every_file_as_it_was(tmp_path, dated):
    upsert(tmp_path, [dated(1, "2020-01-02", "new")], "first")
    before = contents(tmp_path)
    assert upsert(tmp_path, [dated(1, "2020-01-01", "old")], "again").unchanged == 1
    assert contents(tmp_path) == before


VERSIONS = [(number, f"20{year}-01-01") for number in (1, 2, 3) for year in (10, 11, 12)]


@settings(max_examples=25)
@given(data=st.data())
def test_the_content_does_not_depend_on_the_order_or_the_number_of_imports(dated, data):
    versions = data.draw(st.permutations(VERSIONS))
    cuts = sorted(data.draw(st.sets(st.integers(1, len(versions) - 1), max_size=3)))
    with TemporaryDirectory() as name:
        for start, end in itertools.pairwise([0, *cuts, len(versions)]):
            upsert(Path(name), [dated(number, date, date) for number, date in versions[start:end]], "part")
        assert trials(Path(name)) == {f"NCT{n:08d}": dated(n, "2012-01-01", "2012-01-01") for n in (1, 2, 3)}


def test_the_counts_read_as_a_sentence():
    counts = ImportCounts(read=12345, kept=12000, replaced=300, unchanged=40, rejected=5)
    assert str(counts) == "12,345 read, 12,000 kept, 300 replaced, 40 unchanged, 5 rejected"


def test_progress_is_told_after_each_record(tmp_path, make_trial):
    seen = []
    upsert(tmp_path, [make_trial(1), BROKEN], "x", lambda counts: seen.append((counts.read, counts.rejected)))
    assert seen == [(1, 0), (2, 1)]


def test_rejections_are_written_one_a_line_and_replaced_by_the_next_import(tmp_path, make_trial):
    upsert(tmp_path, [BROKEN, make_trial(1), BROKEN], "x")
    written = [json.loads(line) for line in (tmp_path / "rejected.jsonl").read_text().splitlines()]
    assert written == 2 * [
        {"file": "studies.jsonl", "position": "line 7", "nctId": "NCT00000009", "reason": "Field sex: it is a number."}
    ]
    upsert(tmp_path, [make_trial(1)], "x")
    assert (tmp_path / "rejected.jsonl").read_bytes() == b""


def test_sources_are_remembered_oldest_first_and_the_date_is_the_newest(tmp_path, dated):
    upsert(tmp_path, [dated(1, "2021-05-05")], "first.json")
    upsert(tmp_path, [dated(2, "2020-05-05")], "second.json")
    snapshot = Snapshot.open(tmp_path)
    assert snapshot.sources == ("first.json", "second.json")
    assert snapshot.data_date == "2021-05-05"


def test_an_import_of_nothing_into_nothing_is_refused(tmp_path):
    with pytest.raises(SnapshotError, match="Nothing was read"):
        upsert(tmp_path, [], "empty")


def test_an_import_of_rejections_alone_keeps_their_reasons(tmp_path):
    assert upsert(tmp_path, [BROKEN], "bad.json") == ImportCounts(read=1, rejected=1)
    assert "line 7" in (tmp_path / "rejected.jsonl").read_text()


def test_an_import_that_is_interrupted_changes_nothing(tmp_path, make_trial, dated):
    upsert(tmp_path, [dated(1, "2020-01-01", "old"), BROKEN], "first")
    before = contents(tmp_path)

    def records():
        yield dated(1, "2021-01-01", "new")
        yield from map(make_trial, range(2, 1500))
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        upsert(tmp_path, records(), "second")
    assert contents(tmp_path) == before


def test_an_import_that_is_killed_leaves_the_snapshot_as_it_was(tmp_path, dated):
    upsert(tmp_path, [dated(1, "2020-01-01", "old")], "first")
    before = contents(tmp_path)
    program = f"""
import os, pathlib
from trialkin.data import Trial, upsert

def records():
    for number in range(1, 1500):
        yield Trial(nct_id=f"NCT{{number:08d}}", last_update_post_date="2021-01-01")
    os.kill(os.getpid(), {int(signal.SIGKILL)})

upsert(pathlib.Path({str(tmp_path)!r}), records(), "second")
"""
    done = subprocess.run([sys.executable, "-c", program], check=False)
    assert done.returncode == -signal.SIGKILL
    assert {name: (tmp_path / name).read_bytes() for name in before} == before
    assert set(trials(tmp_path)) == {"NCT00000001"}
    assert upsert(tmp_path, [dated(2, None)], "third").kept == 1
    assert not list(tmp_path.glob(".import-*"))


def refuse_disk(*_args, **_options):
    raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


@pytest.mark.parametrize(
    "place",
    [(pq.ParquetWriter, "write_table"), (os, "fsync"), (Path, "replace")],
    ids=["on writing", "on syncing", "on renaming"],
)
def test_a_full_disk_is_said_in_words_and_loses_nothing(tmp_path, dated, monkeypatch, place):
    upsert(tmp_path, [dated(1, "2020-01-01", "old")], "first")
    before = contents(tmp_path)
    with monkeypatch.context() as patch:
        patch.setattr(*place, refuse_disk)
        with pytest.raises(StorageError, match="disk is full") as caught:
            upsert(tmp_path, [dated(1, "2021-01-01", "new")], "second")
    assert "nothing was lost" in caught.value.hint
    assert contents(tmp_path) == before
    assert upsert(tmp_path, [dated(1, "2021-01-01", "new")], "second").replaced == 1


def test_small_files_are_folded_into_one(tmp_path, make_trial):
    for number in range(1, 5):
        upsert(tmp_path, [make_trial(number)], f"night {number}")
    assert len(Snapshot.open(tmp_path).files) == 1
    assert len(list(tmp_path.glob("*.parquet"))) == 1
    assert sorted(trials(tmp_path)) == [f"NCT{number:08d}" for number in range(1, 5)]


def test_a_large_file_is_rewritten_only_when_one_of_its_trials_is_replaced(tmp_path, make_trial, dated):
    upsert(tmp_path, map(make_trial, range(1, 2501)), "all")
    (large,) = Snapshot.open(tmp_path).files
    upsert(tmp_path, [make_trial(3000)], "a new one")
    assert large in Snapshot.open(tmp_path).files
    assert len(Snapshot.open(tmp_path).files) == 2
    upsert(tmp_path, [dated(5, "2020-01-01", "new")], "a newer one")
    snapshot = Snapshot.open(tmp_path)
    snapshot.verify()
    assert large not in snapshot.files
    assert not (tmp_path / large.name).exists()
    assert len(snapshot) == 2501
    assert trials(tmp_path)["NCT00000005"].brief_summary == "new"


def test_a_damaged_file_is_not_folded_into_a_new_one_but_named(tmp_path, make_trial):
    upsert(tmp_path, [make_trial(number, brief_summary=f"{number**30}") for number in range(1, 50)], "first")
    (path,) = tmp_path.glob("*.parquet")
    content = bytearray(path.read_bytes())
    group = pq.ParquetFile(path).metadata.row_group(0)
    columns = {group.column(number).path_in_schema: group.column(number) for number in range(group.num_columns)}
    column = columns["briefSummary"]
    content[column.data_page_offset + column.total_compressed_size // 4] ^= 1
    path.write_bytes(content)
    before = contents(tmp_path)
    with pytest.raises(SnapshotError, match=path.name):
        upsert(tmp_path, [make_trial(100)], "second")
    assert contents(tmp_path) == before


def test_files_that_an_earlier_failure_left_behind_are_removed_by_the_next_import(tmp_path, make_trial):
    upsert(tmp_path, [make_trial(1)], "first")
    (tmp_path / "trials-0123456789abcdef.parquet").write_bytes(b"left behind")
    upsert(tmp_path, [make_trial(2)], "second")
    assert not (tmp_path / "trials-0123456789abcdef.parquet").exists()
    assert len(trials(tmp_path)) == 2


def part_of(trial, *fields):
    return Part(trial, frozenset({"nct_id", "last_update_post_date", *fields}))


def test_a_poorer_source_takes_nothing_away(tmp_path, dated, make_trial):
    rich = dated(1, "2020-01-01", "a long summary")
    upsert(tmp_path, [rich, dated(2, "2020-01-01")], "rich.json")
    poor = make_trial(1, last_update_post_date="2020-02-02", overall_status="COMPLETED", brief_title=None)
    assert upsert(tmp_path, [part_of(poor, "overall_status")], "poor.csv") == ImportCounts(read=1, replaced=1)
    assert trials(tmp_path)["NCT00000001"] == rich.model_copy(
        update={"last_update_post_date": "2020-02-02", "overall_status": "COMPLETED"}
    )
    assert trials(tmp_path)["NCT00000002"] == dated(2, "2020-01-01")


@pytest.mark.parametrize("part_first", [False, True])
def test_parts_join_the_records_of_the_same_import_in_either_order(tmp_path, dated, make_trial, part_first):
    rich = dated(1, "2020-01-01", "a long summary")
    part = part_of(make_trial(1, last_update_post_date="2020-02-02", sex="ALL"), "sex")
    counts = upsert(tmp_path, [part, rich] if part_first else [rich, part], "both")
    assert (counts.read, counts.kept, counts.replaced) == (2, 1, 1)
    assert trials(tmp_path)["NCT00000001"] == rich.model_copy(
        update={"last_update_post_date": "2020-02-02", "sex": "ALL"}
    )


def test_a_part_of_an_unknown_trial_is_all_that_is_known_of_it(tmp_path, make_trial):
    one = make_trial(1, sex="ALL")
    assert upsert(tmp_path, [part_of(one, "sex", "brief_title")], "poor.csv").kept == 1
    assert trials(tmp_path) == {"NCT00000001": one}


def test_parts_that_tell_nothing_new_leave_every_file_as_it_was(tmp_path, dated):
    upsert(tmp_path, [dated(number, "2020-01-01", "long") for number in range(1, 9)], "rich.json")
    before = contents(tmp_path)
    parts = [part_of(dated(number, "2020-01-01"), "brief_title") for number in range(1, 9)]
    assert upsert(tmp_path, parts, "poor.csv") == ImportCounts(read=8, unchanged=8)
    assert contents(tmp_path) == before


@pytest.mark.parametrize("together", [False, True])
def test_a_record_takes_the_place_of_those_under_its_aliases(tmp_path, dated, make_trial, together):
    former = [dated(1, "2020-01-01"), dated(2, "2020-01-01")]
    now = make_trial(3, nct_id_aliases=("NCT00000001",))
    if together:
        upsert(tmp_path, [*former, now], "one")
    else:
        upsert(tmp_path, former, "first")
        assert upsert(tmp_path, [now], "second").replaced == 1
    assert sorted(trials(tmp_path)) == ["NCT00000002", "NCT00000003"]
    assert upsert(tmp_path, [dated(1, "2024-01-01")], "old copy") == ImportCounts(read=1, unchanged=1)
    assert sorted(trials(tmp_path)) == ["NCT00000002", "NCT00000003"]
