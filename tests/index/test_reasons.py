import random
from collections import Counter

import pytest

from trialkin.data import Trial
from trialkin.index import ReasonCode
from trialkin.index.concepts import Thesaurus, trial_concepts
from trialkin.index.dictionary import Dictionary, Kind, learn
from trialkin.index.drug_classes import classes_of
from trialkin.index.facts import Facts, fact_row
from trialkin.index.reasons import Explainer
from trialkin.index.traits import trait_words

CONDITIONS = Dictionary(
    ["Immune thrombocytopenia", "Cancer", "Breast cancer", "Lung cancer", "Primary immune thrombocytopenia"],
    {
        "immune thrombocytopenia": 0,
        "itp": 0,
        "cancer": 1,
        "breast cancer": 2,
        "lung cancer": 3,
        "primary immune thrombocytopenia": 4,
    },
    {4: (0,)},
)
DRUGS = Dictionary(
    ["Iguratimod", "Rituximab", "Ocrelizumab", "anti-CD20 antibodies"],
    {"iguratimod": 0, "rituximab": 1, "ocrelizumab": 2, "anti cd20 antibody": 3},
    {},
)
THESAURI = {Kind.CONDITION: Thesaurus.of(CONDITIONS), Kind.INTERVENTION: Thesaurus.of(DRUGS)}
ADDED = dict.fromkeys(ReasonCode, 0.5)


@pytest.fixture(scope="module")
def explainer():
    return Explainer(
        THESAURI,
        lambda term: float(len(term)),
        lambda _, concept: 10.0 - concept,
        lambda _: 5.0,
        classes_of(DRUGS),
    )


def trial(title, nct_id="NCT00000001", **fields):
    return Trial(nct_id=nct_id, brief_title=title, **fields)


def side(explainer, one):
    if isinstance(one, str):
        concepts = {kind: frozenset(thesaurus.of_text(one)) for kind, thesaurus in THESAURI.items()}
        return explainer.side(Facts.of_text(one), concepts)
    concepts = {kind: frozenset(trial_concepts(one, kind, thesaurus)) for kind, thesaurus in THESAURI.items()}
    return explainer.side(Facts.of_trial(one), concepts)


def explain(explainer, query, hit, added=ADDED, score=0.8):
    reasons, why = explainer.explain(side(explainer, query), side(explainer, hit), added, score)
    return {one.code: one for one in reasons}, why


def test_the_same_condition_and_drug_are_quoted_as_each_record_writes_them(explainer):
    reasons, why = explain(explainer, trial("Iguratimod in ITP"), trial("IGURATIMOD for immune thrombocytopenia"))
    condition = reasons[ReasonCode.SAME_CONDITION].evidence[0]
    assert (condition.query_text, condition.hit_text) == ("ITP", "immune thrombocytopenia")
    assert reasons[ReasonCode.SAME_INTERVENTION].evidence[0].hit_text == "IGURATIMOD"
    assert why == "Also tests IGURATIMOD in immune thrombocytopenia."


def test_nothing_is_also_for_a_text(explainer):
    _, why = explain(explainer, "rituximab for itp", trial("Rituximab in ITP"))
    assert why == "Tests Rituximab in ITP."


def test_an_observational_study_studies_and_does_not_test(explainer):
    hit = trial("Rituximab in ITP", study_type="OBSERVATIONAL")
    assert explain(explainer, trial("Rituximab in ITP"), hit)[1] == "Also studies Rituximab in ITP."


def test_a_name_that_only_qualifies_another_is_the_same_condition(explainer):
    reasons, _ = explain(explainer, trial("Primary immune thrombocytopenia"), trial("ITP in adults"))
    assert reasons[ReasonCode.SAME_CONDITION].evidence[0].query_text == "Primary immune thrombocytopenia"


def test_cancer_is_no_common_ground_of_breast_and_lung_cancer(explainer):
    reasons, _ = explain(
        explainer, trial("Breast cancer: a cancer registry"), trial("Lung cancer, a cancer of smokers")
    )
    assert ReasonCode.SAME_CONDITION not in reasons


@pytest.mark.parametrize(
    ("first", "second", "claimed"),
    [
        ("Newly diagnosed ITP", "First-line ITP treatment", True),
        ("Newly diagnosed ITP", "Relapsed ITP", False),
        ("Relapsed ITP in children", "Relapsed ITP in the elderly", False),
        ("Relapsed ITP in children", "Relapsed ITP in pediatric clinics", True),
    ],
)
def test_a_population_is_the_same_only_where_nothing_about_it_differs(explainer, first, second, claimed):
    reasons, _ = explain(explainer, trial(first), trial(second))
    assert (ReasonCode.SAME_POPULATION in reasons) is claimed


def test_the_same_comparison_is_quoted_with_the_words_that_tell_it(explainer):
    reasons, why = explain(
        explainer, trial("Iguratimod plus rituximab versus rituximab"), trial("A plus B vs. B in ITP")
    )
    found = reasons[ReasonCode.SAME_COMPARATOR_PATTERN].evidence
    assert [(one.query_text, one.hit_text) for one in found] == [("plus", "plus"), ("versus", "vs.")]
    assert not why.startswith("Also tests")


def test_a_class_is_claimed_only_without_a_common_intervention(explainer):
    classes = {"intervention_ancestors": ({"term": "Antirheumatic Agents"},)}
    apart, _ = explain(explainer, trial("Iguratimod", **classes), trial("Rituximab", **classes))
    together, _ = explain(explainer, trial("Rituximab", **classes), trial("Rituximab", **classes))
    assert apart[ReasonCode.SAME_INTERVENTION_CLASS].evidence[0].what == "Antirheumatic Agents"
    assert ReasonCode.SAME_INTERVENTION_CLASS not in together


def test_two_drugs_of_one_class_are_quoted_whatever_the_records_list(explainer):
    reasons, why = explain(explainer, trial("Rituximab in ITP"), trial("Ocrelizumab for immune thrombocytopenia"))
    (evidence,) = reasons[ReasonCode.SAME_INTERVENTION_CLASS].evidence
    assert (evidence.what, evidence.query_text, evidence.hit_text) == (
        "anti-CD20 antibodies",
        "Rituximab",
        "Ocrelizumab",
    )
    assert why == "Also tests Ocrelizumab, like Rituximab one of the anti-CD20 antibodies, in immune thrombocytopenia."
    both, _ = explain(explainer, trial("Rituximab in ITP"), trial("Ocrelizumab or rituximab in ITP"))
    assert ReasonCode.SAME_INTERVENTION_CLASS not in both, "the same drug says more"


def test_a_class_is_something_in_common_where_titles_or_lists_name_it(explainer):
    titles = [trial("anti-CD20 antibodies in ITP"), trial("Anti-CD20 Antibody for ITP")]
    assert ReasonCode.SAME_INTERVENTION in explain(explainer, *titles)[0]
    summary = trial("Trial B", brief_summary="After anti-CD20 antibodies.")
    assert ReasonCode.SAME_INTERVENTION not in explain(explainer, titles[0], summary)[0]
    drug = trial("Trial B", brief_summary="After rituximab.")
    assert ReasonCode.SAME_INTERVENTION in explain(explainer, trial("Rituximab in ITP"), drug)[0]


def test_a_class_that_a_whole_collection_is_of_is_told_but_no_heading_that_is_above_all():
    explainer = Explainer(THESAURI, len, lambda *_: 5.0, lambda _: 0.0, classes_of(DRUGS))
    above = {"intervention_ancestors": ({"term": "Antirheumatic Agents"},)}
    reasons, _ = explain(explainer, trial("Rituximab", **above), trial("Ocrelizumab", **above))
    assert [one.what for one in reasons[ReasonCode.SAME_INTERVENTION_CLASS].evidence] == ["anti-CD20 antibodies"]


def test_who_asks_for_a_class_is_told_which_of_it_a_trial_gives(explainer):
    reasons, why = explain(explainer, "anti-CD20 antibodies ITP", trial("Ocrelizumab for ITP"))
    assert reasons[ReasonCode.SAME_INTERVENTION_CLASS].evidence[0].query_text == "anti-CD20 antibodies"
    assert why == "Tests Ocrelizumab, one of the anti-CD20 antibodies, in ITP."


def test_without_evidence_the_share_goes_to_similar_text(explainer):
    reasons, _ = explain(explainer, trial("Something"), trial("Something else"), {ReasonCode.SAME_CONDITION: 2.0}, 0.4)
    assert {code: one.share for code, one in reasons.items()} == {ReasonCode.SIMILAR_TEXT: pytest.approx(0.4)}


def test_a_reason_that_counts_against_keeps_no_share(explainer):
    added = {ReasonCode.SAME_CONDITION: 1.0, ReasonCode.SIMILAR_TEXT: 1.0, ReasonCode.SAME_DESIGN: -1.0}
    design = {"study_type": "INTERVENTIONAL", "phases": ("PHASE2",)}
    reasons, _ = explain(explainer, trial("ITP", **design), trial("ITP", **design), added, 0.6)
    assert ReasonCode.SAME_DESIGN not in reasons
    assert sum(one.share for one in reasons.values()) == pytest.approx(0.6)


def test_between_any_trials_shares_add_up_and_evidence_stands_in_the_records(sample, sample_trials):
    by_id = {one.nct_id: one for one in sample_trials}
    for query in random.Random(5).sample(sorted(by_id), 40):
        for hit in sample.related(query, top=8):
            assert sum(one.share for one in hit.reasons) == pytest.approx(hit.score, abs=1e-9)
            assert [one.share for one in hit.reasons] == sorted((one.share for one in hit.reasons), reverse=True)
            assert hit.why
            own, other = fact_row(by_id[query]), fact_row(by_id[hit.nct_id])
            for one in (evidence for reason in hit.reasons for evidence in reason.evidence):
                assert stands(one.query_text, own[one.query_field])
                assert stands(one.hit_text, other[one.hit_field])


def test_between_random_trials_every_claim_stands_in_both_records_and_neither_contradicts_it(sample_trials):
    learnt = {
        kind: Thesaurus.of(one)
        for kind, one in learn(one.model_dump(by_alias=True) for one in sample_trials).dictionaries.items()
    }
    explainer = Explainer(
        learnt,
        lambda term: float(len(term)),
        lambda _, concept: float(concept % 7),
        lambda _: 5.0,
        classes_of(learnt[Kind.INTERVENTION].dictionary),
    )
    sides = [
        explainer.side(
            Facts.of_trial(one), {kind: frozenset(trial_concepts(one, kind, names)) for kind, names in learnt.items()}
        )
        for one in sample_trials
    ]
    rng, claimed = random.Random(11), Counter()
    for _ in range(300):
        first, second = (rng.randrange(len(sides)) for _ in range(2))
        score, added = rng.random(), {code: rng.uniform(-1, 2) for code in ReasonCode}
        reasons, why = explainer.explain(sides[first], sides[second], added, score)
        assert explainer.explain(sides[first], sides[second], added, score) == (reasons, why)
        assert sum(one.share for one in reasons) == pytest.approx(score, abs=1e-9)
        assert all(one.share >= 0 for one in reasons)
        assert 0 < len(why) <= 120
        own, other = sample_trials[first], sample_trials[second]
        for one in reasons:
            claimed[one.code] += 1
            for quote in one.evidence:
                assert stands(quote.query_text, fact_row(own)[quote.query_field])
                assert stands(quote.hit_text, fact_row(other)[quote.hit_field])
        check_nothing_contradicts({one.code for one in reasons}, own, other)
        assert ReasonCode.SIMILAR_TEXT in {one.code for one in reasons}
    assert set(claimed) == set(ReasonCode), "chance must try every reason"


def check_nothing_contradicts(codes, own, other):
    if ReasonCode.SAME_DESIGN in codes:
        assert own.study_type == other.study_type
        assert own.primary_purpose == other.primary_purpose or set(own.phases) & set(other.phases)
    if ReasonCode.SAME_SPONSOR in codes:
        assert own.lead_sponsor.name.casefold() == other.lead_sponsor.name.casefold()
    if ReasonCode.SAME_POPULATION in codes:
        for trait in ("line", "people"):
            flags = [
                trait_words(trait, [("briefTitle", f"{one.brief_title} {one.official_title}")]) for one in (own, other)
            ]
            assert not all(flags) or flags[0].keys() & flags[1].keys()


def stands(quote, field):
    return any(quote in value for value in ([field] if isinstance(field, str) else field))


def test_a_broad_condition_counts_if_both_list_it_by_itself(explainer):
    listed, narrow = {"conditions": ("Cancer",)}, {"conditions": ("Cancer", "Breast cancer")}
    reasons, _ = explain(explainer, trial("One", **listed), trial("Two", **narrow))
    assert reasons[ReasonCode.SAME_CONDITION].evidence[0].what == "Cancer"
    reasons, _ = explain(explainer, trial("A cancer registry"), trial("Two", **narrow))
    assert ReasonCode.SAME_CONDITION not in reasons


@pytest.mark.parametrize(
    ("longer", "others", "claimed"),
    [
        ("chronic pain", (), True),
        ("pain disorder", (), True),
        ("pain p", (), True),  # with its acronym
        ("cancer pain", (), False),
        ("local ache", ("ache",), False),  # by any of its names
        ("colic", ("pain of the belly",), True),  # by what the longer one is called, not by all its names
    ],
)
def test_some_words_make_a_condition_longer_and_no_narrower(longer, others, claimed):
    synonyms = dict.fromkeys(others, int("pain of the belly" in others))
    names = Dictionary(["pain", longer], {"pain": 0, longer: 1, **synonyms}, {})
    explainer = Explainer({**THESAURI, Kind.CONDITION: Thesaurus.of(names)}, len, lambda *_: 1.0, lambda _: 5.0, {})
    concepts = [{Kind.CONDITION: frozenset(one), Kind.INTERVENTION: frozenset()} for one in ({0}, {0, 1})]
    titles = ("On pain", f"On pain and {longer}")
    sides = [explainer.side(Facts.of_trial(trial(title)), own) for title, own in zip(titles, concepts, strict=True)]
    reasons, _ = explainer.explain(*sides, ADDED, 0.5)
    assert (ReasonCode.SAME_CONDITION in {one.code for one in reasons}) is claimed


def test_reasons_of_a_text_quote_the_text(sample):
    text = "Rituximab after steroids failed in immune thrombocytopenia"
    for hit in sample.search(text, top=5):
        for one in (evidence for reason in hit.reasons for evidence in reason.evidence):
            assert one.query_field == "text"
            assert one.query_text in text


def test_long_lists_can_do_without_reasons(sample):
    hits = sample.related("NCT07057778", top=5, explain=False)
    told = sample.related("NCT07057778", top=5)
    assert [(one.nct_id, one.score) for one in hits] == [(one.nct_id, one.score) for one in told]
    assert all(one.reasons == () for one in hits)
    assert all(one.reasons for one in told)


HER2 = trial(
    "Exercise in patients with cancer", brief_summary="It is about women with HER2 mutations. Others stay out."
)


def test_a_sentence_with_another_name_of_what_a_text_asks_for_is_quoted(explainer):
    (quoted,) = explain(explainer, "patients with ErbB2 mutations", HER2)[0][ReasonCode.SIMILAR_TEXT].evidence
    assert quoted.hit_text == "It is about women with HER2 mutations."
    hearts = trial(
        "Colchicine in patients with pain",
        brief_summary="The pain is in joints. After a myocardial infarction people live longer.",
    )
    (quoted,) = explain(explainer, "people with a heart attack", hearts)[0][ReasonCode.SIMILAR_TEXT].evidence
    assert quoted.hit_text == "After a myocardial infarction people live longer."


@pytest.mark.parametrize("text", ["joints", "Joint pain"])
def test_of_a_text_of_few_words_each_one_is_found_again(explainer, text):
    swollen = trial("Water and rest for swollen joints", brief_summary="All of them lie down.")
    reasons, why = explain(explainer, text, swollen)
    (quoted,) = reasons[ReasonCode.SIMILAR_TEXT].evidence
    assert (quoted.query_text, quoted.hit_text) == (text, "Water and rest for swollen joints")
    assert why == "Speaks of similar things: joints."


def test_between_trials_only_words_that_both_use_are_similar(explainer):
    query = trial("Kinase inhibitors against ERBB2")
    assert not explain(explainer, query, trial("Chemotherapy of HER2 tumors"))[0][ReasonCode.SIMILAR_TEXT].evidence


def test_a_text_that_does_not_name_a_concept_quotes_nothing_for_it(explainer):
    assert side(explainer, "heart attack").quote(Kind.CONDITION, 0) is None
