"""What every request must pass: a session in use, a declared permission, a second step where a role asks
for one, and whose rows it sees."""

from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

from django.contrib import auth
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from portal.accounts.domain import factors, sessions
from portal.accounts.domain.limits import working_as
from portal.accounts.rules import declared_permissions, is_for_setting_up, may_use
from portal.core import problem_json

Handler = Callable[[HttpRequest], HttpResponse]


class SessionsInUse:
    """Ends a session that was left alone for too long, and notes that the others are in use."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        person: Any = request.user
        if person.is_authenticated:
            if sessions.is_over(request, person):
                auth.logout(request)
            else:
                sessions.see(request)
        return self.get_response(request)


class PermissionRequired:
    """Refuses every view that does not declare a permission the person holds."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Callable[..., Any], args: Any, kwargs: Any
    ) -> HttpResponse | None:
        if may_use(request.user, declared_permissions(view, request.method or "GET")):
            return None
        if problem_json.wants_problem(request):
            known = request.user.is_authenticated
            return problem_json.answer("not-allowed" if known else "not-signed-in")
        if not request.user.is_authenticated:
            return redirect_to_login(_onward(request))
        raise PermissionDenied


def _onward(request: HttpRequest) -> str:
    """Where to go on after signing in. What was posted is not posted again: back to its page."""
    if request.method in ("GET", "HEAD"):
        return request.get_full_path()
    page = urlsplit(request.headers.get("Referer", ""))
    ours = page.netloc == request.get_host()
    return page._replace(scheme="", netloc="", fragment="").geturl() if ours else "/"


class SecondStepWhereAsked:
    """Whose role asks for a second step and who has none comes to the page that sets one up."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        # Whoever sits there, not as whom they act.
        person: Any = getattr(request, "staff", request.user)
        request.lacks_second_step = (  # type: ignore[attr-defined]
            person.is_authenticated
            and factors.is_missing(person)
            and not sessions.had_second_step(request)
        )
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Callable[..., Any], args: Any, kwargs: Any
    ) -> HttpResponse | None:
        if not request.lacks_second_step or is_for_setting_up(view):  # type: ignore[attr-defined]
            return None
        if problem_json.wants_problem(request):
            return problem_json.answer("not-allowed", "Set up a second step of signing in first.")
        return redirect("security")


class RowsOfTheirs:
    """A customer's person, and staff who work for some customers, work under a database role that sees
    these customers' rows only."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        with working_as(request.user):  # type: ignore[arg-type]
            return self.get_response(request)
