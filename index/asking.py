"""Queries from trials and texts, with the weights of the ranking and of the user."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from ..data import Trial
from ..embed import Section, section_texts
from .aspects import ASPECT_OF, TRAIT_ASPECT, Aspect, Weights
from .channels import Channels
from .concepts import ConceptQuery, trial_concepts
from .connecting import connecting
from .design import Design, design, design_of_text
from .dictionary import Kind
from .framing import without_pronouns
from .lexical import TermQuery
from .naming import concepts_of, meant
from .other_names import NameOf, known_names
from .query import Query, TextParts
from .ranking import Ranking
from .record_terms import weighted_terms
from .sought import Sought, sought
from .terms import terms_to_find
from .traits import TRAITS, traits

Embed = Callable[[str], NDArray[np.float32]]
"""A text to its unit vector, float32 (dim,)."""

_KIND_ASPECT = {Kind.CONDITION: Aspect.CONDITION, Kind.INTERVENTION: Aspect.INTERVENTION}
_NAMED_SECTIONS = 5.0
"""How much more the sections of an aspect that the user names count against a text, which has nothing else of them."""


@dataclass(frozen=True)
class Asking:
    """Takes apart what is asked, for one index."""

    channels: Channels
    ranking: Ranking

    def of_row(self, row: int, weights: Weights) -> Query:
        """A trial of the index as a query."""
        channels = self.channels
        query = self._of_trial(
            {section: vector for section, one in channels.dense.items() if (vector := one.vector(row)) is not None},
            (channels.lexical.of_trial(row), channels.lexical.topic_of(row)),
            {kind: table.of_row(row) for kind, table in channels.concepts.items()},
            channels.classes.of_row(row),
            channels.traits.of_row(row),
            channels.designs.of_row(row),
            int(channels.sponsors[row]),
            weights,
        )
        if query.profile is None:  # what has no text is no kin of what was registered with it
            return query
        registered = self.ranking.registered * weights.get(Aspect.PERIOD, 1.0)
        return replace(query, row=row, registered_weight=registered)

    def of_record(self, trial: Trial, embed: Embed, weights: Weights) -> Query:
        """A record that is not in the index as a query, such as a draft protocol."""
        channels = self.channels
        concepts = {kind: trial_concepts(trial, kind, thesaurus) for kind, thesaurus in channels.thesauri.items()}
        sponsor = trial.lead_sponsor.name.lower() if trial.lead_sponsor else ""
        return self._of_trial(
            {section: embed(text) for section, text in section_texts(trial).items()},
            channels.lexical.of_record(weighted_terms(trial)),
            {kind: table.of_concepts(concepts[kind]) for kind, table in channels.concepts.items()},
            self._classes(concepts[Kind.INTERVENTION], [one.term for one in trial.intervention_ancestors]),
            traits(trial),
            design(trial),
            channels.sponsor_names.get(sponsor, -1),
            weights,
        )

    def sought(self, text: str) -> Sought:
        """What a text is looked for by, and what it denies."""
        return sought(text, self._conditions)

    def of_text(self, sought: Sought, embed: Embed, weights: Weights) -> Query:
        """A text as a query.

        Title, summary and description speak for a trial, and the sections of each other aspect that the user names. The
        more a text says that is about nobody, the more it is compared as trials are.
        """
        ranking, channels = self.ranking, self.channels
        text = sought.text
        told = f"{text.rstrip()} {sought.person.called}" if sought.person and sought.person.called else text
        vector = embed(told)
        of_text = weights.get(Aspect.TEXT, 1.0)
        looked_for, topic, short = self._looked_for(told)
        described = 0.0 if sought.of_someone else self._described(looked_for)

        def between(key_words: float, description: float) -> float:
            return (key_words + described * (description - key_words)) * of_text

        named = {
            section: _NAMED_SECTIONS * weight * weights[ASPECT_OF[section]]
            for section, weight in ranking.sections.items()
            if ASPECT_OF[section] in weights
        }
        concepts = {kind: self._concepts(text, kind, short) for kind in channels.thesauri}
        return Query(
            profile=channels.profiles.centres.of_text(vector),
            sections=dict.fromkeys(named, vector),
            section_weights=named,
            terms=looked_for,
            words=between(ranking.text_words, ranking.description_words),
            topic=topic,
            topic_weight=between(0.0, ranking.description_topic),
            concepts=concepts,
            concept_weights={
                kind: ranking.concepts[kind] * weights.get(_KIND_ASPECT[kind], 1.0) for kind in channels.thesauri
            },
            classes=self._classes(concepts[Kind.INTERVENTION].ids.tolist()),
            class_weight=ranking.classes * (1.0 if short else described) * weights.get(Aspect.INTERVENTION, 1.0),
            design=design_of_text(text),
            design_weight=(ranking.text_design if short else ranking.design * described)
            * weights.get(Aspect.DESIGN, 1.0),
            person=sought.person,
            person_weight=ranking.text_person * weights.get(Aspect.POPULATION, 1.0),
            concept_standing={}
            if short or not sought.of_someone
            else {Kind.CONDITION: ranking.text_conditions * weights.get(Aspect.CONDITION, 1.0)},
            crowding=ranking.crowding * described,
            text=TextParts(
                between(
                    ranking.text_meaning_short if short else ranking.text_meaning_long, ranking.description_meaning
                ),
                ranking.text_coverage if short else 0.0,
                ranking.feedback,
            ),
        )

    def _classes(self, interventions: Iterable[int], headings: Iterable[str] = ()) -> ConceptQuery:
        """The classes of some interventions, and those that headings name."""
        of_concepts, numbers = self.channels.classes_of, self.channels.class_names
        names = {*headings, *(name for one in interventions for name in of_concepts.get(one, ()))}
        return self.channels.classes.of_concepts({numbers[name]: 1.0 for name in names if name in numbers})

    def _conditions(self, text: str) -> Iterator[tuple[int, int]]:
        """Where a text names conditions, by a name that the index knows or another."""
        thesaurus = self.channels.thesauri[Kind.CONDITION]
        for mention in thesaurus.recogniser.mentions(text):
            yield mention.start, mention.end
        for words in meant(text, thesaurus).values():
            start = text.index(words)
            yield start, start + len(words)

    def _concepts(self, text: str, kind: Kind, short: bool) -> ConceptQuery:
        """What a text names of a kind; a long one names much in passing, and its rarest things are what it is about."""
        table = self.channels.concepts[kind]
        found = concepts_of(text, self.channels.thesauri[kind])
        return table.of_concepts(found if short else {one: table.rarity(one) for one in found})

    def _described(self, looked_for: TermQuery) -> float:
        """How much a text that is about nobody is a description rather than key words, 0 to 1: by what it says."""
        little, much = self.ranking.text_says_little, self.ranking.text_says_much
        said = float(looked_for.weights.sum())
        return min(max((said - little) / (much - little), 0.0), 1.0)

    def _looked_for(self, text: str) -> tuple[TermQuery, TermQuery, bool]:
        """The terms of a text, what they are about, and whether it is short, so that every word is meant."""
        ranking, lexical, other_names = self.ranking, self.channels.lexical, known_names()
        found = terms_to_find(without_pronouns(text), lexical.has)
        for names in other_names.values():
            found = names.known(found, lexical.has)
        looked_for = lexical.of_terms(found)
        short = len(looked_for.ids) <= ranking.text_short
        if short:
            looked_for = lexical.with_less(looked_for, connecting(text), ranking.text_connecting)
        counted = {
            NameOf.GENE: ranking.text_genes,
            NameOf.CONDITION: ranking.text_names_short if short else ranking.text_names_long,
            NameOf.DRUG: ranking.text_names_short if short else ranking.text_drugs_long,
            NameOf.CLASS: ranking.text_classes if short else 0.0,  # a story names them in passing
        }
        for kind, names in other_names.items():
            looked_for = lexical.with_other_names(looked_for, names.within(found), counted[kind])
        return looked_for, lexical.topic_of_terms(found), short

    def _of_trial(
        self,
        vectors: Mapping[Section, NDArray[np.float32]],
        words: tuple[TermQuery, TermQuery],
        concepts: Mapping[Kind, ConceptQuery],
        classes: ConceptQuery,
        of_traits: tuple[int, int, int],
        of_design: Design,
        sponsor: int,
        weights: Weights,
    ) -> Query:
        ranking, channels = self.ranking, self.channels
        of_text = weights.get(Aspect.TEXT, 1.0)
        profile = channels.profiles.centres.profile(vectors)
        compared = [section for section in ranking.sections if section in vectors]
        return Query(
            profile=profile,
            sections={section: vectors[section] for section in compared},
            section_weights={one: ranking.sections[one] * weights.get(ASPECT_OF[one], 1.0) for one in compared},
            profile_weight=of_text,
            terms=words[0],
            words=ranking.words * of_text,
            topic=words[1],
            topic_weight=ranking.topic * of_text,
            concepts=concepts,
            concept_weights={kind: ranking.concepts[kind] * weights.get(_KIND_ASPECT[kind], 1.0) for kind in concepts},
            classes=classes,
            class_weight=ranking.classes * weights.get(Aspect.INTERVENTION, 1.0),
            traits={
                trait: channels.traits.standing(flags, trait)
                * np.float32(ranking.traits[trait] * weights.get(TRAIT_ASPECT[trait], 1.0))
                for trait, flags in zip(TRAITS, of_traits, strict=True)
            },
            design=of_design,
            design_weight=ranking.design * weights.get(Aspect.DESIGN, 1.0),
            sponsor=sponsor if sponsor >= 0 else None,
            sponsor_weight=ranking.sponsor,
            crowding=ranking.crowding if profile is not None else 0.0,  # without a text nothing is near
        )
