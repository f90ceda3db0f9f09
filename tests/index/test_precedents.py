from hypothesis import given
from hypothesis import strategies as st

from trialkin.data import Trial
from trialkin.data.trial import ArmGroup, Outcome, Site, StudyDate
from trialkin.index.precedents import FIELDS, CodeCount, NumberSummary, precedents
from trialkin.index.stopping import StopClass


def test_numbers_are_summed_up_with_those_that_do_not_state_them(make_trial):
    arms = [ArmGroup(label="A"), ArmGroup(label="B")]
    trials = [
        make_trial(1, enrollment_count=10, enrollment_type="ACTUAL", arm_groups=arms[:1]),
        make_trial(2, enrollment_count=20, enrollment_type="ACTUAL", arm_groups=arms),
        make_trial(3, enrollment_count=60, enrollment_type="ACTUAL"),
        make_trial(4, enrollment_count=500, enrollment_type="ESTIMATED"),
        make_trial(5),
    ]
    found = precedents(trials)
    assert found.enrollment_actual == NumberSummary(n=3, missing=2, min=10, q1=15, median=20, q3=40, max=60)
    assert (found.enrollment_estimated.n, found.enrollment_estimated.median) == (1, 500)
    assert (found.arms.n, found.arms.missing, found.arms.max) == (2, 3, 2)


def months(make_trial, start, end):
    dates = {"start_date": StudyDate(date=start), "completion_date": StudyDate(date=end)}
    return precedents([make_trial(1, **dates)]).months_to_completion


def test_durations_are_in_months(make_trial):
    assert months(make_trial, "2020-01-01", "2022-01-01").median == 24.0
    assert months(make_trial, "2020-01", "2021-01-15").median == 12.0


def test_years_alone_impossible_days_and_ends_before_the_start_count_as_missing(make_trial):
    for start, end in (("2020", "2022-01-01"), ("2020-02-30", "2022-01-01"), ("2022-01-01", "2020-01-01")):
        assert months(make_trial, start, end) == NumberSummary(n=0, missing=1)


def test_codes_are_counted_by_trials(make_trial):
    trials = [make_trial(1, phases=["PHASE2", "PHASE3"]), make_trial(2, phases=["PHASE2"]), make_trial(3)]
    found = precedents(trials).phases
    assert (found.n, found.missing) == (2, 1)
    assert found.counts == (CodeCount(value="PHASE2", n=2), CodeCount(value="PHASE3", n=1))


def test_sites_and_countries_are_counted(make_trial):
    sites = [Site(country="China"), Site(country="France"), Site(country="France")]
    found = precedents([make_trial(1, locations=sites, countries=["China", "France"])])
    assert (found.sites.median, found.countries.median) == (3, 2)


def test_the_share_stopped_is_of_known_status_with_reasons_by_class(make_trial):
    trials = [
        make_trial(1, overall_status="TERMINATED", why_stopped="Slow accrual"),
        make_trial(2, overall_status="WITHDRAWN", why_stopped="No funding"),
        make_trial(3, overall_status="SUSPENDED", why_stopped="Low enrolment"),
        make_trial(4, overall_status="TERMINATED"),
        *(make_trial(number, overall_status="COMPLETED") for number in range(5, 9)),
        make_trial(9, overall_status="UNKNOWN"),
        make_trial(10),
    ]
    found = precedents(trials).stopped
    assert (found.of, found.n, found.share) == (8, 4, 0.5)
    assert {one.value: one.n for one in found.by_status} == {"TERMINATED": 2, "SUSPENDED": 1, "WITHDRAWN": 1}
    assert [(one.class_, one.n) for one in found.reasons] == [(StopClass.SLOW_ENROLMENT, 2), (StopClass.FUNDING, 1)]
    assert [(one.nct_id, one.text) for one in found.reasons[0].reasons] == [
        ("NCT00000001", "Slow accrual"),
        ("NCT00000003", "Low enrolment"),
    ]
    assert found.unstated == ("NCT00000004",)


def test_of_no_trials_everything_is_empty():
    found = precedents([])
    assert (found.n, found.primary_outcomes, found.stopped.share) == (0, (), None)
    assert found.enrollment_actual == NumberSummary(n=0, missing=0)


def test_the_fields_it_names_are_all_that_it_needs(sample_trials):
    aliases = {str(field.alias): name for name, field in Trial.model_fields.items()}
    kept = {aliases[name] for name in FIELDS}
    cut = [Trial(**{name: getattr(one, name) for name in kept}) for one in sample_trials[:60]]
    assert precedents(cut) == precedents(sample_trials[:60])


TRIALS = st.lists(
    st.fixed_dictionaries(
        {
            "overall_status": st.one_of(st.none(), st.sampled_from(["TERMINATED", "COMPLETED", "UNKNOWN", "?"])),
            "why_stopped": st.one_of(st.none(), st.text(max_size=20)),
            "start_date": st.one_of(st.none(), st.sampled_from(["0000", "0000-01", "2020", "2020-01", "9999-12-31"])),
            "completion_date": st.one_of(st.none(), st.sampled_from(["0001-01", "2021-02-29", "2022-01"])),
            "enrollment_count": st.one_of(st.none(), st.integers(0, 2**63 - 1)),
            "enrollment_type": st.one_of(st.none(), st.sampled_from(["ACTUAL", "ESTIMATED", "?"])),
            "primary_outcomes": st.lists(st.text(max_size=20).map(lambda text: Outcome(measure=text)), max_size=3),
        }
    ),
    max_size=6,
)


@given(TRIALS)
def test_any_records_can_be_summed_up_and_none_is_lost(given_fields):
    trials = []
    for number, fields in enumerate(given_fields, 1):
        dates = {name: fields[name] and StudyDate(date=fields[name]) for name in ("start_date", "completion_date")}
        trials.append(Trial(nct_id=f"NCT{number:08d}", **(fields | dates)))
    found = precedents(trials)
    for one in (found.enrollment_actual, found.months_to_completion, found.arms):
        assert one.n + one.missing == len(trials)
    stopped = sum(one.overall_status == "TERMINATED" for one in trials)
    assert sum(one.n for one in found.stopped.reasons) + len(found.stopped.unstated) == found.stopped.n == stopped
    with_outcomes = {one.nct_id for one in trials if one.primary_outcomes}
    assert {nct_id for group in found.primary_outcomes for nct_id in group.nct_ids} <= with_outcomes
