"""`errors` of a GraphQL answer, which come with any status, 200 above all, and what helps. Pure."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, NamedTuple

from integrations.canonical.problem import Problem, format_path, shorten
from integrations.connectors.graphql.quota import Quota
from portal.core.errors import CrossdockError, NeedsCredentials, NeedsPerson, Permanent, Retryable

_SHOWN: Final = 3


class Fault(NamedTuple):
    """One entry of `errors`. `code` as the server says it, in capitals; empty where it says none."""

    code: str
    message: str
    path: str = ""


def _no_quota(said: Mapping[str, Any]) -> Quota | None:
    return None


@dataclass(frozen=True)
class Dialect:
    """How one kind of server speaks: which codes mean what, and where it tells its quota.

    `waits` and `hangs`: come again, and whether the work may have been done; `unknown`: nobody is logged in;
    `forbidden`: the rights are missing; `bad_data`: it is about what was sent. Any other code is for ever.
    """

    name: str = "The system"
    waits: frozenset[str] = frozenset({"THROTTLED", "RATE_LIMITED", "TOO_MANY_REQUESTS"})
    hangs: frozenset[str] = frozenset(
        {"INTERNAL_SERVER_ERROR", "INTERNAL_ERROR", "SERVICE_UNAVAILABLE", "TIMEOUT"}
    )
    unknown: frozenset[str] = frozenset({"UNAUTHENTICATED", "UNAUTHORIZED"})
    forbidden: frozenset[str] = frozenset({"FORBIDDEN", "ACCESS_DENIED"})
    bad_data: frozenset[str] = frozenset({"INVALID_VARIABLE", "BAD_USER_INPUT"})
    quota: Callable[[Mapping[str, Any]], Quota | None] = _no_quota


def faults_of(said: Any) -> list[Fault]:
    """The entries of `errors`, which some gateways give as one text or as an object."""
    errors = said.get("errors") if isinstance(said, Mapping) else None
    if not errors:
        return []
    entries: Sequence[Any] = errors if isinstance(errors, list) else [errors]
    return [_fault(entry) for entry in entries]


def _fault(entry: Any) -> Fault:
    if not isinstance(entry, Mapping):
        return Fault("", shorten(entry))
    extensions = entry.get("extensions")
    more = extensions if isinstance(extensions, Mapping) else {}
    code = more.get("code") or entry.get("code") or ""
    where = entry.get("path")
    parts = (
        [part for part in where if isinstance(part, str | int)] if isinstance(where, list) else []
    )
    return Fault(
        str(code).upper(), shorten(entry.get("message") or "no reason"), format_path(parts)
    )


def error_of(
    faults: Sequence[Fault], dialect: Dialect, *, changes: bool, waits: float | None = None
) -> CrossdockError:
    """What helps against `faults`, the one that can be helped soonest first, in the server's own words.

    `changes`: the call may have changed something before it failed. `waits`: seconds until it fits.
    """
    text = f"{dialect.name} says: {'; '.join(_spoken(fault) for fault in faults[:_SHOWN])}"
    codes = {fault.code for fault in faults}
    if codes & dialect.waits:
        return Retryable(text, retry_after=waits, code="rate_limited")
    if codes & dialect.unknown:
        return NeedsCredentials(text)
    if codes & dialect.forbidden:
        return NeedsCredentials(text, code="forbidden")
    if codes & dialect.hangs:
        return Retryable(text, uncertain=changes)
    if codes and codes <= dialect.bad_data:
        return NeedsPerson(
            [
                Problem("rejected", fault.path, "", f"{dialect.name} says: {fault.message}")
                for fault in faults
            ]
        )
    return Permanent(text, code="refused")


def _spoken(fault: Fault) -> str:
    return f"{fault.message} ({fault.code})" if fault.code else fault.message
