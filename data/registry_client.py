"""`Registry`: one request at a time to the ClinicalTrials.gov API, version 2, patient and polite."""

import email.utils
import logging
import re
import threading
import time
from collections.abc import Callable, Generator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from http.cookiejar import CookieJar, DefaultCookiePolicy
from typing import Any, Self, TypeVar

import httpx2
import orjson
import stamina
from pydantic import BaseModel, Field

from .. import __version__
from ..errors import ReadError, UsageError
from .deadline import Deadline

RECORD = "protocolSection,derivedSection,hasResults"
"""The parts of a study that become a `Trial`; the results are most of its bytes, and are not asked for."""

_ITSELF = "clinicaltrials.gov"
_PATIENCE = 600.0
"""The longest `Retry-After` that is waited for, in seconds."""
_HOPS = 3
_KEPT = "All that was fetched is kept: run the same command again later, and it goes on from there."

T = TypeVar("T")


class StudiesPage(BaseModel):
    """A page of ``GET /studies``."""

    studies: list[Any]
    next_page_token: str | None = Field(default=None, alias="nextPageToken")
    total_count: int | None = Field(default=None, alias="totalCount", ge=0)


class _Version(BaseModel):
    stamp: str = Field(alias="dataTimestamp", min_length=4)


@dataclass(frozen=True)
class _Answer:
    status: int
    headers: Mapping[str, str]
    body: bytes


class _Passing(Exception):
    """What another attempt may mend; `wait` is what the registry asks for, in seconds."""

    def __init__(self, what: str, wait: float | None = None) -> None:
        super().__init__(what)
        self.what, self.wait = what, wait


class Registry:
    """The registry's API; a context manager. Not for several threads.

    A request starts `pause` seconds after the one before at the earliest. After 429, 5xx, a broken connection, or an
    answer that is cut, slow or not what was asked for, it is made again: after ``Retry-After`` where the registry says
    so, else after `pause`, twice that, and so on, with some chance added. No cookie goes with it.

    Args:
        address: where the API is, ``https://clinicaltrials.gov/api/v2``.
        pause: seconds. The registry itself is asked once a second at most, whatever this says.
        attempts: how often a request is made at most.
        silence: seconds without a byte after which an answer counts as cut.
        deadline: seconds that a request and its whole answer may take.
        largest: bytes that an answer may have, unpacked.
        waiting: told why, before a request is tried again.

    Raises:
        UsageError: the address is none.
        ReadError: the environment names a proxy that cannot be used. From every request: the registry cannot be
            reached, or refuses; says what it said.
    """

    def __init__(
        self,
        address: str,
        pause: float = 1.0,
        *,
        attempts: int = 8,
        silence: float = 30.0,
        deadline: float = 300.0,
        largest: int = 512 << 20,
        waiting: Callable[[str], None] = lambda _: None,
    ) -> None:
        self.address = address.rstrip("/")
        self.host = _host(self.address)
        self.pause = max(pause, 1.0) if self.host == _ITSELF or self.host.endswith(f".{_ITSELF}") else pause
        self._attempts, self._largest, self._waiting = attempts, largest, waiting
        self._deadline = Deadline(deadline)
        self._next = 0.0
        try:
            self._client = httpx2.Client(
                headers={
                    "User-Agent": f"trialkin/{__version__}",
                    "Accept": "application/json",
                    "Accept-Encoding": "gzip",
                },
                cookies=CookieJar(DefaultCookiePolicy(allowed_domains=[])),
                timeout=httpx2.Timeout(silence),
            )
        except (ValueError, ImportError, httpx2.InvalidURL) as error:
            raise ReadError(
                f"The proxy that the environment names cannot be used: {error}.", "Check HTTPS_PROXY."
            ) from None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._client.close()

    def stamp(self) -> str:
        """When the registry's data were last refreshed, as it writes it: ``2026-03-25T09:00:05``."""
        return self._ask("/version", {}, lambda answer: _json(answer, _Version).stamp)

    def studies(self, parameters: Mapping[str, str]) -> StudiesPage | None:
        """A page of a listing; None if its ``pageToken`` is no longer known, because the data were refreshed."""

        def page(answer: _Answer) -> StudiesPage | None:
            return None if answer.status == 400 and "pageToken" in parameters else _json(answer, StudiesPage)

        return self._ask("/studies", parameters, page)

    def study(self, nct_id: str) -> dict[str, Any] | None:
        """One study, which has another id where the registry has moved it; None if there is none of that id."""
        live: str = nct_id
        for _ in range(_HOPS):
            found = self._ask(f"/studies/{live}", {"fields": RECORD}, self._study_or_move)
            if not isinstance(found, str):
                return found
            live = found
        raise ReadError(f"The registry sends from one id to the next for {nct_id}.", "Leave that id out.")

    def _study_or_move(self, answer: _Answer) -> dict[str, Any] | str | None:
        if answer.status in (301, 302, 307, 308):
            return self._moved_to(answer.headers.get("location", ""))
        return None if answer.status == 404 else _json(answer, _Study).model_dump(by_alias=True)

    def _moved_to(self, location: str) -> str:
        """The id that a redirect leads to; leaving the registry's studies is not followed."""
        try:
            target = str(httpx2.URL(f"{self.address}/studies/").join(location).copy_with(query=None, fragment=None))
        except httpx2.InvalidURL:
            target = ""
        found = re.fullmatch(re.escape(str(httpx2.URL(f"{self.address}/studies/"))) + r"(NCT\d{8})", target)
        if found is None:
            raise ReadError(
                f"The registry sends elsewhere, to {_shown(location)}, which is none of its studies.",
                "It was not followed. Check TRIALKIN_REGISTRY.",
            )
        return found[1]

    def _ask(self, path: str, parameters: Mapping[str, str], read: Callable[[_Answer], T]) -> T:
        """Make a request, again where that may help, until its answer can be read."""
        where = self.address + path
        try:
            for attempt in stamina.retry_context(
                on=self._again,
                attempts=self._attempts,
                timeout=None,
                wait_initial=self.pause,
                wait_max=60 * self.pause,
                wait_jitter=self.pause,
            ):
                with attempt:
                    return read(self._answer(where, parameters))
        except _Passing as last:
            too_long = (last.wait or 0) > _PATIENCE
            tried = (
                f" and asks for a wait of {last.wait:,.0f} seconds"
                if too_long
                else f", {self._attempts} times in a row"
            )
            raise ReadError(f"The registry {last.what}{tried}: {where}.", _KEPT) from None
        raise AssertionError("an attempt returns or raises")

    def _again(self, error: Exception) -> bool | float:
        if not isinstance(error, _Passing) or (error.wait or 0) > _PATIENCE:
            return False
        self._waiting(error.what)
        return True if error.wait is None else error.wait

    def _answer(self, where: str, parameters: Mapping[str, str]) -> _Answer:
        """Make a request once."""
        time.sleep(max(0.0, self._next - time.monotonic()))
        self._next = time.monotonic() + self.pause
        body = bytearray()
        try:
            with (
                self._deadline.running(),
                _not_logged(),
                self._client.stream(
                    "GET", where, params=dict(parameters), extensions={"trace": self._deadline.follow}
                ) as response,
            ):
                for part in response.iter_bytes():
                    body += part
                    if len(body) > self._largest:
                        raise ReadError(f"The registry's answer exceeds {self._largest >> 20:,} MB: {where}.", _KEPT)
        except (httpx2.TransportError, httpx2.DecodingError) as error:
            raise _Passing(self._too_slow() or _broken(error)) from None
        if slow := self._too_slow():  # an answer whose end is the connection's looks whole
            raise _Passing(slow)
        if response.status_code in (408, 429) or response.status_code >= 500:
            raise _Passing(f"answered {response.status_code}", _retry_after(response.headers.get("retry-after", "")))
        return _Answer(response.status_code, response.headers, bytes(body))

    def _too_slow(self) -> str:
        return f"took longer than {self._deadline.seconds:g} seconds to answer" if self._deadline.passed else ""


class _Study(BaseModel, extra="allow"):
    protocol_section: dict[str, Any] = Field(alias="protocolSection")


M = TypeVar("M", bound=BaseModel)


def _json(answer: _Answer, model: type[M]) -> M:
    if answer.status != 200:
        plain = answer.headers.get("content-type", "").startswith("text/plain")
        said = _shown(answer.body.decode(errors="replace")) if plain else ""
        raise ReadError(
            f"The registry refused the request with {answer.status}{': ' + said if said else '.'}",
            "Correct what was asked for, or check TRIALKIN_REGISTRY.",
        )
    try:
        return model.model_validate(orjson.loads(answer.body))
    except ValueError:
        raise _Passing("answered with something else than the JSON asked for") from None


def _host(address: str) -> str:
    try:
        url = httpx2.URL(address)
    except httpx2.InvalidURL:
        url = httpx2.URL("")
    if url.scheme not in ("http", "https") or not url.host or url.query or url.fragment:
        raise UsageError(f"{address!r} is no address of a registry.", "Correct or unset TRIALKIN_REGISTRY.")
    return url.host


def _broken(error: httpx2.HTTPError) -> str:
    if isinstance(error, httpx2.ConnectError | httpx2.ConnectTimeout | httpx2.ProxyError):
        return f"cannot be reached ({_shown(str(error)) or type(error).__name__})"
    return "fell silent" if isinstance(error, httpx2.TimeoutException) else "broke off its answer"


def _retry_after(value: str) -> float | None:
    """Seconds, from a number of seconds or a date (RFC 9110, section 10.2.3); None where it says neither."""
    if re.fullmatch(r"\d{1,9}", value.strip()):
        return float(value)
    try:
        return max(0.0, email.utils.parsedate_to_datetime(value).timestamp() - time.time())
    except (ValueError, OverflowError):
        return None


def _shown(text: str) -> str:
    """Text of a stranger, fit for a line of a terminal."""
    plain = " ".join("".join(one if one.isprintable() else " " for one in text[:2000]).split())
    return plain if len(plain) <= 300 else plain[:297] + "..."


@contextmanager
def _not_logged() -> Generator[None]:
    """HTTPX logs addresses with their queries; what is asked for is nobody's business."""
    logger, here = logging.getLogger("httpx2"), threading.get_ident()

    def elsewhere(record: logging.LogRecord) -> bool:
        return record.thread != here

    logger.addFilter(elsewhere)
    try:
        yield
    finally:
        logger.removeFilter(elsewhere)
