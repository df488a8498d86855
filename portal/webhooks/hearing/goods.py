"""Orders, shipments, returns, invoices, stock and items."""

from typing import Any, Final

from integrations.domain.hub import Change, RecordsChanged, RecordsMoved, Verdict
from integrations.models import Record
from portal.core.events import subscribe
from portal.webhooks.domain import wanted
from portal.webhooks.domain.outbox import News, tell

_NOUNS: Final = {
    "order": "order",
    "shipment": "shipment",
    "return": "return",
    "invoice": "trade_invoice",
    "product": "product",
}
_STOCK: Final = "stock.changed"
_VERBS: Final = {Verdict.CREATED: "created", Verdict.CHANGED: "changed"}
_TYPES: Final = (*(f"{n}.{v}" for n in _NOUNS.values() for v in _VERBS.values()), _STOCK)
_MOVED: Final = "order.moved"
_AT_ITS_COMING: Final = frozenset({"", "received"})  # order.created says it


@subscribe(RecordsChanged)
def records_changed(event: RecordsChanged) -> None:
    """A batch at a time: the names of types are all that is looked at where nobody wants any."""
    if wanted.wants(*_TYPES):
        told = [(_type(change), change) for change in event.changes]
        tell(News(name, event.customer_id, _data(one)) for name, one in told if name)


def _type(change: Change) -> str:
    if change.offer.object_type == "inventory":
        return _STOCK
    if change.offer.object_type == "invoice" and change.offer.body.get("supplier"):
        return ""  # no buyer is billed with it
    noun = _NOUNS.get(change.offer.object_type)
    return f"{noun}.{_VERBS[change.verdict]}" if noun else ""


def _data(change: Change) -> dict[str, Any]:
    body, record = change.offer.body, change.record
    of_version = {"id": str(record.id), "version": record.version}
    if change.offer.object_type == "inventory":
        return {**of_version, "sku": str(body["sku"]), "site": str(body["site"])}
    if change.offer.object_type == "product":
        return {**of_version, "sku": str(body["sku"])}
    data = {**of_version, "number": str(body.get("number", "")), "state": record.state}
    if change.offer.object_type != "order":
        data["order_number"] = str(body.get("order_number") or "")
    return data


@subscribe(RecordsMoved)
def records_moved(event: RecordsMoved) -> None:
    if not wanted.wants(_MOVED):
        return
    orders = Record.objects.filter(object_type="order")
    found = orders.filter(pk__in={one.record_id for one in event.milestones})
    known = {pk: (number, version) for pk, number, version in found.values_list(
        "pk", "number", "version")}  # fmt: skip
    tell(
        News(
            _MOVED,
            event.customer_id,
            {
                "id": str(one.record_id),
                "number": known[one.record_id][0],
                "version": known[one.record_id][1],
                "state": one.to_state,
                "from_state": one.from_state,
            },
        )
        for one in event.milestones
        if one.record_id in known and one.from_state not in _AT_ITS_COMING
    )
