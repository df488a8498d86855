"""Who reads a page: what holds for them where they chose nothing, and their language."""

from contextlib import suppress
from typing import Any, NamedTuple

from django.conf import settings
from django.http import HttpRequest
from django.utils.translation import get_supported_language_variant
from django.utils.translation.trans_real import parse_accept_lang_header

from portal.core import tongue
from portal.customers.models import Customer
from portal.tenants.models import Partner


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


def language_of(request: HttpRequest, defaults: Defaults) -> str:
    """Staff and programs read English. A customer's people read what they chose, else what was chosen for
    them, else what their browser prefers; whoever has not signed in reads that first."""
    person: Any = request.user
    is_program = request.path.startswith("/api/")
    if is_program or (person.is_authenticated and not person.is_customer):
        return settings.LANGUAGE_CODE
    asked = asked_by_browser(request)
    if not person.is_authenticated:
        return tongue.first(asked, defaults.language)
    return tongue.first(person.language, defaults.language, asked)


def asked_by_browser(request: HttpRequest) -> str:
    """The first of the languages it prefers that we speak; blank where it prefers none of them."""
    header = request.headers.get("Accept-Language", "")
    for code, _weight in parse_accept_lang_header(header):
        with suppress(LookupError, ValueError):  # none of ours, or far too long
            return get_supported_language_variant(code)
    return ""
