"""What a server bears: requests a second and latencies, an overload, and its memory over many requests.

    TRIALKIN_HOME=HOME python bench/load.py [--clients 1 8 32] [--seconds 60] [--seed 1]
    TRIALKIN_HOME=HOME python bench/load.py --memory 100000

Starts ``trialkin serve`` in a process of its own and asks it from this one: related lists of random trials (80 %),
searches for titles (15 %), records (5 %). First each number of clients, which ask again as soon as they are answered.
Then twice the requests a second that the server bore, whether it answers or not, and the clients as before to see that
it recovers. Prints Markdown tables; ends with 1 if a request failed, or memory grew by more than 5 %.
"""

import argparse
import asyncio
import random
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from urllib.parse import quote

import httpx2
from served import Server, served

from trialkin import open_index

KINDS = {"related": 80, "search": 15, "record": 5}
"""Percent of the requests."""
TITLES = 5_000
WARM_UP = 5.0
"""Seconds that are asked before anything is measured."""
FLAT = 0.05
CLIENTS_FOR_MEMORY = 8


@dataclass(frozen=True)
class Answer:
    """What one request got: its status (0 for none), seconds, and what the header Retry-After said."""

    kind: str
    status: int
    seconds: float
    retry_after: str | None = None


@dataclass
class Questions:
    """Paths to ask, drawn at random, the same for a seed."""

    nct_ids: list[str]
    titles: list[str]
    draw: random.Random

    def __iter__(self) -> Iterator[tuple[str, str]]:
        """The kind and the path of one request after another, without end."""
        while True:
            (kind,) = self.draw.choices(list(KINDS), list(KINDS.values()))
            nct_id = self.draw.choice(self.nct_ids)
            if kind == "search":
                yield kind, f"/api/v1/search?q={quote(self.draw.choice(self.titles))}"
            else:
                yield kind, f"/api/v1/trials/{nct_id}{'/related' if kind == 'related' else ''}"


@dataclass
class Measured:
    """Answers within a time."""

    answers: list[Answer] = field(default_factory=list)
    seconds: float = 0.0
    server_processor: float = 0.0
    client_processor: float = 0.0

    def of_status(self, *statuses: int) -> list[Answer]:
        """The answers of these statuses."""
        return [one for one in self.answers if one.status in statuses]

    @property
    def rate(self) -> float:
        """Requests a second that were answered as they should."""
        return len(self.of_status(200)) / self.seconds


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--clients", type=int, nargs="+", default=[1, 8, 32])
    parser.add_argument("--seconds", type=float, default=60.0, help="Of each measurement.")
    parser.add_argument("--memory", type=int, default=0, help="Requests of the measurement of memory; instead of load.")
    parser.add_argument("--seed", type=int, default=1)
    chosen = parser.parse_args()
    questions = _questions(chosen.seed)
    with served() as server:
        asked = _memory(server, questions, chosen.memory) if chosen.memory else _load(server, questions, chosen)
        good = asyncio.run(asked)
    sys.exit(0 if good else 1)


def _questions(seed: int) -> Questions:
    draw = random.Random(seed)
    index = open_index()
    some = draw.sample(index.nct_ids(), min(TITLES, len(index)))
    titles = [trial.title for trial in index.trials(some, fields=["briefTitle", "officialTitle"])]
    print(
        f"{len(index):,} trials, index {index.version}; {', '.join(f'{n} % {kind}' for kind, n in KINDS.items())}; "
        f"seed {seed}. The clients share the machine's processors with the server; their part is the last column.\n"
    )
    return Questions(list(index.nct_ids()), titles, draw)


async def _load(server: Server, questions: Questions, chosen: argparse.Namespace) -> bool:
    asked = iter(questions)
    await _closed(server, asked, max(chosen.clients), WARM_UP)
    print("| clients | requests/s | kind | p50 ms | p95 ms | p99 ms | errors | server / clients processors |")
    print("|---|---|---|---|---|---|---|---|", flush=True)
    best, failed = 0.0, 0
    for clients in chosen.clients:
        measured = await _closed(server, asked, clients, chosen.seconds)
        _rows(str(clients), measured)
        best = max(best, measured.rate)
        failed += _failed(measured, 200)
    over = await _open(server, asked, 2 * best, chosen.seconds)
    after = await _closed(server, asked, 8, min(chosen.seconds, 20.0))
    return _tell_overload(over, after, best) and not failed


def _tell_overload(over: Measured, after: Measured, best: float) -> bool:
    shed = over.of_status(503)
    told = sum(one.retry_after is not None for one in shed)
    failed = _failed(over, 200, 503) + _failed(after, 200)
    print(
        f"\nOverload, {len(over.answers) / over.seconds:.1f} requests/s for {over.seconds:.0f} s, "
        f"twice the best of {best:.1f}:\n\n"
        "| answered | requests | p50 ms | p95 ms | p99 ms |\n|---|---|---|---|---|"
    )
    for name, answers in (("200", over.of_status(200)), ("503", shed)):
        print(f"| {name} | {len(answers):,} | {_percentiles(answers)} |")
    print(
        f"\n{told:,} of {len(shed):,} with Retry-After; {failed} other failures. "
        f"Answered well: {over.rate:.1f} requests/s.\n"
        f"Afterwards, 8 clients: {after.rate:.1f} requests/s, p50 / p95 / p99 {_percentiles(after.answers, ' / ')} ms."
    )
    return told == len(shed) and bool(shed) and not failed


async def _memory(server: Server, questions: Questions, count: int) -> bool:
    asked = iter(questions)
    seen: list[tuple[int, float, float]] = [(0, server.memory(), server.own_memory())]
    done = failed = 0
    step = max(count // 20, 1)
    while done < count:
        measured = await _counted(server, asked, CLIENTS_FOR_MEMORY, min(step, count - done))
        done += len(measured.answers)
        failed += _failed(measured, 200)
        seen.append((done, server.memory(), server.own_memory()))
    print("| requests | resident MB | of it no file's MB |\n|---|---|---|")
    for number, resident, own in seen:
        print(f"| {number:,} | {resident:.0f} | {own:.0f} |")
    warm = seen[min(len(seen) // 5, len(seen) - 1)]
    grown = seen[-1][2] / warm[2] - 1
    print(f"\nFrom request {warm[0]:,} to the end: {grown:+.1%} of what no file backs; {failed} failures.")
    return grown <= FLAT and not failed


async def _closed(server: Server, asked: Iterator[tuple[str, str]], clients: int, seconds: float) -> Measured:
    """Clients that each ask again once they are answered, for a time."""
    until = time.perf_counter() + seconds
    return await _clients(server, clients, lambda: next(asked) if time.perf_counter() < until else None)


async def _counted(server: Server, asked: Iterator[tuple[str, str]], clients: int, count: int) -> Measured:
    """The same, for a number of requests."""
    left = iter(range(count))
    return await _clients(server, clients, lambda: None if next(left, None) is None else next(asked))


async def _clients(server: Server, clients: int, next_one: Callable[[], tuple[str, str] | None]) -> Measured:
    measured, clock = Measured(), _Clock(server)
    async with _client(server, clients) as client:

        async def one_after_another() -> None:
            while (question := next_one()) is not None:
                measured.answers.append(await _ask(client, *question))

        await asyncio.gather(*(one_after_another() for _ in range(clients)))
    clock.stop(measured)
    return measured


async def _open(server: Server, asked: Iterator[tuple[str, str]], rate: float, seconds: float) -> Measured:
    """Requests that come at random moments, so many a second, whether the others are answered or not."""
    measured, clock = Measured(), _Clock(server)
    draw = random.Random(2)
    async with _client(server, None) as client, asyncio.TaskGroup() as group:

        async def ask(kind: str, path: str) -> None:
            measured.answers.append(await _ask(client, kind, path))

        at = time.perf_counter()
        until = at + seconds
        while at < until:
            await asyncio.sleep(max(at - time.perf_counter(), 0))
            group.create_task(ask(*next(asked)))
            at += draw.expovariate(rate)
        clock.stop(measured)
    return measured


class _Clock:
    """Time, and processor time on both sides."""

    def __init__(self, server: Server) -> None:
        self._server = server
        self._started = time.perf_counter(), server.processor_seconds(), time.process_time()

    def stop(self, measured: Measured) -> None:
        started, served_before, asked_before = self._started
        measured.seconds = time.perf_counter() - started
        measured.server_processor = (self._server.processor_seconds() - served_before) / measured.seconds
        measured.client_processor = (time.process_time() - asked_before) / measured.seconds


def _client(server: Server, connections: int | None) -> httpx2.AsyncClient:
    limits = httpx2.Limits(max_connections=connections, max_keepalive_connections=connections)
    headers = {"Accept-Encoding": "identity"}  # unpacking would take from the server's processors
    return httpx2.AsyncClient(base_url=server.url, limits=limits, timeout=120, headers=headers)


async def _ask(client: httpx2.AsyncClient, kind: str, path: str) -> Answer:
    started = time.perf_counter()
    try:
        response = await client.get(path)
    except httpx2.HTTPError:
        return Answer(kind, 0, time.perf_counter() - started)
    return Answer(kind, response.status_code, time.perf_counter() - started, response.headers.get("retry-after"))


def _rows(clients: str, measured: Measured) -> None:
    processors = f"{measured.server_processor:.2f} / {measured.client_processor:.2f}"
    errors = _failed(measured, 200)
    well = measured.of_status(200)
    print(f"| {clients} | {measured.rate:.1f} | all | {_percentiles(well)} | {errors} | {processors} |")
    for kind in KINDS:
        of_kind = [one for one in well if one.kind == kind]
        print(f"| | {len(of_kind) / measured.seconds:.1f} | {kind} | {_percentiles(of_kind)} | | |", flush=True)


def _failed(measured: Measured, *right: int) -> int:
    return len(measured.answers) - len(measured.of_status(*right))


def _percentiles(answers: list[Answer], between: str = " | ") -> str:
    ordered = sorted(one.seconds * 1000 for one in answers)
    if not ordered:
        return between.join("–––")
    return between.join(f"{ordered[min(int(len(ordered) * part), len(ordered) - 1)]:.1f}" for part in (0.5, 0.95, 0.99))


if __name__ == "__main__":
    main()
