"""Sales orders: looked for, created with all lines at once, confirmed, changed and cancelled."""

from collections.abc import Mapping
from typing import Any, Final, NamedTuple

from integrations.canonical.problem import Problem, shorten
from integrations.connectors.odata import values
from integrations.connectors.odoo import answers
from integrations.connectors.odoo.api import Api
from integrations.connectors.odoo.finding import Finder
from integrations.connectors.odoo.order_values import Vals, differing, lines_in, vals_of
from integrations.connectors.odoo.settings import AS_CONTACT, CANCELLED, CONFIRMED, NO_TAXES, OURS
from integrations.connectors.outbound import Outbound, Outcome
from portal.core.errors import CrossdockError, NeedsPerson, Permanent, Retryable

_MODEL: Final = "sale.order"
_HEADER: Final = ("name", "state", "client_order_ref", "partner_id", "partner_shipping_id",
                  "commitment_date", "currency_id")  # fmt: skip
_LINE: Final = ("product_id", "product_uom_qty", "price_unit", "discount", "product_uom", "product_uom_id",
                "qty_delivered", "qty_invoiced", "is_delivery")  # fmt: skip
_OPEN: Final = frozenset({"draft", "sent"})
_CONFIRMED: Final = frozenset({"sale", "done"})


class Trail:
    """What was sent last and what was answered, for people."""

    def __init__(self) -> None:
        self.sent = b""
        self.answer: Mapping[str, Any] = {"found": True}


class There(NamedTuple):
    """An order as Odoo has it."""

    header: dict[str, Any]
    lines: list[dict[str, Any]]


class OrderWriter:
    """Writes one order. Safe from any thread; an outcome for every message, never an error."""

    def __init__(self, api: Api, settings: Mapping[str, Any]) -> None:
        self._api = api
        self._find = Finder(api)
        self._settings = settings

    def __call__(self, item: Outbound) -> Outcome:
        trail = Trail()
        try:
            if item.object_type != "order":
                raise Permanent(f"Odoo takes no {item.object_type}", code="not_supported")
            order = self._write(item, trail)
        except CrossdockError as error:
            answer = trail.answer if trail.sent else {}
            return Outcome(item.message_id, error=error, sent=trail.sent, answer=answer)
        return Outcome(item.message_id, remote_id=str(order), sent=trail.sent, answer=trail.answer)

    def _write(self, item: Outbound, trail: Trail) -> int:
        reference = str(item.document.get("client_order_ref") or "").strip()
        if not reference:
            text = "An order without a customer reference could not be found again: map one."
            raise NeedsPerson([Problem("missing_field", "client_order_ref", "", text)])
        if item.document.get("status") == "cancelled":
            return self._cancel(item, reference, trail)
        partner = self._find.partner(self._account(item))
        known = _number(item) or self._look_up(reference, partner)
        wanted = self._vals(item, partner, trail)
        if known:
            self._change(item, known, wanted, trail)
        else:
            known = self._create(wanted, trail)
        self._settle(item, known, trail)
        return known

    def _account(self, item: Outbound) -> str:
        return str(item.document.get("partner_ref") or "").strip()

    def _vals(self, item: Outbound, partner: int, trail: Trail) -> Vals:
        """The order as Odoo takes it, with its own numbers."""
        lines = lines_in(item.document)
        products = self._find.products([str(line.get("default_code") or "") for line in lines])
        units = self._find.units([str(line.get("uom") or "") for line in lines])
        return vals_of(
            item.document,
            partner=partner,
            shipping=self._shipping(item, partner, trail),
            pricelist=self._pricelist(),
            products=products,
            units=units,
            fields=self._api.fields("sale.order.line"),
            own_prices=self._settings["prices"] == OURS,
            no_taxes=self._settings["taxes"] == NO_TAXES,
        )

    def _pricelist(self) -> int:
        name = str(self._settings["pricelist"]).strip()
        return self._find.pricelist(name) if name else 0

    def _shipping(self, item: Outbound, partner: int, trail: Trail) -> int:
        address = item.document.get("partner_shipping")
        if self._settings["delivery_address"] != AS_CONTACT or not isinstance(address, dict):
            return 0
        found = self._find.contact(partner, address)
        return self._made("res.partner", found, trail) if isinstance(found, dict) else found

    def _create(self, wanted: Vals, trail: Trail) -> int:
        return self._made(_MODEL, wanted.header | {"order_line": wanted.creating()}, trail)

    def _made(self, model: str, vals: Mapping[str, Any], trail: Trail) -> int:
        made = self._do(trail, model, "create", sent=vals, vals_list=[vals])
        made = made[0] if isinstance(made, list) and made else made
        if type(made) is not int:
            raise Retryable(f"Odoo names no {model} that it made", uncertain=True)
        return made

    def _look_up(self, reference: str, partner: int | None) -> int:
        """The order that an earlier try made. A cancelled one only where there is no other."""
        domain: list[Any] = [["client_order_ref", "=", reference]]
        if partner is not None:
            domain.append(["partner_id", "=", partner])
        rows = self._api.search(_MODEL, domain, ("state",))
        rows.sort(key=lambda row: row.get("state") == "cancel")
        if sum(row.get("state") != "cancel" for row in rows) > 1:
            text = f"Odoo has more than one order with the reference {shorten(reference)}."
            raise NeedsPerson(
                [Problem("duplicate_order", "client_order_ref", shorten(reference), text)]
            )
        return int(rows[0]["id"]) if rows else 0

    def _there(self, item: Outbound, order: int) -> There:
        headers = self._api.search(_MODEL, [["id", "=", order]], _HEADER)
        if not headers:
            text = (
                f"Odoo no longer has the order that is known here as {shorten(item.business_key)}."
            )
            raise NeedsPerson([Problem("unknown_order", "", str(order), text)])
        domain = [["order_id", "=", order], ["product_id", "!=", False]]
        lines = self._api.search("sale.order.line", domain, _LINE)
        return There(headers[0], [line for line in lines if not line.get("is_delivery")])

    def _change(self, item: Outbound, order: int, wanted: Vals, trail: Trail) -> None:
        there = self._there(item, order)
        name, state = there.header.get("name"), there.header.get("state")
        if state == "cancel":
            text = f"The order is cancelled in Odoo as {name}."
            raise NeedsPerson(
                [Problem("order_not_open", "status", shorten(item.business_key), text)]
            )
        differ = differing(wanted, there.header, there.lines)
        if not differ:
            return
        if state not in _OPEN or {"partner_id", "client_order_ref"} & set(differ):
            text = f"The order is in Odoo as {name} and differs in {', '.join(differ)}: change it there."
            raise NeedsPerson(
                [Problem("change_not_supported", differ[0], shorten(item.business_key), text)]
            )
        vals: dict[str, Any] = {key: wanted.header[key] for key in differ if key in wanted.header}
        if "order_line" in differ:
            vals["order_line"] = [[5, 0, 0], *wanted.creating()]
        self._do(trail, _MODEL, "write", sent=vals, ids=[order], vals=vals)

    def _settle(self, item: Outbound, order: int, trail: Trail) -> None:
        """Confirm an order that is to be, if it is in our currency."""
        header = self._there(item, order).header
        currency = header.get("currency_id")
        theirs = currency[1] if isinstance(currency, list) and len(currency) == 2 else ""
        ours = item.document.get("currency")
        if ours and theirs and ours != theirs:
            text = (
                f"The order is in Odoo as {header.get('name')} in {theirs}, ours is in {ours}: give it or"
                " the customer a price list in this currency. It was not confirmed."
            )
            raise NeedsPerson([Problem("erp_refused", "currency", shorten(ours), text)])
        if self._settings["orders"] != CONFIRMED or header.get("state") not in _OPEN:
            return
        self._do(trail, _MODEL, "action_confirm", ids=[order])
        state = self._there(item, order).header.get("state")
        if state not in _CONFIRMED:
            text = f"Odoo wants a person to confirm the order {header.get('name')}."
            raise NeedsPerson([Problem("erp_refused", "state", shorten(state), text)])

    def _cancel(self, item: Outbound, reference: str, trail: Trail) -> int:
        account = self._account(item)
        order = _number(item)
        if not order:
            order = self._look_up(reference, self._find.partner(account) if account else None)
        if not order:
            text = f"Odoo has no order that is known here as {shorten(item.business_key)}."
            raise NeedsPerson([Problem("unknown_order", "", shorten(item.business_key), text)])
        there = self._there(item, order)
        if there.header.get("state") == "cancel":
            return order
        name = there.header.get("name")
        if self._settings["cancels"] != CANCELLED:
            text = f"Orders are not cancelled by us here: a person has to cancel {name} in Odoo."
            raise NeedsPerson([Problem("change_not_supported", "status", "cancelled", text)])
        if any(line.get("qty_delivered") or line.get("qty_invoiced") for line in there.lines):
            text = f"Goods of the order {name} were delivered or invoiced, so it is not cancelled."
            raise NeedsPerson([Problem("order_not_open", "status", "cancelled", text)])
        # Without this some versions only answer with a form that asks whether it is meant.
        quietly = {"disable_cancel_warning": True}
        self._do(trail, _MODEL, "action_cancel", ids=[order], context=quietly)
        if self._there(item, order).header.get("state") != "cancel":
            text = f"Odoo wants a person to cancel the order {name}."
            raise NeedsPerson([Problem("erp_refused", "state", "cancelled", text)])
        return order

    def _do(self, trail: Trail, model: str, method: str, *, sent: Any = None, **given: Any) -> Any:
        """A change, noted in the trail. What is noted are the values, never the key."""
        noted = (
            sent if sent is not None else {"model": model, "method": method, "ids": given["ids"]}
        )
        trail.sent, trail.answer = values.encode(dict(noted)), {}
        answer = self._api.ask(model, method, **given)
        trail.answer = answers.describe(answer)
        return self._api.judged(answer, writing=True)


def _number(item: Outbound) -> int:
    """Odoo's number of the order, if it is known; 0 if not."""
    if not item.remote_id:
        return 0
    if item.remote_id.isascii() and item.remote_id.isdigit() and len(item.remote_id) < 19:
        return int(item.remote_id)
    text = f"{shorten(item.remote_id)} is no number of an order in Odoo."
    raise NeedsPerson([Problem("unknown_order", "", shorten(item.remote_id), text)])
