from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from trialkin.errors import StorageError, UsageError
from trialkin.index import Versions
from trialkin.index.background import NO_WORDS, PROFILE, Background
from trialkin.index.counting import counted
from trialkin.index.lexical import Lexical
from trialkin.index.other_names import OtherNames
from trialkin.index.spread import Spread
from trialkin.index.traits import TraitTable

BESIDE, COLLECTION = 400, 100


def version_of(home):
    return Versions(home / "index").folder()


@pytest.fixture(scope="module")
def halves(synthetic_trials):
    """Some trials as a collection, and others that are counted beside it."""
    return synthetic_trials[:COLLECTION], synthetic_trials[COLLECTION : COLLECTION + BESIDE]


@pytest.fixture(scope="module")
def alone(halves, encoder, make_home):
    """The version of each half, measured by itself."""
    return [version_of(make_home(trials, encoder, background=False)) for trials in halves]


@pytest.fixture(scope="module")
def background(alone):
    return replace(counted(alone[1], least=1), fingerprint="b" * 64)


@pytest.fixture(scope="module")
def beside(halves, background, encoder, make_home):
    """The version of the first half beside the second."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Background, "bundled", lambda _: background)
        return version_of(make_home(halves[0], encoder))


def terms_of(version):
    lexical = Lexical(version / "lexical")
    return lexical, dict(zip(lexical._vocabulary, np.diff(lexical._indptr).tolist(), strict=True))


def test_less_of_it_counts_the_more_trials_there_are(background):
    assert background.trials == BESIDE
    for trials in (1, 100, 399):
        share = 1 - trials / BESIDE
        part = background.beside(trials)
        assert part.trials == pytest.approx(share * BESIDE)
        assert part.words.length == pytest.approx(share * background.words.length)
        np.testing.assert_allclose(part.words.trials, share * background.words.trials, rtol=1e-5)
        np.testing.assert_allclose(part.traits, share * background.traits)
        assert part.spread(PROFILE)[1] == pytest.approx(share * BESIDE)


@pytest.mark.parametrize("trials", [BESIDE, BESIDE + 1, 10 * BESIDE])
def test_nothing_of_it_counts_beside_as_many_trials(background, trials):
    part = background.beside(trials)
    assert (part.trials, part.words, part.traits, part.spreads) == (0.0, NO_WORDS, None, {})


def test_words_are_as_rare_as_in_both_together(alone, beside):
    (_, first), (_, second) = (terms_of(one) for one in alone)
    lexical, here = terms_of(beside)
    assert here.keys() == first.keys(), "no word of the background alone is in the vocabulary"
    share = 1 - COLLECTION / BESIDE
    every = COLLECTION + share * BESIDE
    for term, own in first.items():
        having = own + share * second.get(term, 0)
        assert lexical.idf(term) == pytest.approx(np.log(1 + (every - having + 0.5) / (having + 0.5)), rel=1e-4)


def test_the_scores_of_the_background_are_told_without_looking_at_it(alone, beside):
    other, there = terms_of(alone[1])
    lexical, here = terms_of(beside)
    asked = sorted(here.keys() & there.keys())[::7]
    assert len(asked) > 10
    for term in asked:
        told = lexical.elsewhere(lexical.of_terms([term]))
        scores = other.scores(other.of_terms([term])).astype(np.float64) * lexical.idf(term) / other.idf(term)
        assert told.share == pytest.approx(0.75 * BESIDE / (COLLECTION + 0.75 * BESIDE))
        assert told.mean == pytest.approx(scores.mean(), rel=1e-3)
        assert told.square - told.mean**2 == pytest.approx(1.4**2 * scores.var(), rel=1e-2)


def test_the_words_of_a_query_add_up_and_less_where_each_covers_a_part(beside):
    lexical, _ = terms_of(beside)
    words = ["rituximab", "psoriasi", "respons"]
    alone = [lexical.elsewhere(lexical.of_terms([one])) for one in words]
    together = lexical.elsewhere(lexical.of_terms(words))
    assert together.mean == pytest.approx(sum(one.mean for one in alone))
    assert together.square - together.mean**2 == pytest.approx(sum(one.square - one.mean**2 for one in alone))
    worth = np.asarray([lexical.idf(one) for one in words])
    covered = lexical.elsewhere(lexical.of_terms(words), 0.5)
    assert covered.mean == pytest.approx(sum(np.sqrt(worth / worth.sum()) * [one.mean for one in alone]), rel=1e-5)


def test_other_names_are_told_as_though_no_trial_used_two(alone, beside):
    (there, _), (lexical, _) = (terms_of(one) for one in (alone[1], beside))
    for term, other, name in (("rituximab", "respons", "response"), ("psoriasi", "rituximab", "rituximab")):
        assert min(lexical.idf(term), lexical.idf(other)) > 0
        own, as_other = (lexical.elsewhere(lexical.of_terms([word])) for word in (term, other))
        named = list(OtherNames([[term, name]]).within([term]))
        told = lexical.elsewhere(lexical.with_other_names(lexical.of_terms([term]), named, 0.5))
        part = 0.5 * lexical.idf(term) / lexical.idf(other)
        assert told.mean == pytest.approx(own.mean + part * as_other.mean, rel=1e-5)
        assert told.square - told.mean**2 > own.square - own.mean**2
        assert there.scores(there.of_terms([term])).mean() <= told.mean * 1.5


def test_other_names_of_several_words_are_told_as_though_these_were_independent(beside):
    lexical, _ = terms_of(beside)
    term, other = "rituximab", ["psoriasi", "respons"]
    own, *others = (lexical.elsewhere(lexical.of_terms([word])) for word in (term, *other))
    named = list(OtherNames([[term, "psoriasis response"]]).within([term]))
    told = lexical.elsewhere(lexical.with_other_names(lexical.of_terms([term]), named, 1.0))
    often = [one.mean / lexical.idf(word) for one, word in zip(others, other, strict=True)]
    assert told.mean == pytest.approx(own.mean + lexical.idf(term) * often[0] * often[1], rel=1e-5)


def test_a_query_without_words_stands_nowhere(beside):
    lexical, _ = terms_of(beside)
    assert lexical.elsewhere(lexical.of_terms([])).mean == 0


def test_topics_are_spread_as_among_both(alone, beside):
    first, second, both = (Lexical(one / "lexical") for one in (*alone, beside))
    for row in (3, 50):
        ids, weights = both.topics.row(row)
        words = {id_: word for word, id_ in both._vocabulary.items()}
        cosines = [both.topics.products(ids, weights, np.arange(COLLECTION, dtype=np.int32))]
        there = {
            second._vocabulary[words[id_]]: weight
            for id_, weight in zip(ids.tolist(), weights.tolist(), strict=True)
            if words[id_] in second._vocabulary
        }
        others = np.asarray(list(there), np.int32), np.asarray(list(there.values()), np.float32)
        cosines.append(second.topics.products(*others, np.arange(BESIDE, dtype=np.int32)))
        mean, _ = both.topics.spread(ids, weights)
        expected = (cosines[0].sum() + 0.75 * cosines[1].sum()) / (COLLECTION + 0.75 * BESIDE)
        assert mean == pytest.approx(expected, rel=1e-3)
    assert first.trials == both.trials == COLLECTION


def test_traits_are_as_rare_as_in_both_together(alone, beside):
    first, second, both = (np.load(one / "traits.counts.npy") for one in (*alone, beside))
    np.testing.assert_allclose(both, first + 0.75 * second)
    assert not np.array_equal(TraitTable(beside).standing(2, "line"), TraitTable(alone[0]).standing(2, "line"))


@pytest.mark.parametrize("name", ["title", "eligibility"])
def test_vectors_are_spread_as_in_both_together(alone, beside, background, name):
    first, both = (Spread.read(one / "dense" / f"{name}.spread.npy") for one in (alone[0], beside))
    count = len(np.load(beside / "dense" / f"{name}.rows.npy"))
    spread, others = background.spread(name)
    expected = first.with_others(count, (spread, 0.75 * others))
    np.testing.assert_allclose(both.mean, expected.mean, atol=1e-6)
    np.testing.assert_allclose(both.covariance, expected.covariance, atol=1e-6)


def test_profiles_are_measured_from_the_centre_of_both(alone, beside):
    first, second, both = (np.load(one / "dense" / "centres.npy")[0] for one in (*alone, beside))
    titles = [len(np.load(one / "dense" / "title.rows.npy")) for one in alone]
    expected = (titles[0] * first + 0.75 * titles[1] * second) / (titles[0] + 0.75 * titles[1])
    np.testing.assert_allclose(both, expected, atol=1e-5)


def test_it_is_read_as_it_was_written_in_half_the_digits(background, tmp_path):
    background.write(tmp_path, "m" * 64)
    read = Background.read(tmp_path, "m" * 64)
    assert read.trials == background.trials
    assert read.words.places == background.words.places
    assert read.words.length == background.words.length
    np.testing.assert_array_equal(read.words.trials, background.words.trials)
    np.testing.assert_allclose(read.words.saturated, background.words.saturated, rtol=1e-3)
    np.testing.assert_allclose(read.words.topic, background.words.topic, rtol=2e-3, atol=1e-4)
    np.testing.assert_array_equal(read.traits, background.traits)
    assert read.spreads.keys() == background.spreads.keys()
    for name, (spread, count) in background.spreads.items():
        assert read.spread(name)[1] == count
        np.testing.assert_allclose(read.spread(name)[0].mean, spread.mean, atol=1e-3)
        np.testing.assert_allclose(read.spread(name)[0].covariance, spread.covariance, atol=1e-4)


def test_of_another_model_it_tells_words_and_traits_alone(background, tmp_path):
    background.write(tmp_path, "m" * 64)
    read = Background.read(tmp_path, "n" * 64)
    assert read.spread("title") is None
    assert read.words.places == background.words.places
    assert read.fingerprint == Background.read(tmp_path, "m" * 64).fingerprint != ""


def test_words_of_few_trials_are_left_to_the_collection(alone, background):
    fewer = counted(alone[1], least=3)
    used = dict(zip(background.words.places, background.words.trials, strict=True))
    assert fewer.words.places.keys() == {term for term, trials in used.items() if trials >= 3}
    assert 0 < len(fewer.words.places) < len(used)


def test_none_is_counted_from_what_was_measured_beside_one(beside):
    with pytest.raises(UsageError, match="itself built beside a background"):
        counted(beside)


def test_the_package_carries_one_of_a_registry_without_any_text():
    bundled = Background.bundled("another model")
    assert bundled.trials == 110_454
    assert len(bundled.words.places) == len(bundled.words.trials) > 50_000
    assert bundled.words.trials.min() >= 3
    assert not any(character.isspace() for term in bundled.words.places for character in term)
    assert bundled.traits.sum(axis=1).tolist() == [110_454] * 3


def test_the_one_of_the_package_knows_the_words_of_the_sample(sample):
    words = sample._channels.lexical
    used = dict(zip(words._vocabulary, np.diff(words._indptr).tolist(), strict=True))
    shared = [term for term, trials in used.items() if trials > 1]
    known = Background.bundled("another model").words.places
    assert len(shared) > 1000
    assert sum(term in known for term in shared) > 0.98 * len(shared)


@pytest.mark.parametrize("name", ["background.json", "words.arrow", "spreads.npy"])
@pytest.mark.parametrize("damage", [Path.unlink, lambda path: path.write_bytes(path.read_bytes()[:100])])
def test_one_that_is_damaged_is_told_with_what_to_do(background, tmp_path, name, damage):
    background.write(tmp_path, "m" * 64)
    damage(tmp_path / name)
    with pytest.raises(StorageError, match=r"cannot be read.*Install trialkin again"):
        Background.read(tmp_path, "m" * 64)


def test_a_version_says_what_it_was_measured_beside(small_home, encoder, open_index_with):
    entry = open_index_with(encoder, small_home).manifest.background
    bundled = Background.bundled(encoder.model.fingerprint)
    assert entry.fingerprint == bundled.fingerprint
    assert entry.trials == round(110_454 - len(open_index_with(encoder, small_home)))


def test_beside_as_many_trials_the_version_names_it_and_counts_nothing(
    alone, halves, encoder, make_home, open_index_with
):
    own = counted(alone[0], least=1)
    named = replace(own, fingerprint="a" * 64)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Background, "bundled", lambda _: named)
        home = make_home(halves[0], encoder)
    entry = open_index_with(encoder, home).manifest.background
    assert (entry.fingerprint, entry.trials) == ("a" * 64, 0)
    for name in ("lexical/data.npy", "lexical/statistics.npz", "traits.counts.npy", "dense/profile.spread.npy"):
        assert (version_of(home) / name).read_bytes() == (alone[0] / name).read_bytes()
    assert counted(version_of(home), least=1).trials == COLLECTION


def test_it_can_be_left_out_and_that_makes_another_version(small_home, encoder, build_index, open_index_with):
    assert build_index(encoder, small_home).unchanged
    assert build_index(encoder, small_home, background=False).version == "0002"
    assert open_index_with(encoder, small_home).manifest.background is None
    assert build_index(encoder, small_home, background=False).unchanged


def test_no_trial_of_it_is_ever_an_answer(small_home, encoder, open_index_with):
    index = open_index_with(encoder, small_home)
    everything = set(index.nct_ids())
    for nct_id in sorted(everything)[:5]:
        assert {hit.nct_id for hit in index.related(nct_id, 400)} < everything
    assert {hit.nct_id for hit in index.search("immune thrombocytopenia rituximab", 400)} <= everything
