import math
from collections import Counter

import numpy as np
import orjson
import pyarrow as pa
import pytest

from trialkin.index.lexical import Lexical
from trialkin.index.lexical_files import TELLING, write_lexical
from trialkin.index.other_names import OtherNames
from trialkin.index.record_terms import TERM_SCHEMA

DOCUMENTS = [
    "platelet count platelet response",
    "platelet antibody",
    "skin antibody skin skin lesion response count",
    "asthma",
]


@pytest.fixture
def write_counts(tmp_path):
    """Writes records, each given by how often its words count, and how often of that in its topic; opens them."""

    def make(records):
        rows = [
            {"terms": list(counts), "counts": list(counts.values()), "topic": [topic.get(one, 0) for one in counts]}
            for counts, topic in records
        ]
        folder = tmp_path / f"lexical-{len(list(tmp_path.iterdir()))}"
        write_lexical(folder, pa.Table.from_pylist(rows, schema=TERM_SCHEMA))
        return Lexical(folder)

    return make


@pytest.fixture
def write(write_counts):
    """Writes documents as a channel and opens it."""

    def make(documents):
        return write_counts([(Counter(text.split()), {}) for text in documents])

    return make


def lucene_bm25(documents, query):
    """The BM25 that Lucene documents, k1 1.2 and b 0.75, each query word once."""
    counts = [Counter(text.split()) for text in documents]
    mean = sum(count.total() for count in counts) / len(counts)
    out = []
    for count in counts:
        score = 0.0
        for word in set(query.split()):
            having = sum(word in other for other in counts)
            idf = math.log(1 + (len(counts) - having + 0.5) / (having + 0.5))
            score += idf * count[word] / (count[word] + 1.2 * (1 - 0.75 + 0.75 * count.total() / mean))
        out.append(score)
    return out


@pytest.mark.parametrize("query", ["platelet", "antibody response", "skin platelet asthma count lesion"])
def test_scores_are_lucenes_bm25(write, query):
    lexical = write(DOCUMENTS)
    assert lexical.scores(lexical.of_terms(query.split())) == pytest.approx(lucene_bm25(DOCUMENTS, query), rel=1e-5)


def test_a_weight_multiplies_the_count_of_a_term(write, write_counts):
    thrice = write_counts([({"platelet": 3, "count": 1}, {}), ({"skin": 1}, {})])
    once = write(["platelet platelet platelet count", "skin"])
    for term in ("platelet", "count", "skin"):
        np.testing.assert_array_equal(once.scores(once.of_terms([term])), thrice.scores(thrice.of_terms([term])))


def test_a_record_without_terms_has_none_that_tell_it(write):
    lexical = write(["", *DOCUMENTS])
    assert len(lexical.of_trial(0).ids) == 0
    assert lexical.scores(lexical.of_terms(["antibody"]))[0] == 0


def test_words_that_no_record_uses_any_more_are_in_no_vocabulary(tmp_path):
    rows = pa.Table.from_pylist([{"terms": [one], "counts": [1], "topic": [0]} for one in "ab"], schema=TERM_SCHEMA)
    write_lexical(tmp_path / "some", rows.combine_chunks().take([1]))
    assert Lexical(tmp_path / "some").idf("a") == 0
    assert orjson.loads((tmp_path / "some" / "vocabulary.json").read_bytes()) == {"b": 0}


def test_words_that_no_trial_has_are_left_out_of_a_query(write):
    lexical = write(DOCUMENTS)
    assert lexical.of_terms(["zebra"]).ids.size == 0
    assert lexical.of_terms(["zebra", "skin"]).ids.tolist() == lexical.of_terms(["skin"]).ids.tolist()


def test_a_query_without_terms_scores_nothing(write):
    lexical = write(DOCUMENTS)
    assert lexical.scores(lexical.of_terms([])).tolist() == [0.0] * len(DOCUMENTS)


def test_a_repeated_word_of_a_query_counts_once(write):
    lexical = write(DOCUMENTS)
    once, often = lexical.of_terms(["skin", "count"]), lexical.of_terms(["skin", "count", "skin", "skin"])
    assert lexical.scores(once) == pytest.approx(lexical.scores(often))


def test_a_word_that_a_long_query_repeats_is_rather_kept(write):
    words = [f"word{number:03d}" for number in range(2 * TELLING)]
    lexical = write([" ".join(words), "filler"])
    last = lexical.of_terms([words[-1]]).ids[0]
    assert last not in lexical.of_terms(words).ids
    assert last in lexical.of_terms([*words, words[-1]]).ids


def test_some_terms_may_count_a_part_unless_nothing_else_is_asked(write):
    lexical = write(DOCUMENTS)
    asked = lexical.of_terms(["skin", "count", "asthma"])
    less = lexical.with_less(asked, ["count", "asthma", "zebra"], 0.25)
    weights = dict(zip(less.ids.tolist(), less.weights.tolist(), strict=True))
    assert sorted(weights.values()) == [0.25, 0.25, 1.0]
    assert weights[lexical.of_terms(["skin"]).ids[0]] == 1.0
    alone = lexical.of_terms(["count"])
    assert lexical.with_less(alone, ["count"], 0.25).weights.tolist() == [1.0]
    assert lexical.with_less(lexical.of_terms([]), ["count"], 0.25).ids.size == 0


def test_numbers_and_codes_of_a_query_weigh_half(write):
    lexical = write(["17 il v600e il17 asthma"])
    weights = {word: lexical.of_terms([word]).weights.tolist() for word in ("17", "v600e", "il17", "asthma", "il")}
    assert weights == {"17": [0.5], "v600e": [0.5], "il17": [1.0], "asthma": [1.0], "il": [1.0]}


def test_a_long_query_keeps_its_rarest_words(write):
    common = [f"common{number}" for number in range(TELLING)]
    documents = [" ".join(common)] * 5 + [" ".join([*common, "rare"])] + ["filler"] * 5
    lexical = write(documents)
    query = lexical.of_terms([*common, "rare"])
    assert len(query.ids) == TELLING
    assert lexical.scores(query)[5] > lexical.scores(query)[0]


def test_a_trial_is_told_by_the_words_it_shares_and_repeats(write):
    lexical = write(DOCUMENTS)
    told = {name: lexical.of_terms([name]).ids[0] for name in ("platelet", "count", "response", "antibody", "skin")}
    first = lexical.of_trial(0)
    assert first.ids[0] == told["platelet"]
    assert set(first.ids.tolist()) == {told["platelet"], told["count"], told["response"]}
    assert first.weights[0] == 1.0
    assert np.all(np.diff(first.weights) <= 0)
    assert told["skin"] not in lexical.of_trial(2).ids, "a word of one record cannot find another"


def test_the_weights_of_telling_words_are_their_scores_in_the_trial(write):
    lexical = write(DOCUMENTS)
    query = lexical.of_trial(2)
    names = {int(lexical.of_terms([name]).ids[0]): name for name in ("count", "response", "antibody")}
    scores = np.asarray([lucene_bm25(DOCUMENTS, names[id_])[2] for id_ in query.ids.tolist()])
    assert query.weights == pytest.approx(scores / scores.max(), rel=1e-5)


def test_a_trial_keeps_no_more_than_the_telling_words(write):
    words = [f"word{number:03d}" for number in range(3 * TELLING)]
    assert len(write([" ".join(words)] * 2).of_trial(0).ids) == TELLING


def test_telling_words_do_not_depend_on_the_order_of_import(write):
    words = [f"word{number:03d}" for number in range(2 * TELLING)]
    documents = [" ".join(words), " ".join(reversed(words)), "other words"]
    told = []
    for lexical in (write(documents), write([documents[1], documents[0], documents[2]])):
        names = {int(lexical.of_terms([word]).ids[0]): word for word in words}
        told.append([names[id_] for id_ in lexical.of_trial(0).ids.tolist()])
    assert told[0] == told[1]


def test_how_rare_a_word_is(write):
    lexical = write(DOCUMENTS)
    assert lexical.idf("zebra") == 0
    assert lexical.idf("asthma") == pytest.approx(math.log(1 + 3.5 / 1.5))
    assert lexical.idf("asthma") > lexical.idf("platelet") > 0


def covered(lexical, query):
    """The share of a query that each trial speaks of."""
    once, never = lexical.scores(query, 1.0), lexical.scores(query)
    return np.divide(once, never, out=np.zeros_like(once), where=never > 0)


def test_coverage_is_the_share_of_the_query_that_a_trial_speaks_of(write):
    lexical = write(DOCUMENTS)
    rarity = {word: lexical.idf(word) for word in ("skin", "platelet", "asthma")}
    total = sum(rarity.values())
    expected = [rarity["platelet"], rarity["platelet"], rarity["skin"], rarity["asthma"]]
    assert covered(lexical, lexical.of_terms(rarity)) == pytest.approx(np.asarray(expected) / total, rel=1e-5)
    assert covered(lexical, lexical.of_terms(["skin", "lesion"]))[2] == pytest.approx(1)
    assert covered(lexical, lexical.of_terms([])).tolist() == [0] * len(DOCUMENTS)


@pytest.fixture
def with_topics(write_counts):
    """A channel of records, each given by the words of its topic and its others."""
    records = [("platelet count", "skin skin"), ("platelet platelet", "asthma"), ("skin", "asthma"), ("", "asthma")]
    counted = [(Counter(topic.split()), Counter(rest.split())) for topic, rest in records]
    return write_counts([(topic + rest, topic) for topic, rest in counted])


def test_topics_are_compared_by_the_cosine_of_saturated_counts_times_rarity(with_topics):
    lexical = with_topics
    rarity = {word: lexical.idf(word) for word in ("platelet", "count", "skin")}
    topics = [
        {"platelet": rarity["platelet"] / 2.2, "count": rarity["count"] / 2.2},
        {"platelet": rarity["platelet"] * 2 / 3.2},
        {"skin": rarity["skin"] / 2.2},
        {},
    ]
    query = lexical.topic_of(0)
    got = lexical.topics.products(query.ids, query.weights, np.arange(4, dtype=np.int32))
    assert got == pytest.approx([cosine(topics[0], one) for one in topics], rel=1e-5)
    assert got[0] == pytest.approx(1)


def cosine(one, other):
    lengths = [math.sqrt(sum(value**2 for value in topic.values())) for topic in (one, other)]
    product = sum(value * other.get(word, 0) for word, value in one.items())
    return product / math.prod(lengths) if all(lengths) else 0


def test_a_topic_is_of_its_own_words_alone(with_topics):
    lexical = with_topics
    words = {int(lexical.of_terms([word]).ids[0]): word for word in ("platelet", "count", "skin", "asthma")}
    assert {words[id_] for id_ in lexical.topic_of(0).ids.tolist()} == {"platelet", "count"}
    assert {words[id_] for id_ in lexical.of_trial(0).ids.tolist()} == {"platelet", "skin"}
    assert lexical.topic_of(3).ids.size == 0


def test_a_record_that_is_not_held_is_told_by_the_words_that_the_index_knows(with_topics):
    lexical = with_topics
    known = {word: int(lexical.of_terms([word]).ids[0]) for word in ("platelet", "skin")}
    whole, topic = lexical.of_record([("platelet", 3, True), ("skin", 1, False), ("zebra", 3, True)])
    assert whole.ids.tolist() == [known["platelet"], known["skin"]]
    assert whole.weights[0] == 1
    assert whole.weights[1] == pytest.approx((1 / 2.2) / (3 / 4.2), rel=1e-5)
    assert topic.ids.tolist() == [known["platelet"]]
    assert topic.weights.tolist() == pytest.approx([1])
    assert all(one.ids.size == 0 for one in lexical.of_record([("zebra", 1, True)]))


def test_a_record_that_is_held_has_the_same_topic_given_as_a_draft(with_topics):
    lexical = with_topics
    _, topic = lexical.of_record([("platelet", 1, True), ("count", 1, True), ("skin", 2, False)])
    held = lexical.topic_of(0)
    assert topic.ids.tolist() == held.ids.tolist()
    assert topic.weights == pytest.approx(held.weights, rel=1e-6)


def test_feedback_adds_telling_words_of_the_best_answers(write):
    lexical = write(DOCUMENTS)
    query = lexical.of_terms(["skin"])
    mixed = lexical.with_feedback(query, np.asarray([0, 1], np.int32), np.asarray([3, 1], np.float32))
    weights = dict(zip(mixed.ids.tolist(), mixed.weights.tolist(), strict=True))
    assert sum(weights.values()) == pytest.approx(1)
    assert weights[int(query.ids[0])] == pytest.approx(0.7)
    assert set(weights) == {*query.ids.tolist(), *lexical.of_trial(0).ids.tolist(), *lexical.of_trial(1).ids.tolist()}
    platelet, antibody = (int(lexical.of_terms([word]).ids[0]) for word in ("platelet", "antibody"))
    assert weights[platelet] > weights[antibody]
    assert lexical.scores(mixed)[0] > 0 == lexical.scores(query)[0]


def test_feedback_on_nothing_changes_nothing(write):
    lexical = write(DOCUMENTS)
    none, some = np.empty(0, np.int32), np.zeros(1, np.int32)
    query, empty = lexical.of_terms(["skin"]), lexical.of_terms([])
    assert lexical.with_feedback(query, none, none.astype(np.float32)) is query
    assert lexical.with_feedback(empty, some, np.ones(1, np.float32)) is empty


GENES = ["her2 breast", "erbb2 erbb2 breast lung", "her2 erbb2 skin", "lung", "kras", "erbb lung"]
NAMES = OtherNames([["erbb2", "her2", "erbb"], ["her2", "erbb2", "cerbb2"], ["erbb", "erbb2"]])
HEARTS = [
    "heart attack",
    "infarct myocardium myocardium",
    "heart panic attack",
    "myocardium biopsi",
    "infarct",
    "heart",
    "skin",
]
ATTACK = OtherNames([["heart attack", "myocardium infarct", "mi"], ["cardiac", "heart"]])


def asked(lexical, words, names=NAMES, counted=0.5):
    return lexical.with_other_names(lexical.of_terms(words), names.within(words), counted)


def test_a_trial_that_uses_another_name_of_what_is_asked_for_has_a_part_of_the_score(write):
    lexical = write(GENES)
    own, other, family = (lexical.scores(lexical.of_terms([one])) for one in ("erbb2", "her2", "erbb"))
    rarity = {one: lexical.idf(one) for one in ("erbb2", "her2", "erbb")}
    as_rare = [other * rarity["erbb2"] / rarity["her2"], family * rarity["erbb2"] / rarity["erbb"]]
    for counted in (0.5, 1.0):
        expected = np.maximum(own, counted * np.maximum(*as_rare))
        got = lexical.scores(asked(lexical, ["erbb2"], counted=counted))
        assert got == pytest.approx(expected, rel=1e-5)
        assert (got > 0).tolist() == [True, True, True, False, False, True]
    np.testing.assert_array_equal(lexical.scores(asked(lexical, ["erbb2"], counted=0.0)), own)


def test_another_name_of_several_words_counts_where_all_of_them_stand(write):
    lexical = write(HEARTS)
    plain, got = (lexical.scores(asked(lexical, ["heart", "attack"], ATTACK, part)) for part in (0.0, 1.0))
    assert (got > plain).tolist() == [False, True, False, False, False, False, False]
    often = [lexical.scores(lexical.of_terms([one]))[1] / lexical.idf(one) for one in ("infarct", "myocardium")]
    assert often[0] < often[1]
    assert got[1] == pytest.approx(often[0] * (lexical.idf("heart") + lexical.idf("attack")), rel=1e-5)


def test_the_other_words_of_a_text_count_as_ever(write):
    lexical = write(GENES)
    for text in (["lung", "kras"], ["skin"]):
        np.testing.assert_array_equal(lexical.scores(asked(lexical, text)), lexical.scores(lexical.of_terms(text)))
    both = lexical.scores(asked(lexical, ["lung", "her2"]))
    apart = [lexical.scores(asked(lexical, [one])) for one in ("lung", "her2")]
    assert both == pytest.approx(apart[0] + apart[1], rel=1e-5)


def test_names_of_several_tables_count_each_its_part(write):
    lexical = write(GENES)
    query = asked(lexical, ["her2"], counted=0.5)
    both = lexical.with_other_names(query, OtherNames([["her2", "kras"]]).within(["her2"]), 1.0)
    (others,) = both.others.values()
    assert sorted(others.values()) == [0.5, 1.0]
    assert lexical.scores(both)[4] > 0 == lexical.scores(query)[4]


def test_names_of_which_no_trial_has_all_words_are_not_looked_for(write):
    lexical = write(HEARTS)
    names = OtherNames([["skin", "heart zebra", "zebra", "panic infarct"]])
    got = lexical.scores(asked(lexical, ["skin"], names, 1.0))
    np.testing.assert_array_equal(got, lexical.scores(lexical.of_terms(["skin"])))
    assert lexical.trials_with(["heart", "attack"]).tolist() == [0, 2]
    assert lexical.trials_with(["infarct", "heart"]).size == 0
    assert lexical.trials_with(["heart", "zebra"]).size == 0
    assert lexical.trials_with([]).size == 0


def test_a_name_that_is_asked_for_twice_has_its_other_names_once(write):
    lexical = write(GENES)
    once, twice = (asked(lexical, words) for words in (["her2"], ["her2", "lung", "her2"]))
    assert list(once.others.values()) == list(twice.others.values())


def test_whoever_uses_another_name_speaks_of_what_is_asked_for(write):
    lexical = write(GENES)
    worth = [lexical.idf("erbb2"), lexical.idf("lung")]
    share = worth[0] / sum(worth)
    expected = [share, 1, share, 1 - share, 0, 1]
    assert covered(lexical, asked(lexical, ["erbb2", "lung"])) == pytest.approx(expected, rel=1e-5)


def test_feedback_keeps_other_names_to_what_was_asked_for(write):
    lexical = write(GENES)
    her2, erbb2 = (int(lexical.of_terms([one]).ids[0]) for one in ("her2", "erbb2"))
    query = asked(lexical, ["erbb2"])
    mixed = lexical.with_feedback(query, np.asarray([2], np.int32), np.ones(1, np.float32))
    assert {her2, erbb2} <= set(mixed.ids.tolist())
    assert mixed.others == query.others


def test_a_trial_is_compared_by_its_own_words_alone(write):
    lexical = write(GENES)
    assert not lexical.of_trial(0).others
    assert not lexical.of_record([("her2", 1, True)])[0].others
