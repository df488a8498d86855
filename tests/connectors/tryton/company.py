"""The company in the small ERP: what it has, and what its buttons do."""

from datetime import date
from decimal import Decimal
from typing import Any

from tests.connectors.tryton.erp import Erp, UserError, taken

PRODUCTS = {"TENT-2P": "189.00", "STOVE-1": "42.50", "MUG-330": "7.25", "FREIGHT": "0"}
GO = {"assign_try": ("waiting", "assigned"), "assign_force": ("waiting", "assigned"),
      "pick": ("assigned", "picked"), "pack": ("picked", "packed"), "do": ("packed", "done")}  # fmt: skip


class Company(Erp):
    """A company with three goods in two warehouses, and one customer."""

    def __init__(self) -> None:
        super().__init__()
        self.force_needed = False
        self.has_worker = False  # with one, a sale that is confirmed is processed later
        self.refuses = ""
        self.unit = self.add("product.uom", symbol="u")
        self.case = self.add("product.uom", symbol="case")
        self.add("currency.currency", code="USD")
        self.country = self.add("country.country", code="US")
        self.add("country.subdivision", code="US-NV")
        self.tax = self.add("account.tax", group=None)
        own = self.add("party.party", code="1", name="Dunder Mifflin", addresses=[])
        self.add("company.company", party=own)
        self.warehouses = [
            self.add("stock.location", code=code, name=code, type="warehouse")
            for code in ("WH", "WH2")
        ]
        self.products = {code: self.product(code, price) for code, price in PRODUCTS.items()}
        self.party = self.customer("C-1", "Harbor Outfitters")
        self.stock = {code: [1000.0, 10.0] for code in PRODUCTS}

    def product(self, code: str, price: str = "1.00") -> int:
        category = self.add("product.category", customer_taxes_used=[self.tax])
        kind = "service" if code == "FREIGHT" else "goods"
        template = self.add("product.template", name=f"Product {code}", list_price=Decimal(price),
                            account_category=category, type=kind)  # fmt: skip
        return self.add("product.product", code=code, template=template, default_uom=self.unit,
                        sale_uom=self.unit, active=1, salable=True, identifiers=[])  # fmt: skip

    def customer(self, code: str, name: str) -> int:
        address = self.add("party.address", party_name=None, street="1 Pier Road", city="Reno",
                           postal_code="89501", country=self.country, subdivision=None, invoice=0,
                           delivery=0, street_unstructured="1 Pier Road")  # fmt: skip
        party = self.add("party.party", code=code, name=name, addresses=[address], email="",
                         phone="", customer_payment_term=None, customer_tax_rule=None,
                         sale_invoice_method=None, sale_shipment_method=None)  # fmt: skip
        self.records["party.address"][address]["party"] = party
        return party

    def create(self, model: str, values: dict[str, Any]) -> int:
        with self.lock:
            values = {name: taken(value) for name, value in values.items()}
            if model == "sale.sale":
                return self._sale(values)
            if model == "party.address":
                values["street"] = values.get("street_unstructured")
            made = self.add(model, **values)
            if model == "party.address":
                self.of("party.party", values["party"])["addresses"].append(made)
            return made

    def write(self, model: str, record: int, values: dict[str, Any]) -> None:
        with self.lock:
            moves = values.pop("outgoing_moves", [])
            for verb, ids, *change in moves:
                if verb == "delete":
                    held = self.of(model, record)["outgoing_moves"]
                    held[:] = [one for one in held if one not in ids]
                else:
                    self.change("stock.move", ids[0], **change[0])
            self.change(model, record, **{name: taken(value) for name, value in values.items()})

    def press(self, model: str, record: int, button: str) -> None:
        with self.lock:
            if self.refuses and button in {"quote", "do"}:
                raise UserError(self.refuses)
            if model == "sale.sale":
                self._sell(record, button)
            elif button == "wait":
                self.change(model, record, state="waiting")
            else:
                self._ship(record, button)

    def levels(self, product: dict[str, Any], locations: list[int]) -> dict[str, float]:
        index = self.warehouses.index(locations[0])
        quantity = self.stock.get(product["code"], [0.0, 0.0])[index]
        return {"quantity": quantity, "forecast_quantity": quantity - 1 if quantity else quantity}

    def _sale(self, values: dict[str, Any]) -> int:
        [[_, lines]] = values.pop("lines")
        made = []
        for line in lines:
            if not self.of("product.product", line["product"])["salable"]:
                name = self.of("product.product", line["product"])["code"]
                raise UserError(
                    f'The value "{name}" for field "Product" in "Sale Line" is not valid according to its domain.'
                )
            made.append(self.add("sale.line", **{k: taken(v) for k, v in line.items()}))
        sale = self.add(
            "sale.sale", number=None, state="draft", shipments=[], shipment_state="none",
            total_amount=Decimal("1.00"), **{"description": None, **values}, lines=made,
        )  # fmt: skip
        for line in made:
            self.of("sale.line", line)["sale"] = sale
        return sale

    def _sell(self, record: int, button: str) -> None:
        sale = self.of("sale.sale", record)
        if button == "quote" and sale["state"] == "draft":
            self.change("sale.sale", record, state="quotation", number=str(record))
        elif button == "confirm" and sale["state"] == "quotation":
            self.change("sale.sale", record, state="confirmed")
            if not self.has_worker:
                self.process(record)
        elif button == "cancel" and sale["state"] in {"draft", "quotation"}:
            self.change("sale.sale", record, state="cancelled")
        else:
            raise UserError(f'You can not call "{button}" on "{record}" of "Sale".')

    def process(self, record: int) -> None:
        """What its queue does once a sale is confirmed, and once a part of it has left."""
        sale = self.of("sale.sale", record)
        if sale["state"] == "confirmed":
            self.change("sale.sale", record, state="processing", shipment_state="waiting")
            self._plan(
                record, {one: self.of("sale.line", one)["quantity"] for one in sale["lines"]}
            )
        else:
            self._ship_rest(sale)

    def _plan(self, record: int, lines: dict[int, float]) -> None:
        sale = self.of("sale.sale", record)
        moves = [
            self.add("stock.move", product=self.of("sale.line", line)["product"], quantity=quantity,
                     unit=self.unit, sale=record, line=line)
            for line, quantity in lines.items()
        ]  # fmt: skip
        shipment = self.add(
            "stock.shipment.out", state="waiting", reference=None, effective_date=None,
            warehouse=self.warehouses[0], customer=sale["party"],
            delivery_address=sale["shipment_address"], outgoing_moves=moves,
        )  # fmt: skip
        self.of("stock.shipment.out", shipment)["number"] = str(shipment)
        sale["shipments"].append(shipment)

    def _ship(self, record: int, button: str) -> None:
        shipment = self.of("stock.shipment.out", record)
        before, after = GO[button]
        if shipment["state"] != before:
            raise UserError(f'You can not call "{button}" on "{record}" of "Customer Shipment".')
        if button == "assign_try" and self.force_needed:
            return
        self.change("stock.shipment.out", record, state=after)
        if after == "done":
            shipment["effective_date"] = shipment["effective_date"] or date(2026, 3, 2)
            if not self.has_worker:
                [sale, *_] = [
                    self.of("stock.move", one)["sale"] for one in shipment["outgoing_moves"]
                ]
                self.process(sale)

    def _ship_rest(self, sale: dict[str, Any]) -> None:
        gone: dict[int, float] = {}
        for move in self.records["stock.move"].values():
            if move["sale"] == sale["id"] and self._is_gone(move["id"]):
                gone[move["line"]] = gone.get(move["line"], 0) + move["quantity"]
        wanted = {one: self.of("sale.line", one)["quantity"] for one in sale["lines"]}
        rest = {one: n - gone.get(one, 0) for one, n in wanted.items() if n > gone.get(one, 0)}
        sale["shipment_state"] = "partially shipped" if rest else "sent"
        if rest:
            self._plan(sale["id"], rest)

    def _is_gone(self, move: int) -> bool:
        shipments = self.records["stock.shipment.out"].values()
        return any(move in one["outgoing_moves"] and one["state"] == "done" for one in shipments)
