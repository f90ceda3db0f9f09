"""The server of the Model Context Protocol: the index as tools for programs that reason in language."""

import functools
import threading
from collections.abc import Callable
from contextlib import suppress
from typing import Any

from mcp.server import MCPServer
from mcp.server.mcpserver.exceptions import ToolError
from mcp.server.mcpserver.tools import Tool
from mcp_types import ToolAnnotations

from .. import __version__
from ..errors import TrialkinError
from ..settings import Settings
from .mcp_tools import Tools
from .serving import ServedIndex

_ABOUT = (
    "Finds clinical trials that are kin to a trial or to a text, compares trials, and looks up their records, on this "
    "machine and offline. Records come from ClinicalTrials.gov; every answer names the version of the index and the "
    "date of its data: pass both on. Trials are named by NCT ids. This is no medical advice."
)
_TITLES = {
    "related": "Trials most like a trial",
    "search": "Trials most like a text",
    "compare": "Two trials side by side",
    "trial": "One trial's record",
}


def make_server(settings: Settings) -> MCPServer:
    """Make the server; the index is opened beside the first exchange, and followed to each version published later."""
    served = ServedIndex(settings)
    threading.Thread(target=_prepare, args=(served,), name="trialkin-prepare").start()  # waited for before the end
    tools = Tools(served)
    return MCPServer(
        "trialkin",
        title="trialkin: related clinical trials",
        instructions=_ABOUT,
        version=__version__,
        tools=[_tool(name, getattr(tools, name)) for name in _TITLES],
        log_level="WARNING",  # on standard error; standard output carries the protocol alone
        subscriptions=False,
    )


def _prepare(served: ServedIndex) -> None:
    with suppress(Exception):  # a tool that is called says the same, with what to do about it
        served.ready()


def _tool(name: str, answer: Callable[..., Any]) -> Tool:
    tool = Tool.from_function(
        _telling(answer),
        name=name,
        title=_TITLES[name],
        description=_plain(answer.__doc__ or ""),
        annotations=ToolAnnotations(
            title=_TITLES[name],
            read_only_hint=True,
            destructive_hint=False,
            idempotent_hint=True,
            open_world_hint=False,
        ),
        structured_output=True,
    )
    arguments = tool.fn_metadata.arg_model  # by default a misspelt filter would be passed over in silence
    arguments.model_config["extra"] = "forbid"
    arguments.model_rebuild(force=True)
    return tool.model_copy(update={"parameters": arguments.model_json_schema(by_alias=True)})


def _telling(answer: Callable[..., Any]) -> Callable[..., Any]:
    """Let the caller read what was wrong and what to do about it."""

    @functools.wraps(answer)
    def wrapped(*arguments: Any, **named: Any) -> Any:  # noqa: ANN401 - as the tool's
        try:
            return answer(*arguments, **named)
        except TrialkinError as error:
            raise ToolError(str(error)) from error

    return wrapped


def _plain(docstring: str) -> str:
    """A docstring as one text: lines of a paragraph joined."""
    paragraphs = docstring.strip().split("\n\n")
    return "\n\n".join(" ".join(one.split()) for one in paragraphs)
