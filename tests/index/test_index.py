import csv
import importlib
import itertools
import shutil
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest

import trialkin
from trialkin.data import Trial, read_trials, upsert
from trialkin.errors import IndexDamaged, IndexMissing, InvalidNctId, ModelError, UnknownTrial, UsageError
from trialkin.index import Aspect, Filters, Index, Versions, build, open_index
from trialkin.index.hits import ReasonCode
from trialkin.index.manifest import MANIFEST, read_manifest
from trialkin.index.ranking import DEFAULT_RANKING
from trialkin.settings import Settings

SAMPLE = Path(trialkin.__file__).parent / "data" / "sample"
QUERY = "NCT07057778"


def ids(hits):
    return [hit.nct_id for hit in hits]


def test_an_index_holds_every_trial_in_order(sample, sample_trials):
    assert len(sample) == len(sample_trials) == 263
    assert sample.nct_ids() == sorted(trial.nct_id for trial in sample_trials)
    assert QUERY in sample
    assert "NCT99999999" not in sample


def test_the_full_record_is_given_by_id(sample, sample_trials):
    for trial in sample_trials[::20]:
        assert sample.trial(trial.nct_id) == trial


def test_every_trial_has_unique_kin_in_falling_order_without_itself(sample):
    for nct_id, hits in sample.related_many(sample.nct_ids(), 20):
        assert len(set(ids(hits))) == len(hits) <= 20
        assert nct_id not in ids(hits)
        assert [hit.rank for hit in hits] == list(range(1, len(hits) + 1))
        assert all(0 < hit.score < 1 for hit in hits)
        assert all((-one.score, one.nct_id) < (-two.score, two.nct_id) for one, two in itertools.pairwise(hits))


def test_many_answers_are_those_of_one_by_one_in_the_order_asked(sample):
    asked = [QUERY, "nct 7057778", *sample.nct_ids()[::-9]]
    many = list(sample.related_many(asked, 7, Filters(phase=("PHASE2",)), {Aspect.TEXT: 0.5}))
    assert [nct_id for nct_id, _ in many] == [QUERY, *asked[:1], *asked[2:]]
    for nct_id, hits in many:
        assert hits == sample.related(nct_id, 7, Filters(phase=("PHASE2",)), {Aspect.TEXT: 0.5})


def test_hits_of_the_first_ranks_may_be_left_out(sample):
    whole = sample.related(QUERY, 20)
    assert sample.related(QUERY, 20, skip=15) == whole[15:]
    assert [hit.rank for hit in sample.related(QUERY, 20, skip=15)] == [16, 17, 18, 19, 20]
    assert sample.alike([QUERY], (), 20, skip=19) == whole[19:]
    assert sample.search("itp", 9, skip=6) == sample.search("itp", 9)[6:]
    draft = sample.trial(QUERY)
    assert sample.related_to(draft, 9, skip=6) == sample.related_to(draft, 9)[6:]
    assert sample.related(QUERY, 20, skip=20) == sample.related(QUERY, 20, skip=500) == []


def test_only_the_hits_that_are_answered_are_explained(sample, monkeypatch):
    explained = []
    explainer = sample._answering._explainer
    explain = explainer.explain
    monkeypatch.setattr(explainer, "explain", lambda *args: explained.append(args) or explain(*args))
    sample.related(QUERY, 20, skip=17)
    assert len(explained) == 3


def test_fewer_than_no_hits_cannot_be_left_out(sample):
    with pytest.raises(UsageError, match="leave out is -1"):
        sample.related(QUERY, skip=-1)


def test_many_records_are_given_in_the_order_asked_with_the_fields_asked(sample, sample_trials):
    by_id = {trial.nct_id: trial for trial in sample_trials}
    asked = [QUERY, *sample.nct_ids()[::-40]]
    assert sample.trials(["nct 7057778", *asked[1:]]) == [by_id[one] for one in asked]
    some = sample.trials(asked, ["briefTitle", "phases"])
    assert some == [Trial(nct_id=one, brief_title=by_id[one].brief_title, phases=by_id[one].phases) for one in asked]
    assert sample.trials([]) == []


def test_unknown_records_and_fields_are_refused(sample):
    with pytest.raises(UnknownTrial, match="NCT99999999"):
        sample.trials([QUERY, "NCT99999999"])
    with pytest.raises(UsageError, match=r"no field 'breifTitle'.*briefTitle"):
        sample.trials([QUERY], ["breifTitle"])


def test_many_queries_are_made_no_sooner_than_they_are_needed(sample, monkeypatch):
    made, make = [], Index._alike
    monkeypatch.setattr(importlib.import_module("trialkin.index.index"), "_AT_ONCE", 10)
    monkeypatch.setattr(Index, "_alike", lambda *args: made.append(args) or make(*args))
    answers = sample.related_many(sample.nct_ids(), 1)
    next(answers)
    assert len(made) == 10
    assert sum(1 for _ in answers) == 262


def test_many_texts_are_answered_under_their_names(sample):
    texts = [("first", "psoriasis biologics"), ("second", "immune thrombocytopenia"), ("third", "psoriasis biologics")]
    many = list(sample.search_many(texts, 5))
    assert many == [(name, sample.search(text, 5)) for name, text in texts]


def test_a_bad_id_among_many_is_refused_before_any_is_answered(sample):
    with pytest.raises(UnknownTrial, match="NCT99999999"):
        next(sample.related_many([QUERY, "NCT99999999"]))


def test_threads_get_the_answers_of_one(sample):
    asked = sample.nct_ids()[:100]
    with ThreadPoolExecutor(8) as pool:
        got = list(pool.map(lambda nct_id: (sample.related(nct_id), sample.trial(nct_id)), asked))
    assert got == [(sample.related(nct_id), sample.trial(nct_id)) for nct_id in asked]


def test_a_hit_shows_its_trials_card_and_why_it_stands_there(sample):
    hit = sample.related(QUERY, 1)[0]
    trial = sample.trial(hit.nct_id)
    assert hit.title == trial.title
    assert hit.conditions == trial.conditions
    assert hit.interventions == tuple(one.name for one in trial.interventions)
    assert (hit.overall_status, hit.phases, hit.study_type) == (trial.overall_status, trial.phases, trial.study_type)
    assert hit.why
    assert sum(reason.share for reason in hit.reasons) == pytest.approx(hit.score)


def test_a_long_list_may_do_without_reasons(sample):
    told, plain = sample.related(QUERY, 50), sample.related(QUERY, 50, explain=False)
    assert [(hit.nct_id, hit.score) for hit in told] == [(hit.nct_id, hit.score) for hit in plain]
    assert all(hit.reasons == () and hit.why == "" for hit in plain)


@pytest.mark.parametrize("spelling", ["nct 07057778", "NCT07057778", " nct7057778 ", "NCT-07057778"])
def test_an_id_is_taken_in_any_spelling(sample, spelling):
    assert spelling in sample
    assert sample.trial(spelling).nct_id == QUERY
    assert sample.related(spelling, 3) == sample.related(QUERY, 3)


@pytest.mark.parametrize("method", ["related", "trial"])
def test_a_well_formed_id_that_is_not_held_is_unknown(sample, method):
    with pytest.raises(UnknownTrial, match=r"NCT99999999 is not among the 263 trials"):
        getattr(sample, method)("NCT99999999")


def test_of_a_former_id_the_present_one_is_told(new_home, make_trial, encoder, open_index_with):
    trials = [make_trial(7, nct_id_aliases=("NCT00000004",)), make_trial(8)]
    index = open_index_with(encoder, new_home(trials, encoder))
    with pytest.raises(UnknownTrial, match="NCT00000004 is a former id of NCT00000007") as caught:
        index.related("nct00000004")
    assert "NCT00000007" in caught.value.hint


@pytest.mark.parametrize("text", ["", "itp", "NCT", "NCT123456789", "07057778"])
def test_what_is_no_id_is_refused(sample, text):
    with pytest.raises(InvalidNctId):
        sample.related(text)


@pytest.mark.parametrize("text", ["", "   ", "\n\t"])
def test_an_empty_query_is_refused(sample, text):
    with pytest.raises(UsageError, match="query is empty"):
        sample.search(text)
    with pytest.raises(UsageError, match="query is empty"):
        list(sample.search_many([("one", text)]))


def test_a_query_as_long_as_a_book_is_refused(sample):
    with pytest.raises(UsageError, match="100,000 characters; 50,000 is the most"):
        sample.search("x" * 100_000)
    assert sample.search("itp " * 12_500, 1)


@pytest.mark.parametrize("top", [0, -1])
def test_at_least_one_hit_must_be_asked_for(sample, top):
    for ask in (
        lambda: sample.related(QUERY, top),
        lambda: sample.search("itp", top),
        lambda: list(sample.related_many([QUERY], top)),
        lambda: list(sample.search_many([("one", "itp")], top)),
    ):
        with pytest.raises(UsageError, match="Ask for at least 1"):
            ask()


def test_a_query_of_unknown_words_or_mere_signs_is_still_answered(sample):
    assert len(sample.search("xyzzy 漢字", 5)) == 5
    assert len(sample.search("?!", 5)) == 5


def test_an_unknown_filter_value_is_refused(sample):
    with pytest.raises(UsageError, match=r"'DONE'.*COMPLETED"):
        sample.related(QUERY, filters=Filters(status=("DONE",)))


def test_filters_that_nothing_meets_give_no_hits(sample):
    assert sample.related(QUERY, filters=Filters(start_from="2100")) == []
    assert sample.search("itp", filters=Filters(start_from="2100")) == []


@pytest.fixture
def sparse_home(make_trial, new_home, encoder):
    """Forty full records and a few that have little more than a title."""
    full = [
        make_trial(
            number,
            brief_title=f"Drug{number % 7} for disease{number % 5}",
            brief_summary=f"Drug{number % 7} is given to people with disease{number % 5} in town{number}.",
            conditions=(f"disease{number % 5}",),
            eligibility_criteria=f"Adults of town{number}.",
        )
        for number in range(1, 41)
    ]
    bare = [
        make_trial(50, brief_title="Zanubrutinib for moyamoya"),
        make_trial(51, brief_title="Zanubrutinib for moyamoya in adults"),
        make_trial(52, brief_title=None, conditions=("moyamoya",)),
        make_trial(53, brief_title=None),
    ]
    return new_home([*full, *bare], encoder)


@pytest.fixture
def sparse(sparse_home, encoder, open_index_with):
    return open_index_with(encoder, sparse_home)


def test_a_record_of_a_title_alone_is_found(sparse):
    assert ids(sparse.search("zanubrutinib moyamoya", 2)) == ["NCT00000050", "NCT00000051"]
    assert ids(sparse.related("NCT00000051", 1)) == ["NCT00000050"]


def test_a_missing_section_is_no_disadvantage(sparse):
    assert ids(sparse.search("zanubrutinib for moyamoya"))[0] == "NCT00000050"


def test_a_record_with_no_text_at_all_can_be_asked_for_and_has_no_kin(sparse):
    assert sparse.related("NCT00000053", 100) == []
    assert "NCT00000053" not in ids(sparse.related("NCT00000001", 100))


def test_a_draft_is_compared_as_if_it_were_in_the_index_but_for_when_it_was_registered(
    sparse_home, encoder, open_index_with
):
    sparse = open_index_with(encoder, sparse_home, ranking=replace(DEFAULT_RANKING, registered=0.0))
    held = sparse.trial("NCT00000001")
    drafted = sparse.related_to(held.model_copy(update={"nct_id": "NCT99999999"}), 20)
    assert drafted[0].nct_id == "NCT00000001"
    kin = {hit.nct_id: hit.score for hit in sparse.related("NCT00000001", 20)}
    assert kin
    for hit in drafted[1:]:
        assert hit.nct_id in kin
        assert hit.score == pytest.approx(kin[hit.nct_id], rel=0.05)


def test_a_draft_without_text_is_refused(sparse, make_trial):
    with pytest.raises(UsageError, match="no text to compare"):
        sparse.related_to(make_trial(99, brief_title=None))


def test_a_trial_is_not_to_be_like_and_unlike(sparse):
    with pytest.raises(UsageError, match="NCT00000001 is liked and unliked"):
        sparse.alike(["NCT00000001"], ["nct 00000001"])
    with pytest.raises(UsageError, match="No trial is given"):
        sparse.alike([], ["NCT00000001"])


def test_with_all_but_conditions_at_0_no_word_of_a_title_counts(sample):
    only = dict.fromkeys(Aspect, 0.0) | {Aspect.CONDITION: 1.0}
    hits = sample.related(QUERY, 20, weights=only)
    assert hits
    assert ids(hits) != ids(sample.related(QUERY, 20))
    for hit in hits:
        assert {reason.code for reason in hit.reasons} <= {ReasonCode.SAME_CONDITION, ReasonCode.SIMILAR_TEXT} or all(
            reason.share < 1e-9
            for reason in hit.reasons
            if reason.code in (ReasonCode.SAME_INTERVENTION, ReasonCode.SAME_COMPARATOR_PATTERN)
        )


def test_weights_that_leave_nothing_of_a_query_are_refused(sparse):
    neither = {Aspect.TEXT: 0, Aspect.CONDITION: 0}
    with pytest.raises(UsageError, match="nothing of a text to compare"):
        sparse.search("moyamoya", weights=neither)
    with pytest.raises(UsageError, match="nothing of NCT00000050 to compare"):
        sparse.related("NCT00000050", weights=neither)
    with pytest.raises(UsageError, match="nothing of a text to compare"):
        sparse.search("xyzzy", weights={Aspect.TEXT: 0})
    assert sparse.search("moyamoya", weights=neither | {Aspect.CONDITION: 1}) is not None


@pytest.mark.parametrize("aspect", list(Aspect))
def test_every_aspect_changes_the_order_of_related_trials(sample, aspect):
    assert ids(sample.related(QUERY, 100, weights={aspect: 20})) != ids(sample.related(QUERY, 100))


def test_a_weight_of_1_changes_nothing(sample):
    assert sample.related(QUERY, 50, weights=dict.fromkeys(Aspect, 1.0)) == sample.related(QUERY, 50)


def test_an_index_of_another_model_refuses_texts_and_still_answers_by_id(small_home, fake_encoder, open_index_with):
    index = open_index_with(fake_encoder(name="other", fingerprint="e" * 64), small_home)
    assert index.related(index.nct_ids()[0], 5)
    with pytest.raises(ModelError, match=r"built with the model fake .* settings name other"):
        index.search("itp")
    with pytest.raises(ModelError):
        index.warm_up()


def test_the_encoder_is_loaded_for_texts_only_and_once(small_home, encoder):
    loaded = []
    index = Index(Versions(small_home / "index").folder(), lambda manifest: loaded.append(manifest) or encoder)
    index.related(index.nct_ids()[0])
    assert loaded == []
    index.warm_up()
    index.search("itp")
    assert loaded == [index.manifest]


def test_the_current_version_is_opened_by_its_home(small_home):
    index = open_index(small_home)
    assert (index.version, len(index)) == ("0001", 20)
    assert open_index(settings=Settings(home=small_home)).version == "0001"


def test_without_an_index_there_is_nothing_to_open(tmp_path):
    with pytest.raises(IndexMissing, match="trialkin build"):
        open_index(tmp_path)


def test_a_pointer_to_nowhere_is_damage(small_home):
    (small_home / "index" / "CURRENT").write_text("0042\n")
    with pytest.raises(IndexDamaged, match="'0042', which is not there"):
        open_index(small_home)


def files_of(folder):
    return sorted(path.relative_to(folder) for path in folder.rglob("*") if path.is_file())


@pytest.fixture
def opened_with(small_home, tmp_path):
    """What opening says of a copy of the version in which one file was changed."""

    def make(name, change):
        copy = tmp_path / "copy"
        shutil.copytree(small_home / "index" / "0001", copy)
        change(copy / name)
        try:
            with pytest.raises(IndexDamaged) as caught:
                Index(copy, lambda _: None)
        finally:
            shutil.rmtree(copy)
        return str(caught.value)

    return make


@pytest.mark.parametrize("share", [0.0, 0.5, 0.999])
def test_one_altered_byte_in_any_file_is_noticed_and_the_file_named(small_home, opened_with, share):
    def alter(path):
        content = bytearray(path.read_bytes())
        content[int(len(content) * share)] ^= 1
        path.write_bytes(content)

    names = files_of(small_home / "index" / "0001")
    assert len(names) > 30
    for name in names:
        assert f"{name} is damaged" in opened_with(name, alter)


@pytest.mark.parametrize("kept", [0.0, 0.5, 0.99])
def test_a_cut_in_any_file_is_noticed_and_the_file_named(small_home, opened_with, kept):
    def cut(path):
        path.write_bytes(path.read_bytes()[: int(path.stat().st_size * kept)])

    for name in files_of(small_home / "index" / "0001"):
        assert f"{name} is damaged" in opened_with(name, cut)


def test_a_missing_file_is_noticed_and_named(small_home, opened_with):
    for name in files_of(small_home / "index" / "0001"):
        assert f"{name} is damaged: it is missing" in opened_with(name, Path.unlink)


def test_files_that_the_manifest_lists_but_cannot_be_read_are_damage(small_home):
    folder = small_home / "index" / "0001"
    manifest = read_manifest(folder)
    (folder / "traits.npy").write_bytes(b"no array")
    (folder / MANIFEST).unlink()
    manifest.write(folder)
    with pytest.raises(IndexDamaged, match="cannot be opened"):
        Index(folder, lambda _: None)


@pytest.fixture(scope="session")
def real(tmp_path_factory, models_home, quiet):
    """The bundled sample indexed with the default model; shares the converted model with other tests."""
    home = tmp_path_factory.mktemp("real")
    (models_home / "models").mkdir(exist_ok=True)
    (home / "models").symlink_to(models_home / "models")
    upsert(home / "snapshot", read_trials(SAMPLE / "trials.jsonl"), "the bundled sample")
    build(Settings(home=home), quiet())
    return open_index(home)


def test_the_default_model_finds_the_references_of_the_example_query(real):
    with (SAMPLE / "reference_lists.tsv").open() as stream:
        reference = {row["related"] for row in csv.DictReader(stream, delimiter="\t") if row["query"] == QUERY}
    found = ids(real.related(QUERY, 30))
    assert len(reference) == 5
    assert len(reference & set(found[:10])) >= 2
    assert reference <= set(found)


def test_the_default_model_understands_a_typed_query(real):
    for hit in real.search("steroid-resistant ITP, anti-CD20", 5):
        assert any("thrombocytop" in name.lower() or "ITP" in name for name in hit.conditions), hit.title
