"""Answering the control routes under /_sandbox/, and the one that every system has: misbehave."""

from collections.abc import Callable
from typing import Any

from sandbox.faults import Faults
from sandbox.web import Request, Response, json_response

Routes = dict[tuple[str, str], Callable[[Request], Any]]


def answered(routes: Routes, request: Request) -> Response:
    """What the handler of the route gives, as JSON; what it cannot read is answered 400 by name."""
    handler = routes.get((request.method, request.path))
    if handler is None:
        return json_response({"error": "no such control"}, status=404)
    try:
        return json_response(handler(request))
    except (ValueError, KeyError, TypeError) as error:
        return json_response({"error": str(error)}, status=400)


def misbehave(
    wanted: dict[str, Any], faults: Faults, *, outage: Callable[[float], None]
) -> dict[str, Any]:
    """Start the outage of so many seconds, set the other faults, and tell how all stand now."""
    if "outage" in wanted:
        outage(float(wanted.pop("outage")))
    faults.set(wanted)
    return faults.as_dict()
