"""What every request must pass: a declared permission, and whose rows it sees."""

from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse

from portal.accounts.domain.limits import working_as
from portal.accounts.rules import declared_permissions, may_use

Handler = Callable[[HttpRequest], HttpResponse]


class PermissionRequired:
    """Refuses every view that does not declare a permission the person holds."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Callable[..., Any], args: Any, kwargs: Any
    ) -> HttpResponse | None:
        if may_use(request.user, declared_permissions(view)):
            return None
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


class RowsOfTheirs:
    """A customer's person, and staff who work for some customers, work under a database role that sees
    these customers' rows only."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        with working_as(request.user):  # type: ignore[arg-type]
            return self.get_response(request)
