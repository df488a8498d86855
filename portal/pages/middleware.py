"""What every page carries: headers, the reader's manner, and where a limit ends."""

from collections.abc import Callable, Mapping
from contextlib import suppress
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import timezone, translation
from django.utils.datastructures import MultiValueDict
from django.utils.translation import get_supported_language_variant
from django.utils.translation.trans_real import parse_accept_lang_header

from portal.core import manner, tongue
from portal.core.bodies import REFUSAL
from portal.core.manner import Manner
from portal.customers.models import Customer
from portal.pages.views import errors
from portal.tenants.limited import is_refusal
from portal.tenants.models import Partner

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
        defaults = defaults_of(request)
        with (
            timezone.override(ZoneInfo(own or defaults.zone)),
            tongue.speaking(_language(request, defaults)),
            manner.override(_manner(request.user)),
        ):
            response = self.get_response(request)
            response.headers.setdefault("Content-Language", translation.get_language() or "en")
            return response


def _language(request: HttpRequest, defaults: "Defaults") -> str:
    """Staff and programs read English. A customer's people read what they chose, else what was chosen for
    them, else what their browser prefers; whoever has not signed in reads that first."""
    person: Any = request.user
    is_program = request.path.startswith("/api/")
    if is_program or (person.is_authenticated and not person.is_customer):
        return settings.LANGUAGE_CODE
    asked = _asked_by_browser(request)
    if not person.is_authenticated:
        return tongue.first(asked, defaults.language)
    return tongue.first(person.language, defaults.language, asked)


def _asked_by_browser(request: HttpRequest) -> str:
    """The first of the languages it prefers that we speak; blank where it prefers none of them."""
    header = request.headers.get("Accept-Language", "")
    for code, _weight in parse_accept_lang_header(header):
        with suppress(LookupError):
            return get_supported_language_variant(code)
    return ""


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


class Defaults(NamedTuple):
    """What holds for everybody on this person's side of the house who chose nothing; `language` is blank
    where the browser decides."""

    zone: str
    language: str


def defaults_of(request: HttpRequest) -> Defaults:
    """The customer's, whose person asks; else the partner's."""
    partner: Partner = request.tenant  # type: ignore[attr-defined]
    customer_id = getattr(request.user, "customer_id", None)
    if customer_id is None:
        return Defaults(partner.time_zone, partner.language)
    found = Customer.objects.filter(pk=customer_id).values_list("time_zone", "language").first()
    zone, language = found or ("", "")
    return Defaults(zone or partner.time_zone, language or partner.language)
