"""What a warehouse shipped, as Tryton's customer shipments: fitted to it, and done."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any, Final

from integrations.canonical.problem import Problem, shorten
from integrations.connectors.outbound import Outbound, Outcome
from integrations.connectors.tryton import lines, wire
from integrations.connectors.tryton.api import Api
from integrations.connectors.tryton.orders import Writing
from integrations.transports.http import encode
from portal.core.errors import CrossdockError, NeedsPerson, Retryable

MODEL: Final = "stock.shipment.out"
_SHIPMENTS: Final = tuple(
    f"shipments.{name}"
    for name in (
        "number", "state", "reference", "outgoing_moves.quantity", "outgoing_moves.product.code",
    )
)  # fmt: skip
_OPEN: Final = frozenset({"draft", "waiting", "assigned", "picked", "packed", "shipped"})
_STATE: Final = ("number", "state")
_BEFORE_SENT: Final = frozenset({"waiting", "partially shipped"})
_PLANNED_WITHIN: Final = 5.0  # seconds
# The state of a shipment → the buttons that lead on; the second where the first was not enough.
_ON: Final = {
    "draft": ("wait",),
    "waiting": ("assign_try", "assign_force"),
    "assigned": ("pick",),
    "picked": ("pack",),
    "packed": ("do",),
    "shipped": ("do",),
}


class ShipmentWriter:
    """Writes shipments; an outcome for every message, never an error. Safe from any thread."""

    def __init__(self, api: Api) -> None:
        self._api = api

    def write(self, item: Outbound) -> Outcome:
        """Bring one shipment of the order's sale to what was shipped, and to done.

        It is known again by its reference, our shipment's number: what was refused, or lost its answer, half
        way goes on from there. What was not shipped stays with the sale, and Tryton plans it anew.
        """
        writing = Writing(self._api)
        try:
            shipment = self._fitted(writing, item)
            while shipment["state"] != "done":
                shipment = self._onward(writing, shipment)
            self._note_tracking(shipment, item.document)
        except CrossdockError as error:
            return Outcome(item.message_id, error=error, sent=writing.sent, answer=writing.answer)
        return Outcome(
            item.message_id,
            remote_id=str(shipment["id"]),
            sent=writing.sent,
            answer=writing.answer,
        )

    def _fitted(self, writing: Writing, item: Outbound) -> dict[str, Any]:
        """The shipment that bears our reference, given to an open one where there is none yet."""
        document = item.document
        reference = str(document.get("reference") or "")
        sale = self._sale(document)
        shipments = sorted(sale["shipments"], key=lambda one: one["id"])
        ours = next((one for one in shipments if one["reference"] == reference), None)
        if ours is not None:
            return dict(ours)
        free = [one for one in shipments if one["state"] in _OPEN and not one["reference"]]
        if not free:
            if sale["state"] == "confirmed" or sale["shipment_state"] in _BEFORE_SENT:
                # Its queue plans what is to be shipped a moment after an order, or a part of it, is through.
                text = f"Tryton has not planned yet what is to be shipped of sale {sale['number']}"
                raise Retryable(text, retry_after=_PLANNED_WITHIN, code="conflict")
            text = f"Tryton has nothing left to ship of sale {sale['number']}."
            raise NeedsPerson([Problem("order_not_open", "", shorten(reference), text)])
        return self._fit(writing, dict(free[0]), document, reference)

    def _sale(self, document: Mapping[str, Any]) -> dict[str, Any]:
        sale = str(document.get("order_id") or "")
        found = []
        if sale.isascii() and sale.isdigit() and len(sale) < 16:
            fields = ("number", "state", "shipment_state", *_SHIPMENTS)
            found = self._api.find("sale.sale", fields, [["id", "=", int(sale)]])
        if not found:
            number = document.get("order_number")
            text = f"Tryton has no sale that is known here as {shorten(number)}."
            raise NeedsPerson([Problem("unknown_order", "order_id", shorten(number), text)])
        return found[0]

    def _fit(
        self,
        writing: Writing,
        shipment: dict[str, Any],
        document: Mapping[str, Any],
        reference: str,
    ) -> dict[str, Any]:
        """Give the shipment our reference, the day, and what was shipped of each product."""
        changes = _moves(shipment["outgoing_moves"], lines.quantities(document))
        if changes and shipment["state"] not in {"draft", "waiting"}:
            shipment |= writing.press(MODEL, shipment, "wait")
        values: dict[str, Any] = {"reference": reference}
        if document.get("shipped_on"):
            values["effective_date"] = wire.day(date.fromisoformat(document["shipped_on"]))
        if changes:
            values["outgoing_moves"] = changes
        writing.sent = encode(values)
        shipment |= writing.note(self._api.write(MODEL, shipment["id"], writing.sent, _STATE))
        if changes:  # what is to be picked follows what is to go out
            shipment |= writing.press(MODEL, shipment, "wait")
        return shipment

    def _onward(self, writing: Writing, shipment: dict[str, Any]) -> dict[str, Any]:
        before = shipment["state"]
        for button in _ON.get(before, ()):
            shipment = writing.press(MODEL, shipment, button)
            if shipment["state"] != before:
                return shipment
        text = f"Tryton's shipment {shipment['number']} stays {before}."
        raise NeedsPerson([Problem("erp_refused", "", shorten(before), text)])

    def _note_tracking(self, shipment: Mapping[str, Any], document: Mapping[str, Any]) -> None:
        """Tryton's shipment has no field for it: it is noted at the shipment, once."""
        if not document.get("tracking"):
            return
        note = {
            "resource": f"{MODEL},{shipment['id']}",
            "message": "\n".join(str(number) for number in document["tracking"]),
        }
        if not self._api.find("ir.note", ("id",), [[n, "=", value] for n, value in note.items()]):
            Writing(self._api).note(self._api.create("ir.note", encode(note), ("id",)))


def _moves(moves: list[dict[str, Any]], shipped: Mapping[str, Decimal]) -> list[Any]:
    """The changes that leave of `moves` what was shipped. NeedsPerson where more was shipped than planned."""
    left = dict(shipped)
    changes: list[Any] = []
    for move in sorted(moves, key=lambda one: one["id"]):
        planned = Decimal(str(move["quantity"]))
        code = move["product"]["code"]
        goes = min(planned, left.get(code, Decimal(0)))
        left[code] = left.get(code, Decimal(0)) - goes
        if not goes:
            changes.append(["delete", [move["id"]]])
        elif goes != planned:
            changes.append(["write", [move["id"]], {"quantity": float(goes)}])
    more = [code for code, quantity in left.items() if quantity > 0]
    if more:
        text = f"More of {', '.join(map(shorten, more))} was shipped than Tryton's shipment plans."
        raise NeedsPerson([Problem("over_shipment", "lines", shorten(more[0]), text)])
    return changes
