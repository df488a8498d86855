"""The key of an application reads nothing of another customer, and of another partner's neither."""

import pytest
from django_tenants.utils import schema_context

from integrations.models import Endpoint, Message
from tests.api.asking import Program, program
from tests.isolation import planting
from tests.isolation.planting import mark
from tests.people import Site

pytestmark = pytest.mark.db

OTHERS = (mark("kestrel", "maris"), mark("aurora", "harbor"), mark("aurora", "maris"))
READ = ("hub/stock/", "hub/events/", "me/")


@pytest.fixture
def hub(planted) -> Program:
    planting.make_applications()
    harbor, maris = planted["kestrel", "harbor"], planted["kestrel", "maris"]
    site = Site("kestrel", "kestrel.localhost", harbor.customer_id, maris.customer_id)
    with schema_context("kestrel"):
        endpoint = Endpoint.objects.get(slug=harbor.endpoint)
    return program(site, customer_id=harbor.customer_id, endpoint_id=endpoint.pk)


def test_what_it_reads_is_its_own_and_nothing_else(hub, planted):
    mine = mark("kestrel", "harbor")
    said = {path: hub.get(path) for path in (*READ, f"hub/orders/{mine}/")}
    assert {answer.status_code for answer in said.values()} == {200}
    for path in ("hub/stock/", "hub/events/", f"hub/orders/{mine}/"):
        assert mine.encode() in said[path].content, path
    leaks = [(path, other) for path, answer in said.items() for other in OTHERS
             if other.encode() in answer.content]  # fmt: skip
    assert leaks == []


def test_numbers_of_others_are_not_there_and_nothing_is_stored_at_theirs(hub, planted):
    for other in OTHERS:
        assert hub.get(f"hub/orders/{other}/").status_code == 404
        assert hub.post(f"hub/orders/{other}/cancel/").status_code == 404
        assert hub.get(f"hub/stock/?sku={other}").json()["items"] == []
    with schema_context("kestrel"):
        assert not Message.objects.filter(topic="order").exists()


def test_a_key_opens_nothing_at_another_partner(hub, planted):
    aurora = Program(Site("aurora", "aurora.localhost", 0, 0), hub.text)
    for path in (*READ, f"hub/orders/{mark('aurora', 'harbor')}/"):
        assert aurora.get(path).status_code == 401
