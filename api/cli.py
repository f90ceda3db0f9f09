"""The command line: ``trialkin``."""

import os
import sys
from typing import Annotated

import typer
from rich.console import Console
from rich.text import Text

from .. import __version__
from ..errors import TrialkinError
from . import (
    cli_build,
    cli_compare,
    cli_demo,
    cli_embed,
    cli_evaluate,
    cli_export,
    cli_fetch,
    cli_keys,
    cli_mcp,
    cli_precedents,
    cli_related,
    cli_search,
    cli_serve,
    cli_versions,
    cli_watch,
)

app = typer.Typer(
    name="trialkin",
    help="Given a clinical trial, which other trials are its kin? Offline, on this machine.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode="rich",
)
for module in (
    cli_demo,
    cli_fetch,
    cli_embed,
    cli_build,
    cli_related,
    cli_search,
    cli_compare,
    cli_precedents,
    cli_watch,
    cli_export,
    cli_evaluate,
    cli_serve,
    cli_mcp,
    cli_keys,
    cli_versions,
):
    module.register(app)

_STOPPED = 130


def _show_version(value: bool) -> None:
    if value:
        typer.echo(f"trialkin {__version__}")
        raise typer.Exit


@app.callback()
def _options(
    version: Annotated[
        bool, typer.Option("--version", callback=_show_version, is_eager=True, help="Show the version and exit.")
    ] = False,
) -> None:
    """Given a clinical trial, which other trials are its kin? Offline, on this machine."""


def main() -> None:
    """Run the command line; whatever goes wrong ends in a sentence and an exit code, never in a traceback.

    Exit codes: 0 done, 1 refused for the reason given, 2 misuse, 130 stopped with Ctrl-C.
    """
    try:
        try:
            app()
        finally:
            sys.stdout.flush()
    except SystemExit as end:
        if end.code == _STOPPED:  # Typer's own for Ctrl-C, without a word
            _complain("Stopped.", "Nothing was lost; run the same command again to go on.")
        if isinstance(end.__context__, BrokenPipeError):  # Typer's 1
            _end_quietly()
        raise
    except TrialkinError as error:
        _complain(error.what, error.hint)
        sys.exit(error.exit_code)
    except BrokenPipeError:
        _end_quietly()
    except OSError as error:
        _complain(f"{error.filename or 'The system'}: {error.strerror or error}.", "Check TRIALKIN_HOME and the paths.")
        sys.exit(1)
    except MemoryError:
        _complain("There is not enough memory.", "Close other programs, or use a machine with more.")
        sys.exit(1)
    except Exception as error:
        if os.environ.get("TRIALKIN_DEBUG"):
            raise
        _complain(
            f"Unexpected error: {type(error).__name__}: {error}.",
            "Please report it with the output of the same command under TRIALKIN_DEBUG=1.",
        )
        sys.exit(1)


def _end_quietly() -> None:
    """The reader of a pipe has seen enough."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    sys.exit(0)


def _complain(what: str, hint: str) -> None:
    console = Console(stderr=True)
    console.print(Text.assemble(("trialkin: ", "bold red"), what), soft_wrap=True)
    if hint:
        console.print(Text(f"  {hint}"), soft_wrap=True)
