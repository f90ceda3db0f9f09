"""`Deadline`: a limit on the whole of a request, which timeouts between bytes are not."""

import contextlib
import socket
import threading
from collections.abc import Generator
from contextlib import contextmanager
from typing import Any


class Deadline:
    """Cuts the connection of a request that takes too long, whatever it is waiting for.

    A server that sends one byte now and then keeps any timeout between bytes from running out. So a timer shuts the
    socket down from outside, and what was reading from it fails or ends. One request at a time.

    Args:
        seconds: what a request may take, from before it connects to the end of its answer.
    """

    def __init__(self, seconds: float) -> None:
        self.seconds = seconds
        self.passed = False
        self._socket: socket.socket | None = None

    @contextmanager
    def running(self) -> Generator[None]:
        """Watch over the request made inside; `passed` tells afterwards whether it was cut."""
        self.passed = False
        timer = threading.Timer(self.seconds, self._cut)
        timer.daemon = True
        timer.start()
        try:
            yield
        finally:
            timer.cancel()

    def follow(self, event: str, info: dict[str, Any]) -> None:
        """The ``trace`` extension of an HTTPX request: learns which socket it uses; a kept connection is known."""
        if event.endswith(("connect_tcp.complete", "start_tls.complete")):
            self._socket = info["return_value"].get_extra_info("socket")
            if self.passed:
                self._cut()

    def _cut(self) -> None:
        self.passed = True
        if self._socket is not None:
            with contextlib.suppress(OSError):  # closed by now
                socket.socket.shutdown(self._socket, socket.SHUT_RDWR)  # of a TLS socket, only the socket below
