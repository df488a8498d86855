"""A mapped order as Odoo takes it, and where it differs from one that is there. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Context, Decimal, InvalidOperation
from typing import Any, Final

from integrations.canonical.problem import Problem, shorten
from integrations.connectors.odoo.lists import references
from portal.core.errors import NeedsPerson

_STAMP: Final = "%Y-%m-%d %H:%M:%S"
_CENT: Final = Decimal("0.01")
_WIDE: Final = Context(prec=60)
# Odoo rounds prices, to two places where nobody said otherwise.
_TOLERANCE: Final = Decimal("0.005")
_ZERO: Final = Decimal(0)


@dataclass(frozen=True)
class Vals:
    """`header` without lines; `lines` one for each, by Odoo's names."""

    header: dict[str, Any]
    lines: list[dict[str, Any]]

    def creating(self) -> list[Any]:
        """The lines as commands that create them."""
        return [[0, 0, line] for line in self.lines]


def lines_in(document: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """The lines of a mapped order."""
    return [line for line in document.get("order_line") or [] if isinstance(line, dict)]


def vals_of(
    document: Mapping[str, Any],
    *,
    partner: int,
    shipping: int,
    pricelist: int,
    products: Mapping[str, int],
    units: Mapping[str, int],
    fields: Mapping[str, Any],
    own_prices: bool,
    no_taxes: bool,
) -> Vals:
    """The order with Odoo's own numbers. `fields` are those of its lines here: some have other names since
    Odoo 19. NeedsPerson for amounts and times that are none."""
    header: dict[str, Any] = {
        "partner_id": partner,
        "client_order_ref": str(document["client_order_ref"]).strip(),
        "partner_shipping_id": shipping,
        "pricelist_id": pricelist,
        "date_order": _stamp(document, "date_order"),
        "commitment_date": _stamp(document, "commitment_date"),
    }
    unit_field = "product_uom_id" if "product_uom_id" in fields else "product_uom"
    tax_field = "tax_ids" if "tax_ids" in fields else "tax_id"
    lines = []
    for position, line in enumerate(lines_in(document)):
        path = f"order_line[{position}]"
        quantity = _amount(line, "product_uom_qty", path)
        made: dict[str, Any] = {
            "product_id": products[str(line.get("default_code") or "")],
            "product_uom_qty": quantity,
        }
        if unit := line.get("uom"):
            made[unit_field] = units[str(unit)]
        if own_prices and line.get("price_unit") not in (None, ""):
            price = _amount(line, "price_unit", path)
            made["price_unit"] = price
            made["discount"] = _percent(_amount(line, "discount_amount", path), price * quantity)
        if no_taxes:
            made[tax_field] = [[6, 0, []]]
        lines.append(made)
    return Vals({name: value for name, value in header.items() if value}, lines)


def differing(wanted: Vals, header: Mapping[str, Any], lines: list[dict[str, Any]]) -> list[str]:
    """The fields in which an order that is there differs."""
    found = []
    for name in ("partner_id", "client_order_ref", "partner_shipping_id", "commitment_date"):
        ours, theirs = wanted.header.get(name), header.get(name)
        if ours and _shape(ours) != _shape(theirs):
            found.append(name)
    ours_, theirs_ = sorted(map(_line, wanted.lines)), sorted(map(_line, lines))
    priced = [line for line in wanted.lines if "price_unit" in line]
    if [one[:2] for one in ours_] != [one[:2] for one in theirs_] or (
        priced
        and any(
            abs(a[2] - b[2]) > _TOLERANCE or abs(a[3] - b[3]) > _TOLERANCE
            for a, b in zip(ours_, theirs_, strict=True)
        )
    ):
        found.append("order_line")
    return found


def _line(line: Mapping[str, Any]) -> tuple[int, Decimal, Decimal, Decimal]:
    product = line.get("product_id")
    number = product if isinstance(product, int) else next(iter(references(product)), 0)
    names = ("product_uom_qty", "price_unit", "discount")
    quantity, price, discount = (Decimal(str(line.get(name) or 0)) for name in names)
    return number, quantity.normalize(), price, discount


def _shape(value: Any) -> str:
    """A reference by its number, a time by its day, a text as it is."""
    if ids := references(value):
        return str(ids[0])
    text = str(value or "").strip()
    return text[:10] if len(text) == 19 and text[4:5] == "-" and text[13:14] == ":" else text


def _percent(discount: Decimal, total: Decimal) -> Decimal:
    """A discount as Odoo holds it: a part of the line, to two places."""
    if not discount or not total:
        return _ZERO
    return (100 * discount / total).quantize(_CENT, context=_WIDE)


def _amount(line: Mapping[str, Any], name: str, path: str) -> Decimal:
    value = line.get(name)
    if value in (None, ""):
        return _ZERO
    try:
        found = Decimal(str(value))
    except InvalidOperation:
        found = Decimal("NaN")
    if found.is_finite():
        return found
    text = f"{name} is “{shorten(value)}”; a number is needed."
    raise NeedsPerson([Problem("wrong_format", f"{path}.{name}", shorten(value), text)])


def _stamp(document: Mapping[str, Any], name: str) -> str:
    """A time in UTC as Odoo writes it. A day without a time is its noon, so that it is this day there."""
    said = str(document.get(name) or "").strip()
    if not said:
        return ""
    try:
        at = datetime.fromisoformat(said)
    except ValueError:
        text = f"{name} is “{shorten(said)}”; a time is needed."
        raise NeedsPerson([Problem("wrong_format", name, shorten(said), text)]) from None
    if len(said) <= 10:
        at = at.replace(hour=12)
    at = at.replace(tzinfo=UTC) if at.tzinfo is None else at.astimezone(UTC)
    return at.strftime(_STAMP)
