"""Everything that is answered to a browser."""

from collections.abc import Iterable, Iterator
from typing import Final

from django.http import HttpResponse

from portal.accounts.roles import PARTNER_ROLES, RoleSeed
from portal.core.bodies import REFUSAL
from portal.core.ids import short, uuid7
from portal.customers.models import Customer
from portal.pages.brand_scan.answers import Seen, seen
from portal.pages.brand_scan.routes import Route, every, nothing_at
from portal.pages.brand_scan.visiting import Visitor, signed_in
from portal.pages.brand_scan.walking import Visit, Walk
from portal.pages.views import errors
from portal.tenants import brand
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
    for visit in walk.all(["/", "/orders/", "/desk/"], routes=_pages(everything)):
        yield seen(visit, channel="staff")


def customers(site: Site) -> Iterator[Seen]:
    """As the owner at each of two customers, and as somebody at the first who only looks."""
    for number, customer in enumerate(Customer.objects.order_by("pk")[:_CUSTOMERS]):
        for slug in ("owner", "viewer") if number == 0 else ("owner",):
            seed = _ROLES[slug]._replace(slug=f"{slug}-{customer.pk}")
            visitor = signed_in(site, seed, customer_id=customer.pk)
            starts = ["/", "/orders/", "/questions/", _NOT_THEIRS]
            for visit in Walk(visitor).all(starts, routes=_pages(seed.permissions)):
                yield seen(visit, channel="customer")


def visitors(site: Site) -> Iterator[Seen]:
    """As nobody: the way in, links without a login, and what is said when something goes wrong."""
    visitor = Visitor(site)
    for route in [one for one in every() if one.is_open]:
        address = nothing_at(route)
        yield seen(Visit(address, route.pattern, visitor.get(address)), channel="open")
    for name in ("imprint", "privacy", "terms"):
        address = f"/legal/{name}/"
        yield seen(Visit(address, "", visitor.get(address)), channel="open")
    yield seen(Visit("/orders/", "", visitor.get("/orders/")), channel="open")
    yield from _errors(visitor)


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


def _failed(visitor: Visitor, address: str) -> HttpResponse:
    """A fault of ours as it is shown, without one."""
    request = visitor.request(address)
    partner = Partner.objects.get(schema_name=visitor.site.slug)
    request.tenant, request.brand = partner, brand.of(partner)  # type: ignore[attr-defined]
    return errors.failure(request, short(uuid7()))


def _pages(held: Iterable[str]) -> list[Route]:
    """What somebody with these permissions may use in a browser."""
    return [one for one in every() if not one.pattern.startswith(_API) and one.is_for(held)]
