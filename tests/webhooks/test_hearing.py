"""What floors publish, in the words of the catalogue, and only to whom it concerns."""

import json
from datetime import UTC, datetime

import jsonschema_rs
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django_tenants.utils import schema_context

from billing.domain.invoice_states import InvoiceMoved
from billing.domain.spending import BudgetReached
from integrations.domain import deliver, health, receive, replay
from integrations.domain.go_live import EndpointLive
from integrations.domain.health import EndpointDown, EndpointUp
from integrations.domain.messages import DocumentsEnded
from integrations.domain.publishing import ChangePublished
from integrations.domain.resource_telling import ResourceRowsChanged, RowChanged
from integrations.models import ChangeRequest, Message
from monitoring.domain.alerts.ending import AlertsEnded
from monitoring.domain.alerts.raising import AlertsRaised
from monitoring.domain.closing import CasesClosed
from monitoring.domain.opening import CasesOpened
from monitoring.domain.questions import QuestionMoved
from monitoring.domain.reconcile_run import ComparisonEnded
from monitoring.domain.silences import SilencesMoved
from monitoring.domain.statement_log import StatementMoved
from monitoring.models import ExceptionCase
from portal.accounts.models import Person, Role
from portal.core import events
from portal.customers.promises import PromisesMade
from portal.support.domain import states
from portal.support.domain.states import AccessBegun
from portal.support.models import SupportAccess
from portal.tenants import flags
from portal.tenants.opening import PartnerOpened
from portal.webhooks.catalogue import EVENTS
from portal.webhooks.domain import wanted
from portal.webhooks.models import Webhook, WebhookDelivery, WebhookEvent
from tests import pipeline
from tests.isolation import planting
from tests.pages import scenery
from tests.webhooks.scenery import happen, hook

pytestmark = pytest.mark.db


def heard() -> list[dict]:
    return [json.loads(one.body) for one in WebhookEvent.objects.order_by("pk")]


def types() -> list[str]:
    return [one["type"] for one in heard()]


def fits(body: dict) -> None:
    """It is what its schema in the catalogue says, and has no field that the catalogue does not know."""
    event = EVENTS[body["type"]]
    jsonschema_rs.validator_for(event.schema, validate_formats=True).validate(body)
    assert list(sorted(body["data"])) == sorted(field.name for field in event.fields)


def test_an_order_is_told_of_from_its_coming_to_its_delivery(listening, kestrel):
    place = scenery.with_warehouse(scenery.business(kestrel.harbor))
    [order] = scenery.take_orders(place, "1001")
    scenery.ship(place, order)
    told = heard()
    for one in told:
        fits(one)
    assert [(one["type"], one["data"]["state"]) for one in told if "state" in one["data"]] == [
        ("order.created", "released"),
        ("order.moved", "sent_to_warehouse"),
        ("shipment.created", "shipped"),
        ("order.moved", "shipped"),
    ]
    assert told[0]["data"] == {
        "customer": "harbor", "id": str(order.pk), "version": 1, "number": "1001", "state": "released",
    }  # fmt: skip
    assert datetime.fromisoformat(told[0]["timestamp"]).tzinfo == UTC


def test_a_document_that_cannot_go_on_is_told_of_and_so_is_its_case(listening, kestrel):
    place = scenery.business(kestrel.harbor)
    held = scenery.hold_order(place)
    told = heard()
    for one in told:
        fits(one)
    assert [one["type"] for one in told] == ["message.held", "case.opened"]
    assert told[0]["data"]["id"] == str(held.pk)
    assert told[0]["data"]["endpoint"] == "shop"
    assert told[1]["data"]["code"] == "unknown_sku"
    replay.skip([held.pk], actor="Ana", reason="not wanted")
    assert types()[2:] == ["message.skipped", "case.closed"]
    fits(heard()[3])
    assert heard()[3]["data"]["outcome"] in ("resolved", "skipped")


def test_what_a_supplier_bills_is_no_invoice_that_a_buyer_gets(listening, kestrel):
    house = pipeline.endpoint(kestrel.harbor, "house", settings={})
    ours = {
        "number": "1001", "type": "invoice", "issued_on": "2026-03-06", "currency": "USD",
        "status": "posted", "totals": {"total": "723.00"},
    }  # fmt: skip
    for body in ({**ours, "supplier": "tentmakers"}, ours):
        pipeline.store(house, body, object_type="invoice")
    pipeline.run(kestrel.harbor)
    assert types() == ["trade_invoice.created"], pipeline.story()


def test_a_document_that_goes_out_is_told_of(listening, kestrel, server):
    place = scenery.business(kestrel.harbor)
    place.erp.settings = {"url": server.url("")}
    place.erp.save()
    scenery.take_orders(place, "1001")
    deliver.deliver(place.erp.pk)
    last = heard()[-1]
    fits(last)
    assert (last["type"], last["data"]["endpoint"], last["data"]["order_number"]) in (
        ("message.delivered", "erp", "1001"),
        ("message.confirmed", "erp", "1001"),
    )


def test_a_system_that_goes_and_comes_back(listening, shop):
    since = datetime(2026, 3, 2, 9, 12, tzinfo=UTC)
    events.publish(EndpointDown(shop.pk, shop.customer_id, "auth_expired", "401", True, since))
    health.reset(shop)
    told = [one for one in heard() if one["type"].startswith("endpoint.")]
    for one in told:
        fits(one)
    assert [one["type"] for one in told] == ["endpoint.down", "endpoint.up"]
    assert told[0]["data"]["needs_person"] is True
    assert "401" not in json.dumps(told[0])  # what a system said may hold anything


def test_whoever_joins_is_told_of_and_a_change_of_them_is_not(listening, kestrel):
    person = Person.objects.create_person(
        email="dana@kestrel.test",
        name="Dana",
        role=Role.objects.get(slug="engineer"),
        password=None,
    )
    person.name = "Dana Reyes"
    person.save()
    assert types() == ["person.joined"]
    fits(heard()[0])
    assert "dana@kestrel.test" not in json.dumps(heard())


def test_nothing_is_looked_up_or_written_where_nobody_wants_it(kestrel, server):
    hook(server, types=["invoice.final"])
    wanted.listeners()
    messages = [(planting.uuid4(), "held") for _ in range(3)]
    with CaptureQueriesContext(connection) as asked:
        events.publish(DocumentsEnded(messages))
        events.publish(CasesOpened([1, 2]))
        happen(kestrel.harbor, "1001")
    assert len(asked) == 0
    assert WebhookEvent.objects.count() == 0


def test_who_wants_what_is_asked_once_and_again_after_a_change(kestrel, server):
    flags.off_here()  # remembered for a moment, too, and not what is counted here
    with CaptureQueriesContext(connection) as asked:
        assert not wanted.wants("order.created")
        assert not wanted.wants("order.created")
    assert len(asked) == 5  # of webhooks and of applications, and around it who asks
    hook(server)
    assert wanted.wants("order.created")


def test_a_batch_is_written_with_two_statements_whatever_its_size(kestrel, listening):
    wanted.listeners()
    counts = []
    for numbers in (["1"], ["2", "3", "4"]):
        with CaptureQueriesContext(connection) as asked:
            happen(kestrel.harbor, *numbers)
        counts.append(len(asked))
    assert counts == [
        5,
        5,
    ]  # the customers' short names; the events with their deliveries; who writes
    assert WebhookDelivery.objects.count() == 4


def test_what_is_taken_back_is_told_to_nobody(kestrel, listening):
    from django.db import transaction

    with pytest.raises(RuntimeError), transaction.atomic():
        happen(kestrel.harbor, "1001")
        raise RuntimeError
    assert WebhookEvent.objects.count() == 0


def test_one_customers_receiver_hears_of_nobody_else(kestrel, server):
    own = hook(server, customer_id=kestrel.harbor)
    happen(kestrel.harbor, "1001")
    happen(kestrel.maris, "9001")
    happen(None, "house")
    events.publish(PromisesMade(kestrel.maris, "Ana"))
    rows = WebhookDelivery.objects.filter(webhook=own.row).select_related("event")
    assert [json.loads(one.event.body)["data"]["number"] for one in rows] == ["1001"]
    assert WebhookEvent.objects.count() == 1


def test_what_is_no_affair_of_the_customer_reaches_only_receivers_for_all(kestrel, shop, server):
    own = hook(server, customer_id=kestrel.harbor)
    hook(server, "For all")
    case = ExceptionCase.objects.create(
        customer_id=kestrel.harbor, endpoint=shop, fingerprint=planting.uuid4(), origin="billing",
        code="unbilled", severity=2, title="Not billed", customer_title="",
    )  # fmt: skip
    events.publish(CasesOpened([case.pk]))
    told = WebhookDelivery.objects.select_related("webhook").get()
    assert told.webhook.name == "For all"
    assert heard()[0]["data"]["customer"] == "harbor"
    assert not own.row.deliveries.exists()


def test_a_type_that_was_not_chosen_does_not_come(kestrel, server):
    hook(server, types=["order.created"])
    happen(kestrel.harbor, "1001")
    happen(kestrel.harbor, "1002", event_type="order.changed")
    assert types() == ["order.created"]


def test_the_other_partners_receivers_hear_nothing(kestrel, aurora, listening):
    with schema_context("aurora"):
        happen(aurora.harbor, "1001")
        assert WebhookEvent.objects.count() == 0
    assert WebhookEvent.objects.count() == 0


def test_the_platforms_own_side_has_no_receivers(db):
    with schema_context("public"):
        assert wanted.listeners() == ()
        events.publish(InvoiceMoved(1, "final"))


def test_every_event_that_a_floor_publishes_is_heard_or_is_known_not_to_be():
    """A new event is either told or stands here with the reason."""
    not_told = {
        "DocumentsMoved": "a pulse for lanes",
        "ProblemsOpened": "told as cases",
        "ProblemsClosed": "told as cases",
        "MailServerTurned": "told as a case",
        "PartnerOpened": "there is nobody yet who could hear of it",
        "PartnerTurned": "the platform's affair: lanes and doors hear of it",
    }
    ours = {
        event.__name__
        for event, handlers in events.registry().items()
        if any(one.__module__.startswith("portal.webhooks.hearing") for one in handlers)
    }
    all_of_them = {event.__name__ for event in events.registry()}
    assert ours | not_told.keys() == all_of_them
    assert not ours & not_told.keys()
    assert PartnerOpened.__name__ in not_told


def publish_everything(planted: planting.Planted) -> None:
    """Every event once, about what was planted."""
    from billing.models import Account, Invoice
    from integrations.models import Endpoint
    from monitoring.models import Alert, CaseQuestion, ReconRun, Silence, Statement

    customer = planted.customer_id
    endpoint = Endpoint.objects.get(slug=planted.endpoint)
    now = datetime(2026, 3, 2, 9, 12, tzinfo=UTC)
    events.publish(EndpointDown(endpoint.pk, customer, "timeout", "no answer", False, now))
    events.publish(EndpointUp(endpoint.pk, customer, now))
    events.publish(EndpointLive(endpoint.pk, customer))
    resource = endpoint.resources.get()
    row = RowChanged("1", {"number": "1"}, is_deleted=False)
    events.publish(ResourceRowsChanged(resource.pk, customer, [row]))
    for state in ("held", "delivered", "confirmed", "skipped"):
        events.publish(DocumentsEnded([(planted.message_id, state)]))
    Message.objects.filter(pk=planted.message_id).update(direction="out")
    events.publish(DocumentsEnded([(planted.message_id, "held")]))
    events.publish(CasesOpened([planted.case]))
    events.publish(CasesOpened([planted.case], came_back=True))
    ExceptionCase.objects.filter(pk=planted.case).update(state="resolved")
    events.publish(CasesClosed([planted.case]))
    for alert in Alert.objects.filter(customer=customer):
        events.publish(AlertsRaised([alert.pk]))
        events.publish(AlertsEnded([alert.pk]))
    for silence in Silence.objects.filter(expectation__customer=customer):
        events.publish(SilencesMoved([silence.pk]))
        events.publish(SilencesMoved([silence.pk], ended=True))
    for question in CaseQuestion.objects.filter(customer=customer):
        events.publish(QuestionMoved(question.pk))
        events.publish(QuestionMoved(question.pk, answered=True))
    for run in ReconRun.objects.filter(reconciliation__customer=customer):
        events.publish(ComparisonEnded(run.pk))
    for change in ChangeRequest.objects.filter(customer=customer):
        events.publish(ChangePublished(change.pk))
        events.publish(ChangePublished(change.pk, rolled_back=True))
    for statement in Statement.objects.filter(customer=customer):
        for verb in ("sealed", "approved", "sent"):
            events.publish(StatementMoved(statement.pk, verb))
    for invoice in Invoice.objects.filter(account__customer_id=customer):
        for state in ("final", "sent", "paid", "disputed", "void"):
            events.publish(InvoiceMoved(invoice.pk, state))
    for account in Account.objects.filter(customer_id=customer):
        events.publish(
            BudgetReached(account.pk, "2026-03", 80, planting.planting_money.Decimal("8"))
        )
    events.publish(PromisesMade(customer, "Ana"))
    for access in SupportAccess.objects.filter(customer=customer):
        events.publish(AccessBegun(access.pk))
        states.end(access, how="enough")


def test_every_event_about_what_is_there_is_as_the_catalogue_says(db, server):
    planted = planting.plant_all()["kestrel", "harbor"]
    with schema_context("kestrel"):
        Webhook.objects.all().delete()
        WebhookEvent.objects.all().delete()
        hook(server)
        publish_everything(planted)
        told = heard()
    for one in told:
        fits(one)
    untold = EVENTS.keys() - {one["type"] for one in told}
    of_goods = {name for name in EVENTS if name.split(".")[0] in (
        "order", "shipment", "return", "trade_invoice", "stock", "product")}  # fmt: skip
    assert untold - of_goods <= {
        "credit_note.final",
        "credit_note.sent",
        "person.joined",
        "webhook.test",
    }


@pytest.mark.parametrize("name", EVENTS)
def test_the_example_of_an_event_is_as_its_schema_says(name):
    event = EVENTS[name]
    fits({"type": name, "timestamp": "2026-03-02T13:58:04+00:00", "data": dict(event.example)})


def test_stock_and_items_are_told_by_their_numbers(listening, kestrel):
    place = scenery.with_warehouse(scenery.business(kestrel.harbor))
    stock = {
        "site": "RNO1",
        "sku": "TENT-2P",
        "uom": "EA",
        "on_hand": "5",
        "as_of": "2026-03-02T13:58:04Z",
    }
    pipeline.store(place.warehouse, stock, object_type="inventory")
    receive.receive(kestrel.harbor)
    assert pipeline.states(object_type="inventory") == ["applied"], pipeline.story()
    [told] = heard()
    fits(told)
    assert (told["type"], told["data"]["sku"], told["data"]["site"]) == (
        "stock.changed",
        "TENT-2P",
        "RNO1",
    )
    assert "on_hand" not in told["data"]
