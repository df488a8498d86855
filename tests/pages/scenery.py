"""A little business to look at: a shop, an ERP, a warehouse, and orders between them."""

from types import SimpleNamespace
from typing import Any

from bs4 import BeautifulSoup
from django.http import HttpResponse

from integrations.domain import hub, progress
from integrations.models import LookupRow, LookupTable, Message, Record
from tests import pipeline

HELD_ROWS = [
    ["number", "number"], ["channel", "channel"], ["placed_at", "placed_at"],
    ["currency", "currency"], ["status", "status"], ["ship_to", "ship_to"], ["totals", "totals"],
    ["lines[]", "lines"], ["lines[].line_no", "line_no"], ["lines[].sku", "$lookup('sku', sku)"],
    ["lines[].quantity", "quantity"], ["lines[].uom", "uom"], ["lines[].unit_price", "unit_price"],
]  # fmt: skip


def business(customer_id: int, *, prefix: str = "") -> Any:
    """Endpoints and flows of one customer: orders shop → ERP, shipments warehouse → shop."""
    shop = pipeline.endpoint(customer_id, f"{prefix}shop", settings={}, channel={"share": 1})
    erp = pipeline.endpoint(customer_id, f"{prefix}erp", settings={"url": "http://127.0.0.1:9"})
    pipeline.flow(shop, erp)
    return SimpleNamespace(customer_id=customer_id, shop=shop, erp=erp)


def with_warehouse(place: Any, *, prefix: str = "") -> Any:
    place.warehouse = pipeline.endpoint(
        place.customer_id, f"{prefix}northwind", settings={}, site="RNO1"
    )
    pipeline.flow(place.warehouse, place.shop, "shipment")
    return place


def take_orders(place: Any, *numbers: str, **fields: Any) -> list[Record]:
    """Orders that have reached the hub and wait for the ERP."""
    from integrations.domain import receive

    pipeline.store(place.shop, *[pipeline.order(number, **fields) for number in numbers])
    receive.receive(place.customer_id)
    found = Record.objects.filter(customer_id=place.customer_id, object_type="order")
    return list(found.filter(number__in=numbers).order_by("pk"))


def ship(place: Any, order: Record, number: str = "SH-1", *, shipped: str = "2") -> Record:
    """The warehouse has the order and reports a shipment of it."""
    from integrations.domain import receive

    progress.reached(place.customer_id, [order.pk], "sent_to_warehouse", cause="sent to Northwind")
    line = order.body["lines"][0]
    body = {
        "number": number,
        "site": "RNO1",
        "order_number": order.number,
        "shipped_at": "2026-03-03T16:02:09Z",
        "carrier": {"scac": "UPSN", "name": "UPS"},
        "tracking": ["1Z0000000000000001"],
        "status": "complete" if shipped == line["quantity"] else "partial",
        "lines": [
            {
                "line_no": "1", "sku": line["sku"], "ordered": line["quantity"], "shipped": shipped,
                "uom": "EA", "status": "complete" if shipped == line["quantity"] else "short",
            }
        ],
    }  # fmt: skip
    pipeline.store(place.warehouse, body, object_type="shipment")
    receive.receive(place.customer_id)
    return Record.objects.get(object_type="shipment", number=number)


def hold_order(place: Any, number: str = "1009", *, sku: str = "TENT-OLD") -> Message:
    """An order with an item nobody knows: held, with a case."""
    from integrations.domain import receive

    table, _ = LookupTable.objects.get_or_create(customer_id=place.customer_id, name="sku")
    LookupRow.objects.get_or_create(table=table, code="TENT-2P", defaults={"value": "TENT-2P"})
    place.shop.mappings.get_or_create(
        object_type="order", direction="in", version=1, defaults={"rows": HELD_ROWS}
    )
    pipeline.store(place.shop, pipeline.order(number, sku=sku))
    receive.receive(place.customer_id)
    return Message.objects.get(state="held", endpoint=place.shop, direction="in")


def note(order: Record, text: str) -> None:
    hub.mark(order.customer_id, [hub.Milestone(order.pk, "", text)])


def page(response: HttpResponse) -> BeautifulSoup:
    assert response.status_code == 200, (response.status_code, response.content[:2000])
    return BeautifulSoup(response.content, "html.parser")


def texts(soup: BeautifulSoup, selector: str) -> list[str]:
    """The texts of what a selector finds, with single blanks."""
    return [" ".join(found.get_text(" ").split()) for found in soup.select(selector)]
