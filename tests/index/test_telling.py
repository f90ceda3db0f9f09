from trialkin.data.trial import Intervention, MeshTerm, Outcome, Sponsor
from trialkin.index.comparing import compare

DRUGS = {name: Intervention(name=name, type="DRUG") for name in ("Rituximab", "Iguratimod", "Placebo")}


def told(first, second):
    return compare(first, second).summary


def test_shared_and_single_drugs_are_named(make_trial):
    first = make_trial(1, conditions=["ITP"], interventions=[DRUGS["Rituximab"], DRUGS["Iguratimod"]])
    second = make_trial(2, conditions=["ITP"], interventions=[DRUGS["Rituximab"], DRUGS["Placebo"]])
    found = told(first, second)
    assert found.likenesses[:2] == ("Both are about ITP.", "Both give Rituximab.")
    assert found.differences[:2] == ("Only NCT00000001 gives Iguratimod.", "Only NCT00000002 gives Placebo.")


def test_a_class_of_drugs_is_told_where_no_drug_is_shared(make_trial):
    classes = [MeshTerm(term="Antibodies, Monoclonal")]
    first = make_trial(1, interventions=[DRUGS["Rituximab"]], intervention_ancestors=classes)
    second = make_trial(2, interventions=[Intervention(name="Alemtuzumab")], intervention_ancestors=classes)
    assert told(first, second).likenesses == ("The drugs of both belong to Antibodies, Monoclonal.",)


def test_a_class_that_the_package_knows_is_told_by_any_name_of_its_drugs(make_trial):
    above = [MeshTerm(term="Enzyme Inhibitors")]
    first = make_trial(1, interventions=[Intervention(name="Humira 40 mg")], intervention_ancestors=above)
    second = make_trial(2, interventions=[Intervention(name="Etanercept")], intervention_ancestors=above)
    assert told(first, second).likenesses == ("Both give TNF inhibitors.",)


def test_controls_and_names_of_classes_count_as_their_words_say(make_trial):
    def given(number, *names):
        return make_trial(number, interventions=[Intervention(name=name) for name in names])

    assert told(given(1, "JAK inhibitor"), given(2, "Tofacitinib")).likenesses == ("Both give JAK inhibitors.",)
    found = told(given(1, "Atorvastatin placebo"), given(2, "Simvastatin"))
    assert not any("statins" in one for one in found.likenesses)


def test_a_changed_threshold_is_quoted_from_both(make_trial):
    first = make_trial(1, eligibility_criteria="Inclusion Criteria:\n- Platelets <30×10⁹/L")
    second = make_trial(2, eligibility_criteria="Inclusion Criteria:\n- Platelets < 20 x 10^9/L")
    assert told(first, second).differences == (
        "“<30×10⁹/L” in NCT00000001 is “< 20 x 10^9/L” in NCT00000002: Platelets <30×10⁹/L.",
    )


def test_sizes_are_told_where_one_is_twice_the_other(make_trial):
    assert told(make_trial(1, enrollment_count=50), make_trial(2, enrollment_count=60)).differences == ()
    assert told(make_trial(1, enrollment_count=50), make_trial(2, enrollment_count=1200)).differences == (
        "NCT00000001 enrols 50, NCT00000002 1,200.",
    )


def test_design_is_told_in_words(make_trial):
    sponsor = Sponsor(name="A Hospital")
    first = make_trial(1, phases=["PHASE2", "PHASE3"], allocation="RANDOMIZED", lead_sponsor=sponsor)
    second = make_trial(2, phases=["PHASE2"], allocation="RANDOMIZED", lead_sponsor=sponsor)
    found = told(first, second)
    assert found.likenesses == ("Both have allocation randomized, the lead sponsor A Hospital.",)
    assert found.differences == ("Phase: NCT00000001 2/3, NCT00000002 2.",)


def test_unlike_primary_outcomes_are_quoted(make_trial):
    first = make_trial(1, primary_outcomes=[Outcome(measure="Overall survival")])
    second = make_trial(2, primary_outcomes=[Outcome(measure="Pain")])
    assert told(first, second).differences == ("Primary outcome: NCT00000001 “Overall survival”, NCT00000002 “Pain”.",)


def test_of_trials_that_say_nothing_nothing_is_told(make_trial):
    found = told(make_trial(1), make_trial(2))
    assert (found.likenesses, found.differences) == ((), ())
