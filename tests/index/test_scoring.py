"""Rankings against a brute force that shares nothing with them but the weights, and what follows from their rules."""

import dataclasses
import importlib
import itertools
import math
import random
from collections import Counter, defaultdict

import faiss
import numpy as np
import pytest

from trialkin.embed import ChunkPolicy, Section, VectorCache, embed_query, embed_texts, section_texts
from trialkin.index import Aspect, Filters, Index, Near, Versions
from trialkin.index.aspects import ASPECT_OF, TRAIT_ASPECT
from trialkin.index.concepts import Thesaurus, trial_concepts
from trialkin.index.design import design
from trialkin.index.dictionary import Dictionary, Kind
from trialkin.index.hits import ReasonCode
from trialkin.index.ranking import DEFAULT_RANKING
from trialkin.index.terms import terms, weighted_terms
from trialkin.index.traits import TRAITS, traits

scoring = importlib.import_module("trialkin.index.scoring")
DEPTH, STABLE = scoring._DEPTH, scoring.STABLE

TEXTS = (
    "rituximab plus dexamethasone for newly diagnosed immune thrombocytopenia",
    "anti-CD38 multiple myeloma relapsed",
    "children with asthma",
    "IL-17A antibody psoriasis long-term safety",
    "zebra xylophone",
    "A woman of 67 years with lupus nephritis has taken prednisone and tacrolimus by mouth since winter, her kidneys "
    "get worse, she bleeds, and asks for infusions weekly or daily rather than tablets, with fewer infections and a "
    "better quality of life",
)
NEAR = 1e-4
"""Trials so near to a channel's last candidate may or may not be candidates: channels reckon in single precision."""


class BruteForce:
    """Scores every trial from its own record with nothing but NumPy.

    The version's files give it the names of conditions and interventions, and the profiles as they were rounded.
    """

    def __init__(self, trials, encoder, folder, version):
        self.trials = sorted(trials, key=lambda trial: trial.nct_id)
        self.place = {trial.nct_id: n for n, trial in enumerate(self.trials)}
        self.count = len(self.trials)
        self._encoder, self._policy, self._ranking = encoder, ChunkPolicy(), DEFAULT_RANKING
        self._traits = [traits(trial) for trial in self.trials]
        self._designs = np.asarray([coded_design(trial) for trial in self.trials])
        texts = [section_texts(trial) for trial in self.trials]
        self._vectors = {}
        with VectorCache(folder / "vectors.sqlite", encoder.dim) as cache:
            for section in Section:
                having = [n for n, one in enumerate(texts) if section in one]
                found = embed_texts([texts[n][section] for n in having], encoder, cache, self._policy)
                self._vectors[section] = dict(zip(having, found.astype(np.float64), strict=True))
        self._read_words()
        self._read_concepts(version)
        self._read_profiles(version)

    def _read_words(self):
        self._counts, topics = ([Counter() for _ in self.trials] for _ in range(2))
        having = defaultdict(list)
        for n, trial in enumerate(self.trials):
            for term, weight, topical in weighted_terms(trial):
                self._counts[n][term] += weight
                if topical:
                    topics[n][term] += weight
            for term in self._counts[n]:
                having[term].append(n)
        self._having = {term: np.asarray(places) for term, places in having.items()}
        lengths = np.asarray([count.total() for count in self._counts])
        norms = 1.2 * (0.25 + 0.75 * lengths / lengths.mean())
        self._bm25 = {}
        for term, places in self._having.items():
            counts = np.asarray([self._counts[n][term] for n in places])
            self._bm25[term] = self._idf(term) * counts / (counts + norms[places])
        columns = {term: n for n, term in enumerate(sorted(self._having))}
        saturated = np.zeros((self.count, len(columns)))
        for n, counts in enumerate(topics):
            for term, count in counts.items():
                saturated[n, columns[term]] = self._idf(term) * count / (count + 1.2)
        self._topics = unit(saturated)

    def _read_concepts(self, version):
        self._concepts, self._rare = {}, {}
        self._thesauri = {kind: Thesaurus.of(Dictionary.read(version / "concepts" / f"{kind}.json")) for kind in Kind}
        classes = sorted({one.term for trial in self.trials for one in trial.intervention_ancestors})
        found = {
            kind: (len(one.dictionary.names), [trial_concepts(trial, kind, one) for trial in self.trials])
            for kind, one in self._thesauri.items()
        }
        found["classes"] = (
            len(classes),
            [{classes.index(one.term): 1 for one in trial.intervention_ancestors} for trial in self.trials],
        )
        for name, (columns, rows) in found.items():
            dense = np.zeros((self.count, columns))
            for n, row in enumerate(rows):
                for concept, value in row.items():
                    dense[n, concept] = value
            having = (dense > 0).sum(axis=0)
            self._rare[name] = np.log(1 + (self.count - having + 0.5) / (having + 0.5))
            self._concepts[name] = unit(dense * self._rare[name])

    def _read_profiles(self, version):
        self._centres = {section: np.mean(list(one.values()), axis=0) for section, one in self._vectors.items() if one}
        self.profiles = np.zeros((self.count, self._encoder.dim))
        for n in range(self.count):
            own = {section: one[n] for section, one in self._vectors.items() if n in one}
            if own:
                self.profiles[n] = self._profile(own)
        self._profile_spread = (self.profiles.mean(axis=0), np.cov(self.profiles.T, bias=True))
        cosines = self.profiles @ self.profiles.T
        np.fill_diagonal(cosines, -1)
        near = np.sort(cosines, axis=1)[:, -5:].mean(axis=1)
        self.crowding = (near - near.mean()) / near.std()
        self.rounded, self._searched = (
            faiss.read_index(str(version / "dense" / f"{name}.faiss")).reconstruct_n(0, self.count).astype(np.float64)
            for name in ("profile", "searched")
        )
        self._directions = np.load(version / "dense" / "principal.npy").astype(np.float64)

    def related(self, nct_id, weights):
        """The score of every trial, and how well each channel's candidates answer."""
        own = self.place[nct_id]
        ranking, text = self._ranking, weights.get(Aspect.TEXT, 1)
        vectors = {section: one[own] for section, one in self._vectors.items() if own in one}
        sections = {
            section: (vectors[section], weight * weights.get(ASPECT_OF[section], 1))
            for section, weight in ranking.sections.items()
            if section in vectors
        }
        words = standard(self._scores(self._telling(own)))
        alike = self._topics @ self._topics[own]
        deviation = np.sqrt(self._topics[own] ** 2 @ self._topics.var(axis=0))
        scores = text * self._standing_of_profile(self._profile(vectors)) + self._meaning(sections)
        scores += ranking.words * text * words - ranking.crowding * self.crowding
        scores += ranking.topic * text * (alike - alike.mean()) / deviation
        for name, aspect, weight in (
            (Kind.CONDITION, Aspect.CONDITION, ranking.concepts[Kind.CONDITION]),
            (Kind.INTERVENTION, Aspect.INTERVENTION, ranking.concepts[Kind.INTERVENTION]),
            ("classes", Aspect.INTERVENTION, ranking.classes),
        ):
            scores += weight * weights.get(aspect, 1) * (self._concepts[name] @ self._concepts[name][own])
        for n, trait in enumerate(TRAITS):
            scores += ranking.traits[trait] * weights.get(TRAIT_ASPECT[trait], 1) * self._standing(own, n)
        scores += ranking.design * weights.get(Aspect.DESIGN, 1) * self._design(own)
        scores += ranking.registered * self._registered(own)
        if sponsor := self._sponsor(self.trials[own]):
            scores += ranking.sponsor * np.asarray([self._sponsor(trial) == sponsor for trial in self.trials])
        return scores, (words, self._nearness(self._profile(vectors)))

    def search(self, text, weights):
        """The score of every trial, and how well each channel's candidates answer."""
        ranking, factor = self._ranking, weights.get(Aspect.TEXT, 1)
        vector = embed_query(text, self._encoder, self._policy).astype(np.float64)
        profile = unit(vector - self._centres[Section.SUMMARY])
        query, is_short = self._of_text(text)
        meaning = factor * (ranking.text_meaning_short if is_short else ranking.text_meaning_long)
        own = self._scores(query)
        if is_short:
            own *= self._coverage(query) ** ranking.text_coverage
        words, near = standard(own), self._nearness(profile)
        first = words + meaning * self._standing_of_profile(profile)
        firsts = np.union1d(np.argsort(-words)[:DEPTH], np.argsort(-near)[:DEPTH])
        best = sorted(firsts, key=lambda n: (-round(first[n], 6), n))[: ranking.feedback]
        again = standard(self._scores(self._with_feedback(query, best, np.maximum(first[best], 1e-3))))
        centre = unit(profile + self.rounded[best].mean(axis=0))
        words = (words + again) / 2
        named = {
            section: (vector, 5 * weight * weights[ASPECT_OF[section]])
            for section, weight in ranking.sections.items()
            if ASPECT_OF[section] in weights
        }
        scores = self._meaning(named) + factor * ranking.text_words * words
        scores += meaning * (self._standing_of_profile(profile) + self._standing_of_profile(centre))
        for kind, aspect in ((Kind.CONDITION, Aspect.CONDITION), (Kind.INTERVENTION, Aspect.INTERVENTION)):
            mentioned = np.zeros(self._concepts[kind].shape[1])
            mentioned[list(self._thesauri[kind].of_text(text))] = 1
            alike = self._concepts[kind] @ unit(mentioned * self._rare[kind])
            scores += ranking.concepts[kind] * weights.get(aspect, 1) * alike
        return scores, (words, near)

    def _profile(self, vectors):
        weights = {Section.TITLE: 1, Section.SUMMARY: 1, Section.DESCRIPTION: 0.5}
        weights = {section: one for section, one in weights.items() if section in vectors} or dict.fromkeys(vectors, 1)
        return unit(sum(weight * (vectors[one] - self._centres[one]) for one, weight in weights.items()))

    def _nearness(self, profile):
        return self._searched @ (self._directions.T @ profile)

    def _standing_of_profile(self, profile):
        mean, covariance = self._profile_spread
        return (self.rounded @ profile - mean @ profile) / np.sqrt(profile @ covariance @ profile)

    def _meaning(self, sections):
        total = np.zeros(self.count)
        for section, (vector, weight) in sections.items():
            having = list(self._vectors[section])
            cosines = np.stack(list(self._vectors[section].values())) @ vector
            total[having] += weight * (cosines - cosines.mean()) / max(cosines.std(), 0.01)
        return total

    def _scores(self, query):
        scores = np.zeros(self.count)
        for term, weight in query.items():
            scores[self._having[term]] += weight * self._bm25[term]
        return scores

    def _coverage(self, query):
        worth = {term: weight * self._idf(term) for term, weight in query.items()}
        covered = np.zeros(self.count)
        for term, one in worth.items():
            covered[self._having[term]] += one / sum(worth.values())
        return covered

    def _idf(self, term):
        having = len(self._having[term])
        return math.log(1 + (self.count - having + 0.5) / (having + 0.5))

    def _of_text(self, text):
        counts = Counter(term for term in terms(text) if term in self._having)
        ranked = sorted(counts, key=lambda term: (-self._idf(term) * (1 + math.log(counts[term])), term))[:40]
        codes = {term for term in ranked if term.isdigit() or (term[0].isalpha() and term[1:].isdigit())}
        return {term: 0.5 if term in codes else 1.0 for term in ranked}, len(ranked) <= self._ranking.text_short

    def _with_feedback(self, query, best, worth):
        if not query:
            return query
        added = Counter()
        for n, one in zip(best, worth / worth.sum(), strict=True):
            for term, weight in self._telling(n).items():
                added[term] += one * weight
        added = dict(sorted(added.items(), key=lambda one: (-one[1], one[0]))[:20])
        mixed = Counter({term: 0.7 * weight / sum(query.values()) for term, weight in query.items()})
        for term, weight in added.items():
            mixed[term] += 0.3 * weight / sum(added.values())
        return mixed

    def _telling(self, n):
        shared = [term for term in self._counts[n] if len(self._having[term]) > 1]
        return self._most_telling({term: self._bm25[term][np.searchsorted(self._having[term], n)] for term in shared})

    def _most_telling(self, scores):
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

    def _design(self, own):
        both = (self._designs[own] > 0) & (self._designs > 0)
        same = (self._designs[own] & self._designs) > 0
        return np.where(both.any(axis=1), 2 * same.sum(axis=1) / np.maximum(both.sum(axis=1), 1) - 1, 0)

    def _registered(self, own):
        distances = np.abs(np.arange(self.count) - own)
        as_near = np.searchsorted(np.sort(np.delete(distances, own)), distances, side="right")
        return -np.log(np.maximum(as_near, 1) / (self.count - 1)) - 1

    def _sponsor(self, trial):
        return trial.lead_sponsor and trial.lead_sponsor.name.lower()


def coded_design(trial):
    """Study type, purpose, phases and allocation, each as a set of bits."""
    kind, purpose, phases, allocation = design(trial)
    return [1 << kind if kind else 0, 1 << purpose if purpose else 0, phases, 1 << allocation if allocation else 0]


def unit(vectors):
    return vectors / np.maximum(np.linalg.norm(vectors, axis=-1, keepdims=True), 1e-9)


def standard(scores):
    return (scores - scores.mean()) / scores.std() if scores.std() > 0 else scores


def raw_ranking(index, asked, top, filters, weights):
    """Rows and raw scores behind an answer; `asked` is a text or ids to be like and unlike."""
    wanted = index._text(asked, weights) if isinstance(asked, str) else index._alike(*asked, weights)
    ranked = scoring.rank(wanted.wanted, index._channels, top, index._filters.allowed(filters), index._ranking.floor)
    return ranked.rows.tolist(), ranked.scores.tolist(), ranked.ideal


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

    def on_globe(lat, lon):
        lat, lon = math.radians(lat), math.radians(lon)
        return np.asarray([math.cos(lat) * math.cos(lon), math.cos(lat) * math.sin(lon), math.sin(lat)])

    def near():
        centre = on_globe(filters.near.lat, filters.near.lon)
        known = [on_globe(site.lat, site.lon) for site in trial.locations if site.lat is not None]
        return any(6371 * math.acos(np.clip(one @ centre, -1, 1)) <= filters.near.km for one in known)

    start, completion = trial.start_date, trial.completion_date
    return (
        one_of(trial.overall_status, filters.status)
        and any_of(trial.phases, filters.phase)
        and one_of(trial.study_type, filters.study_type)
        and any_of(trial.countries, filters.country)
        and one_of(trial.lead_sponsor.class_ if trial.lead_sponsor else None, filters.sponsor_class)
        and one_of(trial.sex, filters.sex and (*filters.sex, "ALL"))
        and (filters.age is None or of_age())
        and (filters.near is None or near())
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
        "near": lambda: Near(
            rng.choice((39.9, 6.5, -17.0)), rng.choice((116.4, 3.4, -179.0)), rng.choice((30, 900, 5000))
        ),
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


def random_alike(seed, ids):
    """Ids to be like, one of them twice at times, ids to be unlike, hits wanted, filters and weights."""
    rng = random.Random(seed)
    likes, unlikes = rng.sample(ids, rng.randint(1, 3)), rng.sample(ids, rng.randint(0, 2))
    _, top, filters, weights = random_request(seed, ids)
    return likes + likes[: rng.randint(0, 1)], [one for one in unlikes if one not in likes], top, filters, weights


def ask(index, asked, top, filters=None, weights=None, *, explain=False, skip=0):
    method = index.related if asked.startswith("NCT") else index.search
    return method(asked, top, filters or Filters(), weights or {}, explain=explain, skip=skip)


@pytest.fixture(scope="module")
def brute_force(synthetic_trials, synthetic_home, encoder, tmp_path_factory):
    version = Versions(synthetic_home / "index").folder()
    return BruteForce(synthetic_trials, encoder, tmp_path_factory.mktemp("brute"), version)


@pytest.fixture(scope="module")
def open_floor(synthetic_home, encoder):
    """Opens the index of invented trials with another floor."""

    def make(floor):
        ranking = dataclasses.replace(DEFAULT_RANKING, floor=floor)
        return Index(Versions(synthetic_home / "index").folder(), lambda _: encoder, ranking=ranking)

    return make


@pytest.fixture(scope="module")
def floorless(open_floor):
    """The index of invented trials, listing whatever there is."""
    return open_floor(-math.inf)


def candidates(channels, allowed, depth):
    """Trials that surely are candidates, and those that tie with the last one of a channel."""
    if 2 * depth >= len(allowed):
        return set(allowed), set()
    sure, tied = set(), set()
    for one in channels:
        last = np.sort(one[allowed])[-depth]
        sure |= {n for n in allowed if one[n] > last + NEAR}
        tied |= {n for n in allowed if abs(one[n] - last) <= NEAR}
    return sure, tied - sure


def check(brute_force, ranked, scores, channels, top, filters, exclude):
    """Compare rows and raw scores with the best by brute force among the candidates."""
    allowed = [n for n, trial in enumerate(brute_force.trials) if admits(trial, filters)]
    sure, tied = candidates(channels, allowed, DEPTH + len(exclude))
    got, raw, ideal = ranked
    assert set(got) <= sure | tied
    order = sorted((sure | (tied & set(got))) - exclude, key=lambda n: (-round(scores[n], 6), n))
    expected = [n for n in order if scores[n] >= DEFAULT_RANKING.floor * ideal][:top]
    assert len(got) == len(set(got)) == len(expected)
    for n, other, score in zip(got, expected, raw, strict=True):
        assert n == other or abs(scores[n] - scores[other]) < 5e-6
        assert score == pytest.approx(scores[n], abs=2e-5)


@pytest.mark.parametrize("seed", range(200))
def test_the_answer_is_that_of_a_brute_force_over_the_best_of_each_channel(synthetic, brute_force, seed):
    asked, top, filters, weights = random_request(seed, synthetic.nct_ids())
    is_trial = asked.startswith("NCT")
    scores, channels = (brute_force.related if is_trial else brute_force.search)(asked, weights)
    exclude = {brute_force.place[asked]} if is_trial else set()
    ranked = raw_ranking(synthetic, ([asked], ()) if is_trial else asked, top, filters, weights)
    check(brute_force, ranked, scores, channels, top, filters, exclude)
    hits = ask(synthetic, asked, top, filters, weights)
    assert [brute_force.place[hit.nct_id] for hit in hits] == ranked[0]
    assert all(one.score >= two.score for one, two in itertools.pairwise(hits))


@pytest.mark.parametrize("seed", range(30))
def test_likes_and_unlikes_are_the_weighted_sum_of_a_brute_force(synthetic, brute_force, seed):
    likes, unlikes, top, filters, weights = random_alike(seed, synthetic.nct_ids())
    scores, channels = np.zeros(len(synthetic)), []
    for one in set(likes):
        added, found = brute_force.related(one, weights)
        scores += added / len(set(likes))
        channels += found
    for one in unlikes:
        scores -= 0.5 * brute_force.related(one, weights)[0] / len(unlikes)
    exclude = {brute_force.place[one] for one in (*likes, *unlikes)}
    ranked = raw_ranking(synthetic, (likes, unlikes), top, filters, weights)
    check(brute_force, ranked, scores, channels, top, filters, exclude)


def test_the_random_requests_use_every_filter_and_leave_trials_to_rank(synthetic, synthetic_trials):
    requests = [random_request(seed, synthetic.nct_ids()) for seed in range(200)]
    used = {one.name for _, _, filters, _ in requests for one in dataclasses.fields(filters) if vars(filters)[one.name]}
    assert used == {one.name for one in dataclasses.fields(Filters)}
    some = synthetic_trials[::20]
    left = [sum(admits(trial, filters) for trial in some) for _, _, filters, _ in requests]
    assert sum(0 < count < len(some) for count in left) > 100


def test_a_large_index_is_not_scored_as_a_whole(synthetic, monkeypatch):
    scored, score = [], scoring.score

    def counted(query, channels, words, profile, rows):
        scored.append(len(rows))
        return score(query, channels, words, profile, rows)

    monkeypatch.setattr(scoring, "score", counted)
    synthetic.related(synthetic.nct_ids()[0])
    assert len(scored) == 1
    assert 10 <= scored[0] <= 2 * (DEPTH + 1) < len(synthetic)


def test_candidates_hold_almost_all_that_scoring_everything_would_find(synthetic, monkeypatch):
    asked = [*synthetic.nct_ids()[::300], *TEXTS[:4]]
    quick = [{hit.nct_id for hit in ask(synthetic, one, 10)} for one in asked]
    monkeypatch.setattr(scoring, "_DEPTH", len(synthetic))
    whole = [{hit.nct_id for hit in ask(synthetic, one, 10)} for one in asked]
    assert sum(len(one & two) for one, two in zip(quick, whole, strict=True)) >= 0.95 * sum(map(len, whole))


@pytest.mark.parametrize("place", range(0, 6000, 600))
def test_fewer_hits_are_the_first_of_more(floorless, place):
    asked = floorless.nct_ids()[place]
    many = ask(floorless, asked, STABLE)
    assert [hit.rank for hit in many] == list(range(1, STABLE + 1))
    for top in (1, 10, 11, 100, 201, 399):
        assert ask(floorless, asked, top) == many[:top]


@pytest.mark.parametrize("asked", TEXTS)
@pytest.mark.parametrize("filters", [Filters(), Filters(has_results=False), Filters(phase=("PHASE3",))])
def test_fewer_hits_of_a_text_are_the_first_of_more(floorless, asked, filters):
    many = ask(floorless, asked, STABLE, filters)
    for top in (1, 10, 100, 399):
        assert ask(floorless, asked, top, filters) == many[:top]


@pytest.mark.parametrize("seed", range(6))
def test_pages_of_a_list_are_the_list(floorless, seed):
    asked, _, filters, weights = random_request(4000 + seed, floorless.nct_ids())
    whole = ask(floorless, asked, STABLE, filters, weights)
    for first, last in ((0, 7), (7, 14), (200, 300), (390, STABLE)):
        assert ask(floorless, asked, last, filters, weights, skip=first) == whole[first:last]


def test_pages_are_explained_as_the_whole_list_is(synthetic):
    ids = synthetic.nct_ids()
    for asked in (ids[5], TEXTS[0]):
        assert ask(synthetic, asked, 30, explain=True, skip=20) == ask(synthetic, asked, 30, explain=True)[20:]
    assert synthetic.alike(ids[:2], ids[9:10], 9, skip=6) == synthetic.alike(ids[:2], ids[9:10], 9)[6:]


@pytest.mark.parametrize("seed", range(20))
def test_a_score_depends_on_neither_filters_nor_other_hits(synthetic, floorless, seed):
    asked, top, filters, weights = random_request(2000 + seed, synthetic.nct_ids())
    every = {hit.nct_id: hit.score for hit in ask(floorless, asked, len(synthetic), None, weights)}
    for hit in ask(synthetic, asked, top, filters, weights):
        assert hit.score == pytest.approx(every[hit.nct_id], abs=1e-9)


@pytest.mark.parametrize("seed", range(20))
def test_a_filter_loses_no_hit_that_meets_it(synthetic, brute_force, seed):
    asked, top, filters, weights = random_request(3000 + seed, synthetic.nct_ids())
    admitted = {trial.nct_id for trial in brute_force.trials if admits(trial, filters)}
    filtered = ask(synthetic, asked, top, filters, weights)
    assert {hit.nct_id for hit in filtered} <= admitted
    for hit in ask(synthetic, asked, top, None, weights):
        if hit.nct_id in admitted and hit.nct_id not in {one.nct_id for one in filtered}:
            assert len(filtered) == top
            assert filtered[-1].score >= hit.score


@pytest.mark.parametrize("asked", ["NCT00007919", *TEXTS[:2]])
def test_the_shares_of_a_hits_reasons_add_up_to_its_score(synthetic, asked):
    for hit in ask(synthetic, asked, 50, explain=True):
        assert sum(reason.share for reason in hit.reasons) == pytest.approx(hit.score, abs=1e-9)


@pytest.mark.parametrize("seed", range(10))
def test_what_is_added_to_a_score_adds_up_to_it(synthetic, seed):
    likes, unlikes, top, _, weights = random_alike(seed, synthetic.nct_ids())
    wanted = synthetic._alike(likes, unlikes, weights).wanted
    ranked = scoring.rank(wanted, synthetic._channels, top, None)
    assert set(ranked.parts) == set(ReasonCode)
    assert len(ranked.rows) == top
    np.testing.assert_allclose(np.sum(list(ranked.parts.values()), axis=0), ranked.scores, atol=1e-6)


def test_unlikes_push_their_kin_down(floorless):
    ids = floorless.nct_ids()
    for like, other in itertools.pairwise(ids[:600:100]):
        kin = {hit.nct_id for hit in ask(floorless, other, 50)} - {like}
        plain = {hit.nct_id: hit.rank for hit in floorless.alike([like], (), len(ids), explain=False)}
        pushed = {hit.nct_id: hit.rank for hit in floorless.alike([like], [other], len(ids), explain=False)}
        assert np.mean([pushed[one] for one in kin]) > np.mean([plain[one] for one in kin])


def test_likes_count_alike_whatever_their_order_or_number(synthetic):
    one, two, three = synthetic.nct_ids()[:3]
    expected = synthetic.alike([one, two], [three], 50, explain=False)
    assert synthetic.alike([two, one, one], [three, three], 50, explain=False) == expected
    assert synthetic.alike([one], (), 50) == synthetic.related(one, 50)


@pytest.mark.parametrize("top", [1, 10, 6000])
def test_what_is_asked_with_is_never_an_answer(floorless, top):
    asked = floorless.nct_ids()[30:36]
    hits = floorless.alike(asked[:3], asked[3:], top, explain=False)
    assert len(hits) == min(top, len(floorless) - 6)
    assert not {hit.nct_id for hit in hits} & set(asked)


def test_what_is_below_the_floor_is_not_listed(synthetic, floorless, open_floor):
    for asked in (([synthetic.nct_ids()[0]], ()), TEXTS[0]):
        rows, raw, ideal = raw_ranking(floorless, asked, len(synthetic), Filters(), {})
        for floor in (DEFAULT_RANKING.floor, 0.2):
            count = sum(score >= floor * ideal for score in raw)
            assert 0 < count < len(raw)
            found = raw_ranking(open_floor(floor), asked, len(synthetic), Filters(), {})
            assert found == (rows[:count], raw[:count], ideal)


def test_asking_for_more_than_there_is_gives_every_other_trial_once(floorless):
    asked = floorless.nct_ids()[7]
    hits = ask(floorless, asked, 100_000)
    assert {hit.nct_id for hit in hits} == set(floorless.nct_ids()) - {asked}
    assert len(hits) == len(floorless) - 1
    assert [hit.rank for hit in hits] == list(range(1, len(hits) + 1))


def test_equal_scores_stand_in_the_order_of_the_ids(floorless):
    hits = [hit for hit in ask(floorless, "zebra xylophone", len(floorless)) if hit.score > 0]
    pairs = list(itertools.pairwise(hits))
    assert sum(one.score == two.score for one, two in pairs) > 20
    assert all((-one.score, one.nct_id) < (-two.score, two.nct_id) for one, two in pairs)


def test_a_record_of_a_title_alone_can_win(synthetic, synthetic_trials):
    bare = [trial for trial in synthetic_trials if not (trial.brief_summary or trial.eligibility_criteria)]
    bare = [trial for trial in bare if not (trial.detailed_description or trial.conditions or trial.interventions)]
    assert len(bare) > 100
    won = sum(ask(synthetic, trial.brief_title, 1)[0].nct_id in {one.nct_id for one in bare} for trial in bare[:50])
    assert won > 10
