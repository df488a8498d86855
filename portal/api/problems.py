"""Every error of the API as a problem document; where a field is wrong, a pointer to it."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from rest_framework import exceptions
from rest_framework.renderers import JSONRenderer
from rest_framework.response import Response

from portal.core import problem_json


class ProblemError(Exception):
    """The request ends with this kind of problem; `detail` is a sentence with the remedy."""

    def __init__(
        self,
        slug: str,
        detail: str = "",
        *,
        errors: Sequence[Mapping[str, str]] = (),
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(detail or slug)
        self.slug, self.detail, self.errors = slug, detail, errors
        self.headers = dict(headers or {})


class ProblemRenderer(JSONRenderer):
    """The same JSON, named for what it is."""

    media_type = problem_json.CONTENT_TYPE
    charset = None


def refuse(text: str, *, at: str = "") -> ProblemError:
    """What a verb refused, in its own words; `at` is a pointer into the body or a parameter's name."""
    return ProblemError("invalid", text, errors=[_entry(at, text)] if at else ())


@contextmanager
def conflicts(*kinds: type[Exception]) -> Iterator[None]:
    """What these errors say becomes a 409: the thing is not in a state for it."""
    try:
        yield
    except kinds as error:
        raise ProblemError("conflict", str(error)) from error


@contextmanager
def refusals(*kinds: type[Exception], at: str = "") -> Iterator[None]:
    """What these errors say becomes a 422 about `at`."""
    try:
        yield
    except kinds as error:
        raise refuse(str(error), at=at) from error


def from_error(error: Exception) -> ProblemError | None:
    """The problem that an error of Django's or of the framework's means; None for our own faults."""
    if isinstance(error, ProblemError):
        return error
    if isinstance(error, Http404 | exceptions.NotFound):
        return ProblemError("not-found")
    if isinstance(error, PermissionDenied):
        return ProblemError("not-allowed", str(error))
    if isinstance(error, exceptions.ValidationError):
        return invalid(error.detail)
    if isinstance(error, exceptions.ParseError):
        return ProblemError("unreadable", str(error.detail))
    if isinstance(error, exceptions.APIException):
        return ProblemError(problem_json.slug_of(error.status_code))
    return None


def invalid(detail: Any, *, in_query: bool = False) -> ProblemError:
    """What a serializer found: each place with a sentence."""
    errors = list(_entries(detail, "", in_query=in_query))
    first = errors[0]["detail"] if errors else ""
    more = f" And {len(errors) - 1} more." if len(errors) > 1 else ""
    return ProblemError("invalid", f"{first}{more}", errors=errors)


def _entries(detail: Any, at: str, *, in_query: bool) -> Iterator[dict[str, str]]:
    if isinstance(detail, Mapping):
        for name, inner in detail.items():
            below = at if name == "non_field_errors" else f"{at}/{_escaped(name)}"
            yield from _entries(inner, below, in_query=in_query)
    elif isinstance(detail, list | tuple):
        for place, inner in enumerate(detail):
            nested = isinstance(inner, Mapping | list | tuple)
            yield from _entries(inner, f"{at}/{place}" if nested else at, in_query=in_query)
    else:
        yield _entry(at.lstrip("/") if in_query else at or "/", str(detail))


def _entry(at: str, text: str) -> dict[str, str]:
    return {"pointer" if at.startswith("/") else "parameter": at, "detail": text}


def _escaped(name: Any) -> str:
    """As RFC 6901 §3 has it."""
    return str(name).replace("~", "~0").replace("/", "~1")


def response(problem: ProblemError) -> HttpResponse:
    """The problem as what a view returns."""
    said = problem_json.content(problem.slug, problem.detail, errors=problem.errors)
    made = Response(said, status=said["status"], headers=problem.headers)
    made.content_type = problem_json.CONTENT_TYPE
    return made
