"""What every page carries: headers, the reader's manner, and where a limit ends."""

from collections.abc import Callable, Mapping
from typing import Any, Final
from zoneinfo import ZoneInfo

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import timezone, translation
from django.utils.datastructures import MultiValueDict

from portal.core import manner
from portal.core.bodies import REFUSAL
from portal.core.manner import Manner
from portal.customers.models import Customer
from portal.pages.views import errors
from portal.tenants import flag_kinds
from portal.tenants.limited import is_refusal

# What the page that says so is made of: colours, logo, icon. And the proof that a domain still leads here.
_SHOWN_WHEN_CLOSED: Final = (
    "/brand.css", "/brand/", "/legal/", "/theme/", "/.well-known/",
)  # fmt: skip
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
        with (
            timezone.override(ZoneInfo(own or zone_without_choice(request))),
            translation.override(_language(request)),
            manner.override(_manner(request.user)),
        ):
            response = self.get_response(request)
            response.headers.setdefault("Content-Language", translation.get_language() or "en")
            return response


def _language(request: HttpRequest) -> str:
    """Staff read English. A customer's people, and whoever has not signed in, read the language they chose,
    else the one their browser prefers."""
    person: Any = request.user
    if person.is_authenticated and not person.is_customer:
        return settings.LANGUAGE_CODE
    chosen = getattr(person, "language", "")
    return chosen or translation.get_language_from_request(request)


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


def zone_without_choice(request: HttpRequest) -> str:
    """The zone of everybody on this person's side of the house."""
    return _customers_zone(request) or request.tenant.time_zone  # type: ignore[attr-defined]


def _customers_zone(request: HttpRequest) -> str:
    """The zone of the customer whose person asks; blank for everybody else."""
    customer_id = getattr(request.user, "customer_id", None)
    if customer_id is None:
        return ""
    return Customer.objects.filter(pk=customer_id).values_list("time_zone", flat=True).first() or ""
