"""What an answer means. Odoo names the exception that was raised, whatever the status, and it is told in its
words."""

import json
from typing import Any, Final, NamedTuple

from integrations.canonical.problem import Problem, shorten
from portal.core.errors import NeedsCredentials, NeedsPerson, Permanent, Retryable
from portal.core.recovery import parse_retry_after, raise_for_recovery
from portal.core.redact import redact_text
from portal.core.response import Response

_EXCERPT: Final = 500
_SIGNED_OUT: Final = frozenset(
    {
        "odoo.exceptions.AccessDenied",
        "odoo.http.SessionExpiredException",
        "werkzeug.exceptions.Unauthorized",
    }
)
_FORBIDDEN: Final = frozenset({"odoo.exceptions.AccessError", "werkzeug.exceptions.Forbidden"})
# Somebody else holds what was to be changed. Odoo has tried a few times itself.
_IN_USE: Final = ("LockError", "ConcurrencyError", "SerializationFailure", "LockNotAvailable",
                  "DeadlockDetected", "TransactionRollbackError")  # fmt: skip
_BUSY: Final = ("OperationalError", "PoolError", "InterfaceError")
_NO_DATABASE: Final = ("database", "does not exist")
_REFUSED: Final = frozenset(
    {
        "odoo.exceptions.UserError",
        "odoo.exceptions.ValidationError",
        "odoo.exceptions.RedirectWarning",
        "odoo.exceptions.MissingError",
        "odoo.exceptions.CacheMiss",
    }
)


class Said(NamedTuple):
    """An exception that Odoo raised: its name and its words."""

    name: str
    words: str


def said_in(answer: Response) -> Said | None:
    """The exception in an answer of either protocol; None where there is none."""
    data = _data(answer)
    error = data.get("error") if isinstance(data, dict) else None
    if isinstance(error, dict):
        inner = error.get("data")
        inner = inner if isinstance(inner, dict) else {}
        return _said(inner.get("name"), inner.get("message") or error.get("message"))
    if answer.status >= 400 and isinstance(data, dict) and isinstance(data.get("name"), str):
        return _said(data["name"], data.get("message"))
    return None


def _said(name: Any, message: Any) -> Said:
    words = " ".join(str(message or "").split())
    return Said(str(name or ""), words or "Odoo gave no reason.")


def _data(answer: Response) -> Any:
    try:
        return answer.json()
    except Retryable:
        return None


def result(answer: Response, *, writing: bool, enveloped: bool) -> Any:
    """What the method gave. Raises the error that names what helps.

    One call is one transaction there: what ended in an exception took no effect. A refusal of what was
    written asks a person; one of what was asked for is a defect of the question.
    """
    if said := said_in(answer):
        raise _error(said, answer, writing)
    raise_for_recovery(answer)
    data = answer.json()
    if not enveloped:
        return data
    if isinstance(data, dict) and data.get("jsonrpc"):
        return data.get("result")  # None leaves it out
    raise Retryable(f"{answer!r} is no JSON-RPC", code="unavailable", uncertain=True)


def _error(said: Said, answer: Response, writing: bool) -> Exception:
    told = f"Odoo says: {shorten(said.words)}"
    kind = said.name.rpartition(".")[2]
    if said.name in _SIGNED_OUT:
        return NeedsCredentials(told, code="auth_expired")
    if said.name in _FORBIDDEN:
        return NeedsCredentials(told, code="forbidden")
    if answer.status == 429:
        waits = parse_retry_after(answer.header("Retry-After"))
        return Retryable(told, retry_after=waits, code="rate_limited")
    if kind in _IN_USE:
        return Retryable(told, code="conflict")
    if kind in _BUSY and not all(word in said.words for word in _NO_DATABASE):
        return Retryable(told, code="unavailable")
    if kind in _BUSY or said.name == "werkzeug.exceptions.NotFound":
        return Permanent(told, code="not_found")
    if writing or said.name in _REFUSED:
        return _refusal(said) if writing else Permanent(told, code="bad_request")
    return Permanent(told, code="bad_request")


def _refusal(said: Said) -> NeedsPerson:
    return NeedsPerson([Problem("erp_refused", "", shorten(said.name), shorten(said.words))])


def describe(answer: Response) -> dict[str, Any]:
    """An answer as people see it: {status, ms, body}. Of an exception its words, and not where in Odoo's
    own code it was raised."""
    said = said_in(answer)
    text = answer.body[: 4 * _EXCERPT].decode("utf-8", "replace")
    if said:
        text = json.dumps(said._asdict(), ensure_ascii=False)
    shown = redact_text(text)[:_EXCERPT]
    return {"status": answer.status, "ms": round(answer.seconds * 1000), "body": shown}
