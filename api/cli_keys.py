"""``trialkin keys``: who may ask a server."""

from pathlib import Path
from typing import Annotated

import typer

from ..errors import UsageError
from .api_keys import add_key, read_keys, remove_key
from .cli_settings import settings

keys = typer.Typer(name="keys", help="Add, list and remove the keys of the HTTP API.", no_args_is_help=True)

Name = Annotated[str, typer.Argument(metavar="NAME", help="Whose key it is; the server's log tells it.")]


def register(app: typer.Typer) -> None:
    """Add the commands."""
    app.add_typer(keys)


@keys.command()
def add(name: Name) -> None:
    """Make a key and print it, once; the file keeps its hash. A running server takes it at once."""
    typer.echo(add_key(_file(), name))


@keys.command("list")
def show() -> None:
    """List the names of the keys."""
    for name in read_keys(_file()):
        typer.echo(name)


@keys.command()
def remove(name: Name) -> None:
    """Remove a key; a running server refuses it at once."""
    remove_key(_file(), name)
    typer.echo(f"The key of {name} is no longer valid.")


def _file() -> Path:
    if (path := settings().api_keys_file) is None:
        raise UsageError("No file of keys is set.", "Set TRIALKIN_API_KEYS_FILE to its path.")
    return path
