"""The audit trail knows who acts in a request, as whom, why, and from where."""

from collections.abc import Callable
from typing import Any

from auditlog.middleware import AuditlogMiddleware
from django.http import HttpRequest, HttpResponse

from portal.audit import who
from portal.audit.who import Who
from portal.core.sender import address_of

Handler = Callable[[HttpRequest], HttpResponse]


class WhoActs(AuditlogMiddleware):  # type: ignore[misc]
    """As the package's own, but an address that anybody could write into a header does not count."""

    def __call__(self, request: HttpRequest) -> HttpResponse:
        with who.acting(_who(request)):
            response: HttpResponse = super().__call__(request)
            return response

    @staticmethod
    def _get_remote_addr(request: HttpRequest) -> str | None:
        return address_of(request) or None

    @staticmethod
    def _get_actor(request: HttpRequest) -> Any:
        """Whoever sits there, also while they act as somebody else; nobody for a guest of the platform's."""
        if getattr(request, "acting", None) is None:
            return AuditlogMiddleware._get_actor(request)
        staff: Any = request.staff  # type: ignore[attr-defined]
        return staff if staff.is_authenticated else None


def _who(request: HttpRequest) -> Who:
    access: Any = getattr(request, "acting", None)
    if access is not None:
        return Who(access.staff_name, access.person_name, access.reason)
    person: Any = request.user
    if not person.is_authenticated:
        return Who()
    token: Any = getattr(request, "api_token", None)
    return Who(person.name, why=f"by the API token {token.name}" if token else "")
