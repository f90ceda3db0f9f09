"""Measured systems side by side, as Markdown."""

from pathlib import Path

from systems import Run

from trialkin.index.measures import bootstrap_interval, by_group, mean, paired_bootstrap
from trialkin.index.truth import TruthSet

BEGIN, END = "<!-- {}:begin -->", "<!-- {}:end -->"


def values_table(truth_sets: list[TruthSet], runs: dict[str, Run]) -> str:
    """A row a measure, a column a system: the mean and its 95% interval; the best of a row is bold."""
    lines = [f"| set | measure | {' | '.join(runs)} |", "|---" * (len(runs) + 2) + "|"]
    for truth in truth_sets:
        for place, name in enumerate(truth.measures):
            means = {system: mean(truth, run[truth.name])[name] for system, run in runs.items()}
            cells = []
            for system, run in runs.items():
                low, high = bootstrap_interval(by_group(truth, run[truth.name][name]))
                shown = f"{means[system]:.3f}"
                bold = "**" if shown == f"{max(means.values()):.3f}" else ""
                cells.append(f"{bold}{shown}{bold} ({low:.2f} to {high:.2f})")
            lines.append(f"| {truth.name if place == 0 else ''} | {name} | {' | '.join(cells)} |")
    return "\n".join(lines)


def differences_table(truth_sets: list[TruthSet], run: Run, others: dict[str, Run]) -> str:
    """A row a measure: how much better a system is than the best of the others, on the same reviews or queries."""
    lines = [
        "| set | measure | best of the others | difference | 95% interval | resamples without a gain |",
        "|---|---|---|---|---|---|",
    ]
    for truth in truth_sets:
        for place, name in enumerate(truth.measures):
            best = max(others, key=lambda one: mean(truth, others[one][truth.name])[name])
            a, b = (by_group(truth, one[truth.name][name]) for one in (run, others[best]))
            found = paired_bootstrap(a, b)
            cells = f"{best} | {found.mean:+.3f} | {found.low:+.3f} to {found.high:+.3f} | {found.not_above:.1%}"
            lines.append(f"| {truth.name if place == 0 else ''} | {name} | {cells} |")
    return "\n".join(lines)


def replace_block(page: Path, text: str, name: str = "table") -> None:
    """Put a text between the markers of that name on a page.

    Raises:
        SystemExit: the page lacks the markers.
    """
    first, last = BEGIN.format(name), END.format(name)
    before, begin, rest = page.read_text().partition(first)
    _, end, after = rest.partition(last)
    if not begin or not end:
        raise SystemExit(f"{page} lacks {first} or {last}; put them where the table belongs.")
    page.write_text(f"{before}{first}\n{text}\n{last}{after}")
