"""A trial's card: the short fields that lists show and filters ask for."""

# pyarrow.compute makes its functions when it is imported, where type checkers do not see them:
# pyright: reportAttributeAccessIssue=false

from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from ..data import Trial

_TEXTS = pa.list_(pa.string())
CARD_SCHEMA = pa.schema(
    [
        pa.field("nctId", pa.string(), nullable=False),
        pa.field("title", pa.string(), nullable=False),
        ("overallStatus", pa.string()),
        ("phases", _TEXTS),
        ("studyType", pa.string()),
        ("enrollmentCount", pa.int64()),
        ("conditions", _TEXTS),
        ("interventions", _TEXTS),
        ("leadSponsor", pa.string()),
        ("sponsorClass", pa.string()),
        ("countries", _TEXTS),
        ("hasResults", pa.bool_()),
        ("sex", pa.string()),
        ("minimumAgeYears", pa.float64()),
        ("maximumAgeYears", pa.float64()),
        ("statesEligibility", pa.bool_()),
        ("startDate", pa.string()),
        ("completionDate", pa.string()),
        ("lastUpdatePostDate", pa.string()),
    ]
)


def card(trial: Trial) -> dict[str, Any]:
    """The card of a trial: a row of `CARD_SCHEMA`."""
    sponsor = trial.lead_sponsor
    states = (trial.eligibility_criteria, trial.sex, trial.minimum_age, trial.maximum_age)
    return {
        "nctId": trial.nct_id,
        "title": trial.title,
        "overallStatus": trial.overall_status,
        "phases": list(trial.phases),
        "studyType": trial.study_type,
        "enrollmentCount": trial.enrollment_count,
        "conditions": list(trial.conditions),
        "interventions": [one.name for one in trial.interventions],
        "leadSponsor": sponsor.name if sponsor else None,
        "sponsorClass": sponsor.class_ if sponsor else None,
        "countries": list(trial.countries),
        "hasResults": trial.has_results,
        "sex": trial.sex,
        "minimumAgeYears": trial.minimum_age_years,
        "maximumAgeYears": trial.maximum_age_years,
        "statesEligibility": any(value is not None for value in states),
        "startDate": first_day(trial.start_date.date) if trial.start_date else None,
        "completionDate": first_day(trial.completion_date.date) if trial.completion_date else None,
        "lastUpdatePostDate": first_day(trial.last_update_post_date),
    }


def first_day(date: str | None) -> str | None:
    """A registry date of any precision as its first day, ``2025-07`` as ``2025-07-01``."""
    return None if date is None else f"{date}-01-01"[:10] if len(date) == 4 else f"{date}-01"[:10]


def age_limits(cards: pa.Table) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """The age from which on trials take people and that at which they do so no more: years, shape (trials,) each.

    0 and infinity where a record states none. An upper limit of 65 years admits people until they turn 66, one of 6
    months until they are 7 months old.
    """
    low = pc.fill_null(cards["minimumAgeYears"], 0.0).to_numpy()
    high = pc.fill_null(cards["maximumAgeYears"], np.inf).to_numpy()
    return low, high + np.where(high < 2, 1 / 12, 1)
