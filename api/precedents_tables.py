"""How trials of a kind were built, as tables for people."""

from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

from ..index.precedents import CodeSummary, NumberSummary, Precedents, Stopped
from .labels import code_label, phase_label
from .words import shortened

_NUMBERS = {
    "enrollment_actual": "Enrolment, actual",
    "enrollment_estimated": "Enrolment, planned",
    "months_to_primary_completion": "Months to primary completion",
    "months_to_completion": "Months to completion",
    "arms": "Arms",
    "sites": "Sites",
    "countries": "Countries",
}
_CODES = {"study_types": "Type", "phases": "Phase", "allocation": "Allocation", "masking": "Masking"}
_EXAMPLES = 3
_REASONS = 5


def write_precedents(title: str, found: Precedents, console: Console) -> None:
    """A table of numbers, one of codes, one of endpoints, and how many trials were stopped early and why."""
    console.print(Text(f"{title}\n", style="bold"))
    console.print(_numbers({label: getattr(found, name) for name, label in _NUMBERS.items()}))
    console.print(_codes({label: getattr(found, name) for name, label in _CODES.items()}))
    if found.primary_outcomes:
        console.print(_endpoints(found))
    _write_stopped(found.stopped, console)


def _numbers(rows: dict[str, NumberSummary]) -> Table:
    table = _table("", "Trials", "Not stated", "Min", "Q1", "Median", "Q3", "Max")
    for label, one in rows.items():
        figures = [_figure(value) for value in (one.min, one.q1, one.median, one.q3, one.max)]
        table.add_row(label, str(one.n), str(one.missing), *figures)
    return table


def _figure(value: float | None) -> str:
    if value is None:
        return "–"
    return f"{value:,.0f}" if value == int(value) else f"{value:,.1f}"


def _codes(rows: dict[str, CodeSummary]) -> Table:
    table = _table("", "Trials", "Not stated")
    table.add_column("Values", ratio=1)
    for label, one in rows.items():
        values = ", ".join(f"{_label(label, count.value)} {count.n}" for count in one.counts)
        table.add_row(label, str(one.n), str(one.missing), Text(values or "–"))
    return table


def _label(field: str, value: str) -> str:
    if value == "NA":
        return "Not applicable"
    return phase_label([value]) + ":" if field == "Phase" else code_label(value)


def _endpoints(found: Precedents) -> Table:
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, expand=True)
    table.add_column("Trials", justify="right")
    table.add_column("Primary outcome, and some of its trials", ratio=1)
    shared = [group for group in found.primary_outcomes if group.n > 1]
    for group in shared or found.primary_outcomes[:_EXAMPLES]:
        ids = ", ".join(one.nct_id for one in group.examples[:_EXAMPLES])
        table.add_row(str(group.n), Text.assemble(" ".join(group.measure.split()), "\n", (ids, "dim")))
    return table


def _write_stopped(stopped: Stopped, console: Console) -> None:
    if stopped.share is None:
        console.print("No trial states a status that is known.")
        return
    kinds = ", ".join(f"{code_label(one.value).lower()} {one.n}" for one in stopped.by_status)
    console.print(f"Stopped early: {stopped.n} of {stopped.of} ({stopped.share:.0%}){f': {kinds}' if kinds else ''}.")
    for group in stopped.reasons:
        console.print(f"  {code_label(group.class_)} {group.n}")
        for one in group.reasons[:_REASONS]:
            console.print(Text(f"    {one.nct_id} “{shortened(one.text)}”", style="dim"))
        if len(group.reasons) > _REASONS:
            console.print(f"    and {len(group.reasons) - _REASONS} more", style="dim")
    if stopped.unstated:
        console.print(
            f"  Without a reason {len(stopped.unstated)}: {', '.join(stopped.unstated[:_REASONS])}", style="dim"
        )


def _table(first: str, *numbers: str) -> Table:
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    table.add_column(first)
    for heading in numbers:
        table.add_column(heading, justify="right")
    return table
