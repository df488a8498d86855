"""Everything that is answered to a browser."""

from collections.abc import Iterable, Iterator
from typing import Any, Final

from django.http import HttpResponse

from integrations.domain.resources import can_have
from integrations.models import Endpoint, Resource
from integrations.views.acknowledgements import can_have as is_acknowledged
from portal.accounts.models import Provider
from portal.accounts.roles import PARTNER_ROLES, RoleSeed
from portal.core import clock, tongue
from portal.core.bodies import REFUSAL
from portal.core.ids import short, uuid7
from portal.customers.models import Customer
from portal.pages.brand_scan import accesses
from portal.pages.brand_scan.answers import Seen, seen
from portal.pages.brand_scan.routes import Route, every, nothing_at, route_of
from portal.pages.brand_scan.visiting import (
    Visitor,
    acting,
    signed_in,
    somebody,
    taken_back_alone,
)
from portal.pages.brand_scan.walking import Visit, Walk
from portal.pages.views import errors
from portal.support.domain.acting import MAY
from portal.tenants import brand, flag_kinds, lifecycle
from portal.tenants.models import Partner
from portal.tenants.site import Site

_ROLES: Final = {role.slug: role for role in PARTNER_ROLES}
_CUSTOMERS: Final = 2  # the first ones: their pages are the same
_UNSENT: Final = (400, 403, 408, 413, 503)  # what is refused before a page is reached
_NOT_THEIRS: Final = "/desk/"  # of a customer: the page that refuses
_NO_SUCH_PAGE: Final = "/no-such-page/"
_API: Final = "/api/v1/"


def staff(site: Site) -> Iterator[Seen]:
    """As somebody who may do everything that one of the partner's people can."""
    of_staff = [role for role in PARTNER_ROLES if not role.for_customers]
    everything = dict.fromkeys(one for role in of_staff for one in role.permissions)
    visitor = signed_in(site, RoleSeed("admin", "Partner admin", tuple(everything)))
    walk = Walk(visitor)
    starts, routes = ["/", "/orders/", "/desk/"], _pages(everything)
    for visit in walk.all(starts, routes=routes, at=_of_few_systems()):
        yield seen(visit, channel="staff")


def _of_few_systems() -> dict[str, str]:
    """Pages that only some kinds of systems have, at the first with something to show: pattern → address."""
    published = Resource.objects.select_related("endpoint").order_by("pk")
    having = [one.endpoint.slug for one in published if can_have(one.endpoint)]
    sent = Endpoint.objects.filter(interchange__direction="out").order_by("pk").distinct()
    told = [one.slug for one in sent if is_acknowledged(one)]
    pages = {"resources": having, "acknowledgements": told}
    return {
        f"/endpoints/<slug:slug>/{page}/": f"/endpoints/{slugs[0]}/{page}/"
        for page, slugs in pages.items()
        if slugs
    }


def customers(site: Site) -> Iterator[Seen]:
    """In each language as the owner at each of two customers, and as somebody at the first who only looks."""
    for number, customer in enumerate(Customer.objects.order_by("pk")[:_CUSTOMERS]):
        for slug in ("owner", "viewer") if number == 0 else ("owner",):
            for language in tongue.LANGUAGES:
                seed = _ROLES[slug]._replace(slug=f"{slug}-{customer.pk}-{language}")
                visitor = signed_in(site, seed, customer_id=customer.pk, language=language)
                starts = ["/", "/orders/", "/questions/", _NOT_THEIRS]
                for visit in Walk(visitor).all(starts, routes=_pages(seed.permissions)):
                    yield seen(visit, channel="customer")


def for_support(site: Site) -> Iterator[Seen]:
    """A customer's pages as somebody sees them who acts as one of its people: of the partner's, and of the
    platform's. What they may not look at is refused by a page of its own."""
    admin = _ROLES["admin"]._replace(slug="support")
    for staff in (somebody(admin), None):
        if access := accesses.running(staff):
            walk = Walk(acting(site, access))
            for visit in walk.all(["/", "/orders/", _NOT_THEIRS], routes=_pages(MAY)):
                yield seen(visit, channel="customer")


def visitors(site: Site) -> Iterator[Seen]:
    """As nobody, in each language: the way in, links without a login, and what is said when something goes
    wrong or the site is closed."""
    for language in tongue.LANGUAGES:
        visitor = Visitor(site, language=language)
        yield from _way_in(visitor)
        yield from _back_from_provider(visitor)
        yield from _errors(visitor)
        yield from _closed(visitor)


def _way_in(visitor: Visitor) -> Iterator[Seen]:
    for route in [one for one in every() if one.is_open]:
        address = nothing_at(route)
        yield seen(Visit(address, route.pattern, visitor.get(address)), channel="open")
    for name in ("imprint", "privacy", "terms"):
        address = f"/legal/{name}/"
        yield seen(Visit(address, "", visitor.get(address)), channel="open")
    yield seen(Visit("/orders/", "", visitor.get("/orders/")), channel="open")


def _back_from_provider(visitor: Visitor) -> Iterator[Seen]:
    """What is said to whoever comes back from a provider without having gone there."""
    made = {"name": "Sample", "issuer": "https://login.sample.example", "client_id": "check", "is_on": True,
            "changed_at": clock.now(), "changed_by": "check"}  # fmt: skip
    provider, _ = Provider.objects.get_or_create(ref="sample-of-check", defaults=made)
    address = f"/login/with/{provider.ref}/back/"
    yield seen(Visit(address, route_of(address)[0], visitor.get(address)), channel="open")


def _errors(visitor: Visitor) -> Iterator[Seen]:
    answer = visitor.get(_NO_SUCH_PAGE)
    yield seen(Visit(_NO_SUCH_PAGE, "", answer), channel="open")
    answer = visitor.get("/login/", host="nobody.check.example")
    yield seen(Visit("/login/ at a host that is no site", "", answer), channel="open")
    for status in _UNSENT:
        answer = visitor.get("/login/", scope={REFUSAL: status})
        yield seen(Visit(f"/login/ refused with {status}", "", answer), channel="open")
    for address in ("/orders/", "/api/v1/me/"):
        yield seen(
            Visit(f"{address} failed with 500", "", _failed(visitor, address)), channel="open"
        )


def _closed(visitor: Visitor) -> Iterator[Seen]:
    """The site of a partner that is suspended or archived, and what a tier leaves out."""
    for state in lifecycle.DOORS:
        for address in ("/login/", "/api/v1/me/"):
            answer = _as_if(visitor, address, state=state)
            yield seen(Visit(f"{address} of a partner that is {state}", "", answer), channel="open")
    for flag, kind in flag_kinds.FLAGS.items():
        for address in kind.addresses:
            answer = _as_if(visitor, address, flags_off=[flag])
            yield seen(Visit(f"{address} without {kind.label}", "", answer), channel="open")


def _as_if(visitor: Visitor, address: str, **partner: Any) -> HttpResponse:
    """The answer if the partner were so. Nobody else sees it so, and its row is free again at once."""
    with taken_back_alone():
        Partner.objects.filter(schema_name=visitor.site.slug).update(**partner)
        return visitor.get(address)


def _failed(visitor: Visitor, address: str) -> HttpResponse:
    """A fault of ours as it is shown, without one."""
    request = visitor.request(address)
    partner = Partner.objects.get(schema_name=visitor.site.slug)
    request.tenant, request.brand = partner, brand.of(partner)  # type: ignore[attr-defined]
    return errors.failure(request, short(uuid7()))


def _pages(held: Iterable[str]) -> list[Route]:
    """What somebody with these permissions may use in a browser."""
    return [one for one in every() if not one.pattern.startswith(_API) and one.is_for(held)]
