import gzip
import zipfile
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory

import orjson
import pytest
import zstandard
from hypothesis import given
from hypothesis import strategies as st

from trialkin.data import Rejection, Trial, read_trials


def zipped(**members):
    buffer = BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return buffer.getvalue()


def read(content):
    with TemporaryDirectory() as folder:
        path = Path(folder, "studies.csv")
        path.write_bytes(content)
        return list(read_trials(path))


@pytest.fixture(scope="session")
def some(make_study):
    """The bytes of JSON lines, one study each, for some numbers."""
    return lambda *numbers: b"".join(orjson.dumps(make_study(number)) + b"\n" for number in numbers)


PACKINGS = {"gzip": gzip.compress, "zstandard": zstandard.compress, "zip": lambda content: zipped(inside=content)}


def test_a_zip_with_one_file_a_study_gives_each_and_skips_what_a_mac_adds(some):
    members = {f"{number}.json": some(number) for number in (1, 2, 3)}
    records = read(zipped(**members, **{"__MACOSX/._1.json": b"junk"}))
    assert [record.nct_id for record in records] == ["NCT00000001", "NCT00000002", "NCT00000003"]


def test_a_rejection_names_the_file_inside_the_zip(some):
    good, bad = read(zipped(**{"good.json": some(1), "sub/bad.json": b"oops"}))
    assert isinstance(good, Trial)
    assert bad.file.endswith("studies.csv/sub/bad.json")


@pytest.mark.parametrize("pack", [gzip.compress, zstandard.compress])
@pytest.mark.parametrize("cut", [1, 12, 60])
def test_a_compressed_file_cut_short_gives_what_stands_before_the_cut_and_says_so(some, pack, cut):
    records = read((pack(some(1)) + pack(some(2)) + pack(some(3)))[:-cut])
    assert [record.nct_id for record in records[:2]] == ["NCT00000001", "NCT00000002"]
    assert records[-1].position == "end"
    assert "cut short" in records[-1].reason


@pytest.mark.parametrize("pack", [gzip.compress, zstandard.compress])
def test_a_cut_inside_one_long_frame_keeps_the_records_before_it(make_study, pack):
    studies = [make_study(number, statusModule={"whyStopped": f"{number**9:x}" * 20}) for number in range(1, 3000)]
    for content in (b"\n".join(map(orjson.dumps, studies)), orjson.dumps(studies)):
        packed = pack(content)
        records = read(packed[: len(packed) // 2])
        trials = [record.nct_id for record in records if isinstance(record, Trial)]
        assert trials == [f"NCT{number:08d}" for number in range(1, len(trials) + 1)]
        assert 1000 < len(trials) < 2000
        assert records[-1].position == "end"


@pytest.mark.parametrize("packing", PACKINGS)
@given(data=st.data())
def test_a_compressed_file_with_damaged_bytes_gives_trials_and_rejections_and_never_raises(some, packing, data):
    content = bytearray(PACKINGS[packing](some(*range(1, 30))))
    for place in data.draw(st.lists(st.integers(4, len(content) - 1), min_size=1, max_size=5)):
        content[place] ^= data.draw(st.integers(1, 255))
    records = read(bytes(content))
    assert records
    assert all(isinstance(record, Trial | Rejection) for record in records)


@pytest.mark.parametrize("pack", [gzip.compress, PACKINGS["zip"]])
def test_a_flipped_byte_in_the_middle_is_noticed(some, pack):
    content = bytearray(pack(some(*range(1, 3000))))
    content[len(content) // 2] ^= 0xFF
    assert any(isinstance(record, Rejection) and record.position == "end" for record in read(bytes(content)))


def test_a_damaged_member_of_a_zip_is_set_aside_by_name_and_the_others_are_read(some):
    content = bytearray(zipped(one=some(1), two=some(2)))
    content[content.index(b"one") + 10] ^= 0xFF
    *rejections, trial = read(bytes(content))
    assert rejections
    assert all(one.file.endswith("studies.csv/one") for one in rejections)
    assert trial.nct_id == "NCT00000002"


def test_a_zip_inside_a_zip_is_set_aside_by_name(some):
    rejection, trial = read(zipped(inner=zipped(one=some(1)), two=some(2)))
    assert rejection.file.endswith("studies.csv/inner")
    assert "zip inside" in rejection.reason
    assert trial.nct_id == "NCT00000002"
