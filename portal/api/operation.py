"""What one operation is: what it takes, what it answers, and how it is described, in one declaration."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any

from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from portal.api import etags, idempotency
from portal.api.pages import Page, PageFilters
from portal.api.problems import ProblemError, invalid, refuse

Handler = Callable[..., Any]
_UNKNOWN = "There is no such field."


class Body(serializers.Serializer[Any]):
    """What a write takes. A field it does not know is refused and never passed on."""

    def to_internal_value(self, data: Any) -> Any:
        if isinstance(data, dict) and (unknown := sorted(data.keys() - self.fields.keys())):
            raise serializers.ValidationError({name: [_UNKNOWN] for name in unknown})
        return super().to_internal_value(data)


class Free(serializers.Serializer[Any]):
    """An object whose fields nobody knows beforehand: those of a published resource."""

    def to_representation(self, instance: Any) -> Any:
        return instance


class FreeBody(Body, Free):
    """The same as what a write takes; whoever takes it checks it."""

    def to_internal_value(self, data: Any) -> Any:
        return data


class Nothing(Body):
    """A write that takes no fields."""


@dataclass(frozen=True)
class Operation:
    """One method of one address.

    `answer` describes what comes back: None for nothing (204), or a media type for a file. `takes` describes
    the body, `filters` the query. `paged`: a list. `matched`: it wants `If-Match`. `again`: the status of the
    same answer where nothing new was done. `shown_once`: fields that a repeat of the request does not get.
    """

    summary: str
    answer: type[serializers.Serializer[Any]] | str | None
    takes: type[Body] | None = None
    filters: type[serializers.Serializer[Any]] | None = None
    paged: bool = False
    matched: bool = False
    status: int = 200
    again: int | None = None
    shown_once: tuple[str, ...] = ()
    about: str = ""
    example: Any = None
    errors: tuple[int, ...] = ()


def operation(summary: str, answer: Any, **details: Any) -> Callable[[Handler], Handler]:
    """Make a view's method this operation.

    The method gets what was sent as `self.asked` (the query) and `self.sent` (the body), both checked. It
    returns data, a `Page`, an object for `answer` to serialise, or a whole response.
    """
    declared = Operation(summary, answer, **details)

    def declare(handler: Handler) -> Handler:
        @wraps(handler)
        def answering(view: Any, request: Request, **ids: Any) -> Any:
            asked, sent = _query(request, declared), _body(request, declared)

            def run() -> Any:
                view.asked, view.sent = asked, sent
                return _response(view, declared, handler(view, request, **ids))

            if declared.matched:
                with etags.one_at_a_time(request.path):
                    etags.require_match(request, etags.of_data(view.get(request, **ids).data))
                    return run()
            if request.method == "POST":
                return idempotency.once(request, run, unkept=declared.shown_once)
            return run()

        answering.operation = declared  # type: ignore[attr-defined]
        return answering

    return declare


def _query(request: Request, declared: Operation) -> dict[str, Any]:
    kind = declared.filters or (PageFilters if declared.paged else Nothing)
    fields = kind().fields
    given = request.query_params
    others = sorted(given.keys() - fields.keys() - {"format"})
    takes_others = getattr(kind, "takes_others", False)
    if others and not takes_others:
        raise refuse(f"There is no parameter {others[0][:40]!r}.", at=others[0][:40])
    if twice := [name for name in given if len(given.getlist(name)) > 1]:
        raise refuse(f"{twice[0]} was given twice.", at=twice[0])
    filters = kind(data=given.dict())
    try:
        filters.is_valid(raise_exception=True)
    except serializers.ValidationError as error:
        raise invalid(error.detail, in_query=True) from None
    known = dict(filters.validated_data)
    return {**known, "others": {name: given[name] for name in others}} if takes_others else known


def _body(request: Request, declared: Operation) -> dict[str, Any]:
    if declared.takes is None:
        return {}
    body = declared.takes(data=_object(request))
    body.is_valid(raise_exception=True)
    return dict(body.validated_data)


def _object(request: Request) -> Any:
    """The body; an operation that takes nothing needs none."""
    has_none = request.META.get("CONTENT_LENGTH") in (None, "", "0")
    if not has_none and request._request.content_type != "application/json":
        raise ProblemError("unsupported-media-type")
    given = {} if has_none else request.data
    if not isinstance(given, dict):
        raise refuse("Send a JSON object.", at="/")
    return given


def _response(view: Any, declared: Operation, made: Any) -> Any:
    if declared.answer is None:
        return Response(status=204)
    if isinstance(declared.answer, str) or isinstance(made, Response):
        return made
    shape: Any = declared.answer
    if isinstance(made, Page):
        said = {"items": shape(made.rows, many=True).data, "next": made.next or None}
        response = Response(said)
        if made.next:
            response["Link"] = f'<{_next_url(view.request, made.next)}>; rel="next"'
        return response
    response = Response(shape(made).data, status=declared.status)
    if declared.shown_once:
        response["Cache-Control"] = "no-store"
    return response


def _next_url(request: Request, cursor: str) -> str:
    asked = request.query_params.copy()
    asked["cursor"] = cursor
    return f"{request.path}?{asked.urlencode()}"
