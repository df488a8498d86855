"""What a buyer says it received of a shipment of ours, held against what the shipment says.

The goods are theirs then, so it is no receipt of ours and no stock: all as shipped confirms the shipment,
and each item that is not is a problem of it, which holds nothing.
"""

from collections.abc import Container, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, Final

from integrations.canonical.problem import Problem
from integrations.domain import hub, problems
from integrations.domain.acknowledge import Ours
from integrations.domain.configuration import Configuration
from integrations.domain.hub import Milestone
from integrations.domain.problems import Trouble
from integrations.domain.translate import Reading, Translator
from integrations.mapping import MISSING
from integrations.models import Record
from portal.core.decimals import plain_number

_CODE: Final = "receipt_discrepancy"
Line = Mapping[str, Any]


@dataclass
class _Count:
    """Of one item: what left, what came, and what of it is no good."""

    shipped: Decimal = Decimal(0)
    received: Decimal = Decimal(0)
    damaged: Decimal = Decimal(0)
    reasons: list[str] = field(default_factory=list)
    is_named: bool = False

    def add(self, line: Line) -> None:
        """A line of their advice."""
        self.received += Decimal(line["received"])
        self.damaged += Decimal(line["damaged"])
        self.reasons += [line["reason"]] if line.get("reason") else []
        self.is_named = True

    @property
    def differs(self) -> bool:
        return self.received != self.shipped or self.damaged > 0

    def words(self, sku: str) -> str:
        """Such as: 20 of 24 TENT-2P, 2 of them damaged or not accepted (carton missing)."""
        bad = (
            f", {plain_number(self.damaged)} of them damaged or not accepted"
            if self.damaged
            else ""
        )
        why = f" ({'; '.join(self.reasons)})" if self.reasons else ""
        return f"{plain_number(self.received)} of {plain_number(self.shipped)} {sku}{bad}{why}"


def compare(config: Configuration, reading: Reading, ours: Ours, told: Mapping[str, Any]) -> None:
    """Open what differs on the shipment's message, after closing what an earlier advice said of it."""
    label = config.endpoints[reading.message.endpoint_id].label
    problems.close_problems([ours.id], actor="", cause=f"{label} has told again what it received")
    shipment, order = _bodies(config, ours)
    found = _differences(label, shipment, order, told, Translator(config))
    if found:
        trouble = Trouble(
            ours.id, config.customer_id, reading.message.endpoint_id, ours.object_type, found
        )
        problems.open_problems([trouble])
    if ours.record_id:
        words = "otherwise than shipped" if found else "as shipped"
        step = Milestone(ours.record_id, "", f"{label} received it {words}", reading.message.id)
        hub.mark(config.customer_id, [step])


def _differences(
    label: str, shipment: Line, order: Line, told: Mapping[str, Any], translator: Translator
) -> list[Problem]:
    counts = {line["sku"]: _Count() for line in shipment.get("lines", [])}
    for line in shipment.get("lines", []):
        counts[line["sku"]].shipped += Decimal(line["shipped"])
    by_gtin = {
        line["gtin"].lstrip("0"): line["sku"]
        for body in (order, shipment)
        for line in body.get("lines", [])
        if line.get("gtin")
    }
    for line in told["lines"]:
        sku = _sku(line, counts, by_gtin, translator)
        counts.setdefault(sku, _Count()).add(line)
    return [
        Problem(_CODE, "lines", sku, f"{label} received {count.words(sku)}")
        for sku, count in counts.items()
        if count.differs and (count.is_named or told["complete"])
    ]


def _sku(
    line: Line, known: Container[str], by_gtin: Mapping[str, str], translator: Translator
) -> str:
    """Our item: by the code as it is, by what the lookup table says of it, by its bar code."""
    item, gtin = str(line.get("item") or ""), str(line.get("gtin") or "")
    if item in known:
        return item
    found = translator.lookup("sku", item) if item else MISSING
    if found is not MISSING and str(found) in known:
        return str(found)
    return by_gtin.get(gtin.lstrip("0"), item or gtin)


def _bodies(config: Configuration, ours: Ours) -> tuple[Line, Line]:
    """The shipment, and its order where it is known."""
    records = Record.objects.filter(customer_id=config.customer_id)
    shipment = records.filter(pk=ours.record_id).first() if ours.record_id else None
    if shipment is None:
        return {}, {}
    order = records.filter(pk=shipment.order_id).first() if shipment.order_id else None
    return shipment.body, order.body if order else {}
