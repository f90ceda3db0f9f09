"""The options that several commands share, and what they mean to the index."""

from typing import Annotated

import typer

from ..errors import UsageError
from ..index import PRESETS, Filters, parse_near

Top = Annotated[int, typer.Option("--top", "-n", help="How many trials to list.", show_default=True)]
WeightsText = Annotated[
    str,
    typer.Option(
        "--weights",
        help="What counts more or less, such as condition=2,intervention=0.5. "
        "Aspects: condition, intervention, design, population, outcome, period, text.",
    ),
]
PresetName = Annotated[
    str,
    typer.Option("--preset", help=f"Weights for a purpose: {', '.join(PRESETS)}. --weights come on top."),
]
Status = Annotated[list[str] | None, typer.Option("--status", help="Overall status, such as RECRUITING. Repeatable.")]
Phase = Annotated[list[str] | None, typer.Option("--phase", help="Phase, such as PHASE2. Repeatable.")]
StudyType = Annotated[list[str] | None, typer.Option("--study-type", help="Such as INTERVENTIONAL. Repeatable.")]
Country = Annotated[list[str] | None, typer.Option("--country", help="Country of any site. Repeatable.")]
SponsorClass = Annotated[
    list[str] | None, typer.Option("--sponsor-class", help="Class of the lead sponsor, such as INDUSTRY. Repeatable.")
]
Sex = Annotated[str | None, typer.Option("--sex", help="FEMALE or MALE: trials that admit them.")]
Age = Annotated[float | None, typer.Option("--age", help="Age in years: trials that admit it.")]
Start = Annotated[str | None, typer.Option("--start", help="Start date as FROM..TO; either may be left out.")]
Completion = Annotated[str | None, typer.Option("--completion", help="Completion date as FROM..TO.")]
Updated = Annotated[str | None, typer.Option("--updated", help="Date of the last update as FROM..TO.")]
HasResults = Annotated[
    bool | None, typer.Option("--has-results/--no-results", help="Only trials with, or without, posted results.")
]
NearPlace = Annotated[
    str | None,
    typer.Option(
        "--near", help="Trials with a site near a place, as LATITUDE,LONGITUDE,DISTANCE in km or mi: 39.9,116.4,50mi."
    ),
]


def make_filters(
    *,
    status: list[str] | None,
    phase: list[str] | None,
    study_type: list[str] | None,
    country: list[str] | None,
    sponsor_class: list[str] | None,
    sex: str | None,
    age: float | None,
    start: str | None,
    completion: str | None,
    updated: str | None,
    has_results: bool | None,
    near: str | None = None,
) -> Filters:
    """The filters of one command or request.

    Raises:
        UsageError: a range, a date or a place is malformed.
    """
    starts, completions, updates = date_range(start), date_range(completion), date_range(updated)
    return Filters(
        status=tuple(status or ()),
        phase=tuple(phase or ()),
        study_type=tuple(study_type or ()),
        country=tuple(country or ()),
        sponsor_class=tuple(sponsor_class or ()),
        sex=(sex,) if sex else (),
        age=age,
        start_from=starts[0],
        start_to=starts[1],
        completion_from=completions[0],
        completion_to=completions[1],
        updated_from=updates[0],
        updated_to=updates[1],
        has_results=has_results,
        near=parse_near(near) if near is not None else None,
    )


def date_range(text: str | None) -> tuple[str | None, str | None]:
    """``2020..2022`` as its two ends; ``2020..`` and ``..2022`` are open, ``2021`` is that year.

    Raises:
        UsageError: both ends are missing.
    """
    if text is None:
        return None, None
    first, dots, last = text.partition("..")
    if not dots:
        return first, first
    if not first.strip() and not last.strip():
        raise UsageError(f"{text!r} is no range of dates.", "Write FROM..TO, such as 2020..2022-06 or 2020-01-15.. .")
    return first.strip() or None, last.strip() or None
