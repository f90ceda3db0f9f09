"""A registry of a few studies on this machine, which answers as the ClinicalTrials.gov API does, version 2.

Run as a script it serves the bundled sample; in tests it also misbehaves as it is told.
"""

import argparse
import base64
import contextlib
import json
import re
import sys
import threading
import time
from collections import deque
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

ROOT = Path(__file__).parents[2]
BASE = "/api/v2"
NCT_ID = re.compile(r"[Nn][Cc][Tt]0*([1-9]\d{0,7})")
RANGE = re.compile(r"AREA\[LastUpdatePostDate\]RANGE\[(MIN|\d{4}-\d\d-\d\d),(MAX|\d{4}-\d\d-\d\d)\]")
PARAMETERS = {
    "countTotal",
    "fields",
    "filter.advanced",
    "filter.ids",
    "filter.overallStatus",
    "pageSize",
    "pageToken",
    "query.cond",
    "query.intr",
    "query.term",
}
PIECES = {
    "NCTId": ("protocolSection", "identificationModule", "nctId"),
    "LastUpdatePostDate": ("protocolSection", "statusModule", "lastUpdatePostDateStruct", "date"),
    "protocolSection": ("protocolSection",),
    "derivedSection": ("derivedSection",),
    "hasResults": ("hasResults",),
}
AREAS = {
    "query.cond": ("conditionsModule", "identificationModule"),
    "query.intr": ("armsInterventionsModule", "identificationModule"),
    "query.term": (),
}


class Refusal(Exception):
    """A bad request, as the registry refuses it: 400 and a sentence of plain text."""


class FakeRegistry:
    """A server on 127.0.0.1; a context manager.

    Attributes:
        studies: the study objects by NCT id, in the order in which they are listed.
        aliases: ids that have become another.
        requests: the path and the parameters of each request so far, ``("/studies", {"pageSize": "1000"})``.
        agents: the headers of each request so far.
        started: when each request came, in seconds of a clock that only goes forward.
        faults: one for each request to come, first come first served; None is a request that is answered well.
        page_limit: how many studies a page has at most, whatever is asked for.
        announced: how many studies a listing is said to have, where that is not how many it has.
        ids_know_aliases: whether ``filter.ids`` finds a study by its former id.
    """

    def __init__(self, studies=(), *, port=0, page_limit=1000):
        self.studies = {nct_id(study): study for study in studies}
        self.aliases = {}
        self.requests, self.agents, self.started = [], [], []
        self.faults = deque()
        self.page_limit = page_limit
        self.announced = None
        self.ids_know_aliases = False
        self.data_timestamp = "2026-03-25T09:00:05"
        self._generation = 0
        self._server = _Server(("127.0.0.1", port), type("Handler", (_Handler,), {"registry": self}))
        self._server.daemon_threads = True
        self.address = f"http://127.0.0.1:{self._server.server_port}{BASE}"

    def __enter__(self):
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.01})
        self._thread.start()
        return self

    def __exit__(self, *_):
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()

    def serve(self):
        """Serve until Ctrl-C."""
        try:
            self._server.serve_forever()
        finally:
            self._server.server_close()

    def expire_tokens(self):
        """Let every page token die."""
        self._generation += 1

    def refresh(self, *studies):
        """Put in new versions of some studies; page tokens die and the data have another date."""
        self.studies |= {nct_id(study): study for study in studies}
        self.expire_tokens()
        self.data_timestamp = f"2026-03-{25 + self._generation}T09:00:05"

    def asked(self, path):
        """The parameters of the requests so far to one path."""
        return [parameters for where, parameters in self.requests if where == path]

    def answer(self, path, parameters):
        """Status, headers and body of a well-behaved answer."""
        if path == "/version":
            return _json({"apiVersion": "2.0.5", "dataTimestamp": self.data_timestamp})
        try:
            if path == "/studies":
                return _json(self._page(parameters))
            if path.startswith("/studies/"):
                return self._study(path.removeprefix("/studies/"), parameters)
        except Refusal as refusal:
            return 400, {"Content-Type": "text/plain"}, str(refusal).encode()
        return 404, {"Content-Type": "text/plain"}, b"Not found"

    def _study(self, text, parameters):
        match = NCT_ID.fullmatch(text)
        if match is None:
            raise Refusal("Parameter `nctId` has incorrect format")
        asked = f"NCT{int(match[1]):08d}"
        if asked in self.aliases:
            return 301, {"Location": f"{BASE}/studies/{self.aliases[asked]}"}, b""
        if asked not in self.studies:
            return 404, {"Content-Type": "text/plain"}, b"NCT number not found"
        return _json(pieces(self.studies[asked], parameters))

    def _page(self, parameters):
        if unknown := parameters.keys() - PARAMETERS:
            raise Refusal(f"Unknown parameter `{min(unknown)}`")
        size = parameters.get("pageSize", "10")
        if not size.isdecimal() or int(size) > 1000:
            raise Refusal("Parameter `pageSize` must be between 0 and 1000")
        first = self._offset(parameters["pageToken"]) if "pageToken" in parameters else 0
        found = [study for study in self.studies.values() if self._meets(study, parameters)]
        end = first + min(int(size), self.page_limit)
        page = {"studies": [pieces(study, parameters) for study in found[first:end]]}
        if parameters.get("countTotal") == "true" and first == 0:
            page = {"totalCount": len(found) if self.announced is None else self.announced} | page
        if end < len(found) and size != "0":
            page["nextPageToken"] = base64.urlsafe_b64encode(f"{self._generation}/{end}".encode()).decode()
        return page

    def _offset(self, token):
        try:
            generation, offset = map(int, base64.urlsafe_b64decode(token).decode().split("/"))
        except ValueError:
            generation, offset = -1, 0
        if generation != self._generation:
            raise Refusal("Parameter `pageToken` is invalid or has expired")
        return offset

    def _meets(self, study, parameters):
        protocol = study["protocolSection"]
        for name, modules in AREAS.items():
            text = json.dumps([protocol.get(one) for one in modules] if modules else study).lower()
            if not all(word in text for word in parameters.get(name, "").lower().split()):
                return False
        status = protocol.get("statusModule", {})
        statuses = re.findall(r"\w+", parameters.get("filter.overallStatus", ""))
        if statuses and status.get("overallStatus") not in statuses:
            return False
        if ids := set(re.findall(r"\w+", parameters.get("filter.ids", ""))):
            known = {nct_id(study), *(protocol["identificationModule"].get("nctIdAliases", []) * self.ids_know_aliases)}
            if not ids & known:
                return False
        if advanced := parameters.get("filter.advanced"):
            if (between := RANGE.fullmatch(advanced)) is None:
                raise Refusal(f"Cannot read `filter.advanced`: {advanced}")
            date = status.get("lastUpdatePostDateStruct", {}).get("date", "")
            return (between[1] == "MIN" or date >= between[1]) and (between[2] == "MAX" or date <= between[2])
        return True


def nct_id(study):
    """The NCT id of a study object."""
    return study["protocolSection"]["identificationModule"]["nctId"]


def pieces(study, parameters):
    """The parts of a study that `fields` names, or all of it."""
    if "fields" not in parameters:
        return study
    chosen = {}
    for name in re.split(r"[,|]", parameters["fields"]):
        if name not in PIECES:
            raise Refusal(f"Unknown field `{name}`")
        value, *way = study, *PIECES[name]
        for key in way:
            value = value.get(key) if isinstance(value, dict) else None
        if value is not None:
            inside = chosen
            for key in way[:-1]:
                inside = inside.setdefault(key, {})
            inside[way[-1]] = value
    return chosen


def _json(value):
    return 200, {"Content-Type": "application/json"}, json.dumps(value).encode()


class _Server(ThreadingHTTPServer):
    """A client that goes away, or is killed, is nothing to report."""

    def handle_error(self, request, client_address):
        if not isinstance(sys.exc_info()[1], ConnectionError):
            super().handle_error(request, client_address)


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    timeout = 10
    registry: FakeRegistry

    def do_GET(self):
        started = time.monotonic()
        where = urlsplit(self.path)
        path = where.path.removeprefix(BASE) if where.path.startswith(f"{BASE}/") else where.path
        parameters = {name: values[-1] for name, values in parse_qs(where.query, keep_blank_values=True).items()}
        self.registry.started.append(started)
        self.registry.agents.append(dict(self.headers))
        self.registry.requests.append((path, parameters))
        fault = self.registry.faults.popleft() if self.registry.faults else None
        try:
            (fault or send)(self, *self.registry.answer(path, parameters))
        except OSError:  # the other side has gone
            self.close_connection = True

    def log_message(self, *_):
        pass


def send(handler, status, headers, body):
    """Answer well."""
    handler.send_response(status)
    for name, value in {**headers, "Content-Length": str(len(body))}.items():
        handler.send_header(name, value)
    handler.end_headers()
    handler.wfile.write(body)


def fails(status, **headers):
    """A fault: another status, with headers such as ``Retry_After="1"``."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return lambda handler, *_: send(handler, status, {"Content-Type": "text/plain"} | named, b"Please come again")


def says(body, content_type="application/json", status=200, **headers):
    """A fault: another body."""
    return lambda handler, *_: send(handler, status, {"Content-Type": content_type} | headers, body)


def cut(handler, status, headers, body):
    """A fault: the connection ends in the middle of the body."""
    handler.send_response(status)
    for name, value in {**headers, "Content-Length": str(len(body))}.items():
        handler.send_header(name, value)
    handler.end_headers()
    handler.wfile.write(body[: len(body) // 2])
    handler.wfile.flush()
    handler.close_connection = True


def silent(seconds):
    """A fault: half of the body comes, then nothing for a while."""

    def fault(handler, *answer):
        cut(handler, *answer)
        time.sleep(seconds)

    return fault


def drips(where, seconds):
    """A fault: the answer comes byte by byte; `where` is ``headers`` or ``body``."""

    def fault(handler, *answer):
        body = answer[-1]
        if where == "body":
            handler.send_response(200)
            handler.end_headers()  # without a length the body lasts until the connection ends
        else:
            body = b"HTTP/1.1 200 OK\r\nX-Long: " + b"x" * 100_000
        handler.close_connection = True
        end = time.monotonic() + seconds
        for number in range(len(body)):
            if time.monotonic() > end:
                break
            handler.wfile.write(body[number : number + 1])
            handler.wfile.flush()
            time.sleep(0.02)

    return fault


def stalls(reached, go_on):
    """A fault: two events, one set when the request has come, one waited for before it is answered."""

    def fault(handler, *answer):
        reached.set()
        go_on.wait(30)
        send(handler, *answer)

    return fault


def after(action):
    """A fault that is none: the request is answered as things are, but something happens before the answer is sent."""

    def fault(handler, *answer):
        action()
        send(handler, *answer)

    return fault


def before(action):
    """A fault that is none: something happens, then the request is answered as things are now."""

    def fault(handler, *_):
        action()
        send(handler, *handler.registry.answer(*handler.registry.requests[-1]))

    return fault


def main():
    """Serve the bundled sample."""
    options = argparse.ArgumentParser(description="Serve the bundled sample as the registry's API does.")
    options.add_argument("--port", type=int, default=8010)
    port = options.parse_args().port
    lines = (ROOT / "data" / "sample" / "trials.jsonl").read_text(encoding="utf-8").splitlines()
    registry = FakeRegistry(map(json.loads, lines), port=port)
    command = f"TRIALKIN_HOME=.demo/fetched TRIALKIN_REGISTRY={registry.address} .venv/bin/trialkin fetch"
    sys.stdout.write(
        f"Serving {len(registry.studies)} studies at {registry.address}. To try it, from another terminal:\n\n"
        f"    {command} --all\n"
        f'    {command} --condition "immune thrombocytopenia" --status RECRUITING\n\n'
        "Ctrl-C stops it.\n"
    )
    sys.stdout.flush()
    with contextlib.suppress(KeyboardInterrupt):
        registry.serve()


if __name__ == "__main__":
    main()
