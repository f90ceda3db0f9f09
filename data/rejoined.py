"""A stream whose first bytes have been read already, joined again for a reader."""

from typing import IO


class Rejoined:
    """Gives the bytes read before, then the rest."""

    def __init__(self, head: bytes, rest: IO[bytes]) -> None:
        """Join `head` and what is left of `rest`."""
        self._head, self._rest = head, rest

    def read(self, size: int = -1) -> bytes:
        """As a file's `read`."""
        head, self._head = (self._head, b"") if size < 0 else (self._head[:size], self._head[size:])
        return head + self._rest.read(size if size < 0 else size - len(head))
