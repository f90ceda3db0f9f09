import pytest

from trialkin.data import Trial
from trialkin.index import Index
from trialkin.index.record_terms import weighted_terms, with_drugs
from trialkin.index.terms import terms


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


@pytest.mark.parametrize(
    ("text", "own"),
    [
        ("Keytruda in melanoma", ["pembrolizumab"]),
        ("MK-3475 in melanoma", ["pembrolizumab"]),
        ("MK 3475 in melanoma", ["pembrolizumab"]),
        ("Truvada in pregnancy", ["emtricitabin", "tenofovir"]),
        ("Pembrolizumab (MK-3475)", ["pembrolizumab"]),
        ("pembrolizumab in melanoma", []),
        ("surgery", []),
    ],
)
def test_drugs_are_also_called_by_their_own_names(text, own):
    assert [*with_drugs(terms(text))] == [*terms(text), *own]


def test_the_own_name_of_a_drug_has_the_weight_of_the_field_that_calls_it_otherwise():
    trial = Trial(nct_id="NCT00000001", brief_title="Keytruda", eligibility_criteria="no Gleevec")
    found = {term: (weight, topical) for term, weight, topical in weighted_terms(trial)}
    assert found["pembrolizumab"] == found["keytruda"] == (3, True)
    assert found["imatinib"] == (1, False)


@pytest.fixture(scope="module")
def index(make_trial, make_home, encoder, open_index_with) -> Index:
    titles = [
        "Keytruda in mesothelioma",
        "MK-3475 after resection of a sarcoma",
        "Pembrolizumab in thymoma",
    ]
    titles += [f"Inhaled steroids in asthma, cohort {number}" for number in range(25)]
    trials = [make_trial(number, brief_title=title) for number, title in enumerate(titles, start=1)]
    return open_index_with(encoder, make_home(trials, encoder))


def test_trials_of_one_drug_are_kin_whatever_they_call_it(index):
    drug = {"NCT00000001", "NCT00000002", "NCT00000003"}
    for one in drug:
        assert {hit.nct_id for hit in index.related(one, 2)} == drug - {one}
    for text in ("pembrolizumab", "Keytruda", "MK3475"):
        assert {hit.nct_id for hit in index.search(text, 3)} == drug
