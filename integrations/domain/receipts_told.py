"""What a buyer says it received of a shipment of ours, held against what the shipment says.

The goods are theirs then, so it is no receipt of ours and no stock: all as shipped confirms the shipment,
and each item that is not is a problem of it, which holds nothing.
"""

from collections.abc import Container, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any, Final

from integrations.canonical.problem import Problem, shorten
from integrations.canonical.units import shown
from integrations.domain import hub, problems
from integrations.domain.acknowledge import Ours
from integrations.domain.configuration import Configuration
from integrations.domain.hub import Milestone
from integrations.domain.problems import Trouble
from integrations.domain.translate import Reading, Translator
from integrations.domain.units_told import UnitsTold
from integrations.mapping import MISSING
from integrations.models import Record

_CODE: Final = "receipt_discrepancy"
_UNKNOWN_UNIT: Final = "uom_mismatch"
Line = Mapping[str, Any]


@dataclass
class _Count:
    """Of one item: what left, what came, and what of it is no good, in the unit in which it left.

    What names no unit is meant in that one. `told`: what was told in another, and `unknown`: in one of
    which nobody knows how much it is.
    """

    sku: str
    units: UnitsTold
    unit: str = ""
    shipped: Fraction = Fraction(0)
    received: Fraction = Fraction(0)
    damaged: Fraction = Fraction(0)
    reasons: list[str] = field(default_factory=list)
    told: list[str] = field(default_factory=list)
    unknown: list[str] = field(default_factory=list)
    is_named: bool = False

    def ship(self, line: Line) -> None:
        """A line of our shipment."""
        unit = str(line.get("uom") or "")
        self.unit = self.unit or unit
        much, rate = line["shipped"], Fraction(1)
        if unit:
            rate = self._rate(much, unit, self.units.between(self.sku, unit, self.unit))
        self.shipped += Fraction(much) * rate

    def receive(self, line: Line) -> None:
        """A line of their advice."""
        unit = str(line.get("uom") or "")
        came, bad, rate = line["received"], line["damaged"], Fraction(1)
        if unit and self.unit and (Fraction(came) or Fraction(bad)):
            rate = self._rate(came, unit, self.units.rate(self.sku, unit, self.unit))
        self.received += Fraction(came) * rate
        self.damaged += Fraction(bad) * rate
        self.reasons += [line["reason"]] if line.get("reason") else []
        self.is_named = True

    def _rate(self, much: str, unit: str, rate: Fraction | None) -> Fraction:
        """Notes what has to be converted, and what cannot be."""
        if rate != 1:
            self.told.append(f"{much} {unit}")
        if rate is None and unit not in self.unknown:
            self.unknown.append(unit)
        return Fraction(0) if rate is None else rate

    @property
    def differs(self) -> bool:
        return bool(self.unknown) or self.received != self.shipped or self.damaged > 0

    def problem(self, label: str) -> Problem:
        """Such as: 20 of 24 TENT-2P, 2 of them damaged or not accepted (carton missing)."""
        if self.unknown:
            return self._not_known(label)
        unit = f" {self.unit}" if self.told else ""
        told = f", told as {' and '.join(self.told)}" if self.told else ""
        bad = f", {shown(self.damaged)} of them damaged or not accepted" if self.damaged else ""
        why = f" ({'; '.join(self.reasons)})" if self.reasons else ""
        much = f"{shown(self.received)} of {shown(self.shipped)}{unit} {self.sku}"
        return Problem(_CODE, "lines", self.sku, f"{label} received {much}{told}{bad}{why}")

    def _not_known(self, label: str) -> Problem:
        unit = self.unknown[0]
        text = (
            f"What {label} received of {self.sku} cannot be compared: it is counted in {self.unit} and as"
            f" {' and '.join(self.told)}; how many {self.unit} a {shorten(unit)} is, is not known"
        )
        return Problem(_UNKNOWN_UNIT, "lines", shorten(unit), text)


def compare(config: Configuration, reading: Reading, ours: Ours, told: Mapping[str, Any]) -> None:
    """Open what differs on the shipment's message, after closing what an earlier advice said of it."""
    label = config.endpoints[reading.message.endpoint_id].label
    problems.close_problems([ours.id], actor="", cause=f"{label} has told again what it received")
    shipment, order = _bodies(config, ours)
    units = UnitsTold(config.customer_id, Translator(config))
    found = _differences(label, shipment, order, told, units)
    if found:
        trouble = Trouble(
            ours.id, config.customer_id, reading.message.endpoint_id, ours.object_type, found
        )
        problems.open_problems([trouble])
    if ours.record_id:
        unclear = found and all(p.code == _UNKNOWN_UNIT for p in found)
        differs = "in units that are not known" if unclear else "otherwise than shipped"
        words = differs if found else "as shipped"
        step = Milestone(ours.record_id, "", f"{label} received it {words}", reading.message.id)
        hub.mark(config.customer_id, [step])


def _differences(
    label: str, shipment: Line, order: Line, told: Mapping[str, Any], units: UnitsTold
) -> list[Problem]:
    counts = {line["sku"]: _Count(line["sku"], units) for line in shipment.get("lines", [])}
    for line in shipment.get("lines", []):
        counts[line["sku"]].ship(line)
    by_gtin = {
        line["gtin"].lstrip("0"): line["sku"]
        for body in (order, shipment)
        for line in body.get("lines", [])
        if line.get("gtin")
    }
    for line in told["lines"]:
        sku = _sku(line, counts, by_gtin, units.translator)
        counts.setdefault(sku, _Count(sku, units)).receive(line)
    return [
        count.problem(label)
        for count in counts.values()
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
