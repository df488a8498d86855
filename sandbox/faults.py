"""Failing on request: counters that a control call sets and that the next requests use up."""

from collections.abc import Callable
from typing import Any

from sandbox.web import Request, Response, json_response

Number = int | float


class UnknownFaultError(ValueError):
    """The control call named a fault that this system does not have."""


class Faults:
    """`counts` are used up one by one; `settings` stay until they are set again."""

    def __init__(self, *, counts: tuple[str, ...], settings: tuple[str, ...] = ()) -> None:
        self.counts: dict[str, int] = dict.fromkeys(counts, 0)
        self.settings: dict[str, Any] = dict.fromkeys(settings, 0)

    def set(self, wanted: dict[str, Any]) -> None:
        known = set(self.counts) | set(self.settings)
        unknown = sorted(set(wanted) - known)
        if unknown:
            raise UnknownFaultError(f"Unknown fault {', '.join(unknown)}; known: {sorted(known)}")
        for name, value in wanted.items():
            if name in self.settings:
                self.settings[name] = value
            else:
                self._set_count(name, value)

    def _set_count(self, name: str, value: Any) -> None:
        if isinstance(value, dict):
            rest = {f"{name}.{key}": part for key, part in value.items() if key != "n"}
            self.settings.update(rest)
            value = value["n"]
        self.counts[name] = int(value)

    def take(self, name: str) -> bool:
        """Whether the fault applies now; one use fewer remains."""
        if self.counts[name] <= 0:
            return False
        self.counts[name] -= 1
        return True

    def as_dict(self) -> dict[str, Any]:
        return {**self.counts, **self.settings}


HTTP_FAULTS = ("http_500", "http_429", "slow", "timeout_after_commit")


def misbehaving(faults: Faults, request: Request, handle: Callable[[Request], Response]):
    """The handler's answer, or the failure that was asked for; None means never answer."""
    if faults.take("http_500"):
        return json_response({"code": "internal_server_error", "message": "500"}, status=500)
    if faults.take("http_429"):
        after = str(faults.settings.get("http_429.retry_after", 1))
        body = {"code": "too_many_requests", "message": "429"}
        return json_response(body, status=429, headers=(("Retry-After", after),))
    response = handle(request)
    if request.method != "GET" and faults.take("timeout_after_commit"):
        return None
    if faults.take("slow"):
        return response._replace(delay=float(faults.settings.get("slow.seconds", 1)))
    return response
