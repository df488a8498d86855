"""What every page's shell needs: the brand, the rail, the person and how they like it shown."""

import hashlib
from collections.abc import Sequence
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.http import HttpRequest
from django.middleware.csrf import get_token
from django.utils import timezone
from django.utils.translation import get_language
from django_tenants.utils import get_public_schema_name

from portal.accounts.models import Person
from portal.core import manner
from portal.customers.models import Customer
from portal.pages import nav, works_for
from portal.pages.brand_shown import shown
from portal.tenants.models import Partner

THEMES = ("system", "light", "dark")
# Not a dictionary: the labels of a rail are another language's for each reader, and so are their hashes.
_SHELLS: tuple[tuple[Sequence[nav.Group], str], ...] = (
    (nav.PLATFORM, "shell_platform.html"),
    (nav.CUSTOMER, "shell_customer.html"),
    (nav.PARTNER, "shell_partner.html"),
)


def shell(request: HttpRequest) -> dict[str, Any]:
    """The context of every page. Made once a request, however many templates it renders."""
    if not hasattr(request, "_shell"):
        request._shell = _make(request)  # type: ignore[attr-defined]
    return request._shell  # type: ignore[attr-defined]


def _make(request: HttpRequest) -> dict[str, Any]:
    context = plain(request)
    person = getattr(request, "user", None)
    if person is None or not person.is_authenticated:
        return context
    return {
        **context,
        "single_keys": person.single_keys,
        **rail(request, path=request.path),
        "person": _person(person),
        "shell": _shell_of(request),
    }


def _shell_of(request: HttpRequest) -> str:
    """The template of this person's side of the house."""
    if getattr(request, "lacks_second_step", False):
        return "shell_setting_up.html"
    groups = groups_of(request.user, request.tenant)  # type: ignore[arg-type, attr-defined]
    return next(template for known, template in _SHELLS if known is groups)


def rail(request: HttpRequest, *, path: str) -> dict[str, Any]:
    """{nav, rail_url, rail_mark}: the entries with what waits, on the page at `path`, and where to ask
    whether they are still so."""
    groups = groups_of(request.user, request.tenant)  # type: ignore[arg-type, attr-defined]
    off = request.tenant.flags_off  # type: ignore[attr-defined]
    entries = nav.rail(groups, request.user, path=path, off=off)  # type: ignore[arg-type]
    mark = hashlib.sha256(repr(entries).encode()).hexdigest()[:16]
    asked = urlencode({"at": path, "had": mark})
    return {"nav": entries, "rail_url": f"/rail/?{asked}", "rail_mark": mark}


def plain(request: HttpRequest) -> dict[str, Any]:
    """The part that asks the database nothing: brand and theme."""
    theme = request.COOKIES.get("theme", "")
    return {
        "brand": shown(request.brand),  # type: ignore[attr-defined]
        "theme": theme if theme in THEMES else "system",
        "language": get_language() or settings.LANGUAGE_CODE,
        "density": "",
        "acting": _acting(request),
    }


def _acting(request: HttpRequest) -> dict[str, Any] | None:
    """What the banner says while somebody acts as a customer's person."""
    access: Any = getattr(request, "acting", None)
    if access is None:
        return None
    return {
        "who": access.staff_name,
        "as_whom": access.person_name,
        "customer": access.customer.name,
        "why": access.reason,
        "until": manner.time(timezone.localtime(access.ends_at)),
        "end_url": "/support/end/",
        "token": get_token(request),  # pages of errors are rendered without the request
    }


def groups_of(person: Person, partner: Partner) -> Sequence[nav.Group]:
    """The rail this person's side of the house has."""
    if partner.schema_name == get_public_schema_name():
        return nav.PLATFORM
    return nav.CUSTOMER if person.is_customer else nav.PARTNER


def _person(person: Person) -> dict[str, Any]:
    now = timezone.localtime()
    customer = (
        Customer.objects.filter(pk=person.customer_id or 0).first() if person.is_customer else None
    )
    return {
        "name": person.name,
        "role": person.role.label,
        "customer": customer.name if customer else "",
        "works_for": works_for.words() if person.is_limited else "",
        "time": manner.time(now),
        "zone": timezone.get_current_timezone_name(),
        "zone_word": now.tzname(),
        "theme_url": "/theme/",
        "settings_url": "/you/",
        "logout_url": "/logout/",
    }
