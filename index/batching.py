"""Streams in lists of bounded length."""

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import TypeVar

_T = TypeVar("_T")


def in_batches(items: Iterable[_T], size: int) -> Iterator[list[_T]]:
    """The items in order, in lists of `size`, the last one shorter (``itertools.batched`` of Python 3.12)."""
    iterator = iter(items)
    while part := list(islice(iterator, size)):
        yield part
