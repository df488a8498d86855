"""In a browser in which somebody acts as a customer's person, every request is that person's, limited."""

from collections.abc import Callable
from typing import Any, Final

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from portal.accounts.rules import declared_permissions
from portal.core import problem_json
from portal.support import endings, looked_at
from portal.support.domain import acting, states
from portal.support.models import SupportAccess
from portal.tenants.rows import beyond_limit

Handler = Callable[[HttpRequest], HttpResponse]
_SAFE: Final = ("GET", "HEAD")


class ActingForCustomers:
    """Makes the customer's person the one who asks, refuses what is more than looking, tells the ledger what
    was looked at, and ends with the time, the consent, or whoever acts."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if acting.ACTING not in request.session:
            return self.get_response(request)
        found = acting.running(request)
        if found is None:
            return _over(request)
        request.staff = request.user  # type: ignore[attr-defined]
        request.acting, request.user = found  # type: ignore[attr-defined]
        response = self.get_response(request)
        if _shows_something(request, response):
            acting.looked(
                found[0], page=looked_at.called(request.path), path=request.path,
                renews=_view_name(request) in acting.RENEWED,
            )  # fmt: skip
        return response

    def process_view(
        self, request: HttpRequest, view: Callable[..., Any], args: Any, kwargs: Any
    ) -> HttpResponse | None:
        access: SupportAccess | None = getattr(request, "acting", None)
        if access is None:
            return None
        name = _view_name(request)
        if name == "logout" and request.method == "POST":
            _log_out(request, access)
        elif not _is_open(request, view, name):
            raise PermissionDenied(
                _(
                    "You act as %(person)s and may look at orders, stock, questions, service and bills."
                    " Passwords, people, settings and answers are theirs alone."
                )
                % {"person": access.person_name}
            )
        return None


def _is_open(request: HttpRequest, view: Callable[..., Any], name: str) -> bool:
    """Deny by default: pages to look at, and the few that end it."""
    if request.method not in _SAFE:
        return name in acting.VERBS
    if problem_json.wants_problem(request) or name in acting.PERSONAL:
        return False
    wanted = declared_permissions(view, request.method or "GET")
    return name in acting.LOOKS or not acting.MAY.isdisjoint(wanted)


def _shows_something(request: HttpRequest, response: HttpResponse) -> bool:
    """Whether the answer may hold anything of the customer's: a page, a part of one, a file. What the browser
    says of itself decides nothing here."""
    told = request.method in _SAFE and response.status_code == 200
    return told and _view_name(request) not in acting.NOBODYS


def _view_name(request: HttpRequest) -> str:
    return request.resolver_match.view_name if request.resolver_match else ""


def _log_out(request: HttpRequest, access: SupportAccess) -> None:
    with beyond_limit():
        states.end(access, how=endings.LOGGED_OUT % {"name": access.staff_name})
    request.user = request.staff  # type: ignore[attr-defined]


def _over(request: HttpRequest) -> HttpResponse:
    """It ended: whoever is signed in goes back to their own pages, a guest to the way in."""
    stays = acting.leave(request)
    messages.info(request, "You act for nobody any more: the time is over, or it was ended")
    there = reverse("support" if stays else "login")
    if "HX-Request" in request.headers:
        return HttpResponse(status=204, headers={"HX-Redirect": there})
    return redirect(there)
