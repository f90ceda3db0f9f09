"""How many requests are at work at once, how many wait, and for how long; the rest is refused at once."""

import asyncio
import math
from collections.abc import Callable

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from .metrics import Metrics
from .refusals import Overloaded, TooSlow, refuse
from .request_paths import is_exempt


class Overload:
    """ASGI middleware that works on a few requests at a time and lets a few wait; others are answered with 503.

    An answer that has not begun within the time limit becomes a 503, too. A thread cannot be stopped, so the request
    keeps its place until its work has really ended: the limit on work holds whatever the clients do. An answer that is
    whole when it begins frees its place then, so that no client keeps it by reading slowly.
    """

    def __init__(
        self, app: ASGIApp, *, at_work: int, waiting: int, longest_wait: float, time_limit: float, metrics: Metrics
    ) -> None:
        """Wrap an application.

        Args:
            app: what is called.
            at_work: requests at work at once, at most.
            waiting: requests that wait for their turn, at most.
            longest_wait: seconds that one waits at most.
            time_limit: seconds of work until an answer must have begun; 0 for no limit.
            metrics: are told what is at work, waits and is refused.
        """
        self._app = app
        self._places = asyncio.Semaphore(at_work)
        self._most_waiting = waiting
        self._longest_wait = longest_wait
        self._time_limit = time_limit
        self._metrics = metrics
        self._waiting = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request."""
        if scope["type"] != "http" or is_exempt(scope):
            await self._app(scope, receive, send)
            return
        refused = await self._enter()
        if refused is not None:
            await self._shed(refused, scope, receive, send)
            return
        await self._work(scope, receive, send)

    async def _enter(self) -> str | None:
        """Take a place, in the order of coming; the reason why there is none."""
        if self._places.locked():
            if self._waiting >= self._most_waiting:
                return "busy"
            self._wait(1)
            try:
                async with asyncio.timeout(self._longest_wait):
                    await self._places.acquire()
            except TimeoutError:
                return "waited"
            finally:
                self._wait(-1)
        else:
            await self._places.acquire()
        self._metrics.at_work.inc()
        return None

    def _wait(self, more: int) -> None:
        self._waiting += more
        self._metrics.waiting.set(self._waiting)

    def _leave(self) -> None:
        self._metrics.at_work.dec()
        self._places.release()

    async def _work(self, scope: Scope, receive: Receive, send: Send) -> None:
        gate = _Gate(send, self._leave)
        task = asyncio.create_task(self._app(scope, receive, gate.send))  # pyright: ignore[reportArgumentType]
        task.add_done_callback(lambda _: gate.leave())
        try:
            await asyncio.wait({task}, timeout=self._time_limit or None)
            if task.done() or gate.begun:
                await task
                return
        except asyncio.CancelledError:
            task.cancel()
            raise
        gate.shut = True
        task.add_done_callback(lambda ended: ended.cancelled() or ended.exception())  # nobody else asks for it
        await self._shed("too_slow", scope, receive, send)

    async def _shed(self, reason: str, scope: Scope, receive: Receive, send: Send) -> None:
        self._metrics.shed.labels(reason).inc()
        scope.setdefault("state", {})["shed"] = reason
        if reason == "too_slow":
            error = TooSlow(f"There is no answer within {self._time_limit:g} s.", "Ask for less, or again later.")
        else:
            error = Overloaded("The server has too much to do.", "Ask again in a moment.")
        again = str(max(1, math.ceil(self._longest_wait)))
        await refuse(error, scope, receive, send, {"Retry-After": again})


class _Gate:
    """Passes an answer on until it is shut, and gives the place back once."""

    def __init__(self, send: Send, leave: Callable[[], None]) -> None:
        self._send = send
        self._leave: Callable[[], None] | None = leave
        self.begun = False
        self.shut = False

    def leave(self) -> None:
        if (leave := self._leave) is not None:
            self._leave = None
            leave()

    async def send(self, message: Message) -> None:
        if self.shut:
            return
        self.begun = True
        if message["type"] == "http.response.start" and "content-length" in Headers(raw=message.get("headers", ())):
            self.leave()
        await self._send(message)
