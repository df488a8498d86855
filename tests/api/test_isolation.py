"""Nobody reads over the API what is not theirs: by lists, by ids of others, by another site."""

import re
from itertools import zip_longest

import pytest
from django_tenants.utils import schema_context

from portal.api.urls_v1 import urlpatterns
from tests.api.asking import program
from tests.isolation.planting import mark
from tests.people import Site

pytestmark = [pytest.mark.db, pytest.mark.long]

HARBOR, MARIS = mark("kestrel", "harbor"), mark("kestrel", "maris")
AURORA = (mark("aurora", "harbor"), mark("aurora", "maris"))


@pytest.fixture
def site(planted) -> Site:
    harbor, maris = planted["kestrel", "harbor"], planted["kestrel", "maris"]
    return Site("kestrel", "kestrel.localhost", harbor.customer_id, maris.customer_id)


def addresses(owned) -> list[str]:
    """Every address that can be read, with the ids of what is `owned` by somebody."""
    numbers = sorted({1, 2, 3, owned.case, owned.table_id})
    named = {"object_type": "order", "direction": "in", "period": "2026-04"}
    named["order_number"] = owned.mark
    found = set()
    for entry in urlpatterns:
        if "GET" in entry.callback.required_permissions:
            for number, uuid in zip_longest(numbers, [owned.order_id, owned.message_id]):
                known = {
                    "uuid": str(uuid or owned.order_id),
                    "int": str(number),
                    "slug": owned.endpoint,
                    "str": str(number),
                }
                found.add(filled(str(entry.pattern), named, known))
    return sorted(found)


def filled(pattern: str, named: dict[str, str], known: dict[str, str]) -> str:
    return re.sub(r"<(\w+):(\w+)>", lambda m: named.get(m[2]) or known[m[1]], pattern)


def seen(app, where) -> dict[str, bytes]:
    answers = {one: app.client.get(f"/api/v1/{one}") for one in where}
    assert not {one: a for one, a in answers.items() if a.status_code >= 500}
    return {one: a.content + str(dict(a.headers)).encode() for one, a in answers.items()}


def own_bill(site) -> str:
    with schema_context("kestrel"):
        from billing.models import Invoice

        return f"own/bills/{Invoice.objects.get(shown_to=site.harbor).pk}/lines/"


@pytest.fixture(autouse=True)
def _no_limit(monkeypatch):
    monkeypatch.setattr("portal.api.limits.BURST", 1e6)


def test_a_customers_token_reads_nothing_of_another_customer(site, planted):
    own = program(site, customer_id=site.harbor)
    mine = seen(own, [*addresses(planted["kestrel", "harbor"]), own_bill(site)])
    assert HARBOR.encode() in mine["own/orders/"]
    assert b"amount" in mine[own_bill(site)], mine[own_bill(site)]
    others = seen(own, addresses(planted["kestrel", "maris"]))
    leaks = [
        one
        for one, text in {**mine, **others}.items()
        if MARIS.encode() in text and MARIS not in one
    ]
    assert leaks == []


def test_no_token_reads_anything_of_another_partner(site, planted):
    app = program(site)
    for whose in (("kestrel", "harbor"), ("aurora", "harbor"), ("aurora", "maris")):
        found = seen(app, addresses(planted[whose]))
        leaks = [
            one for one, text in found.items()
            for foreign in AURORA if foreign.encode() in text and foreign not in one
        ]  # fmt: skip
        assert leaks == [], whose


def test_ids_of_others_are_not_there(site, planted):
    own, maris = program(site, customer_id=site.harbor), planted["kestrel", "maris"]
    assert own.get(f"own/orders/{maris.order_id}/").status_code == 404
    with schema_context("kestrel"):
        from billing.models import Invoice
        from monitoring.models import CaseQuestion

        bill = Invoice.objects.filter(shown_to=site.maris).values_list("pk", flat=True).get()
        question = CaseQuestion.objects.filter(customer_id=site.maris).values_list("pk", flat=True)[
            0
        ]
    for path in (f"own/bills/{bill}/", f"own/bills/{bill}/lines/", f"own/bills/{bill}/pdf/"):
        assert own.get(path).status_code == 404
    assert own.post(f"own/questions/{question}/answer/", {"choice": 0}).status_code == 404
    app, foreign = program(site), planted["aurora", "harbor"]
    assert app.get(f"records/{foreign.order_id}/").status_code == 404
    assert app.get(f"messages/{foreign.message_id}/payload/").status_code == 404
    assert app.get(f"endpoints/{foreign.endpoint}/").status_code == 404


def test_secrets_of_an_endpoint_are_never_shown(site, planted):
    said = program(site).get(f"endpoints/{planted['kestrel', 'harbor'].endpoint}/").json()
    assert said["has_secrets"] is True
    assert "secrets" not in said
    assert "webhook_secret" not in str(said)
