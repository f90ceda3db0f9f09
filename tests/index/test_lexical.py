import math
from collections import Counter

import numpy as np
import pytest

from trialkin.index.lexical import TELLING, Lexical, LexicalWriter

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
            writer.add((word, 1) for word in text.split())
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
    weighted.add([("platelet", 3), ("count", 1)])
    weighted.add([("skin", 1)])
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
    np.testing.assert_array_equal(lexical.scores(once), lexical.scores(often))


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
