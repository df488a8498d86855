"""What every page carries: headers, and times in the reader's zone."""

from collections.abc import Callable
from zoneinfo import ZoneInfo

from django.http import HttpRequest, HttpResponse
from django.utils import timezone

Handler = Callable[[HttpRequest], HttpResponse]
POLICY = (
    "default-src 'self'; img-src 'self' data:; object-src 'none'; base-uri 'self';"
    " frame-ancestors 'none'; form-action 'self'"
)


class ContentSecurityPolicy:
    """Scripts and styles come from our own files only."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        response.headers.setdefault("Content-Security-Policy", POLICY)
        return response


class ReadersZone:
    """Times are shown in the person's zone; without one, in the partner's."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        own = getattr(request.user, "time_zone", "")
        zone = ZoneInfo(own or request.tenant.time_zone)  # type: ignore[attr-defined]
        with timezone.override(zone):
            return self.get_response(request)
