"""The door of a partner that is not open."""

import pytest
from django_tenants.utils import schema_context

from integrations.models import Message
from portal.tenants import life
from portal.tenants.models import Partner
from tests.door.conftest import until
from tests.door.driver import signed

pytestmark = pytest.mark.db

SHOP = "/in/kestrel/shop"


@pytest.fixture
def kestrel_row(site):
    partner = Partner.objects.get(schema_name="kestrel")
    yield partner
    with schema_context("public"):
        Partner.objects.filter(pk=partner.pk).update(state="open", state_since=None)


def test_a_suspended_partner_loses_nothing_it_was_told_to_keep(door, shop, kestrel_row):
    """What is answered 2xx is stored, before and after; in between senders are asked to come again."""
    send = lambda number: door.send(signed(SHOP, b'{"number": "%d"}' % number))[0]  # noqa: E731
    stored = [send(n).status for n in range(3)]
    life.turn(kestrel_row, "suspend", actor="Ops", reason="unpaid")
    answers = []
    until(lambda: answers.append(send(100 + len(answers))) or answers[-1].status != 200, seconds=5)
    refused = answers[-1]
    assert (refused.status, refused.body) == (
        503, {"detail": "Nothing is taken here for now. Keep it and send it again."},
    )  # fmt: skip
    assert refused.headers["retry-after"] == "300"
    taken = stored.count(200) + sum(a.status == 200 for a in answers)
    assert Message.objects.count() == taken
    life.turn(kestrel_row, "resume", actor="Ops", reason="paid")
    until(lambda: send(999).status == 200, seconds=5)
    until(lambda: Message.objects.count() >= taken + 1, seconds=2)


def test_an_archived_partner_takes_nothing_any_more(door, shop, kestrel_row):
    life.turn(kestrel_row, "archive", actor="Ops", reason="left")
    until(lambda: door.send(signed(SHOP, b'{"number": "7"}'))[0].status == 410, seconds=5)


def test_the_door_does_not_say_which_addresses_a_shut_partner_has(door, shop, kestrel_row):
    life.turn(kestrel_row, "suspend", actor="Ops", reason="unpaid")
    until(lambda: door.send(signed("/in/kestrel/nobody", b"{}"))[0].status == 503, seconds=5)
