"""A ranking that shares nothing with the index's own but the weights, slow and plain."""

import math
import re
from collections import Counter, defaultdict
from types import MappingProxyType

import numpy as np

from trialkin.embed import ChunkPolicy, Section, VectorCache, embed_query, embed_texts, section_texts
from trialkin.index import Aspect
from trialkin.index.aspects import ASPECT_OF, TRAIT_ASPECT
from trialkin.index.concepts import Thesaurus, trial_concepts
from trialkin.index.connecting import connecting
from trialkin.index.design import design, design_of_text
from trialkin.index.dictionary import Dictionary, Kind
from trialkin.index.drug_classes import classes_of
from trialkin.index.framing import without_pronouns
from trialkin.index.naming import meant
from trialkin.index.other_names import NameOf, known_names
from trialkin.index.ranking import DEFAULT_RANKING
from trialkin.index.record_terms import weighted_terms
from trialkin.index.scoring import STABLE
from trialkin.index.terms import terms_to_find
from trialkin.index.traits import TRAITS, People, traits

from .faiss_files import vectors_of


class BruteForce:
    """Scores every trial from its own record with nothing but NumPy.

    The version's files give it the names of conditions and interventions, and the profiles as they were rounded. What
    is counted beside the trials is given, too, without spreads.
    """

    def __init__(self, trials, encoder, folder, version, background):
        self.trials = sorted(trials, key=lambda trial: trial.nct_id)
        self.place = {trial.nct_id: n for n, trial in enumerate(self.trials)}
        self.count = len(self.trials)
        self._background, self._every = background, self.count + background.trials
        self._encoder, self._policy, self._ranking = encoder, ChunkPolicy(), DEFAULT_RANKING
        self._names = {kind: names.table for kind, names in known_names().items()}
        self._traits = [traits(trial) for trial in self.trials]
        self._designs = np.asarray([as_bits(design(trial)) for trial in self.trials])
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
        norms = 1.2 * (0.25 + 0.75 * lengths / ((lengths.sum() + self._background.words.length) / self._every))
        self._bm25 = {}
        for term, places in self._having.items():
            counts = np.asarray([self._counts[n][term] for n in places])
            self._bm25[term] = self._idf(term) * counts / (counts + norms[places])
        self._topics = np.stack([self._topic_of(counts) for counts in topics])
        elsewhere = np.asarray([self._elsewhere(term)[3:] for term in sorted(self._having)]).T
        self._topic_means, squares = (
            (np.sum(self._topics**power, axis=0) + elsewhere[power - 1]) / self._every for power in (1, 2)
        )
        self._topic_variances = squares - self._topic_means**2

    def _elsewhere(self, term):
        """Trials of the background that use a term; there the sums of its saturated count, of the square, of topics."""
        words = self._background.words
        if term not in words.places:
            return [0.0] * 5
        place = words.places[term]
        return [words.trials[place], *words.saturated[:, place], *words.topic[:, place]]

    def _read_concepts(self, version):
        self._concepts, self._rare = {}, {}
        self._thesauri = {kind: Thesaurus.of(Dictionary.read(version / "concepts" / f"{kind}.json")) for kind in Kind}
        self._classes_of = classes_of(self._thesauri[Kind.INTERVENTION].dictionary)
        every = {one.term for trial in self.trials for one in trial.intervention_ancestors}
        self._classes = sorted(every.union(*self._classes_of.values()))
        found = {
            kind: (len(one.dictionary.names), [trial_concepts(trial, kind, one) for trial in self.trials])
            for kind, one in self._thesauri.items()
        }
        found["classes"] = (
            len(self._classes),
            [
                self._of_classes(given, [one.term for one in trial.intervention_ancestors])
                for given, trial in zip(found[Kind.INTERVENTION][1], self.trials, strict=True)
            ],
        )
        for name, (columns, rows) in found.items():
            dense = np.zeros((self.count, columns))
            for n, row in enumerate(rows):
                for concept, value in row.items():
                    dense[n, concept] = value
            having = (dense > 0).sum(axis=0)
            self._rare[name] = np.log(1 + (self.count - having + 0.5) / (having + 0.5))
            self._concepts[name] = unit(dense * self._rare[name])

    def _of_classes(self, interventions, headings=()):
        told = {*headings, *(name for one in interventions for name in self._classes_of.get(one, ()))}
        return {self._classes.index(name): 1 for name in told}

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
            vectors_of(version / "dense" / f"{name}.faiss") for name in ("profile", "searched")
        )
        self._directions = np.load(version / "dense" / "principal.npy").astype(np.float64)

    def _topic_of(self, counts):
        """What some counted terms are about, of unit length."""
        saturated = [self._idf(term) * counts[term] / (counts[term] + 1.2) for term in sorted(self._having)]
        return unit(np.asarray(saturated))

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
        telling = self._telling(own)
        words = self._standard(self._scores(telling), telling)
        alike = self._topics @ self._topics[own]
        deviation = np.sqrt(self._topics[own] ** 2 @ self._topic_variances)
        scores = text * self._standing_of_profile(self._profile(vectors)) + self._meaning(sections)
        scores += ranking.words * text * words - ranking.crowding * self.crowding
        scores += ranking.topic * text * (alike - self._topics[own] @ self._topic_means) / deviation
        for name, aspect, weight in (
            (Kind.CONDITION, Aspect.CONDITION, ranking.concepts[Kind.CONDITION]),
            (Kind.INTERVENTION, Aspect.INTERVENTION, ranking.concepts[Kind.INTERVENTION]),
            ("classes", Aspect.INTERVENTION, ranking.classes),
        ):
            scores += weight * weights.get(aspect, 1) * (self._concepts[name] @ self._concepts[name][own])
        for n, trait in enumerate(TRAITS):
            scores += ranking.traits[trait] * weights.get(TRAIT_ASPECT[trait], 1) * self._standing(own, n)
        scores += ranking.design * weights.get(Aspect.DESIGN, 1) * self._design(self._designs[own])
        scores += ranking.registered * weights.get(Aspect.PERIOD, 1) * self._registered(own)
        if sponsor := self._sponsor(self.trials[own]):
            scores += ranking.sponsor * np.asarray([self._sponsor(trial) == sponsor for trial in self.trials])
        return scores, (words, self._nearness(self._profile(vectors)))

    def search(self, sought, weights):
        """The score of every trial for what is sought of a text, and how well each channel's candidates answer."""
        text = sought.text
        called = sought.person.called if sought.person else ""
        told = f"{text.rstrip()} {called}" if called else text
        ranking, factor = self._ranking, weights.get(Aspect.TEXT, 1)
        vector = embed_query(told.strip(" \n,;:.?!") or told, self._encoder, self._policy).astype(np.float64)
        profile = unit(vector - self._centres[Section.SUMMARY])
        query, names, is_short, topic = self._of_text(told)
        said = (sum(query.values()) - ranking.text_says_little) / (ranking.text_says_much - ranking.text_says_little)
        described = 0 if sought.of_someone else min(max(said, 0), 1)
        meaning = ranking.text_meaning_short if is_short else ranking.text_meaning_long
        meaning = factor * ((1 - described) * meaning + described * ranking.description_meaning)
        own, effective = self._scores(query, names), query
        if is_short:
            own *= self._coverage(query, names) ** ranking.text_coverage
            effective = {term: query[term] * one**ranking.text_coverage for term, one in self._worth(query).items()}
        words, near = self._standard(own, effective, names), self._nearness(profile)
        first = words + meaning * self._standing_of_profile(profile)
        firsts = np.union1d(np.argsort(-words)[:STABLE], np.argsort(-near)[:STABLE])
        best = sorted(firsts, key=lambda n: (-round(first[n], 6), n))[: ranking.feedback]
        wider = self._with_feedback(query, best, np.maximum(first[best], 1e-3))
        again = self._standard(self._scores(wider, names), wider, names)
        centre = unit(profile + self.rounded[best].mean(axis=0))
        words = (words + again) / 2
        named = {
            section: (vector, 5 * weight * weights[ASPECT_OF[section]])
            for section, weight in ranking.sections.items()
            if ASPECT_OF[section] in weights
        }
        worth = (1 - described) * ranking.text_words + described * ranking.description_words
        scores = self._meaning(named) + factor * worth * words - described * ranking.crowding * self.crowding
        if described and topic.any():
            standing = (self._topics @ topic - topic @ self._topic_means) / np.sqrt(topic**2 @ self._topic_variances)
            scores += factor * described * ranking.description_topic * standing
        scores += meaning * (self._standing_of_profile(profile) + self._standing_of_profile(centre))
        for kind, aspect in ((Kind.CONDITION, Aspect.CONDITION), (Kind.INTERVENTION, Aspect.INTERVENTION)):
            mentioned = np.zeros(self._concepts[kind].shape[1])
            mentioned[[*self._thesauri[kind].of_text(text), *meant(text, self._thesauri[kind])]] = 1
            asked = unit(mentioned * self._rare[kind] ** (1 if is_short else 2))
            if kind is Kind.INTERVENTION:
                of_class = self._of_same_class(np.flatnonzero(mentioned))
                scores += ranking.classes * (1 if is_short else described) * weights.get(aspect, 1) * of_class
            alike = self._concepts[kind] @ asked
            scores += ranking.concepts[kind] * weights.get(aspect, 1) * alike
            if kind is Kind.CONDITION and not is_short and sought.of_someone and mentioned.any():
                variance = asked**2 @ self._concepts[kind].var(axis=0)
                standing = (alike - alike.mean()) / max(variance, 1e-12) ** 0.5
                scores += ranking.text_conditions * weights.get(aspect, 1) * standing
        design_counts = ranking.text_design if is_short else ranking.design * described
        design_of = np.asarray(as_bits(design_of_text(text)))
        scores += design_counts * weights.get(Aspect.DESIGN, 1) * self._design(design_of)
        if sought.person:
            turned_away = np.asarray([self._turns_away(trial, sought.person) for trial in self.trials])
            scores -= ranking.text_person * weights.get(Aspect.POPULATION, 1) * turned_away
        return scores, (words, near)

    def _of_same_class(self, interventions):
        classes = np.zeros(len(self._classes))
        classes[list(self._of_classes(interventions))] = 1
        return self._concepts["classes"] @ unit(classes * self._rare["classes"])

    @staticmethod
    def _turns_away(trial, person):
        low, high = trial.minimum_age_years, trial.maximum_age_years
        young = low is not None and person.age < low
        old = high is not None and person.age >= high + (1 / 12 if high < 2 else 1)
        adults = re.search(r"(?i)\badults?\b", trial.title) is not None
        people = traits(trial)[2]
        return (
            young
            or old
            or {trial.sex, person.sex} == {"FEMALE", "MALE"}
            or (people == People.PREGNANCY and not person.pregnant)
            or (people == People.CHILDREN and person.age >= 18 and not adults and (low or 0) < 18 and high is None)
            or (not people & People.CHILDREN and person.age < 18 and adults and not low)
            or (people == People.OLDER and person.age < 55 and not low)
        )

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

    def _scores(self, query, names=MappingProxyType({})):
        """Scores of words; those that are asked for in a text are found by other names, too."""
        scores = np.zeros(self.count)
        for term, weight in query.items():
            found = np.zeros(self.count)
            found[self._having[term]] = self._bm25[term]
            for other, counted in names.get(term, {}).items():
                found = np.maximum(found, counted * self._idf(term) * self._often(other))
            scores += weight * found
        return scores

    def _often(self, name):
        """How often each trial uses a name: the least of its terms' saturated counts."""
        found = np.zeros((len(name), self.count))
        for n, term in enumerate(name):
            found[n, self._having[term]] = self._bm25[term] / self._idf(term)
        return found.min(axis=0)

    def _coverage(self, query, names):
        covered = np.zeros(self.count)
        for term, one in self._worth(query).items():
            covered += one * (self._scores({term: 1.0}, names) > 0)
        return covered

    def _worth(self, query):
        worth = {term: weight * self._idf(term) for term, weight in query.items()}
        return {term: one / sum(worth.values()) for term, one in worth.items()}

    def _standard(self, scores, query, names=MappingProxyType({})):
        """Standard scores among all trials and those of the background, whose words are taken as nearly independent."""
        mean, variance = 0.0, 0.0
        for term, weight in query.items() if self._background.trials else ():
            first, second = (weight * self._idf(term)) ** np.asarray([1, 2]) * self._elsewhere(term)[1:3]
            for other, counted in names.get(term, {}).items():
                often = np.prod([self._elsewhere(one)[1:3] for one in other], axis=0)
                often /= self._background.trials ** (len(other) - 1)
                more = (weight * counted * self._idf(term)) ** np.asarray([1, 2]) * often
                first, second = first + more[0], second + more[1]
            average = first / self._background.trials
            mean += average
            variance += 1.4**2 * (second / self._background.trials - average**2)
        elsewhere = self._background.trials / self._every
        both = (1 - elsewhere) * scores.mean() + elsewhere * mean
        squares = (1 - elsewhere) * np.mean(scores**2) + elsewhere * (variance + mean**2)
        return (scores - both) / np.sqrt(squares - both**2) if scores.std() > 0 or mean > 0 else scores

    def _idf(self, term):
        having = len(self._having[term]) + self._elsewhere(term)[0]
        return math.log(1 + (self._every - having + 0.5) / (having + 0.5))

    def _of_text(self, text):
        found = terms_to_find(without_pronouns(text), self._having.__contains__)
        for table in self._names.values():
            found = [one for name in self._named(found, table) for one in self._used(name, table)]
        counts = Counter(term for term in found if term in self._having)
        ranked = sorted(counts, key=lambda term: (-self._idf(term) * (1 + math.log(counts[term])), term))[:40]
        codes = {term for term in ranked if term.isdigit() or (term[0].isalpha() and term[1:].isdigit())}
        short = len(ranked) <= self._ranking.text_short
        parts = {
            NameOf.GENE: self._ranking.text_genes,
            NameOf.CONDITION: self._ranking.text_names_short if short else self._ranking.text_names_long,
            NameOf.DRUG: self._ranking.text_names_short if short else self._ranking.text_drugs_long,
            NameOf.CLASS: self._ranking.text_classes if short else 0.0,
        }
        names = defaultdict(dict)
        for kind, table in self._names.items():
            for name in self._named(found, table):
                known = [one for one in table.get(name, ()) if all(term in self._having for term in one)]
                for term, other in ((term, other) for term in name for other in known if term not in other):
                    names[term][other] = parts[kind]
        less = connecting(text) if short and not connecting(text).issuperset(ranked) else ()
        query = {
            term: (0.5 if term in codes else 1.0) * (self._ranking.text_connecting if term in less else 1.0)
            for term in ranked
        }
        return query, names, short, self._topic_of(counts)

    def _named(self, found, table):
        """The terms of a text, those of each known name together."""
        while found:
            name = next((one for n in range(9, 0, -1) if (one := tuple(found[:n])) in table), tuple(found[:1]))
            yield name
            found = found[len(name) :]

    def _used(self, name, table):
        """A name, or another of the same where trials use only that."""
        used = (one for one in (name, *table.get(name, ())) if all(term in self._having for term in one))
        return next(used, name)

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
        counts = np.bincount(others, minlength=8) + (
            0 if self._background.traits is None else self._background.traits[trait]
        )
        sets = np.arange(1, 8)
        alike = np.asarray([(mine & one).bit_count() / (mine | one).bit_count() for one in sets.tolist()])
        mean = np.average(alike, weights=counts[sets])
        deviation = np.sqrt(np.average((alike - mean) ** 2, weights=counts[sets]))
        if deviation == 0:
            return np.zeros(len(others))
        return np.where(others > 0, np.clip((overlap - mean) / deviation, -3, 3), 0)

    def _design(self, coded):
        both = (coded > 0) & (self._designs > 0)
        same = (coded & self._designs) > 0
        return np.where(both.any(axis=1), 2 * same.sum(axis=1) / np.maximum(both.sum(axis=1), 1) - 1, 0)

    def _registered(self, own):
        distances = np.abs(np.arange(self.count) - own)
        as_near = np.searchsorted(np.sort(np.delete(distances, own)), distances, side="right")
        return -np.log(np.maximum(np.maximum(as_near, 1) / (self.count - 1), 0.001)) - 1

    def _sponsor(self, trial):
        return trial.lead_sponsor and trial.lead_sponsor.name.lower()


def as_bits(design):
    """Study type, purpose, phases and allocation, each as a set of bits."""
    kind, purpose, phases, allocation = design
    return [1 << kind if kind else 0, 1 << purpose if purpose else 0, phases, 1 << allocation if allocation else 0]


def unit(vectors):
    return vectors / np.maximum(np.linalg.norm(vectors, axis=-1, keepdims=True), 1e-9)
