"""``trialkin mcp``."""

import typer

from ..errors import TrialkinError
from .cli_settings import settings


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command()(mcp)


def mcp() -> None:
    """Serve related trials, search, comparison and records as tools of the Model Context Protocol, over stdio."""
    try:
        from .mcp_server import make_server
    except ModuleNotFoundError as error:
        if error.name is None or error.name.partition(".")[0] not in ("mcp", "mcp_types"):
            raise
        raise TrialkinError(
            "The package mcp is not installed, which speaks the Model Context Protocol.",
            "Install it beside trialkin: pip install 'mcp>=2.3'.",
        ) from None
    make_server(settings()).run()
