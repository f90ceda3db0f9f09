"""How long the stages of an answer take, told to whoever asks for it around a call."""

from collections.abc import Generator
from contextlib import contextmanager
from contextvars import ContextVar
from time import perf_counter

STAGES = ("embed", "rank", "explain")
"""The text becomes a vector; trials are found and scored; reasons are found."""
_stages: ContextVar[dict[str, float] | None] = ContextVar("stages", default=None)


@contextmanager
def timed_stages() -> Generator[dict[str, float]]:
    """Collect seconds by stage, for all that is asked within, also in threads that copy the context."""
    stages: dict[str, float] = {}
    token = _stages.set(stages)
    try:
        yield stages
    finally:
        _stages.reset(token)


@contextmanager
def stage(name: str) -> Generator[None]:
    """Time a stage, if anybody collects; a microsecond otherwise."""
    stages = _stages.get()
    if stages is None:
        yield
        return
    begun = perf_counter()
    try:
        yield
    finally:
        stages[name] = stages.get(name, 0.0) + perf_counter() - begun
