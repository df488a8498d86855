"""Everything that is answered to a program."""

import json
from collections.abc import Iterator, Mapping
from datetime import timedelta
from typing import Any, Final

from django.http import HttpResponse

from integrations.domain.applications import CONNECTOR
from integrations.domain.resources import can_have
from integrations.models import Endpoint, Record, Resource
from portal.accounts.domain import tokens
from portal.accounts.roles import PARTNER_ROLES, RoleSeed
from portal.core import clock, problem_json
from portal.customers.models import Customer
from portal.pages.brand_scan.answers import Seen, seen
from portal.pages.brand_scan.routes import Route, every, filled, nothing_at
from portal.pages.brand_scan.visiting import Visitor, signed_in, somebody
from portal.pages.brand_scan.walking import Visit
from portal.tenants.site import Site

_API: Final = "/api/"
_OWN: Final = "/api/v1/own/"
_HUB: Final = "/api/v1/hub/"
_RESOURCES: Final = "/api/v1/resources/<slug:endpoint>/"
_OF_HUB: Final = ("hub.orders", "hub.stock", "hub.events")
_DAY: Final = timedelta(days=1)
_WRONG: Final = ("/api/v1/cases/?cursor=wrong", "/api/v1/nothing/", "/api/v1/records/?limit=many")


def api(site: Site) -> Iterator[Seen]:
    """Every GET operation with what there is, the documentation, and every error."""
    everything = dict.fromkeys(
        p for r in PARTNER_ROLES if not r.for_customers for p in r.permissions
    )
    seed = RoleSeed("program", "Partner admin", tuple(everything))
    admin = signed_in(site, seed)
    routes = [one for one in every() if one.pattern.startswith(_API)]
    yield from _read(admin, [one for one in routes if not one.pattern.startswith((_OWN, _HUB))])
    yield from _hub(site, seed._replace(slug="of-application"), routes)
    customer = Customer.objects.order_by("pk").first()
    if customer:
        owner = next(role for role in PARTNER_ROLES if role.slug == "owner")
        visitor = signed_in(site, owner._replace(slug="own-program"), customer_id=customer.pk)
        yield from _read(visitor, [one for one in routes if one.pattern.startswith(_OWN)])
    yield from _wrong(admin, Visitor(site))


def _hub(site: Site, seed: RoleSeed, routes: list[Route]) -> Iterator[Seen]:
    """What an application reads, with a key made for it, at an order of its own. Nobody else is answered."""
    application = Endpoint.objects.filter(connector=CONNECTOR).order_by("pk").first()
    headers = {}
    if application:
        _, key = tokens.new_token(
            somebody(seed), name="check", permissions=_OF_HUB, expires_at=clock.now() + _DAY,
            customer_id=application.customer_id, endpoint_id=application.pk,
        )  # fmt: skip
        headers = {"Authorization": f"Bearer {key}"}
    orders = Record.objects.filter(source=application, object_type="order").order_by("-pk")
    known = [{"order_number": number} for number in orders.values_list("number", flat=True)[:1]]
    for route in [one for one in routes if one.pattern.startswith(_HUB)]:
        address = next(filled(route.pattern, known), nothing_at(route))
        answer = Visitor(site).get(address, headers=headers)
        yield seen(Visit(address, route.pattern, answer), channel="api")


def _read(visitor: Visitor, routes: list[Route]) -> Iterator[Seen]:
    known: dict[str, HttpResponse] = {}
    for route in sorted(routes, key=lambda one: len(one.parameters)):
        address = _address(visitor, route, known)
        answer = known.get(address) or visitor.get(address)
        known[address] = answer
        yield seen(Visit(address, route.pattern, answer), channel="api")


def _address(visitor: Visitor, route: Route, known: dict[str, HttpResponse]) -> str:
    """The route at the first thing that its list names; where there is none, at none."""
    if route.pattern == "/api/problems/<slug:slug>":
        return f"{problem_json.BASE}{next(iter(problem_json.KINDS))}"
    address = _begun(route.pattern)
    while "<" in address:
        listed = address.partition("<")[0]
        if listed not in known:
            known[listed] = visitor.get(listed)
        found = next(filled(address, _items(known[listed])), "")
        if not found:
            return nothing_at(route)
        address = found
    return address


def _begun(pattern: str) -> str:
    """The pattern with a system that has published resources: no list names those systems."""
    found = Resource.objects.filter(state=Resource.State.PUBLISHED).select_related("endpoint")
    having = [one.endpoint.slug for one in found.order_by("pk") if can_have(one.endpoint)]
    if not pattern.startswith(_RESOURCES) or not having:
        return pattern
    return pattern.replace("<slug:endpoint>", having[0])


def _items(answer: HttpResponse) -> list[Mapping[str, Any]]:
    """The entries of a list, whatever the answer calls it."""
    if not answer.headers.get("Content-Type", "").startswith("application/json"):
        return []
    said = json.loads(answer.content)
    lists = (
        [said]
        if isinstance(said, list)
        else [one for one in said.values() if isinstance(one, list)]
    )
    return [item for found in lists for item in found if isinstance(item, dict)]


def _wrong(visitor: Visitor, nobody: Visitor) -> Iterator[Seen]:
    for address in _WRONG:
        yield seen(Visit(address, "", visitor.get(address)), channel="api")
    yield seen(Visit("/api/v1/me/ by nobody", "", nobody.get("/api/v1/me/")), channel="api")
    answer = nobody.get("/api/v1/me/", headers={"Authorization": "Bearer pat_wrong"})
    yield seen(Visit("/api/v1/me/ with a wrong token", "", answer), channel="api")
    for slug in problem_json.KINDS:
        answer = problem_json.answer(slug, reference="0")
        yield seen(Visit(f"/api/v1/ answering {slug}", "", answer), channel="api")
