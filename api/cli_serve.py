"""``trialkin serve``."""

import ipaddress
from typing import Annotated

import typer

from ..errors import TrialkinError
from ..settings import Settings
from .api_keys import read_keys
from .cli_settings import settings

_KEEP_ALIVE = 75
"""Seconds that an idle connection is kept, longer than proxies keep theirs."""
_GRACE = 5
"""Seconds beyond the time limit of a request in which the server ends."""


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command()(serve)


def serve(
    host: Annotated[str, typer.Option(help="Address to listen on; 127.0.0.1 is this machine alone.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(help="Port.", min=1, max=65535)] = 8000,
    root_path: Annotated[
        str, typer.Option(help="Path under which a reverse proxy shows the server, which it cuts off.")
    ] = "",
    forwarded_allow_ips: Annotated[
        str, typer.Option(help="Addresses of proxies whose X-Forwarded-* headers are believed, separated by commas.")
    ] = "127.0.0.1",
) -> None:
    """Serve the HTTP API and the pages."""
    import uvicorn

    from .app import create_app
    from .http_protocol import MOST_HEAD, HttpProtocol
    from .json_logs import log_settings

    chosen = settings()
    _check(chosen, host)
    at = f"http://{f'[{host}]' if ':' in host else host}:{port}"
    typer.echo(f"Serving {at}/api/v1; described by {at}/openapi.json. Pages: {at}/. Ctrl-C ends it.")
    try:
        uvicorn.run(
            create_app(chosen),
            host=host,
            port=port,
            root_path=f"/{path}" if (path := root_path.strip("/")) else "",
            forwarded_allow_ips=forwarded_allow_ips,
            http=HttpProtocol,
            h11_max_incomplete_event_size=MOST_HEAD,
            log_config=log_settings(),
            access_log=False,
            server_header=False,
            timeout_keep_alive=_KEEP_ALIVE,
            timeout_graceful_shutdown=int(chosen.time_limit) + _GRACE if chosen.time_limit else None,
        )
    except SystemExit:  # uvicorn has logged why
        raise TrialkinError(f"{host}:{port} cannot be listened on.", "Choose another --port or --host.") from None


def _check(chosen: Settings, host: str) -> None:
    """Refuse a file of keys that cannot be read; warn of a server that everybody can ask."""
    if chosen.api_keys_file is not None:
        read_keys(chosen.api_keys_file)
    elif not _is_local(host):
        typer.echo(
            f"trialkin: every machine that reaches {host} can ask this server, for no keys are set."
            "\n  Set TRIALKIN_API_KEYS_FILE, or let a proxy decide who may ask; see docs/deployment.md.",
            err=True,
        )


def _is_local(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
