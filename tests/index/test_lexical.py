import math
from collections import Counter

import numpy as np
import pytest

from trialkin.index.lexical import TELLING, Lexical, LexicalWriter, TermCounts

DOCUMENTS = [
    "platelet count platelet response",
    "platelet antibody",
    "skin antibody skin skin lesion response count",
    "asthma",
]


@pytest.fixture
def write(tmp_path):
    """Writes documents as a channel and opens it."""

    def make(documents, order=None):
        writer = LexicalWriter()
        for text in documents:
            writer.add([TermCounts.of((word, 1, False) for word in text.split())])
        folder = tmp_path / f"lexical-{len(list(tmp_path.iterdir()))}"
        writer.write(folder, np.arange(len(documents)) if order is None else np.asarray(order))
        return Lexical(folder)

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


def test_a_weight_multiplies_the_count_of_a_term(tmp_path, write):
    weighted = LexicalWriter()
    weighted.add([TermCounts.of([("platelet", 3, False), ("count", 1, False)])])
    weighted.add([TermCounts.of([("skin", 1, False)])])
    weighted.write(tmp_path / "weighted", np.arange(2))
    once, thrice = Lexical(tmp_path / "weighted"), write(["platelet platelet platelet count", "skin"])
    for term in ("platelet", "count", "skin"):
        np.testing.assert_array_equal(once.scores(once.of_terms([term])), thrice.scores(thrice.of_terms([term])))


def test_trials_are_written_in_the_order_given(write):
    order = [2, 0, 3, 1]
    plain, turned = write(DOCUMENTS), write(DOCUMENTS, order)
    expected = plain.scores(plain.of_terms(["antibody"]))[order]
    np.testing.assert_array_equal(turned.scores(turned.of_terms(["antibody"])), expected)
    assert len(turned.of_trial(2).ids) == 0


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
    for lexical in (write(documents), write(documents[::-1], [2, 1, 0])):
        names = {int(lexical.of_terms([word]).ids[0]): word for word in words}
        told.append([names[id_] for id_ in lexical.of_trial(0).ids.tolist()])
    assert told[0] == told[1]


def test_how_rare_a_word_is(write):
    lexical = write(DOCUMENTS)
    assert lexical.idf("zebra") == 0
    assert lexical.idf("asthma") == pytest.approx(math.log(1 + 3.5 / 1.5))
    assert lexical.idf("asthma") > lexical.idf("platelet") > 0


def test_coverage_is_the_share_of_the_query_that_a_trial_speaks_of(write):
    lexical = write(DOCUMENTS)
    rarity = {word: lexical.idf(word) for word in ("skin", "platelet", "asthma")}
    total = sum(rarity.values())
    expected = [rarity["platelet"], rarity["platelet"], rarity["skin"], rarity["asthma"]]
    got = lexical.coverage(lexical.of_terms(rarity))
    assert got == pytest.approx(np.asarray(expected) / total, rel=1e-5)
    assert lexical.coverage(lexical.of_terms(["skin", "lesion"]))[2] == pytest.approx(1)
    assert lexical.coverage(lexical.of_terms([])).tolist() == [0] * len(DOCUMENTS)


@pytest.fixture
def with_headlines(tmp_path):
    """A channel of records, each given by its headline and its other words."""
    writer = LexicalWriter()
    records = [("platelet count", "skin skin"), ("platelet", "count asthma"), ("skin", "asthma"), ("", "asthma")]
    for headline, rest in records:
        writer.add(
            [
                TermCounts.of(
                    [(word, 1, True) for word in headline.split()] + [(word, 1, False) for word in rest.split()]
                )
            ]
        )
    writer.write(tmp_path / "headlines", np.arange(len(records)))
    return Lexical(tmp_path / "headlines")


def test_headlines_are_scored_by_bm25_on_their_own_lengths(with_headlines):
    lexical = with_headlines
    query = lexical.of_terms(["platelet"])
    got = lexical.headlines.products(query.ids, np.ones(1, np.float32), np.arange(4, dtype=np.int32))
    norms = [1.2 * (0.25 + 0.75 * length) for length in (2, 1)]
    assert got == pytest.approx([lexical.idf("platelet") / (1 + norm) for norm in norms] + [0, 0], rel=1e-5)


def test_the_telling_words_of_a_headline_are_of_the_headline_alone(with_headlines):
    lexical = with_headlines
    words = {int(lexical.of_terms([word]).ids[0]): word for word in ("platelet", "count", "skin", "asthma")}
    assert {words[id_] for id_ in lexical.headline_of(0).ids.tolist()} == {"platelet", "count"}
    assert {words[id_] for id_ in lexical.of_trial(0).ids.tolist()} == {"platelet", "count", "skin"}
    assert lexical.headline_of(0).weights.max() == 1
    assert lexical.headline_of(3).ids.size == 0


def test_a_record_that_is_not_held_is_told_by_the_words_that_the_index_knows(with_headlines):
    lexical = with_headlines
    known = {word: int(lexical.of_terms([word]).ids[0]) for word in ("platelet", "skin")}
    whole, headline = lexical.of_record([("platelet", 3, True), ("skin", 1, False), ("zebra", 3, True)])
    assert whole.ids.tolist() == [known["platelet"], known["skin"]]
    assert whole.weights[0] == 1
    assert whole.weights[1] == pytest.approx((1 / 2.2) / (3 / 4.2), rel=1e-5)
    assert headline.ids.tolist() == [known["platelet"]]
    assert all(one.ids.size == 0 for one in lexical.of_record([("zebra", 1, True)]))


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
