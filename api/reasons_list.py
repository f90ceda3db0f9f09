"""Ranked answers as a list for people, each with its reasons and with what both records say."""

from rich.console import Console
from rich.padding import Padding
from rich.text import Text

from ..index import Evidence, Hit, Reason
from .labels import code_label, phase_label

_INDENT = 5


def write_reasons(title: str, hits: list[Hit], console: Console) -> None:
    """One answer: a block a hit, with its sentence and a line a reason."""
    console.print(Text(f"{title}\n", style="bold"))
    for hit in hits:
        phases, status = phase_label(hit.phases), code_label(hit.overall_status)
        console.print(Text(f"{hit.rank:>{_INDENT - 2}}  {hit.nct_id}  {hit.score:.2f}  phase {phases}, {status}"))
        console.print(_indented(Text(hit.title, style="bold")))
        if hit.why:
            console.print(_indented(Text(hit.why, style="dim")))
        for reason in hit.reasons:
            console.print(_indented(Text(reason_line(reason, hit.score))))
        console.print()


def reason_line(reason: Reason, score: float) -> str:
    """``Same intervention 24%: “Iguratimod” (interventions of both)``; the share is that of the score."""
    share = reason.share / score if score > 0 else 0.0
    quotes = "; ".join(map(_quoted, reason.evidence))
    return f"{code_label(reason.code)} {share:.0%}{f': {quotes}' if quotes else ''}"


def _quoted(one: Evidence) -> str:
    if (one.query_text, one.query_field) == (one.hit_text, one.hit_field):
        return f"“{one.hit_text}” ({one.hit_field} of both)"
    return f"“{one.query_text}” ({one.query_field}) and “{one.hit_text}” ({one.hit_field})"


def _indented(text: Text) -> Padding:
    return Padding(text, (0, 0, 0, _INDENT), expand=False)
