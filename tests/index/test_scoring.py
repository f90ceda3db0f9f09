"""Rankings against a brute force that shares nothing with them but the weights, and what follows from exactness."""

import dataclasses
import importlib
import itertools
import math
import random
from collections import Counter, defaultdict

import numpy as np
import pytest

from trialkin.embed import ChunkPolicy, Section, VectorCache, embed_query, embed_texts, section_texts
from trialkin.index import Aspect, Filters
from trialkin.index.aspects import ASPECT_OF, TRAIT_ASPECT
from trialkin.index.ranking import (
    TEXT_LEXICAL_WEIGHT,
    TEXT_WEIGHTS,
    TRAIT_WEIGHTS,
    TRIAL_LEXICAL_WEIGHT,
    TRIAL_WEIGHTS,
)
from trialkin.index.terms import terms, weighted_terms
from trialkin.index.traits import TRAITS, traits

scoring = importlib.import_module("trialkin.index.scoring")

TEXTS = (
    "rituximab plus dexamethasone for newly diagnosed immune thrombocytopenia",
    "anti-CD38 multiple myeloma relapsed",
    "children with asthma",
    "IL-17A antibody psoriasis long-term safety",
    "zebra xylophone",
)


class BruteForce:
    """Scores every trial from its own texts with nothing but NumPy."""

    def __init__(self, trials, encoder, folder):
        self.trials = sorted(trials, key=lambda trial: trial.nct_id)
        self.place = {trial.nct_id: n for n, trial in enumerate(self.trials)}
        self._encoder, self._policy = encoder, ChunkPolicy()
        self._traits = [traits(trial) for trial in self.trials]
        texts = [section_texts(trial) for trial in self.trials]
        self._vectors = {}
        with VectorCache(folder / "vectors.sqlite", encoder.dim) as cache:
            for section in Section:
                having = [n for n, one in enumerate(texts) if section in one]
                found = embed_texts([texts[n][section] for n in having], encoder, cache, self._policy)
                self._vectors[section] = dict(zip(having, found.astype(np.float64), strict=True))
        self._counts = [Counter() for _ in self.trials]
        having = defaultdict(list)
        for n, trial in enumerate(self.trials):
            for term, weight in weighted_terms(trial):
                self._counts[n][term] += weight
            for term in self._counts[n]:
                having[term].append(n)
        self._having = {term: np.asarray(places) for term, places in having.items()}
        self._lengths = np.asarray([count.total() for count in self._counts])
        self._bm25 = {term: self._lucene(term) for term in self._having}

    def related(self, nct_id, weights):
        """The score of every other trial, by id."""
        own = self.place[nct_id]
        scores = self._mean(
            {section: one[own] for section, one in self._vectors.items() if own in one},
            {section: w * weights.get(ASPECT_OF[section], 1) for section, w in TRIAL_WEIGHTS.items()},
            self._telling(own),
            TRIAL_LEXICAL_WEIGHT * weights.get(Aspect.TEXT, 1),
        )
        for n, trait in enumerate(TRAITS):
            scores += TRAIT_WEIGHTS[trait] * weights.get(TRAIT_ASPECT[trait], 1) * self._standing(own, n)
        return {trial.nct_id: score for trial, score in zip(self.trials, scores, strict=True) if trial.nct_id != nct_id}

    def search(self, text, weights):
        """The score of every trial, by id."""
        vector = embed_query(text, self._encoder, self._policy).astype(np.float64)
        factor = weights.get(Aspect.TEXT, 1)
        sections = {section: w * factor for section, w in TEXT_WEIGHTS.items()}
        for section, aspect in ASPECT_OF.items():
            if aspect in weights and aspect is not Aspect.TEXT:
                sections[section] = TRIAL_WEIGHTS[section] * weights[aspect]
        scores = self._mean(
            dict.fromkeys(sections, vector),
            sections,
            dict.fromkeys((term for term in terms(text) if term in self._having), 1.0),
            TEXT_LEXICAL_WEIGHT * factor,
        )
        return {trial.nct_id: score for trial, score in zip(self.trials, scores, strict=True)}

    def _mean(self, query, weights, words, lexical):
        total, weight = np.zeros(len(self.trials)), np.zeros(len(self.trials))
        for section, vector in query.items():
            having = list(self._vectors[section])
            cosines = np.stack(list(self._vectors[section].values())) @ vector
            total[having] += weights[section] * (cosines - cosines.mean()) / max(cosines.std(), 0.01)
            weight[having] += weights[section]
        meaning = np.divide(total, weight, out=np.zeros_like(total), where=weight > 0)
        bm25 = np.zeros(len(self.trials))
        for term, factor in words.items():
            bm25[self._having[term]] += factor * self._bm25[term]
        standard = (bm25 - bm25.mean()) / bm25.std() if bm25.std() > 0 else bm25
        return (meaning + lexical * standard) / (1 + lexical)

    def _lucene(self, term):
        counts = np.asarray([self._counts[n][term] for n in self._having[term]])
        norms = 1.2 * (0.25 + 0.75 * self._lengths[self._having[term]] / self._lengths.mean())
        return self._idf(term) * counts / (counts + norms)

    def _idf(self, term):
        having = len(self._having[term])
        return math.log(1 + (len(self.trials) - having + 0.5) / (having + 0.5))

    def _telling(self, n):
        shared = [term for term in self._counts[n] if len(self._having[term]) > 1]
        scores = {term: self._bm25[term][np.searchsorted(self._having[term], n)] for term in shared}
        told = sorted(scores, key=lambda term: (-(scores[term] ** 2) / self._idf(term), term))[:40]
        highest = max((scores[term] for term in told), default=1)
        return {term: scores[term] / highest for term in told}

    def _standing(self, own, trait):
        mine = self._traits[own][trait]
        others = np.asarray([one[trait] for one in self._traits])
        if not mine:
            return np.zeros(len(others))
        overlap = np.asarray([(mine & one).bit_count() / (mine | one).bit_count() for one in others.tolist()])
        known = overlap[others > 0]
        if known.std() == 0:
            return np.zeros(len(others))
        return np.where(others > 0, np.clip((overlap - known.mean()) / known.std(), -3, 3), 0)


def admits(trial, filters):
    """Whether a trial meets the filters, read from its fields."""

    def one_of(value, wanted):
        return not wanted or (value or "").casefold() in [one.casefold() for one in wanted]

    def any_of(values, wanted):
        return not wanted or any(one_of(value, wanted) for value in values)

    def between(date, first, last):
        if first is None and last is None:
            return True
        if date is None:
            return False
        day = date + "-01-01"[len(date) - 4 :]
        return (first or "0") <= day and (last is None or day <= last + "-99-99"[len(last) - 4 :])

    def of_age():
        states = (trial.eligibility_criteria, trial.sex, trial.minimum_age, trial.maximum_age)
        low = 0 if trial.minimum_age_years is None else trial.minimum_age_years
        high = 999 if trial.maximum_age_years is None else trial.maximum_age_years
        return any(one is not None for one in states) and low <= filters.age < high + (1 / 12 if high < 2 else 1)

    start, completion = trial.start_date, trial.completion_date
    return (
        one_of(trial.overall_status, filters.status)
        and any_of(trial.phases, filters.phase)
        and one_of(trial.study_type, filters.study_type)
        and any_of(trial.countries, filters.country)
        and one_of(trial.lead_sponsor.class_ if trial.lead_sponsor else None, filters.sponsor_class)
        and one_of(trial.sex, filters.sex and (*filters.sex, "ALL"))
        and (filters.age is None or of_age())
        and between(start and start.date, filters.start_from, filters.start_to)
        and between(completion and completion.date, filters.completion_from, filters.completion_to)
        and between(trial.last_update_post_date, filters.updated_from, filters.updated_to)
        and (filters.has_results is None or trial.has_results is filters.has_results)
    )


def random_filters(rng):
    """A few conditions, over all fields in the long run."""

    def some(*values):
        return tuple(rng.sample(values, rng.randint(1, 2)))

    def date():
        return rng.choice(("2008", "2012-06", "2015-02-14", "2018-11", "2021", "2024-12-31"))

    makers = {
        "status": lambda: some("RECRUITING", "completed", "Terminated", "WITHDRAWN"),
        "phase": lambda: some("PHASE1", "phase2", "PHASE3", "NA"),
        "study_type": lambda: some("INTERVENTIONAL", "observational"),
        "country": lambda: some("china", "France", "Côte d'Ivoire"),
        "sponsor_class": lambda: some("INDUSTRY", "NIH", "OTHER"),
        "sex": lambda: some("FEMALE", "male"),
        "age": lambda: rng.choice((0.25, 1.4, 17.5, 40.0, 65.5, 66.0)),
        "has_results": lambda: rng.random() < 0.4,
        **dict.fromkeys(("start_from", "completion_from", "updated_from"), date),
        **dict.fromkeys(("start_to", "completion_to", "updated_to"), date),
    }
    chosen = rng.sample(sorted(makers), rng.choice((0, 1, 1, 2, 2, 3, 4)))
    return Filters(**{name: makers[name]() for name in chosen})


def random_request(seed, ids):
    """An id or a text, the hits wanted, filters and weights."""
    rng = random.Random(seed)
    asked = rng.choice(ids) if rng.random() < 0.7 else rng.choice(TEXTS)
    weights = {aspect: rng.choice((0, 0.5, 3)) for aspect in rng.sample(list(Aspect), rng.choice((0, 0, 1, 2)))}
    if asked in TEXTS and weights.get(Aspect.TEXT) == 0:
        del weights[Aspect.TEXT]
    return asked, rng.choice((1, 5, 10, 40, 100)), random_filters(rng), weights


def ask(index, asked, top, filters=None, weights=None):
    method = index.related if asked.startswith("NCT") else index.search
    return method(asked, top, filters or Filters(), weights or {})


@pytest.fixture(scope="module")
def brute_force(synthetic_trials, encoder, tmp_path_factory):
    return BruteForce(synthetic_trials, encoder, tmp_path_factory.mktemp("brute"))


@pytest.mark.parametrize("seed", range(200))
def test_the_answer_is_that_of_a_brute_force_over_the_trials_that_meet_the_filters(synthetic, brute_force, seed):
    asked, top, filters, weights = random_request(seed, synthetic.nct_ids())
    everything = (brute_force.related if asked.startswith("NCT") else brute_force.search)(asked, weights)
    admitted = {trial.nct_id for trial in brute_force.trials if admits(trial, filters)}
    scores = {nct_id: score for nct_id, score in everything.items() if nct_id in admitted}
    expected = sorted(scores, key=lambda id_: (-round(scores[id_], 6), id_))[:top]
    hits = ask(synthetic, asked, top, filters, weights)
    assert len(hits) == len({hit.nct_id for hit in hits}) == len(expected)
    for hit, nct_id in zip(hits, expected, strict=True):
        assert hit.nct_id == nct_id or abs(scores[hit.nct_id] - scores[nct_id]) < 2e-6
        assert hit.score == pytest.approx(scores[hit.nct_id], abs=1e-5)


def test_the_random_requests_use_every_filter_and_leave_trials_to_rank(synthetic, synthetic_trials):
    requests = [random_request(seed, synthetic.nct_ids()) for seed in range(200)]
    used = {one.name for _, _, filters, _ in requests for one in dataclasses.fields(filters) if vars(filters)[one.name]}
    assert used == {one.name for one in dataclasses.fields(Filters)}
    some = synthetic_trials[::20]
    left = [sum(admits(trial, filters) for trial in some) for _, _, filters, _ in requests]
    assert sum(0 < count < len(some) for count in left) > 100


def test_a_large_index_is_not_scored_as_a_whole(synthetic, monkeypatch):
    scored, score = [], scoring._score

    def counted(query, channels, words, rows, top):
        scored.append(len(rows))
        return score(query, channels, words, rows, top)

    monkeypatch.setattr(scoring, "_score", counted)
    synthetic.related(synthetic.nct_ids()[0])
    assert scored
    assert scored[0] < len(synthetic)


@pytest.mark.parametrize("seed", range(20))
def test_going_no_deeper_than_needed_gives_the_answer_of_scoring_everything(synthetic, monkeypatch, seed):
    asked, top, filters, weights = random_request(1000 + seed, synthetic.nct_ids())
    top = min(top, 10)
    monkeypatch.setattr(scoring, "_DEPTH", 5)
    shallow = ask(synthetic, asked, top, filters, weights)
    monkeypatch.setattr(scoring, "_DEPTH", len(synthetic))
    assert shallow == ask(synthetic, asked, top, filters, weights)


@pytest.mark.parametrize("place", range(0, 6000, 600))
def test_fewer_hits_are_the_first_of_more(synthetic, place):
    asked = synthetic.nct_ids()[place]
    many = synthetic.related(asked, 500)
    for top in (1, 10, 11, 100):
        assert synthetic.related(asked, top) == many[:top]


@pytest.mark.parametrize("asked", TEXTS)
def test_fewer_hits_of_a_text_are_the_first_of_more(synthetic, asked):
    many = synthetic.search(asked, 500)
    for top in (1, 10, 100):
        assert synthetic.search(asked, top) == many[:top]


@pytest.mark.parametrize("seed", range(5))
def test_a_filtered_answer_is_the_full_ranking_filtered(synthetic, brute_force, seed):
    asked, top, filters, weights = random_request(2000 + seed, synthetic.nct_ids())
    full = ask(synthetic, asked, len(synthetic), None, weights)
    admitted = {trial.nct_id for trial in brute_force.trials if admits(trial, filters)}
    expected = [(hit.nct_id, hit.score) for hit in full if hit.nct_id in admitted][:top]
    assert [(hit.nct_id, hit.score) for hit in ask(synthetic, asked, top, filters, weights)] == expected


def test_asking_for_more_than_there_is_gives_every_other_trial_once(synthetic):
    asked = synthetic.nct_ids()[7]
    hits = synthetic.related(asked, 100_000)
    assert {hit.nct_id for hit in hits} == set(synthetic.nct_ids()) - {asked}
    assert len(hits) == len(synthetic) - 1
    assert [hit.rank for hit in hits] == list(range(1, len(hits) + 1))


def test_equal_scores_stand_in_the_order_of_the_ids(synthetic):
    hits = synthetic.search("zebra xylophone", len(synthetic))
    pairs = list(itertools.pairwise(hits))
    assert sum(one.score == two.score for one, two in pairs) > 50
    assert all((-one.score, one.nct_id) < (-two.score, two.nct_id) for one, two in pairs)
