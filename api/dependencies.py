"""What every route asks for: the index that answers, a trial's id from the path, and parameters once each."""

from collections import Counter
from typing import Annotated

from fastapi import Depends, Path, Request

from ..errors import UsageError
from ..index import Index
from .serving import ServedIndex


def _served(request: Request) -> ServedIndex:
    return request.app.state.served


def _index(served: Annotated[ServedIndex, Depends(_served)]) -> Index:
    return served.get()


TheIndex = Annotated[Index, Depends(_index)]
"""The index version that is open when the request comes; kept to the end of the request."""
NctId = Annotated[
    str,
    Path(alias="nctId", max_length=40, description="An NCT id, in any letter case.", examples=["NCT07057778"]),
]
"""An NCT id in any spelling, from the path."""


class RepeatedParameter(UsageError):
    """A parameter that has one value is given several times."""


def single_valued(request: Request) -> None:
    """Refuse a parameter that is given several times, of which all but one would be lost.

    Raises:
        RepeatedParameter
    """
    for name, times in Counter(name for name, _ in request.query_params.multi_items()).items():
        if times > 1:
            raise RepeatedParameter(
                f"The parameter {name[:60]!r} is given {times:,} times.",
                "Give it once; values of a list are separated by commas.",
            )
