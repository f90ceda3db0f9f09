"""``trialkin serve``."""

from typing import Annotated

import typer

from ..errors import TrialkinError
from .cli_settings import settings


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command()(serve)


def serve(
    host: Annotated[str, typer.Option(help="Address to listen on; 127.0.0.1 is this machine alone.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(help="Port.", min=1, max=65535)] = 8000,
) -> None:
    """Serve the HTTP API."""
    import uvicorn

    from .app import create_app

    typer.echo(f"Serving http://{host}:{port}/api/v1; described by http://{host}:{port}/openapi.json. Ctrl-C ends it.")
    try:
        uvicorn.run(create_app(settings()), host=host, port=port, log_level="warning")
    except SystemExit:  # uvicorn has logged why
        raise TrialkinError(f"{host}:{port} cannot be listened on.", "Choose another --port or --host.") from None
