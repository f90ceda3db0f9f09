import pytest

from trialkin.data.trial import ArmGroup, Intervention, MeshTerm
from trialkin.index.comparing import compare
from trialkin.index.comparison import Relation


def drugs(make_trial, first, second, **fields):
    def trial(number, given):
        made = [one if isinstance(one, Intervention) else Intervention(name=one, type="DRUG") for one in given]
        return make_trial(number, interventions=made, **fields)

    return compare(trial(1, first), trial(2, second)).interventions


def pairs(section):
    def name(one):
        return getattr(one, "name", None) or getattr(one, "label", None) or one

    return [(name(one.first), name(one.second)) for one in section.pairs]


def conditions(make_trial, first, second, **fields):
    return compare(make_trial(1, conditions=first, **fields), make_trial(2, conditions=second, **fields)).conditions


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("Immune Thrombocytopenia (ITP)", "ITP - Immune Thrombocytopenia"),
        ("Immune Thrombocytopenia (ITP)", "ITP"),
        ("Breast Cancer", "breast cancer"),
    ],
)
def test_a_condition_is_the_same_in_any_of_its_spellings(make_trial, first, second):
    (pair,) = conditions(make_trial, [first], [second]).pairs
    assert pair.relation is Relation.SAME


def test_a_qualified_condition_is_alike_but_not_the_same(make_trial):
    (pair,) = conditions(make_trial, ["Primary Immune Thrombocytopenia"], ["Immune Thrombocytopenia"]).pairs
    assert (pair.relation, pair.differing) == (Relation.DIFFERENT, ("name",))


def test_cancers_of_two_organs_are_not_paired(make_trial):
    assert pairs(conditions(make_trial, ["Breast Cancer"], ["Lung Cancer"])) == []


def test_conditions_of_one_mesh_heading_are_paired_whatever_their_words(make_trial):
    meshes = [MeshTerm(term="Purpura, Thrombocytopenic, Idiopathic")]
    assert pairs(conditions(make_trial, ["Werlhof's disease"], ["ITP"], condition_meshes=meshes)) == [
        ("Werlhof's disease", "ITP")
    ]


def test_an_intervention_is_found_by_its_other_names(make_trial):
    named = Intervention(name="CM313", type="DRUG", other_names=("anti-CD38 antibody",))
    assert pairs(drugs(make_trial, [named], ["anti-CD38 antibody"])) == [("CM313", "anti-CD38 antibody")]


def test_an_intervention_is_found_by_what_a_record_says_in_brackets(make_trial):
    found = drugs(make_trial, ["Everolimus"], ["RAD001"], brief_summary="A trial of RAD001 (everolimus).")
    assert pairs(found) == [("Everolimus", "RAD001")]
    assert pairs(drugs(make_trial, ["Everolimus"], ["RAD001"])) == []


def test_a_dose_in_the_name_does_not_hide_the_drug(make_trial):
    (pair,) = drugs(make_trial, ["low-dose rituximab"], ["rituximab"]).pairs
    assert pair.differing == ("name",)


def test_two_drugs_of_one_class_are_not_one_drug(make_trial):
    assert pairs(drugs(make_trial, ["prednisone"], ["dexamethasone"])) == []


def test_a_placebo_is_paired_with_placebos_alone(make_trial):
    found = drugs(make_trial, ["Rituximab placebo"], ["Rituximab", "Placebo"])
    assert pairs(found) == [("Rituximab placebo", "Placebo")]


def test_changed_doses_of_a_description_are_marked(make_trial):
    first = Intervention(name="Iguratimod", type="DRUG", description="25 mg twice a day over 12 weeks")
    second = Intervention(name="Iguratimod", type="DRUG", description="25 mg twice a day, 26 weeks")
    (pair,) = drugs(make_trial, [first], [second]).pairs
    assert pair.differing == ("description",)
    assert [one.relation for one in pair.thresholds] == [Relation.SAME, Relation.DIFFERENT]


def arms(make_trial, first, second):
    return compare(make_trial(1, arm_groups=first), make_trial(2, arm_groups=second)).arms


def test_arms_are_paired_by_what_is_given_in_them(make_trial):
    first = [
        ArmGroup(label="A", type="EXPERIMENTAL", intervention_names=("Drug: rituximab", "Drug: iguratimod")),
        ArmGroup(label="B", type="ACTIVE_COMPARATOR", intervention_names=("Drug: rituximab",)),
    ]
    second = [
        ArmGroup(label="1", type="ACTIVE_COMPARATOR", intervention_names=("Drug: rituximab",)),
        ArmGroup(label="2", type="EXPERIMENTAL", intervention_names=("Drug: iguratimod", "Drug: rituximab")),
    ]
    assert pairs(arms(make_trial, first, second)) == [("A", "2"), ("B", "1")]


def test_a_placebo_arm_stands_beside_no_other_arm(make_trial):
    first = [ArmGroup(label="Placebo", type="PLACEBO_COMPARATOR")]
    second = [ArmGroup(label="Placebo", type="EXPERIMENTAL")]
    assert pairs(arms(make_trial, first, second)) == []


def test_the_only_arms_of_one_type_stand_beside_each_other(make_trial):
    first = [ArmGroup(label="Rituximab", type="EXPERIMENTAL"), ArmGroup(label="Saline", type="PLACEBO_COMPARATOR")]
    second = [ArmGroup(label="Eltrombopag", type="EXPERIMENTAL")]
    assert pairs(arms(make_trial, first, second)) == [("Rituximab", "Eltrombopag")]
