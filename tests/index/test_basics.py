from trialkin.data.trial import Site, Sponsor, StudyDate
from trialkin.index.basics import facts
from trialkin.index.comparison import Relation


def of_field(field, first, second):
    return next(one for one in facts(first, second) if one.field == field)


def test_a_field_that_neither_states_is_left_out(make_trial):
    assert facts(make_trial(1), make_trial(2)) == ()


def test_equal_values_are_the_same_and_others_different(make_trial):
    first = make_trial(1, masking="DOUBLE", enrollment_count=120, has_results=False)
    second = make_trial(2, masking="NONE", enrollment_count=120, has_results=False)
    assert {one.field: one.relation for one in facts(first, second)} == {
        "masking": Relation.DIFFERENT,
        "enrollmentCount": Relation.SAME,
        "hasResults": Relation.SAME,
    }


def test_what_only_one_states_is_that_one_s(make_trial):
    first, second = make_trial(1, sex="ALL"), make_trial(2, start_date=StudyDate(date="2020-05"))
    assert [(one.field, one.relation, one.first, one.second) for one in facts(first, second)] == [
        ("startDate", Relation.SECOND_ONLY, (), ("2020-05",)),
        ("sex", Relation.FIRST_ONLY, ("ALL",), ()),
    ]


def test_sets_of_values_may_overlap(make_trial):
    first, second = make_trial(1, phases=("PHASE1", "PHASE2")), make_trial(2, phases=("PHASE2",))
    assert of_field("phases", first, second).relation is Relation.OVERLAPPING


def test_a_set_is_the_same_in_any_order(make_trial):
    first, second = make_trial(1, countries=("China", "France")), make_trial(2, countries=("France", "China"))
    assert of_field("countries", first, second).relation is Relation.SAME


def test_ages_are_the_same_in_any_unit(make_trial):
    first = make_trial(1, minimum_age="2 Years", minimum_age_years=2.0)
    second = make_trial(2, minimum_age="24 Months", minimum_age_years=2.0)
    found = of_field("minimumAge", first, second)
    assert (found.relation, found.first, found.second) == (Relation.SAME, ("2 Years",), ("24 Months",))


def test_sponsors_are_compared_by_name_and_class_and_sites_are_counted(make_trial):
    sites = [Site(country="China"), Site(country="China")]
    first = make_trial(1, lead_sponsor=Sponsor(name="A", class_="INDUSTRY"), locations=sites)
    second = make_trial(2, lead_sponsor=Sponsor(name="a", class_="OTHER"))
    assert of_field("leadSponsor", first, second).relation is Relation.SAME
    assert of_field("leadSponsor.class", first, second).relation is Relation.DIFFERENT
    assert of_field("sites", first, second).first == (2,)


def test_true_is_not_one(make_trial):
    found = of_field(
        "healthyVolunteers", make_trial(1, healthy_volunteers=True), make_trial(2, healthy_volunteers=False)
    )
    assert found.relation is Relation.DIFFERENT
    assert found.model_dump(mode="json")["first"] == [True]
