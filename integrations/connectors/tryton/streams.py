"""What is polled: which records of which model, and which of their fields. Pure."""

from dataclasses import dataclass
from typing import Any, Final

_ADDRESS: Final = (
    "party_name",
    "street",
    "city",
    "postal_code",
    "country.code",
    "subdivision.code",
)
_CHANGED: Final = ("create_date", "write_date")


@dataclass(frozen=True)
class Stream:
    """`paths` lead to all that makes a record count as changed; `recent`: the first poll goes a day back."""

    object_type: str
    model: str
    fields: tuple[str, ...]
    domain: tuple[Any, ...] = ()
    paths: tuple[str, ...] = ("",)
    recent: bool = False

    @property
    def asked(self) -> tuple[str, ...]:
        return (*self.fields, *(f"{path}{name}" for path in self.paths for name in _CHANGED))


STREAMS: Final = {
    "shipments": Stream(
        "shipment",
        "stock.shipment.out",
        (
            "number", "reference", "state", "effective_date", "warehouse.code", "customer.name",
            *(f"delivery_address.{name}" for name in _ADDRESS),
            *(
                f"outgoing_moves.{name}"
                for name in (
                    "quantity", "product.code", "unit.symbol", "sale.number", "sale.reference",
                    "sale.shipment_state",
                )
            ),
        ),
        (["state", "=", "done"],),
        recent=True,
    ),
    "invoices": Stream(
        "invoice",
        "account.invoice",
        (
            "number", "state", "invoice_date", "currency.code", "untaxed_amount", "tax_amount",
            "total_amount", "amount_to_pay", "lines_to_pay.maturity_date", "sales.number",
            "sales.reference", "party.code",
            *(
                f"lines.{name}"
                for name in (
                    "type", "product.code", "description", "quantity", "unit.symbol", "unit_price",
                    "amount",
                )
            ),
        ),
        (["type", "=", "out"], ["state", "in", ["posted", "paid", "cancelled"]], ["number", "!=", None]),
        recent=True,
    ),
    "products": Stream(
        "product",
        "product.product",
        (
            "code", "active", "salable", "default_uom.symbol", "template.name", "template.list_price",
            "identifiers.type", "identifiers.code",
        ),
        (["active", "in", [True, False]], ["code", "!=", None]),
        ("", "template."),
    ),
    "customers": Stream(
        "customer",
        "party.party",
        (
            "code", "name", "email", "phone", "customer_payment_term.name",
            *(f"addresses.{name}" for name in (*_ADDRESS, "invoice", "delivery")),
        ),
        (["code", "!=", None],),
        ("", "addresses."),
    ),
}  # fmt: skip
