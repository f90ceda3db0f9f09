"""The server's log: one JSON object a line on standard error."""

import logging
from datetime import UTC, datetime
from traceback import format_tb
from typing import Any

import orjson

FIELDS = "fields"
"""The attribute of a log record that holds further fields of its line."""


class JsonLines(logging.Formatter):
    """A log record as a line: time (UTC), level, message, and the record's own fields."""

    def format(self, record: logging.LogRecord) -> str:
        """One line, without the line break."""
        line: dict[str, Any] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "message": record.getMessage(),
        }
        line |= getattr(record, FIELDS, {})
        if record.exc_info and record.exc_info[1] is not None:
            line |= described(record.exc_info[1], with_message=True)
        return orjson.dumps(line, default=str).decode()


def described(error: BaseException, *, with_message: bool) -> dict[str, str]:
    """An exception and those that it came from: the type, and the places in the code.

    Messages may quote what a user asked for, so they are told only on request.
    """
    told = []
    at: BaseException | None = error
    while at is not None and len(told) < 8:
        name = f"{type(at).__module__}.{type(at).__qualname__}"
        told.append("".join(format_tb(at.__traceback__)) + (f"{name}: {at}" if with_message else name))
        at = at.__cause__ or (None if at.__suppress_context__ else at.__context__)
    kind = type(error).__name__
    return {"error": f"{kind}: {error}" if with_message else kind, "traceback": "\nwhile handling\n".join(told[::-1])}


def log_settings() -> dict[str, Any]:
    """Settings of the logging module for a server."""
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"json": {"()": JsonLines}},
        "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "json", "stream": "ext://sys.stderr"}},
        "loggers": {
            "trialkin": {"handlers": ["stderr"], "level": "INFO", "propagate": False},
            "uvicorn": {"handlers": ["stderr"], "level": "WARNING", "propagate": False},
        },
    }
