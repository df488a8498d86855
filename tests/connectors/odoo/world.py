"""What the Odoo of the tests has: its models as a version has them, and its records."""

from tests.connectors.odoo.server import OdooServer

_PARTNER = {
    "name": "", "ref": "", "parent_id": "res.partner", "type": "", "street": "", "street2": "", "city": "",
    "zip": "", "state_id": "res.country.state", "country_id": "res.country", "email": "", "phone": "",
    "is_company": "", "customer_rank": "", "active": "",
}  # fmt: skip
_PRODUCT = {
    "name": "", "default_code": "", "barcode": "", "uom_id": "uom.uom", "lst_price": "", "weight": "",
    "weight_uom_name": "", "active": "", "sale_ok": "", "type": "", "product_tmpl_id": "product.template",
}  # fmt: skip


def fields_of(version: int) -> dict[str, dict[str, str]]:
    """The fields of each model as Odoo 17 or 19 has them."""
    new = version >= 19
    unit, taxes = ("product_uom_id", "tax_ids") if new else ("product_uom", "tax_id")
    moved = "quantity" if version >= 17 else "qty_done"
    return {
        "res.partner": _PARTNER,
        "res.country": {"name": "", "code": ""},
        "res.country.state": {"name": "", "code": "", "country_id": "res.country"},
        "res.currency": {"name": ""},
        "uom.uom": {"name": ""},
        "product.pricelist": {"name": ""},
        "product.template": {"name": ""},
        "product.product": _PRODUCT | ({"is_storable": ""} if new else {}),
        "stock.warehouse": {"name": "", "code": ""},
        "stock.location": {"name": "", "usage": "", "warehouse_id": "stock.warehouse"},
        "stock.lot": {"name": "", "expiration_date": ""},
        "stock.quant": {
            "product_id": "product.product", "location_id": "stock.location", "lot_id": "stock.lot",
            "owner_id": "res.partner", "quantity": "", "reserved_quantity": "",
        },
        "stock.picking.type": {"name": "", "code": "", "warehouse_id": "stock.warehouse"},
        "delivery.carrier": {"name": ""},
        "stock.picking": {
            "name": "", "state": "", "sale_id": "sale.order", "origin": "", "date_done": "",
            "carrier_id": "delivery.carrier", "carrier_tracking_ref": "", "shipping_weight": "",
            "weight_uom_name": "", "backorder_id": "stock.picking", "picking_type_id": "stock.picking.type",
        },
        "stock.move.line": {
            "picking_id": "stock.picking", "product_id": "product.product", "product_uom_id": "uom.uom",
            moved: "", "lot_id": "stock.lot", "lot_name": "",
        },
        "sale.order": {
            "name": "", "state": "", "client_order_ref": "", "partner_id": "res.partner",
            "partner_shipping_id": "res.partner", "date_order": "", "commitment_date": "", "currency_id": "res.currency",
            "pricelist_id": "product.pricelist", "amount_total": "", "delivery_status": "", "invoice_ids": "",
        },
        "sale.order.line": {
            "order_id": "sale.order", "product_id": "product.product", "product_uom_qty": "", "price_unit": "",
            "discount": "", unit: "uom.uom", taxes: "", "qty_delivered": "", "qty_invoiced": "", "is_delivery": "",
        },
        "account.move": {
            "name": "", "move_type": "", "state": "", "payment_state": "", "invoice_date": "",
            "invoice_date_due": "", "ref": "", "invoice_origin": "", "currency_id": "res.currency",
            "amount_untaxed": "", "amount_tax": "", "amount_total": "", "amount_residual": "",
        },
        "account.move.line": {
            "move_id": "account.move", "display_type": "", "product_id": "product.product", "name": "",
            "quantity": "", "product_uom_id": "uom.uom", "price_unit": "", "discount": "", "price_subtotal": "",
            "sequence": "",
        },
    }  # fmt: skip


def filled(key: str, *, version: int = 19, deliveries: int = 1, products: int = 2) -> OdooServer:
    """An Odoo with so many deliveries and stored products, and a few of everything else."""
    odoo = OdooServer(key, fields_of(version))
    odoo.moved = "quantity" if version >= 17 else "qty_done"  # type: ignore[attr-defined]
    odoo.add("res.country", 233, name="United States", code="US")
    odoo.add("res.country.state", 36, name="Nevada", code="NV", country_id=233)
    odoo.add("res.currency", 1, name="USD")
    odoo.add("res.currency", 2, name="EUR")
    odoo.add("uom.uom", 1, name="Units")
    odoo.add("uom.uom", 2, name="Dozens")
    odoo.add("product.pricelist", 1, name="Wholesale")
    odoo.add("stock.warehouse", 1, name="Reno", code="WH")
    odoo.add("stock.location", 8, name="WH/Stock", usage="internal", warehouse_id=1)
    odoo.add("stock.location", 9, name="WH/Stock/Shelf 1", usage="internal", warehouse_id=1)
    odoo.add("stock.location", 5, name="Partners/Customers", usage="customer")
    odoo.add("stock.picking.type", 2, name="Delivery Orders", code="outgoing", warehouse_id=1)
    odoo.add("stock.picking.type", 1, name="Receipts", code="incoming", warehouse_id=1)
    odoo.add("delivery.carrier", 3, name="UPS Ground")
    odoo.add("stock.lot", 4, name="B2026", expiration_date="2026-12-31 00:00:00")
    _partners(odoo)
    _products(odoo, products)
    _deliveries(odoo, deliveries)
    _invoices(odoo)
    return odoo


def _partners(odoo: OdooServer) -> None:
    odoo.add("res.partner", 3, name="Administrator", customer_rank=0)
    for number in (41, 42, 43):
        odoo.add(
            "res.partner", number, name="Ridgeline Outdoor Co.", ref=f"171000{number}", is_company=True,
            customer_rank=2, street="12 Pier Road", street2="Dock 4", city="Reno", zip="89502", state_id=36,
            country_id=233, email="dock@ridgeline.example", phone="775 555 0117",
        )  # fmt: skip
    odoo.add(
        "res.partner", 51, name="Carson depot", parent_id=41, type="delivery", street="3 Mill Street",
        city="Carson City", zip="89701", state_id=36, country_id=233,
    )  # fmt: skip


def _products(odoo: OdooServer, count: int) -> None:
    for n in range(count):
        number = 1000 + n
        odoo.add("product.template", number, name="Two-person tent")
        odoo.add(
            "product.product", number, name="Two-person tent", default_code=f"TENT-{n}",
            barcode="0012345678905", uom_id=1, lst_price=133.0, weight=2.4, weight_uom_name="kg", sale_ok=True,
            type="consu" if "is_storable" in odoo.fields["product.product"] else "product", is_storable=True,
            product_tmpl_id=number, display_name=f"[TENT-{n}] Two-person tent",
        )  # fmt: skip
        odoo.add("stock.quant", number, product_id=number, location_id=8, lot_id=4, quantity=7.0,
                 reserved_quantity=2.0)  # fmt: skip
    odoo.add("stock.quant", 1, product_id=1000, location_id=9, lot_id=4, quantity=0.5, reserved_quantity=0.0)  # fmt: skip
    odoo.add(
        "stock.quant", 2, product_id=1000, location_id=5, quantity=900.0, reserved_quantity=0.0
    )
    odoo.add("stock.quant", 3, product_id=1000, location_id=8, owner_id=42, quantity=50.0,
             reserved_quantity=0.0)  # fmt: skip
    # A service, and something without a code, which is nobody's here.
    odoo.add("product.template", 2900, name="Repair")
    odoo.add("product.product", 2900, name="Repair", default_code="REPAIR", type="service", uom_id=1,
             lst_price=20.0, sale_ok=True, product_tmpl_id=2900)  # fmt: skip
    odoo.add("product.product", 2901, name="Anything", type="consu", product_tmpl_id=2900)


def _deliveries(odoo: OdooServer, count: int) -> None:
    odoo.add("sale.order", 4711, name="S04711", state="sale", client_order_ref="HB-1042", partner_id=41,
             currency_id=1, date_order="2026-03-02 13:58:04", amount_total=561.82,
             delivery_status="full", invoice_ids=[61])  # fmt: skip
    for number, quantity, line in ((1, 3.0, 1000), (2, 12.0, 1001)):
        odoo.add(
            "sale.order.line", number, order_id=4711, product_id=line, product_uom_qty=quantity
        )
    for n in range(count):
        number = 70 + n
        odoo.add(
            "stock.picking", number, name=f"WH/OUT/{number:05}", state="done", sale_id=4711, origin="S04711",
            date_done="2026-03-03 09:12:00", carrier_id=3, carrier_tracking_ref="1Z999AA10123456784",
            shipping_weight=12.5, weight_uom_name="kg", picking_type_id=2,
        )  # fmt: skip
        for row, quantity in ((2 * number, 2.0), (2 * number + 1, 1.0)):
            odoo.add("stock.move.line", row, picking_id=number, product_id=1000, product_uom_id=1,
                     lot_id=4, **{odoo.moved: quantity})  # type: ignore[attr-defined]  # fmt: skip
    odoo.add("stock.picking", 60, name="WH/IN/00001", state="done", picking_type_id=1)
    odoo.add("stock.picking", 61, name="WH/OUT/00061", state="assigned", picking_type_id=2)


def _invoices(odoo: OdooServer) -> None:
    for number in (61, 62, 63):
        odoo.add(
            "account.move", number, name=f"INV/2026/000{number}", move_type="out_invoice", state="posted",
            payment_state="not_paid", invoice_date="2026-03-04", invoice_date_due="2026-04-03",
            invoice_origin="S04711", currency_id=1, amount_untaxed=519.0, amount_tax=42.82, amount_total=561.82,
            amount_residual=561.82,
        )  # fmt: skip
        lines = [
            (3.0, 399.0, 1000, "product"),
            (12.0, 120.0, 1001, "product"),
            (0.0, 0.0, False, "tax"),
        ]
        for n, (quantity, total, product, kind) in enumerate(lines):
            odoo.add("account.move.line", 10 * number + n, move_id=number, display_type=kind,
                     product_id=product, name="Two-person tent", quantity=quantity, product_uom_id=1,
                     price_unit=total / (quantity or 1), discount=0.0, price_subtotal=total, sequence=10 * n)  # fmt: skip
    odoo.add("account.move", 64, name="/", move_type="out_invoice", state="draft", currency_id=1)
    odoo.add(
        "account.move", 65, name="BILL/1", move_type="in_invoice", state="posted", currency_id=1
    )
