"""Orders as Tryton's sales: looked for, entered, and led as far as the settings say."""

from collections.abc import Mapping
from typing import Any, Final

from integrations.canonical.problem import Problem, shorten
from integrations.connectors.connection import Connection
from integrations.connectors.outbound import Outbound, Outcome
from integrations.connectors.tryton import lines, taxes
from integrations.connectors.tryton.api import Api, check
from integrations.connectors.tryton.parties import Buyer, Parties
from integrations.connectors.tryton.settings import STEPS, text
from integrations.connectors.tryton.warehouses import Warehouses
from integrations.transports.http import describe, encode
from portal.core import clock
from portal.core.errors import CrossdockError, NeedsPerson
from portal.core.response import Response

MODEL: Final = "sale.sale"
_SALE: Final = ("number", "state", "lines.product.code", "lines.quantity")
_PRODUCT: Final = ("sale_uom", "default_uom", "template.account_category.customer_taxes_used")
_BEFORE: Final = {"quote": "draft", "confirm": "quotation", "cancel": "quotation"}
_CANCELLED: Final = "cancelled"


class OrderWriter:
    """Writes orders; an outcome for every message, never an error. Safe from any thread."""

    def __init__(self, api: Api, connection: Connection, warehouses: Warehouses) -> None:
        self._api = api
        self._settings = connection.settings
        self._freight = text(connection, "freight_product")
        self._parties = Parties(api, connection.settings)
        self._warehouses = warehouses

    def write(self, item: Outbound) -> Outcome:
        """Bring the sale of one order to where it belongs. A sale that is there already is taken up where it
        stands: what was refused, or lost its answer, half way goes on from there."""
        writing = Writing(self._api)
        try:
            sale = self._find(item)
            if item.document.get("status") == _CANCELLED:
                sale = self._cancelled(writing, sale)
            else:
                sale = self._entered(writing, item, sale)
        except CrossdockError as error:
            return Outcome(item.message_id, error=error, sent=writing.sent, answer=writing.answer)
        remote_id = None if sale is None else str(sale["id"])
        return Outcome(
            item.message_id, remote_id=remote_id, sent=writing.sent, answer=writing.answer
        )

    def _find(self, item: Outbound) -> dict[str, Any] | None:
        """The order's sale: by Tryton's id, else by reference and channel, since a reference is no key."""
        document = item.document
        domain: list[Any] = [["company", "=", self._api.company]]
        if item.remote_id and item.remote_id.isdigit():
            domain.append(["id", "=", int(item.remote_id)])
        else:
            domain.append(["reference", "=", document.get("reference")])
            if document.get("description"):
                domain.append(["description", "=", document["description"]])
        found = self._api.find(MODEL, _SALE, domain, limit=1)
        return found[0] if found else None

    def _entered(
        self, writing: "Writing", item: Outbound, sale: dict[str, Any] | None
    ) -> dict[str, Any]:
        if sale is None:
            writing.sent = encode(self._sale(item.document))
            sale = writing.note(self._api.create(MODEL, writing.sent, ("number", "state")))
        elif sale["state"] == _CANCELLED:
            raise _unchangeable(sale, "is cancelled")
        elif lines.quantities(item.document) != _quantities(sale, without=self._freight):
            raise _unchangeable(sale, "has other products or quantities")
        for button in STEPS[str(self._settings["order_state"])]:
            if sale["state"] == _BEFORE[button]:
                sale = writing.press(MODEL, sale, button)
        return sale

    def _cancelled(self, writing: "Writing", sale: dict[str, Any] | None) -> dict[str, Any] | None:
        """Cancelled in Tryton too, as long as it has planned nothing for it."""
        if sale is None or sale["state"] == _CANCELLED:
            return sale
        if sale["state"] == "confirmed":
            sale = writing.press(MODEL, sale, "draft")
        if sale["state"] not in {"draft", "quotation"}:
            raise _unchangeable(sale, f"is {sale['state']} and can no longer be cancelled")
        return writing.press(MODEL, sale, "cancel")

    def _sale(self, document: Mapping[str, Any]) -> dict[str, Any]:
        """The sale to enter. NeedsPerson for what Tryton does not have."""
        codes = [str(line.get("product") or "") for line in document.get("lines") or []]
        freight = self._freight if float(document.get("freight") or 0) else ""
        products = self._api.find_by_code(
            "product.product", _PRODUCT, filter(None, [*codes, freight])
        )
        units = self._units(document)
        problems = lines.missing(document, products, units)
        if freight and freight not in products:
            words = f"Tryton has no product with the code {shorten(freight)} for shipping costs."
            problems.append(Problem("unknown_sku", "freight", shorten(freight), words))
        if problems:
            raise NeedsPerson(problems)
        buyer = self._parties.buyer(document.get("party"), document.get("ship_to"))
        made = list(lines.of_sale(document, products, units))
        if freight:
            made.append(lines.of_freight(products[freight], document["freight"]))
        self._add_taxes(made, products, buyer)
        return self._head(document, buyer) | {"lines": [["create", made]]}

    def _head(self, document: Mapping[str, Any], buyer: Buyer) -> dict[str, Any]:
        warehouse = self._warehouses.first
        named = ("reference", "description", "comment")
        return {
            "company": self._api.company,
            "party": buyer.id,
            "invoice_address": buyer.invoice_address,
            "shipment_address": buyer.delivery_address,
            "currency": self._currency(document.get("currency")),
            **({} if warehouse is None else {"warehouse": warehouse}),
            **buyer.terms,
            **{name: document[name] for name in named if document.get(name)},
        }

    def _currency(self, code: Any) -> int:
        found = self._api.find_by_code("currency.currency", ("id",), [str(code)]).get(str(code))
        if found is None:
            text = f"Tryton has no currency {shorten(code)}."
            raise NeedsPerson([Problem("currency_unknown", "currency", shorten(code), text)])
        return int(found["id"])

    def _units(self, document: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
        symbols = sorted({str(line["unit"]) for line in document["lines"] if line.get("unit")})
        if not symbols:
            return {}
        found = self._api.find("product.uom", ("symbol",), [["symbol", "in", symbols]])
        return {one["symbol"]: one for one in found}

    def _add_taxes(
        self, made: list[dict[str, Any]], products: Mapping[str, dict[str, Any]], buyer: Buyer
    ) -> None:
        category = {one["id"]: _taxes(one) for one in products.values()}
        if not any(category.values()) and buyer.tax_rule is None:
            return
        ids = sorted({tax for each in category.values() for tax in each})
        groups = {
            one["id"]: one for one in self._api.find("account.tax", ("group",), [["id", "in", ids]])
        }
        rule = None
        if buyer.tax_rule is not None:
            rule = self._api.find(
                "account.tax.rule.line", taxes.RULE_LINE, [["rule", "=", buyer.tax_rule]],
                order=[["sequence", "ASC NULLS FIRST"], ["id", "ASC"]],
            )  # fmt: skip
        today = clock.now().date().isoformat()
        for line in made:
            own = [groups[tax] for tax in category[line["product"]]]
            line["taxes"] = [["add", taxes.of_line(own, rule, today=today)]]


class Writing:
    """What was sent for one message, and the last answer to it: people see them in its history."""

    def __init__(self, api: Api) -> None:
        self._api = api
        self.sent = b""
        self.answer: dict[str, Any] = {}

    def note(self, answer: Response) -> dict[str, Any]:
        """The record of an answer that is good; the error it is otherwise."""
        self.answer = describe(answer)
        return check(answer)

    def press(
        self, model: str, record: Mapping[str, Any], button: str, fields: tuple[str, ...] = ()
    ) -> dict[str, Any]:
        """The record once a button of it is pressed."""
        answer = self._api.press(model, record["id"], button, ("number", "state", *fields))
        return self.note(answer)


def _quantities(sale: Mapping[str, Any], *, without: str) -> dict[str, Any]:
    named = [
        {"product": line["product"]["code"], "quantity": line["quantity"]}
        for line in sale["lines"]
        if line["product"] and line["product"]["code"] != without
    ]
    return lines.quantities({"lines": named})


def _taxes(product: Mapping[str, Any]) -> list[int]:
    category = product["template"].get("account_category") or {}
    return list(category.get("customer_taxes_used") or [])


def _unchangeable(sale: Mapping[str, Any], why: str) -> NeedsPerson:
    name = sale.get("number") or f"with the id {sale['id']}"
    text = f"Tryton's sale {name} {why}. Change it there by hand."
    return NeedsPerson([Problem("change_not_supported", "", shorten(name), text)])
