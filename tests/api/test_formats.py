import csv
import io
import json

import pytest
from rich.console import Console

from trialkin.api.formats import write_csv, write_json, write_ndjson, write_table, write_trec
from trialkin.index import Evidence, Hit, Reason, ReasonCode

ODD_TITLE = '[bold]A "quoted", title[/bold]\nof two lines; μ and 中文 [/]'

DRUG = Evidence(what="Drug", query_field="interventions", query_text="A drug", hit_field="briefTitle", hit_text="drug")
SIMILAR = Reason(code=ReasonCode.SIMILAR_TEXT, share=0.375)


def hit(rank=1, **fields):
    return Hit(
        **{
            "rank": rank,
            "nct_id": f"NCT{rank:08d}",
            "title": f"Invented study {rank}",
            "score": 0.875 / rank,
            "overall_status": "RECRUITING",
            "phases": ("PHASE2", "PHASE3"),
            "study_type": "INTERVENTIONAL",
            "enrollment_count": 60,
            "start_date": "2020-01-01",
            "conditions": ("One condition", "Another"),
            "interventions": ("A drug",),
            "lead_sponsor": None,
            "why": "Also tests a drug.",
            "reasons": (Reason(code=ReasonCode.SAME_INTERVENTION, share=0.5, evidence=(DRUG,)), SIMILAR),
        }
        | fields
    )


@pytest.fixture
def out():
    return io.StringIO()


def table_of(hits, width=100):
    console = Console(file=io.StringIO(), width=width)
    write_table("Related to something", hits, console)
    return console.file.getvalue()


def test_a_table_shows_rank_id_title_phase_status_and_score_in_words():
    lines = table_of([hit(1), hit(2)]).splitlines()
    assert lines[0].strip() == "Related to something"
    rows = [line.split() for line in lines if "NCT0000000" in line]
    assert rows == [
        ["1", "NCT00000001", "Invented", "study", "1", "2/3", "Recruiting", "0.88"],
        ["2", "NCT00000002", "Invented", "study", "2", "2/3", "Recruiting", "0.44"],
    ]


def test_below_a_title_stands_why_it_is_there():
    lines = table_of([hit(1, why="Also tests [red]."), hit(2, why="")]).splitlines()
    place = next(number for number, line in enumerate(lines) if "NCT00000001" in line)
    assert lines[place + 1].strip() == "Also tests [red]."
    assert lines[place + 1].index("Also") == lines[place].index("Invented")
    assert "NCT00000002" in lines[place + 2]


def test_a_title_in_brackets_is_shown_as_it_is_and_not_taken_for_markup():
    text = table_of([hit(title=ODD_TITLE)], width=200)
    assert '[bold]A "quoted", title[/bold]' in text
    assert "of two lines; μ and 中文 [/]" in text


def test_a_narrow_table_keeps_every_word_of_a_title_and_the_whole_id():
    text = table_of([hit(title="Several long words that cannot stand on one line of the table")], width=60)
    assert "NCT00000001" in text
    assert all(word in text for word in ["Several", "long", "words", "that", "cannot", "stand"])


def test_json_is_one_object_a_line_in_the_registry_s_names(out):
    answers = [("a", [hit(1, title=ODD_TITLE), hit(2)]), ("b", [])]
    write_json(answers, lambda _: {"indexVersion": "0001", "dataDate": None}, out)
    first, second = map(json.loads, out.getvalue().splitlines())
    assert first["query"] == "a"
    assert first["indexVersion"] == "0001"
    assert first["dataDate"] is None
    assert first["hits"][0] == {
        "rank": 1,
        "nctId": "NCT00000001",
        "title": ODD_TITLE,
        "score": 0.875,
        "overallStatus": "RECRUITING",
        "phases": ["PHASE2", "PHASE3"],
        "studyType": "INTERVENTIONAL",
        "enrollmentCount": 60,
        "startDate": "2020-01-01",
        "conditions": ["One condition", "Another"],
        "interventions": ["A drug"],
        "leadSponsor": None,
        "why": "Also tests a drug.",
        "reasons": [
            {
                "code": "SAME_INTERVENTION",
                "share": 0.5,
                "evidence": [
                    {
                        "what": "Drug",
                        "queryField": "interventions",
                        "queryText": "A drug",
                        "hitField": "briefTitle",
                        "hitText": "drug",
                    }
                ],
            },
            {"code": "SIMILAR_TEXT", "share": 0.375, "evidence": []},
        ],
        "family": [],
    }
    assert second == {"indexVersion": "0001", "dataDate": None, "query": "b", "hits": []}


def test_ndjson_is_one_object_a_hit_with_its_query_and_source(out):
    write_ndjson([("a", [hit(1, title=ODD_TITLE), hit(2)]), ("b", []), ("c", [hit(1)])], {"indexVersion": "0001"}, out)
    lines = [json.loads(line) for line in out.getvalue().splitlines()]
    assert [(one["query"], one["nctId"], one["rank"]) for one in lines] == [
        ("a", "NCT00000001", 1),
        ("a", "NCT00000002", 2),
        ("c", "NCT00000001", 1),
    ]
    assert {one["indexVersion"] for one in lines} == {"0001"}
    assert lines[0]["title"] == ODD_TITLE
    assert lines[0]["reasons"][1] == {"code": "SIMILAR_TEXT", "share": 0.375, "evidence": []}


def test_csv_gives_back_what_was_written_whatever_a_title_holds(out):
    write_csv([("a", [hit(1, title=ODD_TITLE, lead_sponsor="One, two")]), ("b", [hit(2)])], out)
    out.seek(0)
    first, second = csv.DictReader(out)
    assert first["title"] == ODD_TITLE
    assert first["leadSponsor"] == "One, two"
    assert first["conditions"] == "One condition|Another"
    assert first["phases"] == "PHASE2|PHASE3"
    assert (first["query"], first["nctId"], first["rank"]) == ("a", "NCT00000001", "1")
    assert float(first["score"]) == 0.875
    assert first["why"] == "Also tests a drug."
    assert first["reasons"] == "SAME_INTERVENTION|SIMILAR_TEXT"
    assert second["leadSponsor"] == ""
    assert second["query"] == "b"


def test_csv_without_hits_still_has_its_heading(out):
    write_csv([("a", [])], out)
    heading = out.getvalue().strip().split(",")
    assert heading[:4] == ["query", "rank", "nctId", "title"]


def test_a_trec_run_has_six_fields_a_line(out):
    write_trec([("NCT07057778", [hit(1), hit(2)])], out)
    assert out.getvalue().splitlines() == [
        "NCT07057778 Q0 NCT00000001 1 0.875 trialkin",
        "NCT07057778 Q0 NCT00000002 2 0.4375 trialkin",
    ]


def test_the_scores_of_a_trec_run_keep_the_order_however_close_they_are(out):
    close = [0.1 + 0.2, 0.3, 1e-9]
    write_trec([("q", [hit(rank, score=score) for rank, score in enumerate(close, start=1)])], out)
    assert [float(line.split()[4]) for line in out.getvalue().splitlines()] == close


def test_a_query_of_several_words_is_still_one_field_of_a_trec_run(out):
    write_trec([("steroid-resistant  ITP,\tanti-CD20", [hit(1)])], out)
    assert out.getvalue().split() == [
        "steroid-resistant_ITP,_anti-CD20",
        "Q0",
        "NCT00000001",
        "1",
        "0.875",
        "trialkin",
    ]
