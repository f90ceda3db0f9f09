"""Progress of long commands on stderr: bars on a terminal, nothing otherwise."""

from types import TracebackType

from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, Progress, SpinnerColumn, TaskProgressColumn, TextColumn, TimeRemainingColumn

from ..data import ImportCounts

_EVERY = 500


class TerminalProgress:
    """Shows an import or a build; a context manager."""

    def __init__(self) -> None:
        self._console = Console(stderr=True)
        self._bar = Progress(
            SpinnerColumn(),
            TextColumn("{task.description}"),
            BarColumn(),
            TaskProgressColumn(),
            TextColumn("{task.fields[rate]}"),
            TimeRemainingColumn(),
            console=self._console,
            transient=True,
            disable=not self._console.is_terminal,
        )
        self._task = self._bar.add_task("starting", total=None, rate="")
        self._tokens = 0

    def __enter__(self) -> "TerminalProgress":
        self._bar.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._bar.stop()

    def imported(self, counts: ImportCounts) -> None:
        """So many records have been read."""
        if counts.read % _EVERY == 0:
            self._bar.update(self._task, description=f"reading: {counts}")

    def fetched(self, done: int, total: int | None) -> None:
        """So many trials have come from the registry."""
        said = f"fetching: {done:,}" if total is None else f"fetching: {done:,} of {total:,}"
        self._bar.update(self._task, description=said, completed=done, total=total)

    def waiting(self, reason: str) -> None:
        """A request to the registry failed and is made again after a while."""
        self._bar.update(self._task, description=f"waiting: the registry {escape(reason)}")

    def stage(self, name: str) -> None:
        """A build's next stage."""
        self._bar.reset(self._task, description=name, total=None, rate="")

    def trials(self, done: int, total: int) -> None:
        """So many trials are embedded."""
        self._bar.update(self._task, completed=done, total=total)

    def encoded(self, texts: int, tokens: int) -> None:  # noqa: ARG002 - the protocol's
        """So many texts, of so many tokens, were encoded just now."""
        self._tokens += tokens
        elapsed = self._bar.tasks[0].elapsed or 0.0
        if elapsed > 0:
            self._bar.update(self._task, rate=f"{self._tokens / elapsed:,.0f} tokens/s")
