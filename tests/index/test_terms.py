from hypothesis import given
from hypothesis import strategies as st

from trialkin.data import Trial
from trialkin.index.terms import terms, weighted_terms

PRINTABLE = st.text(st.characters(min_codepoint=32, max_codepoint=126), max_size=60)


def test_words_lose_their_endings_case_accents_and_stop_words():
    assert terms("The Treatments of Sjögren and TREATED patients") == ["treatment", "sjogren", "treat", "patient"]


def test_a_compound_gives_its_parts():
    assert terms("steroid-resistant") == ["steroid", "resist"]
    assert terms("anti-CD38") == ["anti", "cd38"]


def test_a_compound_with_a_short_part_or_a_number_is_also_joined():
    assert terms("IL-17") == ["il", "17", "il17"]
    assert terms("PD-1/PD-L1")[:2] == ["pd", "1"]
    assert terms("COVID-19") == ["covid", "19", "covid19"]


def test_a_joined_spelling_meets_a_hyphened_one():
    assert set(terms("IL17")) <= set(terms("IL-17"))


def test_a_possessive_is_the_word_itself():
    assert terms("Crohn's") == terms("Crohn")


def test_single_letters_fall_away_and_single_digits_stay():
    assert terms("vitamin d 3") == ["vitamin", "3"]


def test_text_without_words_has_no_terms():
    assert terms("") == terms(" -- ! ") == terms("the of and") == []


@given(PRINTABLE)
def test_letter_case_never_matters(text):
    assert terms(text.upper()) == terms(text.lower())


@given(PRINTABLE, PRINTABLE)
def test_the_terms_of_two_texts_are_those_of_each(first, second):
    assert terms(f"{first} {second}") == terms(first) + terms(second)


def test_each_field_has_its_weight():
    trial = Trial(
        nct_id="NCT00000001",
        brief_title="alpha",
        acronym="beta",
        official_title="gamma",
        conditions=("delta",),
        interventions=({"name": "epsilon", "description": "zeta"},),
        brief_summary="eta",
    )
    found = {term: weight for term, weight, _ in weighted_terms(trial)}
    assert (found["alpha"], found["beta"], found["delta"], found["epsilon"]) == (3, 3, 2, 2)
    assert found["gamma"] == found["zeta"] == found["eta"] == 1


def test_a_trial_is_found_by_its_own_and_other_registries_numbers():
    trial = Trial(nct_id="NCT00000001", org_study_id="ABC123", secondary_ids=({"id": "EUCTR77"},))
    assert [term for term, _, _ in weighted_terms(trial)] == ["nct00000001", "abc123", "euctr77"]


def test_arms_outcomes_and_headings_are_words_of_the_trial():
    trial = Trial(
        nct_id="NCT00000001",
        arm_groups=({"label": "theta", "description": "iota"},),
        primary_outcomes=({"measure": "kappa"},),
        secondary_outcomes=({"measure": "lambda"},),
        condition_meshes=({"term": "sigma"},),
        eligibility_criteria="tau",
        keywords=("rho",),
    )
    found = {term for term, _, _ in weighted_terms(trial)}
    assert {"theta", "iota", "kappa", "lambda", "sigma", "tau", "rho"} <= found


def test_the_topic_is_what_says_what_a_trial_is_about():
    trial = Trial(
        nct_id="NCT00000001",
        brief_title="alpha",
        official_title="gamma",
        conditions=("delta",),
        keywords=("rho",),
        interventions=({"name": "epsilon", "description": "zeta", "other_names": ("omega",)},),
        condition_meshes=({"term": "sigma"},),
        brief_summary="eta",
        detailed_description="phi",
        arm_groups=({"label": "theta"},),
        primary_outcomes=({"measure": "kappa"},),
        eligibility_criteria="tau",
    )
    topic = {term for term, _, topical in weighted_terms(trial) if topical}
    rest = {term for term, _, topical in weighted_terms(trial) if not topical}
    assert topic == {"alpha", "gamma", "delta", "rho", "epsilon", "omega", "sigma", "eta", "phi"}
    assert rest == {"zeta", "theta", "kappa", "tau", "nct00000001"}
