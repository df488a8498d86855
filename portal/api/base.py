"""The one base of all resources: who may, in which shape, and what every answer carries."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, ClassVar

from django.http import HttpResponse
from django.utils.http import http_date
from rest_framework.exceptions import ParseError
from rest_framework.parsers import JSONParser
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from portal.accounts.rules import PerMethod
from portal.api import etags
from portal.api.authentication import TokenOrSession
from portal.api.problems import ProblemRenderer, from_error, response
from portal.api.schema import ResourceSchema

_DEEPEST = 50


@dataclass(frozen=True)
class Deprecation:
    """This view goes: since when that is said, when it ends, and what to use instead."""

    since: datetime
    ends: datetime
    instead: str

    def headers(self) -> dict[str, str]:
        """RFC 9745 and RFC 8594."""
        return {
            "Deprecation": f"@{int(self.since.timestamp())}",
            "Sunset": http_date(self.ends.astimezone(UTC).timestamp()),
            "Link": f'<{self.instead}>; rel="successor-version"',
        }


class StrictJson(JSONParser):
    """JSON that a database can keep: no zero character, no half of one, no bottomless nesting."""

    def parse(self, *args: Any, **options: Any) -> Any:
        try:
            parsed = super().parse(*args, **options)
            _check(parsed, 0)
        except (RecursionError, UnicodeError):
            raise ParseError("It is nested too deeply, or no UTF-8.") from None
        return parsed


def _check(value: Any, depth: int) -> None:
    if depth > _DEEPEST:
        raise ParseError(f"It is nested more than {_DEEPEST} levels deep.")
    if isinstance(value, str) and ("\0" in value or any("\ud800" <= c <= "\udfff" for c in value)):
        raise ParseError("A text in it holds a character that cannot be stored.")
    if isinstance(value, dict):
        for name, inner in value.items():
            _check(name, depth)
            _check(inner, depth + 1)
    elif isinstance(value, list):
        for inner in value:
            _check(inner, depth + 1)


class Resource(APIView):
    """`permissions` says of each method which permission it needs; of several, one is enough."""

    permissions: ClassVar[Mapping[str, tuple[str, ...]]]
    deprecation: ClassVar[Deprecation | None] = None
    tokens_only: ClassVar[bool] = False  # a browser's session never works
    authentication_classes = [TokenOrSession]
    parser_classes = [StrictJson]
    renderer_classes = [JSONRenderer]
    schema = ResourceSchema()
    asked: dict[str, Any]
    sent: dict[str, Any]

    @classmethod
    def as_view(cls, **initkwargs: Any) -> Callable[..., HttpResponse]:
        cls.required_permissions = PerMethod(cls.permissions)  # type: ignore[attr-defined]
        cls.http_method_names = [*(name.lower() for name in cls.permissions), "head"]
        view: Any = super().as_view(**initkwargs)
        view.required_permissions = cls.required_permissions  # type: ignore[attr-defined]
        return view

    def initialize_request(self, request: Any, *args: Any, **kwargs: Any) -> Request:
        if request.content_type == "application/json":
            _ = request.body  # whole: an Idempotency-Key stands for its bytes
        return super().initialize_request(request, *args, **kwargs)

    def handle_exception(self, exc: Exception) -> Any:
        problem = from_error(exc)
        if problem is None:
            raise exc
        if problem.slug == "not-signed-in":
            problem.headers["WWW-Authenticate"] = "Bearer"
        if problem.slug == "method-not-allowed":
            problem.headers["Allow"] = ", ".join(self.allowed_methods)
        return response(problem)

    def finalize_response(self, request: Any, answer: Any, *args: Any, **kwargs: Any) -> Any:
        made = super().finalize_response(request, answer, *args, **kwargs)
        if isinstance(made, Response) and made.status_code >= 400:
            made.accepted_renderer, made.accepted_media_type = ProblemRenderer(), "*/*"
        for name, value in (self.deprecation.headers() if self.deprecation else {}).items():
            made[name] = f"{made[name]}, {value}" if name == "Link" and "Link" in made else value
        return self._with_etag(request, made)

    def _with_etag(self, request: Any, made: Any) -> Any:
        if request.method not in ("GET", "HEAD") or made.status_code != 200:
            return made
        is_data = isinstance(made, Response)
        etag = etags.of_data(made.data) if is_data else etags.of_bytes(made.content)
        made["ETag"] = etag
        made["Cache-Control"] = "private, no-cache"
        if etags.is_known(request, etag):
            known = HttpResponse(status=304)
            known["ETag"], known["Cache-Control"] = etag, made["Cache-Control"]
            return known
        return made


def customer_of(request: Request) -> int | None:
    """The customer under whose row limit this request works; None for the partner's people."""
    return getattr(request.user, "customer_id", None)
