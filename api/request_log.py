"""A log line for every request, without what was asked for."""

import logging
from typing import Any

from ..settings import Settings
from .json_logs import FIELDS, described
from .observing import Exchange
from .request_id import current_request_id
from .request_paths import PROBES, method_of, path_of, template_of
from .serving import ServedIndex

_log = logging.getLogger("trialkin.requests")


class RequestLog:
    """Writes which route was asked, by whom, and what became of it; a body is never logged.

    Probes that were answered well are logged at the level ``debug``, for they come every few seconds.
    """

    def __init__(self, settings: Settings, served: ServedIndex) -> None:
        """Take what is logged, and the index that answers."""
        self._queries = settings.log_queries
        self._clients = settings.log_clients
        self._served = served

    def begun(self) -> None:
        """Nothing is logged before the end."""

    def ended(self, exchange: Exchange) -> None:
        """Write the line."""
        level = self._level(exchange)
        if _log.isEnabledFor(level):
            _log.log(level, "request", extra={FIELDS: self._line(exchange)})

    @staticmethod
    def _level(exchange: Exchange) -> int:
        if exchange.error is not None:
            return logging.ERROR
        if exchange.status >= 500:
            return logging.WARNING
        return logging.DEBUG if path_of(exchange.scope) in PROBES else logging.INFO

    def _line(self, exchange: Exchange) -> dict[str, Any]:
        scope = exchange.scope
        index = self._served.answering
        line: dict[str, Any] = {
            "request": current_request_id(),
            "method": method_of(scope),
            "route": template_of(scope),
            "status": exchange.status,
            "ms": round(exchange.seconds * 1000, 1),
            "bytes": exchange.sent,
            "index": index.version if index is not None else None,
        }
        if exchange.stages:
            line["stages"] = {name: round(seconds * 1000, 1) for name, seconds in exchange.stages.items()}
        if self._clients and scope.get("client"):
            line["client"] = scope["client"][0]
        line |= {name: scope["state"][name] for name in ("key", "shed") if name in scope.get("state", {})}
        if self._queries:
            line["path"] = path_of(scope)
            line["query"] = scope["query_string"].decode("latin-1")
        if exchange.error is not None:
            line |= described(exchange.error, with_message=self._queries)
        return line
