"""From an HTTP answer to the error that says what helps."""

from collections.abc import Callable, Sequence
from datetime import UTC
from email.utils import parsedate_to_datetime
from typing import Final

from portal.core import clock
from portal.core.errors import NeedsCredentials, NeedsPerson, Permanent, ProblemLike, Retryable
from portal.core.redact import redact_text, redact_url
from portal.core.response import Response

LONGEST_RETRY_AFTER: Final = 3600.0
_EXCERPT: Final = 300

_CODES: Final = {
    400: "bad_request",
    401: "auth_expired",
    403: "forbidden",
    404: "not_found",
    405: "not_allowed",
    408: "timeout",
    409: "conflict",
    410: "gone",
    413: "too_large",
    415: "unsupported_type",
    422: "rejected",
    425: "unavailable",
    429: "rate_limited",
    504: "timeout",
}
_ABOUT_THE_DATA: Final = frozenset({400, 404, 409, 410, 422})
_TRY_LATER: Final = frozenset({408, 425, 429})


FindProblems = Callable[[Response], Sequence[ProblemLike]]


def raise_for_recovery(answer: Response, *, problems: FindProblems | None = None) -> None:
    """Return for 2xx, else raise one of the four errors.

    401, 403 → NeedsCredentials. 408, 425, 429, 5xx → Retryable with Retry-After. Everything else,
    a redirect that was not followed included → Permanent; but for 400, 404, 409, 410 and 422
    `problems` may read the answer, and what it finds is raised as NeedsPerson. A 5xx other than
    503 is `uncertain`: the server may have done the work before it failed.
    """
    status = answer.status
    if 200 <= status < 300:
        return
    if status in {401, 403}:
        raise NeedsCredentials(_describe(answer), code=_CODES[status])
    if status in _TRY_LATER or status >= 500:
        raise Retryable(
            _describe(answer),
            retry_after=parse_retry_after(answer.header("Retry-After")),
            code=_CODES.get(status, "unavailable"),
            uncertain=status >= 500 and status != 503,
        )
    if problems and status in _ABOUT_THE_DATA and (found := problems(answer)):
        raise NeedsPerson(found)
    raise Permanent(_describe(answer), code=_code(status))


def _code(status: int) -> str:
    return "redirected" if status < 400 else _CODES.get(status, "refused")


def _describe(answer: Response) -> str:
    text = f"{answer.method} {redact_url(answer.url)} was answered {answer.status}"
    if location := answer.header("Location"):
        text += f" to {redact_url(location)}"
    excerpt = _excerpt(answer.body)
    return f"{text}: {excerpt}" if excerpt else text


def _excerpt(body: bytes) -> str:
    # Redacted before it is cut: half a secret no longer looks like one.
    text = redact_text(body[: 10 * _EXCERPT].decode("utf-8", "replace"))
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())[:_EXCERPT]


def parse_retry_after(value: str | None) -> float | None:
    """Seconds asked for, given as seconds or as an HTTP date (RFC 9110 §10.2.3); at most an hour.

    None when the header is missing or unreadable.
    """
    if value is None:
        return None
    seconds = _as_seconds(value.strip())
    return None if seconds is None else min(max(seconds, 0.0), LONGEST_RETRY_AFTER)


def _as_seconds(value: str) -> float | None:
    if value.isascii() and value.replace(".", "", 1).isdigit():
        return float(value)
    try:
        at = parsedate_to_datetime(value)
    except ValueError:
        return None
    # "-0000" is UTC by a clock that knows no zone, and comes back naive.
    return (at.replace(tzinfo=at.tzinfo or UTC) - clock.now()).total_seconds()
