"""`trialkin export related`: the related lists of all trials as lines of JSON."""

import gzip
import json
import re
import signal
import subprocess
import time
from pathlib import Path

import pytest
import zstandard

from trialkin.api.exporting import ListExport, list_lines
from trialkin.index import Index

NCT_ID = "NCT07057778"
SHOWN = {"rank", "nctId", "title", "score", "why", "reasons"}


def lines(text):
    return [json.loads(line) for line in text.splitlines()]


def shown(hits, *, evidence=True):
    whole = [
        hit.model_dump(by_alias=True, mode="json", include={"rank", "nct_id", "title", "score", "why", "reasons"})
        for hit in hits
    ]
    if not evidence:
        for hit in whole:
            for reason in hit["reasons"]:
                del reason["evidence"]
    return whole


def unzstd(packed):
    return zstandard.ZstdDecompressor().stream_reader(packed).read()


@pytest.fixture(scope="module")
def versions(newer):
    return [Index(newer.home / "index" / name, lambda _: None) for name in ("0001", "0002")]


def test_every_trial_has_a_line_behind_one_that_says_what_they_come_from(built, call, index, tmp_path):
    out = tmp_path / "related.ndjson"
    done = call(built.home, "export", "related", "--top", 3, "--out", out)
    assert done.returncode == 0, done.stderr
    first, *lists = lines(out.read_text())
    assert first == {
        "indexVersion": "0001",
        "dataDate": "2026-02-11",
        "dataSource": "ClinicalTrials.gov",
        "trialkin": first["trialkin"],
        "trials": 263,
        "top": 3,
    }
    assert [one["nctId"] for one in lists] == index.nct_ids()
    for one in lists[::20]:
        assert one == {"nctId": one["nctId"], "hits": shown(index.related(one["nctId"], 3))}
    assert "263 lists of index 0001" in done.stderr
    assert done.stdout == ""
    assert [one.name for one in tmp_path.iterdir()] == [out.name]


@pytest.mark.parametrize(("ending", "unpack"), [(".gz", gzip.decompress), (".zst", unzstd)])
def test_a_file_is_packed_as_its_name_says(built, call, tmp_path, ending, unpack):
    plain, packed = tmp_path / "related.ndjson", tmp_path / f"related.ndjson{ending}"
    for out in (plain, packed):
        assert call(built.home, "export", "related", "--top", 1, "--out", out).returncode == 0
    assert unpack(packed.read_bytes()) == plain.read_bytes()


@pytest.mark.parametrize("out", [[], ["--out", "-"]])
def test_without_a_file_the_lines_go_to_standard_output_without_evidence_if_asked(built, run, index, out):
    done = run(built.home, "export", "related", "--top", 2, "--no-evidence", *out)
    assert done.returncode == 0, done.stderr
    lists = lines(done.stdout)[1:]
    assert len(lists) == 263
    for one in lists[::40]:
        assert one["hits"] == shown(index.related(one["nctId"], 2), evidence=False)
        assert set(one["hits"][0]) == SHOWN


def test_several_processes_write_what_one_writes(built, index):
    export = ListExport(built.home / "index" / "0001", 3)
    ids = index.nct_ids()[:100]
    alone, together = ([line for _, part in list_lines(export, ids, count) for line in part] for count in (1, 2))
    assert alone == together
    assert len(alone) == 100


def test_since_a_version_only_lists_that_changed_are_written_and_trials_that_went(newer, call, versions, tmp_path):
    before, after = versions
    out = tmp_path / "changed.ndjson.gz"
    done = call(newer.home, "export", "related", "--top", 4, "--since", "0001", "--out", out)
    assert done.returncode == 0, done.stderr
    first, *rest = lines(gzip.decompress(out.read_bytes()).decode())
    assert (first["indexVersion"], first["sinceVersion"]) == ("0002", "0001")
    assert first["sinceDataDate"] == before.manifest.snapshot.data_date
    removed, lists = rest[:1], rest[1:]
    assert removed == [{"nctId": newer.gone, "removed": True}]

    def names(index, nct_id):
        return [(hit.nct_id, hit.title) for hit in index.related(nct_id, 4, explain=False)] if nct_id in index else None

    expected = [one for one in after.nct_ids() if names(before, one) != names(after, one)]
    assert [one["nctId"] for one in lists] == expected
    assert newer.new in expected
    assert 2 < len(expected) < 200
    for one in lists[:5]:
        assert one["hits"] == shown(after.related(one["nctId"], 4))
    assert "1 trials removed since 0001" in done.stderr


@pytest.mark.parametrize(
    ("arguments", "reason"),
    [
        (["--since", "0009"], "There is no version '0009'."),
        (["--top", "0"], "The number of hits is 0."),
        (["--out", "none/related.ndjson"], "There is no folder none."),
        (["--out", "."], ". is a folder."),
    ],
)
def test_what_cannot_be_written_is_refused(built, call, arguments, reason):
    done = call(built.home, "export", "related", *arguments)
    assert (done.returncode, done.stdout) == (2, "")
    assert reason in done.stderr


def test_a_home_without_an_index_is_told_as_one(tmp_path, call):
    done = call(tmp_path, "export", "related")
    assert done.returncode == 1
    assert "There is no index" in done.stderr


def test_an_export_that_is_killed_leaves_no_half_file_and_no_process(built, environment, executable, tmp_path):
    out = tmp_path / "related.ndjson"
    command = [executable, "export", "related", "--top", "50", "--processes", "2", "--out", out]
    process = subprocess.Popen([*map(str, command)], env=environment(built.home), start_new_session=True)
    while process.poll() is None and not list(tmp_path.glob(".related.ndjson.*.part")):
        time.sleep(0.05)
    time.sleep(2)  # so that its processes have started
    process.send_signal(signal.SIGKILL)
    process.wait()
    assert not out.exists()
    left = time.monotonic() + 30
    while _of_session(process.pid) and time.monotonic() < left:
        time.sleep(0.1)
    assert not _of_session(process.pid)


def _of_session(session):
    """The processes that live in a session."""
    found = []
    for path in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = path.read_text().rpartition(")")[2].split()
        except OSError:
            continue
        if fields[0] != "Z" and int(fields[3]) == session:
            found.append(path.parent.name)
    return found


def test_every_option_is_in_the_guide():
    import typer.main

    from trialkin.api.cli import app

    guide = (Path(__file__).parents[2] / "docs" / "guide.md").read_text()
    command = typer.main.get_command(app).commands["export"].commands["related"]
    for option in (one for parameter in command.params for one in parameter.opts if one.startswith("--")):
        assert option == "--help" or re.search(rf"{option}\b", guide), option
