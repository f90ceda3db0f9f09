import io

import pytest
from rich.console import Console

from trialkin.api.reasons_list import reason_line, write_reasons
from trialkin.index import Evidence, Hit, Reason, ReasonCode

DRUG = Evidence(
    what="Iguratimod", query_field="interventions", query_text="T-614", hit_field="briefTitle", hit_text="[Iguratimod]"
)
PHASE = Evidence(what="phase 2", query_field="phases", query_text="PHASE2", hit_field="phases", hit_text="PHASE2")
REASONS = (
    Reason(code=ReasonCode.SAME_INTERVENTION, share=0.6, evidence=(DRUG,)),
    Reason(code=ReasonCode.SAME_DESIGN, share=0.15, evidence=(PHASE, DRUG)),
    Reason(code=ReasonCode.SIMILAR_TEXT, share=0.05),
)


def hit(rank, **fields):
    return Hit(
        **{
            "rank": rank,
            "nct_id": f"NCT{rank:08d}",
            "title": f"Invented study {rank}",
            "score": 0.8,
            "overall_status": "RECRUITING",
            "phases": ("PHASE2",),
            "study_type": None,
            "enrollment_count": None,
            "start_date": None,
            "conditions": (),
            "interventions": (),
            "lead_sponsor": None,
            "why": "Also tests [red].",
            "reasons": REASONS,
        }
        | fields
    )


def listed(hits, width=200):
    console = Console(file=io.StringIO(), width=width)
    write_reasons("Related to something", hits, console)
    return [line.rstrip() for line in console.file.getvalue().splitlines()]


def test_a_reason_says_its_share_of_the_score_and_quotes_both_records():
    assert reason_line(REASONS[0], 0.8) == (
        "Same intervention 75%: “T-614” (interventions) and “[Iguratimod]” (briefTitle)"
    )


def test_what_both_say_alike_is_quoted_once():
    assert reason_line(REASONS[1], 0.8).startswith("Same design 19%: “PHASE2” (phases of both); “T-614”")


@pytest.mark.parametrize("score", [0.8, 0.0])
def test_a_reason_without_quotes_is_its_name_and_share(score):
    assert reason_line(REASONS[2], score) == f"Similar text {'6%' if score else '0%'}"


def test_every_hit_has_its_sentence_and_a_line_a_reason():
    assert listed([hit(1), hit(12, why="", reasons=(), overall_status=None, phases=())]) == [
        "Related to something",
        "",
        "  1  NCT00000001  0.80  phase 2, Recruiting",
        "     Invented study 1",
        "     Also tests [red].",
        *(f"     {reason_line(one, 0.8)}" for one in REASONS),
        "",
        " 12  NCT00000012  0.80  phase –, –",
        "     Invented study 12",
        "",
    ]


def test_on_a_narrow_terminal_what_goes_on_is_indented():
    lines = listed([hit(1)], width=50)
    assert all(len(line) <= 50 for line in lines)
    assert all(line.startswith(" ") for line in lines[2:] if line)
