"""The lists that are polled, and what stands elsewhere of their records: read for a whole page at once."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from integrations.connectors.described.system import Ask, Incremental, Paging, Stream

Rows = list[dict[str, Any]]
# model, domain, fields → its records; archived ones too.
Read = Callable[[str, list[Any], Sequence[str]], Rows]
# Records of a page → documents: each record with what stands elsewhere of it.
Join = Callable[[Read, Rows], list[dict[str, Any]]]
_OUTGOING: Final = ["picking_type_id.code", "=", "outgoing"]
# write_date is the beginning of the transaction, which may end later.
_OVERLAP: Final = 300
OUR_STOCK: Final = (["location_id.usage", "=", "internal"], ["owner_id", "=", False])
QUANT: Final = ("product_id", "location_id", "lot_id", "quantity", "reserved_quantity")


@dataclass(frozen=True)
class Listing:
    """`domain` is its own filter. `changed` are the paths of what may change: a row is news when one did;
    none for a list that does not tell. `a_day`: the first poll begins a day back."""

    name: str
    object_type: str
    model: str
    fields: tuple[str, ...]
    domain: tuple[Any, ...]
    join: Join
    changed: tuple[str, ...] = ("write_date",)
    size: int = 100
    a_day: bool = False

    def stream(self, start: datetime | None) -> Stream:
        """The list as a position reads it."""
        first = start if self.a_day else None
        changes = Incremental(
            param="", form="iso", updated=("changed",), overlap=_OVERLAP, ascending=False,
            start=first, a_day=self.a_day and first is None,
        )  # fmt: skip
        asked, paging = Ask("", {}), Paging("cursor")
        return Stream(self.name, self.object_type, asked, (), (), None, paging, changes)


def numbers(rows: Iterable[Mapping[str, Any]], name: str) -> list[int]:
    """The ids that a field of these rows names, each once and in their order."""
    found: set[int] = set()
    for row in rows:
        found.update(references(row.get(name)))
    return sorted(found)


def references(value: Any) -> list[int]:
    """The ids in a field: of one reference, [id, name] or false, or of a list of ids."""
    if not isinstance(value, list):
        return []
    if len(value) == 2 and isinstance(value[1], str):
        value = value[:1]
    return [one for one in value if type(one) is int]


def _of(read: Read, model: str, ids: list[int], fields: Sequence[str]) -> Rows:
    return read(model, [["id", "in", ids]], fields) if ids else []


def _ids(rows: Rows) -> list[int]:
    return [int(row["id"]) for row in rows]


class _Group:
    """Records by what a field of theirs refers to."""

    def __init__(self, rows: Rows, name: str = "") -> None:
        self._rows: dict[int, Rows] = {}
        for row in rows:
            for owner in references(row.get(name)) if name else [int(row["id"])]:
                self._rows.setdefault(owner, []).append(row)

    def of(self, ids: Iterable[int]) -> Rows:
        return [row for one in ids for row in self._rows.get(one, [])]


def _pickings(read: Read, rows: Rows) -> list[dict[str, Any]]:
    # Older versions have qty_done, newer ones quantity.
    moved = (
        "picking_id",
        "product_id",
        "product_uom_id",
        "qty_done",
        "quantity",
        "lot_id",
        "lot_name",
    )
    orders = numbers(rows, "sale_id")
    open_ = [["sale_id", "in", orders], _OUTGOING, ["state", "not in", ["done", "cancel"]]]
    lines = read("stock.move.line", [["picking_id", "in", _ids(rows)]], moved)
    products = _Group(_of(read, "product.product", numbers(lines, "product_id"), ("default_code",)))
    lots = _Group(_of(read, "stock.lot", numbers(lines, "lot_id"), ("name", "expiration_date")))
    types = _of(read, "stock.picking.type", numbers(rows, "picking_type_id"), ("warehouse_id",))
    warehouses = _Group(_of(read, "stock.warehouse", numbers(types, "warehouse_id"), ("code",)))
    sales = _Group(_of(read, "sale.order", orders, ("name", "client_order_ref")))
    still = _Group(read("stock.picking", open_, ("sale_id",)) if orders else [], "sale_id")
    by_type, by_picking = _Group(types), _Group(lines, "picking_id")
    found = []
    for row in rows:
        own = by_picking.of([row["id"]])
        kinds = by_type.of(references(row.get("picking_type_id")))
        found.append(
            {
                "record": row,
                "lines": own,
                "products": products.of(numbers(own, "product_id")),
                "lots": lots.of(numbers(own, "lot_id")),
                "orders": sales.of(references(row.get("sale_id"))),
                "open": still.of(references(row.get("sale_id"))),
                "warehouses": warehouses.of(numbers(kinds, "warehouse_id")),
            }
        )
    return found


def _stock(read: Read, rows: Rows) -> list[dict[str, Any]]:
    # What lies there for somebody else, as a consignment, is no stock of ours.
    there = [["product_id", "in", _ids(rows)], *OUR_STOCK]
    quants = read("stock.quant", there, QUANT)
    places = _of(read, "stock.location", numbers(quants, "location_id"), ("warehouse_id",))
    warehouses = _Group(_of(read, "stock.warehouse", numbers(places, "warehouse_id"), ("code",)))
    by_product, locations = _Group(quants, "product_id"), _Group(places)
    found = []
    for row in rows:
        own = by_product.of([row["id"]])
        where = locations.of(numbers(own, "location_id"))
        at = warehouses.of(numbers(where, "warehouse_id"))
        found.append({"record": row, "quants": own, "locations": where, "warehouses": at})
    return found


def _products(read: Read, rows: Rows) -> list[dict[str, Any]]:
    # Name, unit and price are the template's, and so is the time of their change.
    templates = _Group(
        _of(read, "product.template", numbers(rows, "product_tmpl_id"), ("write_date",))
    )
    return [
        {"record": row, "templates": templates.of(references(row.get("product_tmpl_id")))}
        for row in rows
    ]


def _partners(read: Read, rows: Rows) -> list[dict[str, Any]]:
    below = [["parent_id", "in", _ids(rows)], ["type", "=", "delivery"], ["active", "=", True]]
    others = read("res.partner", below, (*ADDRESS, "parent_id"))
    every = [*rows, *others]
    countries = _Group(_of(read, "res.country", numbers(every, "country_id"), ("code",)))
    states = _Group(_of(read, "res.country.state", numbers(every, "state_id"), ("code",)))
    contacts = _Group(others, "parent_id")
    found = []
    for row in rows:
        own = contacts.of([row["id"]])
        named = [row, *own]
        found.append(
            {
                "record": row,
                "contacts": own,
                "countries": countries.of(numbers(named, "country_id")),
                "states": states.of(numbers(named, "state_id")),
            }
        )
    return found


def _invoices(read: Read, rows: Rows) -> list[dict[str, Any]]:
    fields = ("move_id", "display_type", "product_id", "name", "quantity", "product_uom_id",
              "price_unit", "discount", "price_subtotal", "sequence")  # fmt: skip
    named = ("name", "client_order_ref", "invoice_ids")
    lines = read("account.move.line", [["move_id", "in", _ids(rows)]], fields)
    products = _Group(_of(read, "product.product", numbers(lines, "product_id"), ("default_code",)))
    orders = read("sale.order", [["invoice_ids", "in", _ids(rows)]], named)
    by_move, by_invoice = _Group(lines, "move_id"), _Group(orders, "invoice_ids")
    found = []
    for row in rows:
        own = by_move.of([row["id"]])
        codes = products.of(numbers(own, "product_id"))
        told = [
            {k: v for k, v in one.items() if k != "invoice_ids"}
            for one in by_invoice.of([row["id"]])
        ]
        found.append({"record": row, "lines": own, "products": codes, "orders": told})
    return found


ADDRESS: Final = ("name", "street", "street2", "city", "zip", "state_id", "country_id", "email",
                  "phone")  # fmt: skip
_STOCKED: Final = ("default_code", "uom_id")

LISTINGS: Final = (
    Listing(
        "deliveries", "shipment", "stock.picking",
        ("name", "state", "sale_id", "origin", "date_done", "carrier_id", "carrier_tracking_ref",
         "backorder_id", "picking_type_id", "shipping_weight", "weight_uom_name", "write_date"),
        (_OUTGOING, ["state", "=", "done"]), _pickings, size=50, a_day=True,
    ),
    Listing(
        "stock", "inventory", "product.product", _STOCKED, (["default_code", "!=", False],),
        _stock, changed=(),
    ),
    Listing(
        "products", "product", "product.product",
        ("name", "default_code", "barcode", "uom_id", "lst_price", "weight", "weight_uom_name",
         "active", "sale_ok", "product_tmpl_id", "write_date"),
        (["default_code", "!=", False],), _products,
        # Before Odoo 17 a change of the template is none of the variant.
        changed=("write_date", "product_tmpl_id.write_date"),
    ),
    Listing(
        "customers", "customer", "res.partner",
        (*ADDRESS, "ref", "is_company", "active", "write_date"),
        (["customer_rank", ">", 0], ["parent_id", "=", False]), _partners,
    ),
    Listing(
        "invoices", "invoice", "account.move",
        ("name", "move_type", "state", "payment_state", "invoice_date", "invoice_date_due", "ref",
         "invoice_origin", "currency_id", "amount_untaxed", "amount_tax", "amount_total",
         "amount_residual", "write_date"),
        (["move_type", "in", ["out_invoice", "out_refund"]], ["state", "in", ["posted", "cancel"]]),
        _invoices, size=50, a_day=True,
    ),
)  # fmt: skip
