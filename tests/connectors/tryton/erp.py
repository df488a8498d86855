"""A small ERP that keeps records as Tryton does and speaks of them in Tryton's words."""

import itertools
import threading
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

from integrations.connectors.tryton import wire

# Model → field → the model it leads to.
LEADS = {
    "product.product": {"template": "product.template", "default_uom": "product.uom",
                        "sale_uom": "product.uom", "identifiers": "product.identifier"},
    "product.template": {"account_category": "product.category"},
    "party.party": {"addresses": "party.address", "customer_payment_term": "term"},
    "party.address": {"country": "country.country", "subdivision": "country.subdivision", "party": "party.party"},
    "sale.sale": {"lines": "sale.line", "shipments": "stock.shipment.out", "party": "party.party"},
    "sale.line": {"product": "product.product", "sale": "sale.sale"},
    "stock.shipment.out": {"warehouse": "stock.location", "customer": "party.party",
                           "delivery_address": "party.address", "outgoing_moves": "stock.move"},
    "stock.move": {"product": "product.product", "unit": "product.uom", "sale": "sale.sale"},
    "account.invoice": {"currency": "currency.currency", "sales": "sale.sale", "party": "party.party",
                        "lines": "account.invoice.line", "lines_to_pay": "account.move.line"},
    "account.invoice.line": {"product": "product.product", "unit": "product.uom"},
    "company.company": {"party": "party.party"},
}  # fmt: skip
STEP = timedelta(milliseconds=1)


class UserError(Exception):
    """What Tryton says to a person."""


class MissingError(Exception):
    """There is no such record."""


class Erp:
    """Records by model and id. Safe from any thread."""

    def __init__(self) -> None:
        self.lock = threading.RLock()
        self.records: dict[str, dict[int, dict[str, Any]]] = {}
        self._ids = {name: itertools.count(1) for name in (*LEADS, "")}
        self.now = datetime.now(UTC)  # its clock goes on with every change

    def add(self, model: str, **values: Any) -> int:
        with self.lock:
            self.now += STEP
            table = self.records.setdefault(model, {})
            record = next(self._ids.setdefault(model, itertools.count(1)))
            stamp = {"create_date": self.now, "write_date": None, "id": record, "__name__": model}
            table[record] = {**stamp, **values}
            return record

    def change(self, model: str, record: int, **values: Any) -> None:
        with self.lock:
            self.now += STEP
            self.records[model][record].update(values, write_date=self.now)

    def of(self, model: str, record: int) -> dict[str, Any]:
        try:
            return self.records[model][record]
        except KeyError:
            raise MissingError from None

    def search(self, model: str, domain: list[Any]) -> list[dict[str, Any]]:
        with self.lock:
            found = self.records.get(model, {}).values()
            return [one for one in found if self._holds(model, one, domain)]

    def read(self, model: str, record: int, fields: list[str]) -> dict[str, Any]:
        """The fields of a record, `a.b` as an object within: with id and model, as REST gives it."""
        with self.lock:
            values = self.of(model, record)
            shown: dict[str, Any] = {"id": record, "__name__": model}
            within: dict[str, list[str]] = {}
            for field in fields:
                first, _, rest = field.partition(".")
                if rest:
                    within.setdefault(first, []).append(rest)
                else:
                    shown.setdefault(first, on_the_wire(values.get(first)))
            for name, inner in within.items():
                held, to = values.get(name), LEADS[model][name]
                if isinstance(held, list):
                    shown[name] = [self.read(to, one, inner) for one in held]
                else:
                    shown[name] = self.read(to, held, inner) if held else None
            return shown

    def _holds(self, model: str, record: dict[str, Any], domain: Any) -> bool:
        if domain and domain[0] == "OR":
            return any(self._holds(model, record, [clause]) for clause in domain[1:])
        for clause in domain:
            if isinstance(clause[0], list) or clause[0] == "OR":
                if not self._holds(model, record, clause):
                    return False
            elif not any(compare(v, *clause[1:3]) for v in self._values(model, record, clause[0])):
                return False
        return True

    def _values(self, model: str, record: dict[str, Any], path: str) -> list[Any]:
        first, _, rest = path.partition(".")
        held = record.get(first)
        if not rest:
            return [held]
        to = LEADS[model][first]
        ids = held if isinstance(held, list) else [held] if held else []
        return [value for one in ids for value in self._values(to, self.of(to, one), rest)]


def compare(value: Any, operator: str, wanted: Any) -> bool:
    wanted = taken(wanted)
    if operator in {"in", "not in"}:
        return (value in wanted) == (operator == "in")
    if operator in {"=", "!="}:
        return (value == wanted) == (operator == "=")
    if value is None:
        return False
    return bool(value >= wanted if operator == ">=" else value > wanted)


def taken(value: Any) -> Any:
    """A value as Tryton takes it from the wire."""
    if isinstance(value, dict) and value.get("__class__") == "datetime":
        return datetime.fromisoformat(wire.plain(value)).replace(tzinfo=UTC)
    if isinstance(value, dict) and value.get("__class__") == "date":
        return date.fromisoformat(wire.plain(value))
    if isinstance(value, dict) and value.get("__class__") == "Decimal":
        return Decimal(value["decimal"])
    return value


def on_the_wire(value: Any) -> Any:
    if isinstance(value, datetime):
        return wire.time(value)
    if isinstance(value, date):
        return wire.day(value)
    if isinstance(value, Decimal):
        return wire.decimal(value)
    return value
