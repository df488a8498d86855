"""What every page carries: headers, the reader's manner, and where a limit ends."""

from collections.abc import Callable, Mapping
from typing import Any, Final
from zoneinfo import ZoneInfo

from django.http import HttpRequest, HttpResponse
from django.utils import timezone, translation
from django.utils.datastructures import MultiValueDict

from portal.core import manner, problem_json, tongue
from portal.core.bodies import REFUSAL
from portal.core.manner import Manner
from portal.pages import readers
from portal.pages.views import errors
from portal.tenants import flag_kinds
from portal.tenants.limited import is_refusal

# What the page that says so is made of: colours, logo, icon. And the proof that a domain still leads here.
_SHOWN_WHEN_CLOSED: Final = (
    "/brand.css", "/brand/logo-", "/brand/icon-", "/legal/", "/theme/", "/.well-known/",
)  # fmt: skip
Handler = Callable[[HttpRequest], HttpResponse]
POLICY = (
    "default-src 'self'; img-src 'self' data:; object-src 'none'; base-uri 'self';"
    " frame-ancestors 'none'; form-action 'self'"
)


# Clipboard and passkeys stay: pages of ours use them.
_DEVICES: Final = (
    "accelerometer", "browsing-topics", "camera", "display-capture", "geolocation",
    "gyroscope", "hid", "magnetometer", "microphone", "midi", "payment", "serial", "usb",
    "xr-spatial-tracking",
)  # fmt: skip
BROWSER_RULES: Final = {
    "Content-Security-Policy": POLICY,
    "Permissions-Policy": ", ".join(f"{device}=()" for device in _DEVICES),
    "Cross-Origin-Resource-Policy": "same-origin",
}


_OF_BROWSERS: Final = ("GET", "HEAD", "POST")


class BrowserRules:
    """Scripts and styles come from our own files only, no page asks for a device, and no other site shows
    or reads what we answer. A view may say more exactly what its answer may do."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        for name, value in BROWSER_RULES.items():
            response.headers.setdefault(name, value)
        return response


class KeptByNobody:
    """A page is for the person who asked: nobody keeps a copy unless the view says so."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        response.headers.setdefault("Cache-Control", "private, no-store")
        return response


class OpenForBusiness:
    """A site whose partner is not open answers with one page, in the partner's brand; and what the tier of an
    open one leaves out is refused, whichever page of it is asked for."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        partner: Any = getattr(request, "tenant", None)
        if partner is None:
            return self.get_response(request)
        if not partner.is_open:
            shown = request.path.startswith(_SHOWN_WHEN_CLOSED)
            return self.get_response(request) if shown else errors.closed(request, partner)
        flag = flag_kinds.of_address(request.path)
        if flag is not None and flag in partner.flags_off:
            return errors.not_included(request, flag_kinds.FLAGS[flag])
        return self.get_response(request)


class ReadableRequests:
    """Refuses what no page can take: another verb than a browser's, a body the server gave up on, and
    zeros in a text."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        scope: Mapping[str, int] = request.META.get("asgi.scope", {})
        if REFUSAL in scope:
            return errors.refused(request, scope[REFUSAL])
        if request.method not in _OF_BROWSERS and not problem_json.wants_problem(request):
            response = errors.refused(request, 405)
            response["Allow"] = ", ".join(_OF_BROWSERS)
            return response
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
