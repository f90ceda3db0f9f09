"""How often one client may ask: a token bucket a key, or a client address where there is no key."""

import ipaddress
import math
import time
from collections.abc import Callable

from starlette.types import ASGIApp, Receive, Scope, Send

from .metrics import Metrics
from .refusals import TooManyRequests, refuse
from .request_paths import is_exempt

_MOST_BUCKETS = 10_000
_IPV6_NETWORK = 64
"""Bits of an IPv6 address that name its owner; the rest is at his choice."""


class Buckets:
    """Token buckets by name: each holds up to `burst` tokens and gains `per_minute` of them a minute."""

    def __init__(self, per_minute: float, burst: int, clock: Callable[[], float] = time.monotonic) -> None:
        """All buckets are full."""
        self._rate = per_minute / 60
        self._burst = float(burst)
        self._clock = clock
        self._kept: dict[str, tuple[float, float]] = {}

    def take(self, name: str) -> float:
        """Take a token: 0, or the seconds until there is one."""
        now = self._clock()
        tokens, at = self._kept.get(name, (self._burst, now))
        tokens = min(self._burst, tokens + (now - at) * self._rate)
        if tokens < 1:
            return (1 - tokens) / self._rate
        self._kept[name] = (tokens - 1, now)
        if len(self._kept) > _MOST_BUCKETS:
            self._forget(now)
        return 0.0

    def _forget(self, now: float) -> None:
        """Drop the buckets that are full again, and if these are few, those least lately used."""
        full = [name for name, (tokens, at) in self._kept.items() if tokens + (now - at) * self._rate >= self._burst]
        if len(full) < _MOST_BUCKETS // 10:
            full = sorted(self._kept, key=lambda name: self._kept[name][1])[: _MOST_BUCKETS // 10]
        for name in full:
            del self._kept[name]


class RateLimit:
    """ASGI middleware that answers those who ask too often with 429."""

    def __init__(self, app: ASGIApp, buckets: Buckets, metrics: Metrics) -> None:
        """Wrap an application; the check of keys comes before."""
        self._app = app
        self._buckets = buckets
        self._metrics = metrics

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request."""
        if scope["type"] != "http" or is_exempt(scope):
            await self._app(scope, receive, send)
            return
        wait = self._buckets.take(_who(scope))
        if wait == 0:
            await self._app(scope, receive, send)
            return
        self._metrics.shed.labels("rate").inc()
        scope.setdefault("state", {})["shed"] = "rate"
        seconds = math.ceil(wait)
        error = TooManyRequests("That is too many requests.", f"Ask again in {seconds} s, and slower.")
        await refuse(error, scope, receive, send, {"Retry-After": str(seconds)})


def _who(scope: Scope) -> str:
    if (key := scope.get("state", {}).get("key")) is not None:
        return f"key {key}"
    address = scope["client"][0] if scope.get("client") else ""
    try:
        if (parsed := ipaddress.ip_address(address)).version == 6:
            return str(ipaddress.ip_network((parsed, _IPV6_NETWORK), strict=False))
    except ValueError:  # a Unix socket has no address
        return address
    return address
