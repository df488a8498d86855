"""The verbs: each does what its page does, once, and says why not."""

from datetime import timedelta

import pytest
from django_tenants.utils import schema_context

from billing.domain import accounts, drafts
from billing.models import Invoice
from integrations.domain import evidence
from integrations.models import ChangeRequest, Endpoint, LookupRow, LookupTable, Message
from monitoring.models import ExceptionCase, Fix, Team
from portal.accounts.models import Person
from portal.core import clock
from portal.customers.models import Customer
from tests.api.asking import program, token
from tests.api.test_problems import problem
from tests.billing import selling
from tests.pages import scenery

pytestmark = pytest.mark.db


@pytest.fixture
def held(kestrel) -> Message:
    return scenery.hold_order(scenery.business(kestrel.harbor))


@pytest.fixture
def case(held) -> ExceptionCase:
    return ExceptionCase.objects.get()


def done(answer) -> dict:
    assert answer.status_code == 200, answer.content
    return answer.json()


def test_an_endpoint_is_paused_and_goes_on(app, kestrel):
    scenery.business(kestrel.harbor)
    assert done(app.post("endpoints/shop/pause/"))["state"] == "paused"
    assert Endpoint.objects.get(slug="shop").state == "paused"
    assert done(app.post("endpoints/shop/resume/"))["state"] == "active"
    problem(app.post("endpoints/none/pause/"), 404, "not-found")


def test_an_operators_token_pauses_nothing(kestrel):
    scenery.business(kestrel.harbor)
    operator = program(kestrel, role="operator")
    problem(operator.post("endpoints/shop/pause/"), 403, "not-allowed")
    assert Endpoint.objects.get(slug="shop").state == "active"


def test_the_connection_is_tried_line_by_line(app, kestrel):
    scenery.business(kestrel.harbor)
    said = done(app.post("endpoints/erp/test/"))
    assert said["passed"] is False
    assert any(one["passed"] is False and one["remedy"] for one in said["checks"])


def test_a_case_is_commented_on_in_the_makers_name(app, case):
    said = done(app.post(f"cases/{case.pk}/comments/", {"text": "Called Northwind."}))
    assert (said["events"][0]["actor"], said["events"][0]["text"]) == (
        "Ana Ruiz",
        "Called Northwind.",
    )


def test_a_case_is_assigned_to_a_team_a_person_or_nobody(app, case):
    Team.objects.create(name="Integration")
    assert (
        done(app.post(f"cases/{case.pk}/assign/", {"team": "Integration"}))["team"] == "Integration"
    )
    me = Person.objects.get(email="admin.maker@kestrel.test").pk
    assert done(app.post(f"cases/{case.pk}/assign/", {"person": me}))["assignee"] == me
    assert done(app.post(f"cases/{case.pk}/assign/", {}))["assignee"] is None
    said = problem(app.post(f"cases/{case.pk}/assign/", {"person": 999}), 422, "invalid")
    assert said["errors"][0]["pointer"] == "/person"


def test_a_case_waits_is_taken_up_and_snoozed(app, case):
    body = {"on": "customer", "reason": "asked for the item"}
    assert done(app.post(f"cases/{case.pk}/wait/", body))["waiting_on"] == "customer"
    problem(app.post(f"cases/{case.pk}/wait/", body), 409, "conflict")
    assert done(app.post(f"cases/{case.pk}/take-up/"))["state"] == "open"
    until = (clock.now() + timedelta(hours=2)).isoformat()
    assert done(app.post(f"cases/{case.pk}/snooze/", {"until": until}))["state"] == "snoozed"
    over = {"until": "2020-01-01T00:00:00Z"}
    assert (
        problem(app.post(f"cases/{case.pk}/snooze/", over), 422, "invalid")["errors"][0]["pointer"]
        == "/until"
    )


def test_a_case_that_another_holds_is_left_alone(app, kestrel, case):
    other = program(kestrel, role="operator")
    with schema_context("kestrel"):
        Person.objects.filter(email="operator.maker@kestrel.test").update(name="Ben Okoye")
    done(other.post(f"cases/{case.pk}/take/"))
    said = problem(app.post(f"cases/{case.pk}/take/"), 409, "conflict")
    assert said["detail"].startswith("Ben Okoye works on it since")
    problem(app.post(f"cases/{case.pk}/skip/", {"reason": "test"}), 409, "conflict")
    done(other.post(f"cases/{case.pk}/release/"))
    done(app.post(f"cases/{case.pk}/take/"))


def test_what_a_case_holds_is_skipped_after_it_was_tried(app, case, held):
    fix = done(app.post(f"cases/{case.pk}/skip/", {"reason": "a test order"}))
    assert (fix["remedy"], fix["documents"], fix["state"]) == ("skip", 1, "checking")
    held.refresh_from_db()
    assert held.state == "held"
    problem(app.post(f"cases/{case.pk}/fixes/{fix['id']}/go/", {"digest": "0"}), 409, "conflict")
    assert done(app.get(f"cases/{case.pk}/fixes/{fix['id']}/"))["digest"] == fix["digest"]
    assert done(app.post(f"cases/{case.pk}/fixes/{fix['id']}/cancel/"))["state"] == "cancelled"


def test_a_held_message_is_sent_again_with_a_reason(app, held):
    LookupRow.objects.create(table_id=_table(), code="TENT-OLD", value="TENT-2P")
    said = done(app.post(f"messages/{held.pk}/replay/", {"reason": "the item is known"}))
    assert said["state"] == "received"
    assert (said["events"][-1]["actor"], said["events"][-1]["cause"]) == (
        "Ana Ruiz",
        "the item is known",
    )
    problem(app.post(f"messages/{held.pk}/replay/", {"reason": "again"}), 409, "conflict")


def _table() -> int:
    return LookupTable.objects.values_list("pk", flat=True).get()


def test_bytes_are_for_those_who_may_see_payloads(app, kestrel, held):
    answer = app.get(f"messages/{held.pk}/payload/")
    assert answer.status_code == 200
    assert b"TENT-OLD" in answer.content
    assert (answer["X-Content-Type-Options"], answer["Content-Type"]) == (
        "nosniff",
        "application/octet-stream",
    )
    problem(program(kestrel, "orders.view").get(f"messages/{held.pk}/payload/"), 403, "not-allowed")


def test_a_row_goes_to_a_draft_and_live_when_it_was_shown_what_it_does(app, held):
    table = _table()
    change = done(app.post(f"lookups/{table}/rows/", {"code": "TENT-OLD", "value": "TENT-2P"}))
    assert (change["kind"], change["state"], change["author"]) == ("lookup", "draft", "Ana Ruiz")
    assert not LookupRow.objects.filter(code="TENT-OLD").exists()
    path = f"changes/{change['id']}"
    problem(app.post(f"{path}/make-live/", {"reason": "new item"}), 409, "conflict")
    done(app.post(f"{path}/test/"))
    evidence.gather_asked(change["id"])
    assert done(app.get(f"{path}/"))["tested"] is True
    assert done(app.post(f"{path}/make-live/", {"reason": "new item"}))["state"] == "live"
    assert LookupRow.objects.get(code="TENT-OLD").value == "TENT-2P"
    problem(app.post(f"lookups/{table}/rows/removals/", {"code": "NONE"}), 409, "conflict")


def test_nobody_approves_their_own_mapping(app, kestrel, held):
    body = {"rows": [{"target": "number", "source": "number"}]}
    change = done(app.post("mappings/shop/order/in/drafts/", body))
    assert ChangeRequest.objects.get(pk=change["id"]).content == {"rows": [["number", "number"]]}
    assert "approve" not in done(app.get(f"changes/{change['id']}/"))["may"]
    problem(app.post(f"changes/{change['id']}/approve/", {"edition": 1}), 409, "conflict")


def test_a_mapping_that_cannot_be_read_is_refused(app, held):
    body = {"rows": [{"target": "number", "source": "number["}]}
    assert (
        problem(app.post("mappings/shop/order/in/drafts/", body), 422, "invalid")["errors"][0][
            "pointer"
        ]
        == "/rows"
    )


def test_a_draft_becomes_final_as_it_was_read_and_only_so(app, kestrel):
    with clock.freeze(clock.now()):
        customer = Customer.objects.get(slug="harbor")
        Customer.objects.filter(pk=customer.pk).update(created_at="2026-01-05T00:00:00Z")
        account = accounts.of_customer(Customer.objects.get(pk=customer.pk))
        selling.sell(account, begins="2026-09-01")
        invoice = drafts.draft(account.pk, "2026-09")
    problem(app.post(f"invoices/{invoice.pk}/finalise/", {"seen": "0" * 64}), 409, "conflict")
    seen = done(app.get(f"invoices/{invoice.pk}/"))["hash"]
    said = done(
        app.post(f"invoices/{invoice.pk}/finalise/", {"seen": seen}, **{"Idempotency-Key": "f"})
    )
    assert (said["state"], said["total"]) == ("final", "100.0000")  # the base fee
    again = app.post(f"invoices/{invoice.pk}/finalise/", {"seen": seen}, **{"Idempotency-Key": "f"})
    assert again.json()["number"] == said["number"]
    assert Invoice.objects.filter(number__isnull=False).count() == 1
    lines = done(app.get(f"invoices/{invoice.pk}/lines/"))["items"]
    assert [(one["name"], one["amount"]) for one in lines] == [
        ("Monitoring", "100.0000"),
        ("Documents", "0.0000"),
    ]
    problem(app.post(f"invoices/{invoice.pk}/send/"), 409, "conflict")  # nobody is named to get it
    assert app.get(f"invoices/{invoice.pk}/pdf/").content.startswith(b"%PDF")


def test_a_customer_finds_an_order_in_their_own_words(own, kestrel):
    place = scenery.with_warehouse(scenery.business(kestrel.harbor))
    order = scenery.take_orders(place, "1001")[0]
    scenery.ship(place, order)
    said = done(own.get(f"own/orders/{order.pk}/"))
    assert (said["number"], said["state"], said["amount"]) == ("1001", "on its way", "128.0000")
    assert said["shipments"][0]["tracking"] == ["1Z0000000000000001"]
    assert said["lines"][0]["sku"] == "TENT-2P"
    assert "body" not in said
    assert [one["number"] for one in done(own.get("own/orders/?number=1001"))["items"]] == ["1001"]


def test_a_fix_is_not_found_under_another_case(app, case, held):
    fix = done(app.post(f"cases/{case.pk}/retry/"))
    problem(app.get(f"cases/{case.pk + 1}/fixes/{fix['id']}/"), 404, "not-found")
    assert Fix.objects.count() == 1


def test_the_maker_stays_as_they_were(kestrel, case):
    app = program(kestrel, "desk.work", "desk.view")
    done(app.post(f"cases/{case.pk}/take/"))
    found, _ = token(kestrel, "desk.view")
    assert "orders.view" in found.maker.role.permissions
