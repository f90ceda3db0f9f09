"""What tests of several formats share: the same trials in the form of the registry's API v2."""

import io
import re

import orjson
import pytest
import zstandard

from trialkin.data.study_json import trial_from_study


@pytest.fixture
def in_api_form(shared):
    """Genuine trials by NCT id, as they stand in the corpus of API v2 studies."""

    def find(nct_ids):
        found = {}
        with (shared / "corpus" / "trials.jsonl.zst").open("rb") as packed:
            for line in io.BufferedReader(zstandard.ZstdDecompressor().stream_reader(packed)):
                named = re.search(rb'"nctId": ?"(NCT\d{8})"', line)
                if named and named[1].decode() in nct_ids:
                    found[named[1].decode()] = trial_from_study(orjson.loads(line))
        assert found.keys() == set(nct_ids)
        return found

    return find


@pytest.fixture(scope="session")
def told_otherwise():
    """What a second record says and a first does not, as path and both values."""
    return _told_otherwise


def _told_otherwise(ours, theirs, path=""):
    """What the second record says and the first does not."""
    if theirs in (None, [], (), False, "N/A"):
        return
    if isinstance(theirs, dict):
        for name, value in theirs.items():
            yield from _told_otherwise((ours or {}).get(name), value, f"{path}.{name}")
    elif isinstance(theirs, list) and isinstance(ours, list) and len(ours) == len(theirs):
        for number, (one, other) in enumerate(zip(ours, theirs, strict=True)):
            yield from _told_otherwise(one, other, f"{path}[{number}]")
    elif isinstance(theirs, str) and isinstance(ours, str) and ours.split() == theirs.split():
        return
    elif ours != theirs:
        yield path, ours, theirs
