"""Requests made from an OpenAPI document, and whether the answers are what it says."""

import sys
from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from itertools import cycle

import hypothesis
import requests
import schemathesis
from hypothesis.errors import Unsatisfiable
from hypothesis.strategies import SearchStrategy
from schemathesis.checks import not_a_server_error
from schemathesis.core.failures import Failure, FailureGroup
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
]
_ROUND = 100
"""Requests of one kind that a run of hypothesis makes."""


@dataclass
class Tally:
    """What was answered.

    Attributes:
        statuses: how many answers of each status, by what was asked.
        wrong: how many answers were wrong, by what was asked.
        shown: of each kind of what was wrong, the first: what was said of it, and the command that shows it.
        escaped: pages on which a script stands as text.
    """

    statuses: dict[str, Counter[int]] = field(default_factory=lambda: defaultdict(Counter))
    wrong: Counter[str] = field(default_factory=Counter)
    shown: dict[tuple[str, str], str] = field(default_factory=dict)
    escaped: int = 0

    @property
    def total(self) -> int:
        """Requests in all."""
        return sum(counts.total() for counts in self.statuses.values())

    def note(self, asked: str, status: int, faults: Sequence[str] = (), command: str = "") -> None:
        """Count an answer, and remember how to see what was wrong with it."""
        self.statuses[asked][status] += 1
        self.wrong[asked] += bool(faults)
        for what in faults:
            self.shown.setdefault((asked, what.partition("\n")[0]), f"{what}\n\n{command}")


def ask_by_document(url: str, count: int, seed: int, ids: Sequence[str]) -> Tally:
    """Send requests to every operation in turn, half of them valid.

    Args:
        url: of the server.
        count: requests in all.
        seed: the same requests each time.
        ids: that stand for a trial in most of the requests, so that answers are not all 404.
    """
    tally = Tally()
    schema = schemathesis.openapi.from_url(f"{url}/openapi.json", config=configuration(ids))
    strategies = [
        found.ok().as_strategy(generation_mode=mode)
        for found in schema.get_all_operations()
        for mode in schemathesis.GenerationMode
    ]
    barren: set[int] = set()
    with requests.Session() as session:
        for number, strategy in enumerate(cycle(strategies)):
            if tally.total >= count:
                break
            if number % len(strategies) not in barren and not _round(
                strategy,
                seed * 1_000_000 + number,
                lambda case: tally.total < count and _ask(case, url, session, tally),
            ):
                barren.add(number % len(strategies))
            print(f"\r{tally.total:,} requests, {tally.wrong.total():,} wrong", end="", file=sys.stderr)
    print(file=sys.stderr)
    return tally


def _round(strategy: SearchStrategy[schemathesis.Case], seed: int, ask: Callable[[schemathesis.Case], object]) -> bool:
    """Make a round's requests of one kind; False if there are none, for nothing about the operation can be invalid."""

    @hypothesis.seed(seed)
    @hypothesis.settings(
        max_examples=_ROUND,
        phases=[hypothesis.Phase.generate],
        database=None,
        deadline=None,
        suppress_health_check=list(hypothesis.HealthCheck),
    )
    @hypothesis.given(case=strategy)
    def asked(case: schemathesis.Case) -> None:
        ask(case)

    try:
        asked()
    except Unsatisfiable:
        return False
    return True


def configuration(ids: Sequence[str]) -> schemathesis.Config:
    """Schemathesis, told which trials there are."""
    named = {"dictionary": "trials", "probability": 0.7}
    return schemathesis.Config.from_dict(
        {
            "dictionaries": {"trials": {"values": list(ids)}},
            "parameters": dict.fromkeys(("path.nctId", "query.nctId", "query.a", "query.b"), named),
        }
    )


def _ask(case: schemathesis.Case, url: str, session: requests.Session, tally: Tally) -> None:
    response = case.call(base_url=url, session=session)
    faults = []
    try:
        case.validate_response(response, checks=CHECKS)
    except FailureGroup as group:
        faults = [f"{one.title}: {one.message}" for one in group.exceptions if isinstance(one, Failure)]
    command = case.as_curl_command(base_url=url) if faults else ""
    tally.note(case.operation.label, response.status_code, faults, command)
