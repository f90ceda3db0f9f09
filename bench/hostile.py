"""Hostile requests for the pages, sent byte by byte, and what must never come back."""

import re
import shlex
import socket
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from html.parser import HTMLParser
from urllib.parse import quote, quote_from_bytes

from contract import Tally
from hostile_input import BODIES, HEADERS, HOSTILE_TRIALS, LONG, METHODS, OTHER, PAYLOADS, PLACES, SCRIPTS, SEED
from served import Server

_BRIEFLY = 3.0
"""Seconds in which the server says something to what is no request, if it ever does."""
_SLOW = 20.0
"""Seconds after which an answer counts as wrong."""


@dataclass(frozen=True)
class Raw:
    """A request as it goes over the wire.

    Attributes:
        asked: what kind it is, for the table.
        method: of HTTP.
        target: path and query string, as bytes of any kind.
        headers: besides Host and Connection.
        body: if any.
    """

    asked: str
    method: bytes
    target: bytes
    headers: tuple[tuple[bytes, bytes], ...] = ()
    body: bytes = b""

    def sent(self, port: int) -> bytes:
        """All its bytes."""
        given = dict(self.headers)
        headers = {b"Host": b"127.0.0.1:%d" % port, b"Accept": b"text/html", b"Connection": b"close"} | given
        if self.body:
            headers |= {b"Content-Length": b"%d" % len(self.body)}
        lines = b"".join(b"%s: %s\r\n" % one for one in headers.items())
        return b"%s %s HTTP/1.1\r\n%s\r\n%s" % (self.method, self.target, lines, self.body)

    def command(self, port: int) -> str:
        """The command that sends it, shortened where it is long."""
        parts = ["curl", "-sig", "--path-as-is", "-X", self.method.decode()]
        for name, value in self.headers:
            parts += ["-H", f"{name.decode()}: {_shown(value)}"]
        if self.body:
            parts += ["--data-binary", _shown(self.body)]
        return shlex.join([*parts, f"http://127.0.0.1:{port}{_shown(self.target)}"])


def ask_pages(server: Server) -> Tally:
    """Send every request there is, follow where the answers lead, and note what comes back.

    That no script was found would mean little if none had been shown: there must be pages on which one stands escaped.
    """
    tally = Tally()
    for request in [*_in_addresses(), *_in_headers(), *_as_forms(), *_of_hostile_trials(), *_by_method()]:
        _ask(server.port, request, tally)
        if (ended := server.process.poll()) is not None:
            tally.note(request.asked, 0, [f"The server ended with {ended}"], request.command(server.port))
            return tally
    _ask_broken(server.port, tally)
    if not tally.escaped:
        tally.note("trials of scripts", 0, ["No page shows a script as text"])
    return tally


def _ask(port: int, request: Raw, tally: Tally) -> None:
    for _ in range(4):
        started = time.perf_counter()
        answer = _exchange(port, request.sent(port))
        seconds = time.perf_counter() - started
        status, headers, body = _taken_apart(answer)
        faults = list(_faults(status, headers, body))
        tally.escaped += b"&lt;script&gt;hammered()" in body
        if seconds > _SLOW:
            faults.append(f"It took {seconds:.0f} s")
        tally.note(request.asked, status, faults, request.command(port))
        target = headers.get(b"location")
        if target is None or not target.startswith(b"/"):
            return
        kept = status in {307, 308}
        request = Raw(
            request.asked,
            request.method if kept else b"GET",
            target,
            request.headers if kept else (),
            request.body if kept else b"",
        )


def _faults(status: int, headers: dict[bytes, bytes], body: bytes) -> Iterator[str]:
    if status == 0:
        yield "No answer that is HTTP"
    if status >= 500:
        yield f"Status {status}: {body[:200].decode(errors='replace')}"
    if b"x-injected" in headers:
        yield "A header of the client's own making"
    if b"root:" in body:
        yield "A file of the machine"
    target = re.sub(rb"^http://127\.0\.0\.1:\d+/", b"/", headers.get(b"location", b"/"))
    if not target.startswith(b"/") or target[1:2] in {b"/", b"\\"}:
        yield f"A redirect that may lead elsewhere: {target[:100].decode(errors='replace')}"
    if headers.get(b"content-type", b"").startswith(b"text/html"):
        reader = _Reader()
        reader.feed(body.decode(errors="replace"))
        yield from reader.found


class _Reader(HTMLParser):
    """Finds what a page would run that is not its own."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag == "script" and not (given.get("src") or "").startswith("/static/"):
            self.found.append(f"A script in the page: {given}")
        for name, value in given.items():
            if name.startswith("on") or name == "style":
                self.found.append(f"An attribute {name} of <{tag}>: {value}")
            if (value or "").strip().lower().startswith(("javascript:", "data:text")) and name in {
                "href",
                "src",
                "action",
                "formaction",
            }:
                self.found.append(f"An address that runs in <{tag} {name}>: {value}")
        if tag in {"iframe", "object", "embed", "base"} or (tag == "img" and given.get("src") == "x"):
            self.found.append(f"An element <{tag}>: {given}")


def _in_addresses() -> Iterator[Raw]:
    for place in PLACES:
        asked = re.sub(r"NCT\d+", "NCT…", place.replace("{}", "…"))
        for payload in PAYLOADS:
            for written in dict.fromkeys([quote_from_bytes(payload, safe=""), quote_from_bytes(payload, safe="/.\\:")]):
                yield Raw(asked, b"GET", place.format(written).encode())
            if len(payload) < LONG and payload:
                before, after = place.encode().split(b"{}")
                yield Raw(f"{asked}, not encoded", b"GET", before + payload + after)


def _in_headers() -> Iterator[Raw]:
    for header in HEADERS:
        for payload in PAYLOADS:
            if len(payload) < LONG:
                yield Raw(f"header {header}", b"GET", f"/trials/{SEED}".encode(), ((header.encode(), payload),))
    for header in ("Host", "X-Forwarded-Host"):
        for path in (f"/trials/{SEED}/", f"/trials/{SEED[3:]}", "/about/", "/map/", "/static", "/api/v1/version/"):
            yield Raw(f"header {header}", b"GET", path.encode(), ((header.encode(), b"elsewhere.example"),))


def _as_forms() -> Iterator[Raw]:
    form = ((b"Content-Type", b"application/x-www-form-urlencoded"),)
    for path in (b"/", b"/fragments/search", b"/?filter.phase=PHASE2"):
        for payload in PAYLOADS:
            for text in dict.fromkeys([payload, payload * (1 + 1_000 // (len(payload) or 1_000))]):
                yield Raw("form at /", b"POST", path, form, b"q=" + quote_from_bytes(text, safe="").encode())
        for kind, body in BODIES:
            yield Raw("odd body at /", b"POST", path, ((b"Content-Type", kind.encode()),), body)


def _of_hostile_trials() -> Iterator[Raw]:
    one, other = HOSTILE_TRIALS
    for path in (
        f"/trials/{one}",
        f"/trials/{other}?pageSize=100",
        f"/trials/{SEED}?pageSize=200",
        f"/compare/{one}/{other}",
        f"/compare/{OTHER}/{one}",
        f"/map?nctId={one}",
        f"/map?nctId={other}&colour=intervention",
        *(f"/?q={quote(script)}&pageSize=200" for script in SCRIPTS),
        *(f"/map?q={quote(script)}" for script in SCRIPTS),
        f"/?q={quote(SCRIPTS[0])}&filter.country={quote(SCRIPTS[0])}",
    ):
        yield Raw("trials of scripts", b"GET", path.encode())


def _by_method() -> Iterator[Raw]:
    for method in METHODS:
        for path in ("/", f"/trials/{SEED}", f"/compare/{SEED}/{OTHER}", "/map", "/about", "/static/trialkin.css"):
            yield Raw("other methods", method.encode(), path.encode())


def _ask_broken(port: int, tally: Tally) -> None:
    """What is no request at all; the server may close without an answer, but must live on."""
    for sent in (
        b"\r\n\r\n",
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc",
        b"GET / HTTP/9.9\r\n\r\n",
        b"GET /\r\n\r\n",
        b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\nq=",
        b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n\r\nq=",
        b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\nq=",
        b"POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\nq=\r\n",
        b"GET / HTTP/1.1\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: x\r\n" + b"A: b\r\n" * 5_000 + b"\r\n",
        b"GET / HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n",
        b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
    ):
        status, headers, body = _taken_apart(_exchange(port, sent, _BRIEFLY))
        faults = list(_faults(status, headers, body)) if status else []
        tally.note("no HTTP", status, faults, f"printf {_shown(sent)!r} | nc -N 127.0.0.1 {port}")
        _ask(port, Raw("after that", b"GET", b"/about"), tally)


def _exchange(port: int, sent: bytes, patience: float = 120.0) -> bytes:
    """The first answer to what is sent, or as much of it as comes."""
    received = bytearray()
    bodiless = sent.startswith(b"HEAD ")
    try:
        with socket.create_connection(("127.0.0.1", port), timeout=patience) as connection:
            with suppress(OSError):  # it was refused before it was read to its end; the answer is there all the same
                connection.sendall(sent)
            while not _is_whole(received, bodiless=bodiless) and (piece := connection.recv(65_536)):
                received += piece
    except OSError:
        pass
    return bytes(received)


def _is_whole(received: bytearray, *, bodiless: bool) -> bool:
    head, end, body = received.partition(b"\r\n\r\n")
    if not end:
        return False
    if bodiless or head.startswith((b"HTTP/1.1 204", b"HTTP/1.1 304")):
        return True
    if b"\r\ntransfer-encoding: chunked" in head.lower():
        return body.endswith(b"0\r\n\r\n")
    length = re.search(rb"\r\ncontent-length: (\d+)", head.lower())
    return length is not None and len(body) >= int(length[1])


def _taken_apart(answer: bytes) -> tuple[int, dict[bytes, bytes], bytes]:
    head, _, body = answer.partition(b"\r\n\r\n")
    first, *lines = head.split(b"\r\n")
    found = re.fullmatch(rb"HTTP/1\.1 (\d{3}).*", first)
    headers = {name.strip().lower(): value.strip() for name, _, value in (line.partition(b":") for line in lines)}
    if headers.get(b"transfer-encoding") == b"chunked":
        body = _joined(body)
    return (int(found[1]) if found else 0), headers, body


def _joined(chunks: bytes) -> bytes:
    body = bytearray()
    while chunks:
        size, _, rest = chunks.partition(b"\r\n")
        length = int(size or b"0", 16)
        if not length:
            break
        body += rest[:length]
        chunks = rest[length + 2 :]
    return bytes(body)


def _shown(value: bytes) -> str:
    text = value.decode("latin-1").encode("unicode_escape").decode()
    return text if len(text) <= 300 else f"{text[:300]}… ({len(value):,} bytes)"
