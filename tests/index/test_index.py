"""What an index answers, and what it refuses."""

import importlib
import itertools
from concurrent.futures import ThreadPoolExecutor

import pytest

from trialkin.data import Trial
from trialkin.errors import InvalidNctId, UnknownTrial, UsageError
from trialkin.index import Aspect, Filters, Index
from trialkin.index.traits import People, traits

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


@pytest.mark.parametrize(
    "asking",
    [
        "Are there trials of {}?",
        "{}, no rheumatoid arthritis",
        "{}. Her mother had lupus.",
    ],
)
def test_what_only_asks_or_is_denied_finds_nothing_else(sample, asking):
    assert sample.search(asking.format("relapsed ITP"), 20) == sample.search("relapsed ITP", 20)


def test_a_child_s_age_asks_for_children(sample):
    girl, woman, anyone = (
        sum(traits(sample.trial(hit.nct_id))[2] == People.CHILDREN for hit in sample.search(text, 20))
        for text in ("A 7-year-old girl with ITP", "A 37-year-old woman with ITP", "ITP")
    )
    assert girl > anyone > woman == 0


def test_trials_for_others_than_a_text_asks_for_lose_their_places_and_no_other_does(sample):
    asked, plain = (
        {hit.nct_id: hit.score for hit in sample.search(text, len(sample))}
        for text in ("A 45-year-old woman with relapsed ITP", "relapsed ITP")
    )
    lost = {nct_id for nct_id in plain if asked.get(nct_id, 0) != plain[nct_id]}
    assert lost
    assert all(asked.get(nct_id, 0) < plain[nct_id] for nct_id in lost)
    until = {nct_id: sample.trial(nct_id).maximum_age_years for nct_id in plain}
    assert {nct_id for nct_id, age in until.items() if age and age < 45} <= lost
    assert not {nct_id for nct_id, age in until.items() if age and age >= 45} & lost


def test_a_text_of_ids_alone_asks_for_trials_like_these(sample):
    assert sample.search(f"trials similar to {QUERY}", 5) == sample.related(QUERY, 5)
    liked = sample.alike([QUERY, "NCT05302024"], top=5)
    assert dict(sample.search_many([("a", f"{QUERY}, NCT05302024")], 5)) == {"a": liked}
    with pytest.raises(UnknownTrial):
        sample.search("like NCT99999999")
    with pytest.raises(UnknownTrial):
        next(sample.search_many([("a", "ITP"), ("b", "like NCT99999999")]))


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
