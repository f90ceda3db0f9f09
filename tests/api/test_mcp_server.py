"""`trialkin mcp`: the tools, asked by the official client over the pipes of a process of its own."""

import asyncio
import json
import subprocess
import sys

import pytest

from support.routes import plain
from trialkin.index import Filters

mcp = pytest.importorskip("mcp")

NCT_ID, OTHER = "NCT07057778", "NCT05302024"


@pytest.fixture(scope="module")
def ask(built, environment, executable):
    """Run a conversation with the server, started by the client itself as its users start it."""
    settings = {name: value for name, value in environment(built.home).items() if name.startswith("TRIALKIN_")}
    parameters = mcp.StdioServerParameters(command=str(executable), args=["mcp"], env=settings)

    def run(conversation):
        async def talk():
            async with mcp.Client(parameters) as client:
                return await conversation(client)

        return asyncio.run(talk())

    return run


@pytest.fixture(scope="module")
def answers(ask):
    """Answers to calls of tools, all in one conversation."""
    calls = {
        "related": ("related", {"nct_id": "nct 7057778", "top": 3, "evidence": True}),
        "plain": ("related", {"nct_id": NCT_ID, "top": 3}),
        "filtered": (
            "search",
            {"text": "steroid-resistant ITP", "top": 5, "phase": ["PHASE2"], "start_date": "2015.."},
        ),
        "compare": ("compare", {"first": NCT_ID, "second": OTHER}),
        "trial": ("trial", {"nct_id": NCT_ID}),
        "fields": ("trial", {"nct_id": NCT_ID, "fields": ["briefTitle", "phases", "whyStopped"]}),
        "unknown": ("related", {"nct_id": "NCT99999999"}),
        "no id": ("trial", {"nct_id": "ITP"}),
        "denying": ("search", {"text": "A 45-year-old man: steroid-resistent ITP, no rheumatiod arthritis", "top": 1}),
        "empty": ("search", {"text": " "}),
        "too many": ("related", {"nct_id": NCT_ID, "top": 51}),
        "misspelt": ("related", {"nct_id": NCT_ID, "phases": ["PHASE2"]}),
        "no phase": ("related", {"nct_id": NCT_ID, "phase": ["PHASE9"]}),
        "no field": ("trial", {"nct_id": NCT_ID, "fields": ["breifTitle"]}),
        "no fields": ("trial", {"nct_id": NCT_ID, "fields": []}),
        "no tool": ("delete", {}),
    }

    async def conversation(client):
        return {name: await client.call_tool(*call) for name, call in calls.items()}

    return ask(conversation)


def content(answer):
    assert not answer.is_error, answer.content[0].text
    assert json.loads(answer.content[0].text) == answer.structured_content
    assert answer.structured_content["indexVersion"] == "0001"
    assert answer.structured_content["dataDate"] == "2026-02-11"
    return answer.structured_content


def test_the_tools_are_described_typed_and_only_read(ask):
    async def conversation(client):
        return client.server_info, client.instructions, (await client.list_tools()).tools

    info, instructions, tools = ask(conversation)
    assert info.name == "trialkin"
    assert "ClinicalTrials.gov" in instructions
    assert [tool.name for tool in tools] == ["related", "search", "compare", "trial"]
    for tool in tools:
        assert tool.annotations.read_only_hint
        assert not tool.annotations.destructive_hint
        assert not tool.annotations.open_world_hint
        assert len(tool.description) > 60
        assert tool.input_schema["additionalProperties"] is False
        assert {"indexVersion", "dataDate"} <= set(tool.output_schema["properties"])
        for name, described in tool.input_schema["properties"].items():
            assert described["description"], name
    assert tools[0].input_schema["properties"]["top"]["maximum"] == 50
    assert tools[0].input_schema["required"] == ["nct_id"]


def test_related_is_the_index_s_own_answer(answers, index):
    found = content(answers["related"])
    assert found["hits"] == plain(index.related(NCT_ID, 3))
    assert any(reason["evidence"] for hit in found["hits"] for reason in hit["reasons"])


def test_evidence_is_left_out_unless_it_is_asked_for(answers, index):
    hits = content(answers["plain"])["hits"]
    expected = plain(index.related(NCT_ID, 3))
    for hit in expected:
        for reason in hit["reasons"]:
            reason["evidence"] = []
    assert hits == expected


def test_a_search_is_narrowed_by_its_filters(answers, index):
    filters = Filters(phase=("PHASE2",), start_from="2015")
    assert [hit["nctId"] for hit in content(answers["filtered"])["hits"]] == [
        hit.nct_id for hit in index.search("steroid-resistant ITP", 5, filters)
    ]


def test_what_a_search_denies_and_is_meant_to_say_is_told(answers):
    found = content(answers["denying"])
    assert found["leftOut"] == ["no rheumatoid arthritis"]
    assert found["spelled"]["rheumatiod"] == "rheumatoid"
    assert found["person"] == {"age": 45, "sex": "MALE", "pregnant": False}
    plain = content(answers["filtered"])
    assert (plain["leftOut"], plain["person"]) == ([], None)


def test_two_trials_are_compared(answers, index):
    from trialkin.index.comparing import compare

    found = content(answers["compare"])
    assert found["comparison"] == compare(index.trial(NCT_ID), index.trial(OTHER)).model_dump(
        by_alias=True, mode="json"
    )
    assert found["omitted"] == {}


def test_a_record_is_given_whole_or_by_fields(answers, index):
    record = index.trial(NCT_ID)
    whole = content(answers["trial"])
    expected = record.model_dump(by_alias=True, mode="json", exclude_none=True)
    assert whole["trial"] == {name: value for name, value in expected.items() if value != []}
    assert whole["omitted"] == {}
    assert content(answers["fields"])["trial"] == {
        "nctId": NCT_ID,
        "briefTitle": record.brief_title,
        "phases": list(record.phases),
    }


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("unknown", "NCT99999999 is not among the 263 trials"),
        ("no id", "'ITP' is not an NCT id. An NCT id is NCT and eight digits"),
        ("empty", "The query is empty. Give some words"),
        ("too many", "less than or equal to 50"),
        ("misspelt", "phases"),
        ("no phase", "No trial has phase 'PHASE9'. Values are"),
        ("no field", "Did you mean briefTitle?"),
        ("no fields", "No field is named."),
        ("no tool", "Unknown tool: delete"),
    ],
)
def test_a_call_that_cannot_be_answered_says_why_and_what_to_do(answers, name, reason):
    assert answers[name].is_error
    assert reason in answers[name].content[0].text
    assert "Traceback" not in answers[name].content[0].text


def test_standard_output_carries_the_protocol_alone(built, environment, executable):
    hello = {
        "jsonrpc": "2.0",
        "id": 1,
        "method": "initialize",
        "params": {"protocolVersion": "2025-06-18", "capabilities": {}, "clientInfo": {"name": "t", "version": "1"}},
    }
    asked = [
        hello,
        {"jsonrpc": "2.0", "method": "notifications/initialized"},
        {
            "jsonrpc": "2.0",
            "id": 2,
            "method": "tools/call",
            "params": {"name": "search", "arguments": {"text": "ITP", "top": 1}},
        },
    ]
    with subprocess.Popen(
        [executable, "mcp"], env=environment(built.home), stdin=-1, stdout=-1, stderr=-1, text=True
    ) as process:
        process.stdin.write("".join(json.dumps(one) + "\n" for one in asked))
        process.stdin.flush()
        answers = [json.loads(process.stdout.readline()) for _ in range(2)]
        process.stdin.close()
        assert process.stdout.read() == ""
        assert process.wait(timeout=60) == 0
        assert process.stderr.read() == ""
    assert [one["id"] for one in answers] == [1, 2]
    assert answers[1]["result"]["structuredContent"]["hits"][0]["rank"] == 1


def test_a_client_that_leaves_at_once_ends_the_server_once_it_is_prepared(built, environment):
    """Cut off while the model is loaded, by the end of the interpreter, it would abort."""
    script = """
import time
from trialkin.api.mcp_server import make_server
from trialkin.api.serving import ServedIndex
from trialkin.settings import Settings

def ready(self):
    time.sleep(0.5)
    print("prepared", flush=True)

ServedIndex.ready = ready
make_server(Settings())
"""
    ended = subprocess.run(
        [sys.executable, "-c", script], env=environment(built.home), capture_output=True, text=True, check=False
    )
    assert (ended.stdout, ended.stderr, ended.returncode) == ("prepared\n", "", 0)


def test_a_home_without_an_index_is_told_to_every_call(tmp_path, environment, executable):
    settings = {name: value for name, value in environment(tmp_path).items() if name.startswith("TRIALKIN_")}
    parameters = mcp.StdioServerParameters(command=str(executable), args=["mcp"], env=settings)

    async def talk():
        async with mcp.Client(parameters) as client:
            return await client.call_tool("related", {"nct_id": NCT_ID})

    answer = asyncio.run(talk())
    assert answer.is_error
    assert "There is no index" in answer.content[0].text
    assert "Run trialkin build first." in answer.content[0].text
