"""Ana of the partner, Hanna who owns Harbor's side, Vera who only looks there, and a clock that stands."""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import NamedTuple

import pytest
from django.test import Client
from django_tenants.utils import schema_context

from portal.accounts.models import Person, Role
from portal.core import clock
from portal.core.clock import FrozenClock
from portal.support.domain import asking, consent, states
from portal.support.domain.asking import Asker
from portal.support.models import LedgerEntry, Rule, SupportAccess
from tests.accounts.conftest import person
from tests.people import Site, sign_in

AT = datetime(2026, 12, 1, 9, 0, tzinfo=UTC)
WHY = "Order 1042 is missing on your page"


class House(NamedTuple):
    site: Site
    ana: Person
    ana_client: Client
    hanna: Person
    hanna_client: Client
    vera: Person
    clock: FrozenClock


@pytest.fixture
def stopped() -> Iterator[FrozenClock]:
    with clock.freeze(AT) as frozen:
        yield frozen


@pytest.fixture
def house(kestrel, stopped) -> House:
    ana_client = sign_in(kestrel, "operator", email="ana@kestrel.test")
    hanna_client = sign_in(kestrel, "owner", email="hanna@kestrel.test", customer_id=kestrel.harbor)
    named = {"ana@kestrel.test": "Ana Ruiz", "hanna@kestrel.test": "Hanna Berg"}
    for email, name in named.items():
        Person.objects.filter(email=email).update(name=name)
    by_mail = {one.email: one for one in Person.objects.select_related("role")}
    vera = person("viewer", name="Vera", customer_id=kestrel.harbor)
    return House(
        kestrel, by_mail["ana@kestrel.test"], ana_client, by_mail["hanna@kestrel.test"],
        hanna_client, vera, stopped,
    )  # fmt: skip


def of_the_platform(name: str = "Pat Lee", email: str = "pat@platform.test") -> Person:
    """Somebody who works for the platform and may look."""
    with schema_context("public"):
        role = Role.objects.get(slug="platform-admin")
        return Person.objects.create_person(email=email, name=name, role=role, password=None)


def ask(house: House, *, whom: Person | None = None, minutes: int = 60, why: str = WHY):
    return asking.ask(
        Asker(house.ana.name, house.ana), whom or house.vera, reason=why, minutes=minutes
    )


def allow(house: House, rule: Rule = Rule.ALWAYS, longest: int = 240, until=None) -> None:
    consent.change(house.hanna, rule=rule, longest=longest, until=until)


def begun(house: House, **terms) -> SupportAccess:
    """Ana's browser acts as Vera."""
    access = ask(house, **terms)
    if access.state == SupportAccess.State.ASKED:
        states.grant(access, by=house.hanna.name)
    answer = house.ana_client.post(f"/support/{access.pk}/begin/")
    assert (answer.status_code, answer.url) == (302, "/"), answer
    access.refresh_from_db()
    return access


def looked(access):
    found = LedgerEntry.objects.filter(access=access, kind="looked").order_by("number")
    return [(row.said["page"], row.said["path"]) for row in found]


def how_it_ended(access):
    access.refresh_from_db()
    return access.state, access.ended_how
