"""What every page carries: headers, the reader's manner, and where a limit ends."""

from collections.abc import Callable, Mapping
from typing import Any
from zoneinfo import ZoneInfo

from django.http import HttpRequest, HttpResponse
from django.utils import timezone, translation
from django.utils.datastructures import MultiValueDict

from portal.core import manner, tongue
from portal.core.bodies import REFUSAL
from portal.core.manner import Manner
from portal.pages import readers
from portal.pages.views import errors
from portal.tenants.limited import is_refusal

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


class KeptByNobody:
    """A page is for the person who asked: nobody keeps a copy unless the view says so."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        response.headers.setdefault("Cache-Control", "private, no-store")
        return response


class ReadableRequests:
    """Refuses what no page can take: a body the server gave up on, and zeros in a text."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        scope: Mapping[str, int] = request.META.get("asgi.scope", {})
        if REFUSAL in scope:
            return errors.refused(request, scope[REFUSAL])
        if _holds_zero(request):
            return errors.refused(request, 400)
        return self.get_response(request)


def _holds_zero(request: HttpRequest) -> bool:
    """PostgreSQL stores no zero character, and nobody can type one."""
    texts = [request.path, *request.COOKIES, *request.COOKIES.values()]
    return any("\0" in text for text in [*texts, *_texts(request.GET), *_texts(request.POST)])


def _texts(data: "MultiValueDict[str, str]") -> list[str]:
    return [text for name, values in data.lists() for text in (name, *values)]


class ReadersManner:
    """Everything is said in the reader's zone, language and manner of writing."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        own = getattr(request.user, "time_zone", "")
        defaults = readers.defaults_of(request)
        with (
            timezone.override(ZoneInfo(own or defaults.zone)),
            tongue.speaking(readers.language_of(request, defaults)),
            manner.override(_manner(request.user)),
        ):
            response = self.get_response(request)
            response.headers.setdefault("Content-Language", translation.get_language() or "en")
            return response


def _manner(person: Any) -> Manner:
    """What the person chose, and what readers of the language are used to for the rest."""
    usual = manner.of_language()
    return Manner(
        numbers=getattr(person, "numbers", "") or usual.numbers,
        days=getattr(person, "days", "") or usual.days,
        clock=getattr(person, "clock", "") or usual.clock,
    )


class NotForAll:
    """What staff who work for some customers may not change for all of them is refused in words."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        if getattr(request.user, "is_limited", False) and is_refusal(error):
            return errors.for_all(request)
        return None
