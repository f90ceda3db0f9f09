import pytest
from hypothesis import given
from hypothesis import strategies as st

from trialkin.index.stopping import StopClass, stop_class


@pytest.mark.parametrize(
    ("reason", "kind"),
    [
        ("Slow accrual", StopClass.SLOW_ENROLMENT),
        ("unable to recruit patients", StopClass.SLOW_ENROLMENT),
        ("inclusion rate too low", StopClass.SLOW_ENROLMENT),
        ("No participants enrolled", StopClass.SLOW_ENROLMENT),
        ("Lack of funding", StopClass.FUNDING),
        ("Grant ended", StopClass.FUNDING),
        ("Halted because of toxicity", StopClass.SAFETY),
        ("Safety concerns of the DSMB", StopClass.SAFETY),
        ("Futility at the interim analysis", StopClass.FUTILITY),
        ("Lack of efficacy", StopClass.FUTILITY),
        ("Did not meet the primary endpoint", StopClass.FUTILITY),
        ("Primary endpoint met early", StopClass.EFFICACY),
        ("Due to COVID-19", StopClass.PANDEMIC),
        ("Sponsor decision", StopClass.BUSINESS),
        ("Terminated for strategic reasons", StopClass.BUSINESS),
        ("The PI left the institution", StopClass.STAFF),
        ("Drug supply issues", StopClass.SUPPLY),
        ("FDA clinical hold", StopClass.REGULATORY),
        ("Never started", StopClass.OTHER),
    ],
)
def test_reasons_fall_into_coarse_classes(reason, kind):
    assert stop_class(reason) is kind
    assert stop_class(reason.upper()) is kind


@pytest.mark.parametrize(
    ("reason", "kind"),
    [
        ("Business decision, not related to safety or efficacy", StopClass.BUSINESS),
        ("Company decision; no safety concerns", StopClass.BUSINESS),
        ("Not due to safety; recruitment challenges", StopClass.SLOW_ENROLMENT),
        ("No efficacy", StopClass.FUTILITY),
    ],
)
def test_what_is_denied_is_no_reason(reason, kind):
    assert stop_class(reason) is kind


@given(st.text())
def test_any_text_has_a_class(reason):
    assert stop_class(reason) in StopClass
