"""What a customer has to look at: orders that left, what came back, invoices and stock."""

from typing import Any
from uuid import UUID, uuid4

from integrations.canonical import keys
from integrations.models import Record, ToldPayment


def put(
    customer_id: int, object_type: str, body: dict[str, Any], *, state: str = "", **fields: Any
) -> Record:
    """A record as the hub keeps it, without the documents it came with."""
    line = keys.summary(object_type, body)
    handles = keys.handles(object_type, body)
    return Record.objects.create(
        id=fields.pop("pk", None) or uuid4(), customer_id=customer_id, object_type=object_type,
        business_key=keys.business_key(object_type, body), body=body, content_hash=b"0" * 32,
        state=state or str(body.get("status", "")), number=line.number, party=line.party,
        amount=line.amount or None, currency=line.currency, numbers=keys.numbers(object_type, body),
        handle=handles[0] if handles else "", handles=handles, **fields,
    )  # fmt: skip


def order(customer_id: int, number: str = "WEB-1001", **body: Any) -> Record:
    said = {
        "number": number, "channel": "shop", "currency": "USD", "status": "open",
        "totals": {"total": "128.00"}, "lines": [{"sku": "TENT-2P", "quantity": "2"}], **body,
    }  # fmt: skip
    return put(customer_id, "order", said, state="shipped")


def shipment(
    customer_id: int,
    order: Record | None,
    number: str = "SH-1",
    *,
    pk: UUID | None = None,
    **body: Any,
) -> Record:
    said = {
        "number": number, "site": "RNO1", "order_number": order.number if order else "UNKNOWN",
        "shipped_at": "2026-03-03", "estimated_delivery": "2026-03-06", "status": "complete",
        "carrier": {"scac": "UPSN"}, "tracking": ["1Z 999-04"],
        "lines": [{"sku": "TENT-2P", "shipped": "2"}], **body,
    }  # fmt: skip
    return put(customer_id, "shipment", said, state="shipped", order=order, pk=pk)


def returned(customer_id: int, order: Record | None, number: str = "RMA-5", **body: Any) -> Record:
    said = {
        "number": number, "status": "refunded", "refunded": "61.50",
        "lines": [{"sku": "TENT-2P", "quantity": "1", "reason": "Too small"}], **body,
    }  # fmt: skip
    return put(customer_id, "return", said, order=order)


def invoice(customer_id: int, order: Record | None, number: str = "INV-9", **body: Any) -> Record:
    said = {
        "number": number, "type": "invoice", "issued_on": "2026-03-03", "due_on": "2026-04-02",
        "currency": "USD", "status": "posted", "totals": {"total": "128.00"},
        "lines": [{"sku": "TENT-2P", "quantity": "2", "unit_price": "61.50", "total": "123.00"}],
        **body,
    }  # fmt: skip
    return put(customer_id, "invoice", said, order=order)


def told_payment(invoice: Record, paid: str, trace: str = "T-1", **fields: Any) -> ToldPayment:
    said = {"told_by": "Harbor Retail", "discount": "0", "currency": invoice.currency, **fields}
    return ToldPayment.objects.create(
        invoice=invoice, customer_id=invoice.customer_id, endpoint_id=1, trace=trace, paid=paid,
        message_id=uuid4(), **said,
    )  # fmt: skip


def level(customer_id: int, sku: str = "TENT-2P", on_hand: str = "40", **body: Any) -> Record:
    said = {"site": "RNO1", "sku": sku, "on_hand": on_hand, "as_of": "2026-03-03T10:00:00Z", **body}
    return put(customer_id, "inventory", said)


def product(customer_id: int, sku: str = "TENT-2P", title: str = "Tent for two") -> Record:
    return put(customer_id, "product", {"sku": sku, "title": title, "status": "active"})
