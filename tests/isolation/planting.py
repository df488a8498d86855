"""Two partners with two customers each, and in every text of each a mark that names whose it is."""

import json
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import Any, NamedTuple
from uuid import UUID, uuid4

from django_tenants.utils import schema_context

from integrations.models import (
    As2Came,
    As2Went,
    Authorisation,
    Binding,
    ChangeEvent,
    ChangeRequest,
    ConformanceRun,
    Contract,
    ControlNumber,
    DoorRefusal,
    Endpoint,
    EndpointTemplate,
    Flow,
    Interchange,
    LookupRow,
    LookupTable,
    MappingVersion,
    Message,
    MessageEvent,
    OnboardingBeat,
    OnboardingRun,
    Payload,
    PollCursor,
    Record,
    RecordEvent,
    RecordVersion,
    Reservation,
    RouteDecision,
    RoutingRules,
    SecretLink,
    ToldPayment,
    Version,
)
from integrations.onboarding.template import export_template
from portal.core import clock
from portal.core.secrets import encrypt
from portal.customers.models import Customer, CustomerGroup
from tests.isolation import (
    planting_cases,
    planting_money,
    planting_notices,
    planting_resources,
    planting_statements,
    planting_support,
    planting_webhooks,
)
from tests.isolation.marks import CUSTOMERS, PARTNERS, house, mark

AT = datetime(2026, 3, 2, 13, 58, 4, tzinfo=UTC)


class Planted(NamedTuple):
    """What was planted for one customer: the mark, and ids a curious person might try."""

    schema: str
    customer_id: int
    mark: str
    order_id: UUID
    message_id: UUID
    digest: str
    endpoint: str
    case: int
    table_id: int
    row_id: int


def plant_all() -> dict[tuple[str, str], Planted]:
    """Everything for everyone, with the same ids and numbers on both sides where a partner has its
    own numbering: a leak must not hide behind an id that does not exist."""
    planted = {}
    for partner in PARTNERS:
        with schema_context(partner):
            for slug in CUSTOMERS:
                planted[partner, slug] = _plant(partner, slug)
    return planted


def make_applications() -> None:
    """Have what was planted come from applications: at both partners, their own orders under their channels."""
    for partner in PARTNERS:
        with schema_context(partner):
            Endpoint.objects.update(connector="application")
            for order in Record.objects.filter(object_type="order").select_related("source"):
                order.business_key = f"{order.source.slug}/{order.number}"
                order.save(update_fields=["business_key"])


def _plant(partner: str, slug: str) -> Planted:
    text = mark(partner, slug)
    customer = Customer.objects.create(
        slug=text,
        name=f"{text} Ltd",
        policies={"note": text},
        extensions={},
        calendar={"hours": {"mon": "07:00-19:00"}, "closed": {"2026-12-24": text}},
    )
    group = CustomerGroup.objects.create(slug=text, label=text, made_by=text, changed_by=text)
    group.members.add(customer)
    endpoint = Endpoint.objects.create(
        customer=customer,
        slug=text,
        label=f"{text} shop",
        connector="http",
        settings={"url": f"https://{text}.example", "check_path": f"/{text}"},
        secrets=encrypt({"webhook_secret": text}),
        site=text[:20],
        last_error=f"{text} said no",
        last_error_at=clock.now(),
        breaker={"state": {"state": "open", "failures": [1.0], "until": None, "times_opened": 1}},
    )
    flow = Flow.objects.create(
        customer=customer, slug=text, object_type="order", source=endpoint, target=endpoint
    )
    _plant_configuration(customer, endpoint, text)
    table = LookupTable.objects.create(customer=customer, name=text, default_value=text)
    row = LookupRow.objects.create(table=table, code=text, value=f"{text}-v", added_by=text)
    order = _record(customer, endpoint, "order", text)
    payload = _payload(text, customer.pk)
    held = _plant_messages(endpoint, flow, order, payload, text)
    case = planting_cases.plant(endpoint, held, text)
    planting_statements.plant(customer, text)
    planting_money.plant(customer, text)
    planting_notices.plant(customer, text)
    planting_webhooks.plant(customer, text)
    planting_support.plant(customer, text)
    return Planted(
        partner,
        customer.pk,
        text,
        order.pk,
        held.pk,
        bytes(payload.sha256).hex(),
        endpoint.slug,
        case.number,
        table.pk,
        row.pk,
    )


def _plant_configuration(customer: Customer, endpoint: Endpoint, text: str) -> None:
    RoutingRules.objects.create(
        customer=customer,
        version=1,
        rules=[{"n": 1, "if": {"channel": text}, "then": {"allow": [text]}}],
    )
    MappingVersion.objects.create(
        endpoint=endpoint, object_type="order", direction="out", version=1, author=text,
        rows=[[text, f"'{text}'"]],
    )  # fmt: skip
    PollCursor.objects.create(
        endpoint=endpoint, stream=text, cursor={"at": text}, due_at=clock.now()
    )
    _plant_changes(customer, endpoint, text)
    _plant_onboarding(customer, endpoint, text)
    _plant_link(endpoint, text)
    planting_resources.plant(endpoint, text)
    DoorRefusal.objects.create(
        endpoint=endpoint, hour=clock.now(), reason=text[:30], count=1, said=text
    )
    As2Came.objects.create(
        endpoint=endpoint, message_id=text, mic=text, mic_algorithm=text[:20],
        receipt_headers={"x": text}, receipt_body=text.encode(), deliver_to=text, said=text,
    )  # fmt: skip
    ControlNumber.objects.create(
        endpoint=endpoint, own_id=text[:20], partner_id=text[:20], level="isa"
    )


def _plant_changes(customer: Customer, endpoint: Endpoint, text: str) -> None:
    Contract.objects.create(
        endpoint=endpoint, object_type="order", schema={"type": "object", "title": text}
    )
    version = Version.objects.create(
        customer=customer, kind="lookup", key=text, number=1,
        content={"default": "hold", "default_value": text, "rows": {text: text}},
        digest=text, author=text, cause=text,
    )  # fmt: skip
    change = ChangeRequest.objects.create(
        customer=customer, kind="lookup", key=text, base=version, version=version, reason=text,
        content={"default": "hold", "default_value": text, "rows": {text: text}}, author_name=text,
        approver_name=text, evidence=_evidence(text), evidence_of=text,
        testing={"failed": text},
    )  # fmt: skip
    ChangeEvent.objects.create(change=change, actor=text, verb=text[:20], text=text)


def _evidence(text: str) -> dict[str, Any]:
    counts = {"documents": 1, "changed": 1, "unchanged": 0, "newly_valid": 0, "newly_invalid": 0,
              "rerouted": 0, "refused": {}, "routes": []}  # fmt: skip
    sample = {"document": text, "at": text, "before": text, "after": text}
    field = {"path": text, "count": 1, "kind": "changed", "severity": "note", "sentence": text,
             "samples": [sample]}  # fmt: skip
    return {"at": AT.isoformat(), "summary": [text], "counts": counts, "alarms": 0,
            "warnings": [], "fields": [field], "documents": []}  # fmt: skip


def _plant_onboarding(customer: Customer, endpoint: Endpoint, text: str) -> None:
    template = EndpointTemplate.objects.create(
        name=house(text), connector="http", text=_template(house(text)), made_by=house(text)
    )
    run = OnboardingRun.objects.create(
        customer=customer, endpoint=endpoint, connector="http", label=text, template=template,
        facts={"samples": {"order": [{"number": text}]}}, done={"connector": text},
        started_by=text, signed_off_by=text,
    )  # fmt: skip
    OnboardingBeat.objects.create(run=run, step=text[:20], seconds=1)
    ConformanceRun.objects.create(
        run=run, number=text, sku=text, remote_id=text, legs=[[text, "passed", text, ""]]
    )


def _template(text: str) -> str:
    return export_template(
        {"connector": "http", "name": text, "settings": {"check_path": f"/{text}"}, "mappings": [],
         "flows": [], "contracts": [], "lookups": []}
    )  # fmt: skip


def _plant_link(endpoint: Endpoint, text: str) -> None:
    Authorisation.objects.create(
        endpoint=endpoint, sealed=encrypt({"access": text}), meant=text[:16], made_by=text
    )
    SecretLink.objects.create(
        endpoint=endpoint, digest=text, made_by=text, expires_at=clock.now() + timedelta(hours=1)
    )


def _body(text: str) -> dict[str, Any]:
    return {
        "number": text, "channel": text, "placed_at": "2026-03-02T13:58:04Z", "currency": "USD",
        "po_number": f"PO-{text}", "status": "open", "order_number": text, "site": text,
        "tracking": [f"1Z{text}"], "carrier": {"name": text}, "sku": text, "title": text,
        "on_hand": "7", "as_of": "2026-03-02T13:58:04Z", "refunded": "1", "type": "invoice",
        "totals": {"total": "10"},
        "ship_to": {"name": text, "city": text, "country": "US"},
        "lines": [{"line_no": "1", "sku": text, "description": text, "quantity": "1",
                   "shipped": "1", "ordered": "1", "uom": "EA", "lot": text, "reason": text,
                   "unit_price": "1", "total": "1"}],
    }  # fmt: skip


def _record(
    customer: Customer, source: Endpoint, object_type: str, text: str, order: Record | None = None
) -> Record:
    record = Record.objects.create(
        id=uuid4(), customer=customer, object_type=object_type, business_key=f"{object_type}/{text}",
        state="shipped", body=_body(text), content_hash=b"0" * 32, source=source, number=text,
        party=text, amount="10", currency="USD", happened_at=AT, order=order,
        numbers=[text.upper(), f"1Z{text}".upper()], handle=text.upper(),
        handles=[text.upper(), f"1Z{text}".upper()],
    )  # fmt: skip
    RecordEvent.objects.create(
        record=record, customer=customer, to_state="shipped", cause=f"{text} shipped"
    )
    RecordVersion.objects.create(record=record, version=0, body=_body(text))
    Binding.objects.create(
        endpoint=source, object_type=object_type, record=record,
        remote_id=f"{object_type}{text}", detail={"id": text},
    )  # fmt: skip
    RouteDecision.objects.create(
        record=record, record_version=1, chosen=text[:20], actor=text,
        explanation={"text": text, "sites": [{"site": text, "place": 1, "why": text}]},
    )  # fmt: skip
    if object_type == "invoice":
        ToldPayment.objects.create(
            invoice=record, customer=customer, endpoint=source, told_by=text, trace=text,
            message_id=uuid4(), paid=1, discount=0, currency="USD",
        )  # fmt: skip
    if object_type == "order":
        for part in ("shipment", "return", "invoice"):
            _record(customer, source, part, text, order=record)
        _record(customer, source, "product", text)
        _record(customer, source, "inventory", text)
        Reservation.objects.create(
            order=record, customer=customer, line_no=text, site=text[:20], sku=text, quantity=1
        )
    return record


def _payload(text: str, number: int) -> Payload:
    body = json.dumps({"document": text, "of": number}).encode()
    return Payload.objects.create(sha256=sha256(body).digest(), body=body)


def _plant_messages(
    endpoint: Endpoint, flow: Flow, order: Record, payload: Payload, text: str
) -> Message:
    interchange = Interchange.objects.create(
        id=uuid4(), endpoint=endpoint, direction="out", sender=text[:20], receiver=text[:20],
        control=text[:14], group_control=text[:14], functional_id="OW", file_name=f"{text}.x12",
        payload=payload,
    )  # fmt: skip
    As2Went.objects.create(
        endpoint=endpoint, message_id=text, interchange=interchange, said=text, expected={"x": text},
        receipt_headers={"x": text}, receipt_body=text.encode(),
    )  # fmt: skip
    kinds = (
        ("in", "applied", 1),
        ("out", "confirmed", 1),
        ("out", "waiting", 2),
        ("in", "held", 1),
    )
    for direction, state, version in kinds:
        message = Message.objects.create(
            id=uuid4(), direction=direction, endpoint=endpoint, customer=order.customer,
            object_type="order", topic=text, state=state, dedup_key=f"{direction}{state}{text}",
            business_key=text, payload=payload, flow=flow if direction == "out" else None,
            record=order, record_version=version, order=order, mapping=text,
            interchange=interchange if direction == "out" else None,
        )  # fmt: skip
        MessageEvent.objects.create(
            message=message, from_state="sending", to_state=state, actor=text,
            cause=f"{text} answered", payload=payload, answer={"status": 200, "ms": 4, "body": text},
        )  # fmt: skip
    return message
