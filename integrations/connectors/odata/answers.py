"""What an answer means: OData's error object is read in both versions, and told in the system's words."""

import re
from collections.abc import Iterator
from typing import Any, Final, NamedTuple

from integrations.canonical.problem import Problem, shorten
from portal.core.errors import NeedsCredentials, NeedsPerson, Permanent, Retryable
from portal.core.recovery import parse_retry_after, raise_for_recovery
from portal.core.redact import redact_url
from portal.core.response import Response

_MOST: Final = 10
_ABOUT_CONTENT: Final = frozenset({400, 409, 422})
# 412: somebody changed it since it was read. 423: somebody has it open. 428: it wants to be read first.
_IN_USE: Final = frozenset({412, 423, 428})
# What a system says of an entity that somebody else changed, or has open, whatever its status.
_SAYS_IN_USE: Final = ("Request_EntityChanged", "MC/601", "V1/042")
# The id of one call would make each refusal another one than the last.
_CALL: Final = re.compile(r"\s*CorrelationId:\s*[0-9A-Fa-f-]{36}\.?$")


class Said(NamedTuple):
    """One error: its code, its words, and what it is about, where the system says so."""

    code: str
    words: str
    target: str


def said_in(answer: Response) -> list[Said]:
    """The errors in an answer, the main one first; none where it has no error object."""
    try:
        data = answer.json()
    except Retryable:
        return []
    error = data.get("error") if isinstance(data, dict) else None
    return list(_distinct(error))[:_MOST] if isinstance(error, dict) else []


def _distinct(error: dict[str, Any]) -> Iterator[Said]:
    seen = set()
    for one in [error, *_details(error)]:
        found = Said(_text(one.get("code")), _words(one), _text(one.get("target")))
        if found.words and found.words not in seen:
            seen.add(found.words)
            yield found


def _details(error: dict[str, Any]) -> list[dict[str, Any]]:
    inner = error.get("innererror")
    listed = error.get("details")
    if not isinstance(listed, list) and isinstance(inner, dict):
        listed = inner.get("errordetails")
    details = [one for one in listed if isinstance(one, dict)] if isinstance(listed, list) else []
    return [one for one in details if one.get("severity") in (None, "error", "abort")]


def _words(error: dict[str, Any]) -> str:
    message = error.get("message")
    words = _text(message.get("value") if isinstance(message, dict) else message)
    return _CALL.sub("", words)


def _text(value: Any) -> str:
    return " ".join(str(value).split()) if isinstance(value, str | int) else ""


def is_in_use(answer: Response) -> bool:
    """Whether somebody else has or changed what was to be changed."""
    if answer.status in _IN_USE:
        return True
    return answer.status >= 400 and any(
        one.code.startswith(_SAYS_IN_USE) for one in said_in(answer)[:1]
    )


def judge(answer: Response, *, writing: bool) -> None:
    """Return for a good answer, else raise the error that names what helps.

    A refusal of what was written asks a person, in the system's words; one of what was asked for is a
    defect of the question.
    """
    if 200 <= answer.status < 300:
        return
    said = said_in(answer)
    if is_in_use(answer):
        waits = parse_retry_after(answer.header("Retry-After"))
        raise Retryable(_told(answer, said), retry_after=waits, code="conflict")
    if said and writing and answer.status in _ABOUT_CONTENT:
        raise NeedsPerson([_problem(one) for one in said])
    if said and answer.status in _ABOUT_CONTENT:
        raise Permanent(_told(answer, said), code="bad_request")
    if said and answer.status == 403:
        raise NeedsCredentials(_told(answer, said), code="forbidden")
    if said and answer.status == 404:
        raise Permanent(_told(answer, said), code="not_found")
    raise_for_recovery(answer)


def _problem(said: Said) -> Problem:
    return Problem("erp_refused", said.target[:200], shorten(said.code), shorten(said.words))


def _told(answer: Response, said: list[Said]) -> str:
    words = f": {shorten(said[0].words)}" if said else ""
    return f"{answer.method} {redact_url(answer.url)} was answered {answer.status}{words}"
