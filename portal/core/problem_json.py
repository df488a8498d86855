"""Errors as programs read them: `application/problem+json` (RFC 9457), each kind with a page of its own."""

import json
from collections.abc import Mapping, Sequence
from typing import Any, Final, NamedTuple

from django.http import HttpRequest, HttpResponse

CONTENT_TYPE: Final = "application/problem+json"
BASE: Final = "/api/problems/"
API: Final = "/api/"


class ProblemKind(NamedTuple):
    """One kind of error: its status, its title, and what whoever reads it does about it."""

    status: int
    title: str
    remedy: str


KINDS: Final[dict[str, ProblemKind]] = {
    "unreadable": ProblemKind(
        400,
        "The request cannot be read",
        "Send JSON in UTF-8, without zero characters, nested no deeper than 50 levels.",
    ),
    "not-signed-in": ProblemKind(
        401,
        "No token, or one that opens nothing",
        "Send Authorization: Bearer with a token of this site. A token that was revoked, that has expired"
        " or that another site made opens nothing; the detail says which.",
    ),
    "not-allowed": ProblemKind(
        403,
        "Not allowed",
        "The token lacks the scope that the operation names, or whoever made it no longer holds it. Ask"
        " for a token with that scope.",
    ),
    "forged": ProblemKind(
        403,
        "The request came without its CSRF token",
        "With a browser's session, send the value of the csrftoken cookie as X-CSRFToken. Programs use a"
        " token instead.",
    ),
    "not-included": ProblemKind(
        403,
        "Not part of what this site has",
        "The detail names it. Whoever runs the site can say whether it may be added.",
    ),
    "not-found": ProblemKind(
        404,
        "There is nothing at this address",
        "It may be misspelled, gone, or somebody else's. Lists show what the token may see.",
    ),
    "method-not-allowed": ProblemKind(
        405, "This address does not take this method", "The Allow header says which it takes."
    ),
    "not-acceptable": ProblemKind(
        406,
        "No format that you accept",
        "Answers are application/json. Accept that, or leave Accept out.",
    ),
    "too-slow": ProblemKind(
        408, "The body took too long to arrive", "Nothing was changed. Send it again."
    ),
    "conflict": ProblemKind(
        409,
        "Not now",
        "The thing is not in a state in which this can be done; the detail says what it is. Read it"
        " again.",
    ),
    "running": ProblemKind(
        409,
        "The same request is running",
        "Another request with this Idempotency-Key has not ended yet. Wait as long as Retry-After says"
        " and send it again.",
    ),
    "gone": ProblemKind(
        410, "This site is closed", "Nothing is answered here any more. Stop asking."
    ),
    "changed": ProblemKind(
        412,
        "It has changed since you read it",
        "Read it again, look at what changed, and send its new ETag as If-Match.",
    ),
    "too-large": ProblemKind(413, "The body is too large", "A request has at most 10 MB."),
    "unsupported-media-type": ProblemKind(
        415, "Not a format that is taken", "Send Content-Type: application/json."
    ),
    "invalid": ProblemKind(
        422,
        "Something in it cannot be used",
        "Each entry of errors says where (a JSON pointer into the body, or the name of a parameter) and"
        " what is wrong there.",
    ),
    "key-reused": ProblemKind(
        422,
        "This Idempotency-Key was used for something else",
        "A key stands for one request. Choose a new one for another.",
    ),
    "precondition-required": ProblemKind(
        428,
        "Say which version you change",
        "Read the thing first and send its ETag as If-Match.",
    ),
    "too-many": ProblemKind(
        429,
        "Too many requests",
        "Wait as long as Retry-After says. RateLimit says with each answer how many are left.",
    ),
    "failed": ProblemKind(
        500,
        "The fault is ours",
        "Send it again later; with an Idempotency-Key that is safe. Tell support the reference.",
    ),
    "closed": ProblemKind(
        503,
        "This site is closed for now",
        "Nothing was changed. Come again after as long as Retry-After says.",
    ),
    "system-away": ProblemKind(
        503,
        "The system behind it does not answer now",
        "Nothing is known to have changed. Send it again after as long as Retry-After says: a row is made"
        " once, however often it is asked for.",
    ),
    "busy": ProblemKind(
        503, "Too much is arriving at once", "Nothing was changed. Send it again in a moment."
    ),
}
_OF_STATUS: Final = {
    400: "unreadable", 401: "not-signed-in", 403: "not-allowed", 404: "not-found",
    405: "method-not-allowed", 406: "not-acceptable", 408: "too-slow", 409: "conflict",
    412: "changed", 413: "too-large", 415: "unsupported-media-type", 422: "invalid",
    428: "precondition-required", 429: "too-many", 500: "failed", 503: "busy",
}  # fmt: skip


def wants_problem(request: HttpRequest) -> bool:
    """Whether a program asks: its errors are data and not pages."""
    return request.path.startswith(API)


def slug_of(status: int) -> str:
    """The kind of an error that is known by its status alone."""
    return _OF_STATUS[status]


def content(
    slug: str,
    detail: str = "",
    *,
    errors: Sequence[Mapping[str, str]] = (),
    reference: str = "",
) -> dict[str, Any]:
    """{type, title, status, detail, errors?, reference?}. `detail` is a sentence for people."""
    kind = KINDS[slug]
    said: dict[str, Any] = {
        "type": f"{BASE}{slug}",
        "title": kind.title,
        "status": kind.status,
        "detail": detail or kind.remedy,
    }
    if errors:
        said["errors"] = [dict(one) for one in errors]
    if reference:
        said["reference"] = reference
    return said


def answer(
    slug: str,
    detail: str = "",
    *,
    reference: str = "",
    headers: Mapping[str, str] | None = None,
) -> HttpResponse:
    """The error as a response."""
    said = content(slug, detail, reference=reference)
    made = HttpResponse(json.dumps(said), status=said["status"], content_type=CONTENT_TYPE)
    for name, value in (headers or {}).items():
        made[name] = value
    if said["status"] == 401:
        made["WWW-Authenticate"] = "Bearer"
    return made
