"""Which path and which route a request asks for."""

from collections.abc import Sequence

from starlette._utils import get_route_path  # the router's own: a guard that reads paths otherwise can be passed by
from starlette.routing import BaseRoute, Match
from starlette.types import Scope

PROBES = frozenset({"/healthz", "/readyz", "/metrics"})
"""What machines that watch the server ask for."""
STATIC = "/static/"
NO_ROUTE = "(none)"
_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})


def path_of(scope: Scope) -> str:
    """The path as the routes see it: decoded, without the root path of a proxy."""
    return get_route_path(_outermost(scope))


def is_exempt(scope: Scope) -> bool:
    """Whether no key is asked for and no limit applies: probes, and the files that pages are made of."""
    path = path_of(scope)
    return path in PROBES or path.startswith(STATIC)


def method_of(scope: Scope) -> str:
    """The method, or ``OTHER`` for one that is not usual, so that there are only so many."""
    return scope["method"] if scope["method"] in _METHODS else "OTHER"


def template_of(scope: Scope) -> str:
    """The template of the route, such as ``/api/v1/trials/{nctId}``; never a value of a path.

    A request that was refused before it was routed is matched here. `NO_ROUTE` where there is no such route.
    """
    routed = getattr(scope.get("route"), "path", None)
    if routed is None and "app" in scope:
        routed = _first_match(scope["app"].router.routes, dict(_outermost(scope)))
    return routed or NO_ROUTE


def _outermost(scope: Scope) -> Scope:
    """A scope as it came: a mount adds its own path to the root path."""
    return {**scope, "root_path": scope["app_root_path"]} if "app_root_path" in scope else scope


def _first_match(routes: Sequence[BaseRoute], scope: Scope) -> str | None:
    partial = None
    for route in routes:
        if (inner := getattr(route, "original_router", None)) is not None:  # FastAPI keeps included routers as they are
            if (found := _first_match(inner.routes, scope)) is not None:
                return found
            continue
        match, _ = route.matches(scope)
        path = getattr(route, "path", None)
        if match is Match.FULL:
            return path
        if match is Match.PARTIAL:
            partial = partial or path
    return partial
