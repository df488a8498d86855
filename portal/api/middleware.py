"""Who asks, when a program does: a token instead of a session, and how often it may ask."""

import re
from collections.abc import Callable
from typing import Final

import structlog
from django.http import HttpRequest, HttpResponse

from portal.accounts.domain import tokens
from portal.api import limits
from portal.core import problem_json
from portal.core.ids import uuid7

Handler = Callable[[HttpRequest], HttpResponse]
VERSION_1: Final = "/api/v1/"
REQUEST_ID: Final = "X-Request-Id"
_SANE_ID: Final = re.compile(r"[A-Za-z0-9._-]{1,64}")


class RequestIds:
    """Every answer of the API says which request it is about: the caller's own id, or a new one."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not problem_json.wants_problem(request):
            return self.get_response(request)
        given = request.headers.get(REQUEST_ID, "")
        request_id = given if _SANE_ID.fullmatch(given) else str(uuid7())
        with structlog.contextvars.bound_contextvars(request_id=request_id):
            response = self.get_response(request)
        response[REQUEST_ID] = request_id
        return response


class ApiTokens:
    """`Authorization: Bearer pat_…` makes its maker the person who asks, within the token's scopes."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        given = request.headers.get("Authorization", "")
        if not given or not request.path.startswith(VERSION_1):
            return self.get_response(request)
        kind, _, text = given.partition(" ")
        if kind.lower() != "bearer" or not text.startswith(tokens.PREFIX):
            return problem_json.answer(
                "not-signed-in", "Send a token of this site: Authorization: Bearer pat_…"
            )
        try:
            token = tokens.find(text.strip())
        except tokens.UnknownTokenError as error:
            return problem_json.answer("not-signed-in", str(error))
        return self._as_its_maker(request, token)

    def _as_its_maker(self, request: HttpRequest, token: tokens.ApiToken) -> HttpResponse:
        left = limits.take(token)
        if left.wait:
            response = problem_json.answer("too-many", headers={"Retry-After": str(left.wait)})
        else:
            tokens.note_use(token)
            request.user = tokens.bearer(token)
            request.api_token = token  # type: ignore[attr-defined]
            response = self.get_response(request)
        response["RateLimit-Policy"] = limits.POLICY
        response["RateLimit"] = left.header
        return response
