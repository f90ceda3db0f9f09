import json
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from trialkin.data import Snapshot, Trial, upsert
from trialkin.data.schema import STORED_SCHEMA, TRIAL_SCHEMA
from trialkin.errors import SnapshotError

TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=8)
DATES = st.dates().map(str) | st.from_regex(r"[12]\d{3}(-0[1-9])?", fullmatch=True)


def values(kind, name, inside=False):
    """JSON values of a Parquet type; dates where the registry has dates, None where a `Trial` may have it."""
    if pa.types.is_list(kind):
        return st.lists(values(kind.value_type, name, inside=True), max_size=3)
    if pa.types.is_struct(kind):
        return maybe(
            st.fixed_dictionaries({field.name: values(field.type, field.name, True) for field in kind}), inside
        )
    by_type = {
        pa.string(): DATES if name.lower().endswith(("date", "since")) else TEXTS,
        pa.bool_(): st.booleans(),
        pa.int64(): st.integers(0, 2**63 - 1),
        pa.float64(): st.floats(allow_nan=False, allow_infinity=False),
    }
    return maybe(by_type[kind], inside)


def maybe(strategy, inside):
    return strategy if inside else st.none() | strategy


TRIALS = st.fixed_dictionaries(
    {field.name: values(field.type, field.name) for field in TRIAL_SCHEMA if field.name != "nctId"}
    | {"nctId": st.integers(1, 99_999_999).map("NCT{:08d}".format)}
).map(Trial.model_validate)


@pytest.fixture
def folder(tmp_path, make_trial):
    """A snapshot of three trials with texts in them."""
    records = [
        make_trial(number, brief_summary=f"{number**30} " * 20, last_update_post_date=f"2020-0{number}-15")
        for number in (1, 2, 3)
    ]
    upsert(tmp_path, records, "three.json")
    return tmp_path


def parquet_of(folder):
    (path,) = folder.glob("*.parquet")
    return path


def test_the_parquet_columns_are_the_fields_of_a_trial_in_order():
    fields = [field.alias for field in Trial.model_fields.values()]
    assert fields == TRIAL_SCHEMA.names
    assert STORED_SCHEMA.names == [*fields, "digest"]


def test_the_parquet_structs_are_the_fields_of_the_records_inside_a_trial():
    record = Trial.model_json_schema(by_alias=True)
    for field in TRIAL_SCHEMA:
        kind = field.type.value_type if pa.types.is_list(field.type) else field.type
        if pa.types.is_struct(kind):
            described = json.dumps(record["properties"][field.name])
            (inside,) = {name for name in record["$defs"] if f'"#/$defs/{name}"' in described}
            assert [one.name for one in kind] == list(record["$defs"][inside]["properties"])


@settings(max_examples=30)
@given(st.lists(TRIALS, min_size=1, max_size=5, unique_by=lambda trial: trial.nct_id))
def test_trials_come_back_from_parquet_as_they_went_in(trials):
    with TemporaryDirectory() as name:
        upsert(Path(name), trials, "generated")
        snapshot = Snapshot.open(Path(name))
        assert list(snapshot.trials()) == trials
        assert len(snapshot) == len(trials)


@pytest.mark.parametrize(("name", "value"), [("dataDate", "2020-03-16"), ("sources", []), ("trials", 4)])
def test_a_manifest_that_was_altered_differs_from_its_seal(folder, name, value):
    manifest = json.loads((folder / "manifest.json").read_bytes())
    (folder / "manifest.json").write_text(json.dumps(manifest | {name: value}))
    with pytest.raises(SnapshotError, match=r"manifest\.json is damaged"):
        Snapshot.open(folder)


def test_the_manifest_tells_sources_date_counts_and_every_file(folder):
    manifest = json.loads((folder / "manifest.json").read_bytes())
    path = parquet_of(folder)
    assert manifest["sources"] == ["three.json"]
    assert (manifest["dataDate"], manifest["trials"], manifest["formatVersion"]) == ("2020-03-15", 3, 2)
    (entry,) = manifest["files"]
    assert (entry["name"], entry["rows"], entry["bytes"]) == (path.name, 3, path.stat().st_size)
    assert set(entry["sha256"]) <= set("0123456789abcdef")
    assert Snapshot.open(folder).manifest() == manifest


def test_a_snapshot_of_undated_trials_has_no_date(tmp_path, make_trial):
    upsert(tmp_path, [make_trial(1)], "x")
    assert Snapshot.open(tmp_path).data_date is None


def test_a_frame_has_the_named_columns_of_every_trial(folder):
    frame = Snapshot.open(folder).frame(["lastUpdatePostDate", "nctId"])
    assert sorted(frame.columns) == ["lastUpdatePostDate", "nctId"]
    assert sorted(frame["nctId"]) == ["NCT00000001", "NCT00000002", "NCT00000003"]


@pytest.mark.parametrize("wanted", [[0, 1, 2], [1], []])
def test_chosen_trials_come_in_their_order_with_their_digests(folder, wanted):
    snapshot = Snapshot.open(folder)
    mask = np.isin(np.arange(3), wanted)
    every, digests = list(snapshot.trials()), snapshot.frame(["digest"])["digest"]
    expected = [(bytes.fromhex(digests[place]), every[place]) for place in wanted]
    assert list(snapshot.chosen(mask)) == expected


def test_groups_of_rows_without_a_chosen_trial_are_not_read(tmp_path, make_trial):
    upsert(tmp_path / "snapshot", [make_trial(number) for number in range(1, 2001)], "test")
    snapshot = Snapshot.open(tmp_path / "snapshot")
    [path] = (tmp_path / "snapshot").glob("*.parquet")
    group = pq.ParquetFile(path).metadata.row_group(0)
    columns = [group.column(number) for number in range(group.num_columns)]
    start = min(one.dictionary_page_offset or one.data_page_offset for one in columns)
    content = bytearray(path.read_bytes())
    content[start : start + sum(one.total_compressed_size for one in columns)] = b"\xff" * sum(
        one.total_compressed_size for one in columns
    )
    path.write_bytes(content)
    wanted = np.arange(2000) >= 1990
    assert len(list(snapshot.chosen(wanted))) == 10
    with pytest.raises(SnapshotError, match="is damaged"):
        list(snapshot.chosen(~wanted))


def test_a_frame_does_not_read_the_columns_that_are_not_named(folder):
    path = parquet_of(folder)
    content = bytearray(path.read_bytes())
    group = pq.ParquetFile(path).metadata.row_group(0)
    column = group.column(TRIAL_SCHEMA.get_field_index("briefSummary") + struct_leaves_before("briefSummary"))
    assert column.path_in_schema == "briefSummary"
    start = column.dictionary_page_offset or column.data_page_offset
    content[start : start + column.total_compressed_size] = b"\xff" * column.total_compressed_size
    path.write_bytes(content)
    snapshot = Snapshot.open(folder)
    assert len(snapshot.frame(["nctId", "briefTitle"])) == 3
    with pytest.raises(SnapshotError, match=path.name):
        snapshot.frame(["briefSummary"])
    with pytest.raises(SnapshotError, match=path.name):
        list(snapshot.trials())


def struct_leaves_before(name):
    """How many more leaf columns than fields stand before a column: Parquet counts the leaves."""

    def leaves(kind):
        if pa.types.is_list(kind):
            return leaves(kind.value_type)
        return sum(leaves(one.type) for one in kind) if pa.types.is_struct(kind) else 1

    fields = list(TRIAL_SCHEMA)[: TRIAL_SCHEMA.get_field_index(name)]
    return sum(leaves(field.type) for field in fields) - len(fields)


def test_an_intact_snapshot_passes_verification(folder):
    Snapshot.open(folder).verify()


@pytest.mark.parametrize("place", [0, 4, 0.5, -1])
def test_a_flipped_byte_anywhere_is_found_by_verification_which_names_the_file(folder, place):
    path = parquet_of(folder)
    content = bytearray(path.read_bytes())
    content[int(len(content) * place) if isinstance(place, float) else place] ^= 1
    path.write_bytes(content)
    with pytest.raises(SnapshotError, match=path.name):
        Snapshot.open(folder).verify()


def test_a_truncated_or_missing_file_is_found_on_opening_and_named(folder):
    path = parquet_of(folder)
    path.write_bytes(path.read_bytes()[:-1])
    with pytest.raises(SnapshotError, match=path.name):
        Snapshot.open(folder)
    path.unlink()
    with pytest.raises(SnapshotError, match=path.name):
        Snapshot.open(folder)


@pytest.mark.parametrize(
    "content", [b"", b"{", b"[]", b"{}", b"5", b'{"formatVersion": 2, "sources": [], "dataDate": null, "files": [5]}']
)
def test_a_damaged_manifest_is_named(folder, content):
    (folder / "manifest.json").write_bytes(content)
    with pytest.raises(SnapshotError, match=r"manifest\.json is damaged"):
        Snapshot.open(folder)


def test_a_manifest_of_a_later_format_is_refused_with_its_number(folder):
    manifest = json.loads((folder / "manifest.json").read_bytes())
    (folder / "manifest.json").write_text(json.dumps(manifest | {"formatVersion": 99}))
    with pytest.raises(SnapshotError, match="format 99"):
        Snapshot.open(folder)


def test_a_missing_snapshot_is_refused_with_what_to_do(tmp_path):
    with pytest.raises(SnapshotError) as caught:
        Snapshot.open(tmp_path / "nowhere")
    assert "no snapshot" in caught.value.what
    assert "trialkin import" in caught.value.hint
