import time

import pytest

from trialkin.data.spelled import code, date, flag, masking, phases


@pytest.mark.parametrize(
    ("spelled", "coded"),
    [
        ("Active, not recruiting", "ACTIVE_NOT_RECRUITING"),
        ("Unknown status", "UNKNOWN"),
        ("Enrolling by invitation", "ENROLLING_BY_INVITATION"),
        ("Expanded Access", "EXPANDED_ACCESS"),
        ("Observational [Patient Registry]", "OBSERVATIONAL"),
        ("Parallel Assignment", "PARALLEL"),
        ("Single Group Assignment", "SINGLE_GROUP"),
        ("Non-Randomized", "NON_RANDOMIZED"),
        ("N/A", "NA"),
        ("Educational/Counseling/Training", "ECT"),
        ("Case-Control", "CASE_CONTROL"),
        ("U.S. Fed", "FED"),
        ("Anticipated", "ESTIMATED"),
        ("Both", "ALL"),
        ("Dietary Supplement", "DIETARY_SUPPLEMENT"),
        ("RECRUITING", "RECRUITING"),
        ("", None),
        (None, None),
    ],
)
def test_values_become_codes(spelled, coded):
    assert code(spelled) == coded


@pytest.mark.parametrize(
    ("spelled", "coded"),
    [
        ("Phase 2/Phase 3", ["PHASE2", "PHASE3"]),
        ("PHASE1|PHASE2", ["PHASE1", "PHASE2"]),
        ("PHASE4", ["PHASE4"]),
        ("Early Phase 1", ["EARLY_PHASE1"]),
        ("Phase 0", ["EARLY_PHASE1"]),
        ("N/A", ["NA"]),
        ("Not Applicable", ["NA"]),
        ("", []),
        (None, []),
    ],
)
def test_phases_become_codes(spelled, coded):
    assert phases(spelled) == coded


@pytest.mark.parametrize(
    ("spelled", "coded"),
    [
        ("Double (Participant, Investigator)", "DOUBLE"),
        ("Double-Blind", "DOUBLE"),
        ("None (Open Label)", "NONE"),
        ("Open Label", "NONE"),
        ("No masking", "NONE"),
        ("QUADRUPLE", "QUADRUPLE"),
        ("", None),
    ],
)
def test_masking_becomes_a_code(spelled, coded):
    assert masking(spelled) == coded


@pytest.mark.parametrize(
    ("spelled", "written"),
    [
        ("June 24, 2005", "2005-06-24"),
        ("June 2005", "2005-06"),
        ("2005-06-24", "2005-06-24"),
        ("2005-06", "2005-06"),
        ("2005", "2005"),
        ("11/29/16", "2016-11-29"),
        ("16-Nov", "2016-11"),
        ("4-Apr", "2004-04"),
        ("17-Aug-18", "2018-08-17"),
        ("  July   1,\n 1999 ", "1999-07-01"),
        ("", None),
        (None, None),
    ],
)
def test_dates_are_written_as_the_registry_does_today(spelled, written):
    assert date(spelled) == written


def test_what_is_no_date_stays_for_the_record_to_be_refused_by():
    assert date("sometime in May") == "sometime in May"


@pytest.mark.parametrize(
    ("spelled", "meant"),
    [
        ("t", True),
        ("TRUE", True),
        ("Yes", True),
        ("Accepts Healthy Volunteers", True),
        ("f", False),
        ("FALSE", False),
        (" No ", False),
        ("", None),
        (None, None),
        ("perhaps", "perhaps"),
    ],
)
def test_flags_become_truth_values_and_what_is_none_stays(spelled, meant):
    assert flag(spelled) == meant


def test_a_value_of_blanks_takes_no_more_than_its_length():
    started = time.process_time()
    assert code(f"Parallel{' ' * 200_000}x") == "PARALLEL_X"
    assert time.process_time() - started < 5
