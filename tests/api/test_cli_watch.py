"""`trialkin watch`: what changed in related lists since an earlier version."""

import json
import re
import shutil

import orjson
import pytest

from trialkin.data import read_trials
from trialkin.index import Index, Versions
from trialkin.index.watching import watch

NCT_ID, NEW, GONE = "NCT07057778", "NCT05281068", "NCT03304288"


@pytest.fixture(scope="session")
def changed(tmp_path_factory, built, run, sample):
    """A home of some trials of the sample; its first version lacks one of them and its second another."""
    folder = tmp_path_factory.mktemp("watched")
    home = folder / "home"
    (home / "vectors").mkdir(parents=True)
    for path in (built.home / "vectors").iterdir():
        shutil.copy(path, home / "vectors")
    (home / "models").symlink_to(built.home / "models")
    lines = [one for one in sample.read_bytes().splitlines(keepends=True) if b"hrombocytopeni" in one][-60:]
    lines += [one for one in sample.read_bytes().splitlines(keepends=True) if b"soria" in one][:20]
    for missing in (NEW, GONE):
        shutil.rmtree(home / "snapshot", ignore_errors=True)
        file = folder / f"without-{missing}.jsonl"
        file.write_bytes(b"".join(one for one in lines if missing.encode() not in one))
        assert run(home, "import", file).returncode == 0
        done = run(home, "build")
        assert done.returncode == 0, done.stderr
    return home


@pytest.fixture
def still(changed, tmp_path):
    """That home with its second version twice."""
    home = shutil.copytree(changed, tmp_path / "still", symlinks=True)
    shutil.rmtree(home / "index" / "0001")
    shutil.copytree(home / "index" / "0002", home / "index" / "0001")
    return home


@pytest.fixture(scope="session")
def versions(changed):
    """Both versions, opened."""
    return [Index(Versions(changed / "index").folder(name), lambda _: None) for name in ("0001", "0002")]


def answers(done):
    assert done.returncode == 0, done.stderr
    return [json.loads(line) for line in done.stdout.splitlines()]


def refused(done, code):
    assert (done.returncode, done.stdout) == (code, ""), done.stderr
    assert "Traceback" not in done.stderr
    return done.stderr


def plain(change):
    return orjson.loads(orjson.dumps(change.model_dump(by_alias=True, mode="json")))


def test_json_is_one_object_a_trial_with_both_versions(call, changed, versions):
    found = answers(call(changed, "watch", NCT_ID, "nct5302024", "--json"))
    expected = [plain(one) for one in watch(*versions, [NCT_ID, "NCT05302024"])]
    about = {
        "indexVersion": "0002",
        "dataDate": versions[1].manifest.snapshot.data_date,
        "sinceVersion": "0001",
        "sinceDataDate": versions[0].manifest.snapshot.data_date,
    }
    assert found == [about | one for one in expected]
    causes = {move["nctId"]: move["cause"] for one in found[:1] for move in (*one["entered"], *one["left"])}
    assert causes[NEW] == "NEW_TRIAL"
    assert causes[GONE] == "GONE_TRIAL"


def test_a_person_sees_what_entered_and_what_left(call, changed, versions):
    done = call(changed, "watch", NCT_ID, "--top", 3)
    assert done.returncode == 0
    (change,) = watch(*versions, [NCT_ID], 3)
    said = " ".join(done.stdout.split())
    assert said.startswith(f"{NCT_ID} {versions[1].trial(NCT_ID).title}")
    assert change.entered[0].nct_id == NEW
    assert f"+ 1 {NEW} {change.entered[0].score:.2f}".split()[:3] == ["+", "1", NEW]
    for move in change.entered:
        assert f"+ {move.rank_after} {move.nct_id} {move.title.split()[0]}" in said
    for move in change.left:
        assert f"- was {move.rank_before} {move.nct_id} {move.title.split()[0]}" in said
    assert "(new in the data)" in said
    assert "(no longer in the index)" in said
    assert "Version 0001 (data of " in said


def test_a_trial_that_moved_says_from_where_and_to_where(call, changed, versions):
    moves = [
        (one.nct_id, move)
        for one in watch(*versions, versions[1].nct_ids(), 10)
        for move in (*one.entered, *one.left)
        if move.cause in ("MOVED_UP", "MOVED_DOWN") and move.rank_before and move.rank_after
    ]
    assert {move.cause for _, move in moves} == {"MOVED_UP", "MOVED_DOWN"}
    for cause in ("MOVED_UP", "MOVED_DOWN"):
        query, move = next((query, move) for query, move in moves if move.cause == cause)
        said = " ".join(call(changed, "watch", query, "--top", 10).stdout.split())
        words = f"moved up from {move.rank_before}" if cause == "MOVED_UP" else f"moved to {move.rank_after}"
        assert words in said


def test_where_nothing_changed_that_is_said_calmly(call, still):
    said = call(still, "watch", NCT_ID, "--top", 5).stdout
    assert "Nothing entered and nothing left: 5 trials, as before." in said
    (answer,) = answers(call(still, "watch", NCT_ID, "--json"))
    assert (answer["entered"], answer["left"], answer["stayed"]) == ([], [], 10)
    said = call(still, "watch", "--all").stdout
    assert said.startswith("No list has changed.")
    assert call(still, "watch", "--all", "--json").stdout == ""


def test_all_writes_the_lists_that_changed_and_no_others(call, changed, versions):
    found = answers(call(changed, "watch", "--all", "--top", 3, "--json"))
    expected = [one for one in watch(*versions, versions[1].nct_ids(), 3) if one.changed]
    assert [one["nctId"] for one in found] == [one.nct_id for one in expected]
    assert [len(one["entered"]) for one in found] == [len(one.entered) for one in expected]
    assert 2 < len(found) < len(versions[1])
    people = call(changed, "watch", "--all", "--top", 3).stdout
    assert all(f"\n{one.nct_id}  " in f"\n{people}" for one in expected)


def test_a_new_trial_and_one_that_is_gone_are_said_to_be_so(call, changed):
    said = call(changed, "watch", NEW, GONE).stdout
    assert "This trial is new in the index, and so is its list." in said
    assert "(known before)" in said
    assert "This trial is no longer in the index; its list of version 0001 is gone." in said


def test_filters_reach_both_lists(call, changed, versions):
    from trialkin.index import Filters

    found = answers(call(changed, "watch", NCT_ID, "--phase", "PHASE2", "--status", "recruiting", "--json"))
    (expected,) = watch(*versions, [NCT_ID], 10, Filters(phase=("PHASE2",), status=("RECRUITING",)))
    assert found[0]["entered"] == plain(expected)["entered"]
    assert found[0]["stayed"] == expected.stayed


def test_another_version_can_be_named(call, changed):
    back = shutil.copytree(changed, changed.parent / "back", symlinks=True)
    (back / "index" / "CURRENT").write_text("0001\n")
    (found,) = answers(call(back, "watch", NCT_ID, "--since", "0002", "--json"))
    assert (found["sinceVersion"], found["indexVersion"]) == ("0002", "0001")
    assert GONE in [move["nctId"] for move in found["entered"]]
    assert "There is no version before 0001" in refused(call(back, "watch", NCT_ID), 1)


def test_ids_of_a_file_that_neither_version_holds_are_named_at_the_end(call, changed, tmp_path):
    path = tmp_path / "ids.txt"
    path.write_text(f"{NCT_ID}\nrubbish\nNCT99999999\n{GONE}\n")
    done = call(changed, "watch", "--ids-file", path, "--json")
    assert done.returncode == 1
    assert [json.loads(line)["nctId"] for line in done.stdout.splitlines()] == [NCT_ID, GONE]
    assert f"2 of 4 ids had no answer: {path} line 2: 'rubbish' is not an NCT id" in done.stderr
    assert f"{path} line 3: NCT99999999 is in neither version" in done.stderr


def test_with_one_version_there_is_nothing_to_compare(call, built):
    said = refused(call(built.home, "watch", NCT_ID), 1)
    assert "There is no version before 0001, so there is nothing to compare it with." in said


@pytest.mark.parametrize(
    ("arguments", "code", "reason"),
    [
        ([], 2, "Give NCT ids, or --ids-file, or --all."),
        ([NCT_ID, "--all"], 2, "Give NCT ids, or --ids-file, or --all."),
        ([NCT_ID, "--since", "0009"], 2, "There is no version '0009'."),
        ([NCT_ID, "--since", "../0001"], 2, "There is no version '../0001'."),
        ([NCT_ID, "--since", "0002"], 2, "Version 0002 is the current one itself."),
        (["iguratimod"], 2, "'iguratimod' is not an NCT id."),
        ([NCT_ID, "NCT99999999"], 1, "NCT99999999 is neither in version 0001 nor in version 0002."),
        ([NCT_ID, "--top", "0"], 2, "The number of hits is 0."),
        ([NCT_ID, "--status", "OPEN"], 2, "No trial has status 'OPEN'."),
    ],
)
def test_what_cannot_be_compared_is_refused_with_the_reason(call, second_version, arguments, code, reason):
    said = refused(call(second_version, "watch", *arguments), code)
    assert said.startswith(f"trialkin: {reason}"), said
    assert said.splitlines()[1].strip()


@pytest.mark.parametrize("field", ["formatVersion", "model", "background"])
def test_versions_of_another_format_model_or_background_are_not_compared(call, second_version, field):
    path = second_version / "index" / "0001" / "manifest.json"
    if field == "formatVersion":
        path.write_text(re.sub(r'"formatVersion": \d+', '"formatVersion": 2', path.read_text()))
        said = refused(call(second_version, "watch", NCT_ID), 1)
        assert "Version 0001 cannot be compared with." in said
        assert "has format 2" in said
        assert "Give another version with --since" in said
        return
    from trialkin.index.manifest import read_manifest

    manifest = read_manifest(path.parent)
    changed = getattr(manifest, field).model_copy(update={"fingerprint": "e" * 64})
    other = manifest.model_copy(update={field: changed})
    path.unlink()
    other.model_copy(update={"files": ()}).write(path.parent)
    said = refused(call(second_version, "watch", NCT_ID), 1)
    assert "Versions 0001 and 0002 were not built alike" in said
    assert f"the {field}" in said


def test_the_trials_left_out_are_of_the_sample(sample):
    assert {NEW, GONE, NCT_ID} <= {one.nct_id for one in read_trials(sample)}
