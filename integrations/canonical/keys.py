"""What names a business object: its key, the numbers people search by, the order it belongs to."""

from collections.abc import Iterator
from typing import Any, Final, NamedTuple

_MOST_NUMBERS: Final = 200
_SEPARATORS: Final = frozenset(
    "-\N{HYPHEN}\N{NON-BREAKING HYPHEN}\N{EN DASH}\N{EM DASH}\N{MINUS SIGN}_,#"
)

_KEYS: Final[dict[str, tuple[str, ...]]] = {
    "order": ("channel", "number"),
    "inventory": ("site", "sku", "lot"),
    "availability": ("channel", "sku"),
    "shipment": ("site", "number"),
    "return": ("number",),
    "customer": ("account",),
    "product": ("sku",),
    "price_list": ("list",),
    "invoice": ("number",),
    "receipt": ("site", "number"),
    "adjustment": ("site", "number"),
    "inbound_shipment": ("site", "number"),
}

# Header numbers stand first: a long order loses item numbers to the limit, never its own number.
_NUMBERS: Final[dict[str, tuple[str, ...]]] = {
    "order": ("number", "po_number", "external_refs.value", "lines.sku", "lines.gtin"),
    "inventory": ("sku", "lot", "report_id"),
    "availability": ("sku",),
    "shipment": (
        "number",
        "order_number",
        "po_number",
        "bol",
        "tracking",
        "packages.sscc",
        "packages.tracking",
        "lines.sscc",
        "lines.sku",
    ),
    "return": ("number", "order_number", "lines.sku"),
    "customer": ("account", "email"),
    "product": ("sku", "gtins.gtin"),
    "price_list": ("list", "prices.sku"),
    "invoice": ("number", "order_number", "shipment_number", "lines.sku"),
    "receipt": ("number", "order_number", "lines.sku"),
    "adjustment": ("number", "lines.sku"),
    "inbound_shipment": ("number", "po_number", "bol", "lines.sku"),
}

# What a person asks after an object by. Items of its lines are none: they are asked for as stock.
_HANDLES: Final[dict[str, tuple[str, ...]]] = {
    "order": ("number", "po_number", "external_refs.value"),
    "shipment": ("number", "tracking", "packages.tracking", "packages.sscc", "bol"),
    "return": ("number",),
    "invoice": ("number",),
    "product": ("sku", "gtins.gtin"),
    "inventory": ("sku",),
}

_ORDER_REFERENCES: Final[dict[str, tuple[str, ...]]] = {
    "order": ("number", "po_number", "external_refs.value"),
    "shipment": ("order_number", "po_number"),
    "return": ("order_number",),
    "invoice": ("order_number",),
    "receipt": ("order_number",),
    "inbound_shipment": ("po_number",),
}


def business_key(object_type: str, body: dict[str, Any]) -> str:
    """The natural key of a valid body: `shop/1001` for an order, `RNO1/TENT-2P/L7` for a lot, `1001` for an
    invoice of ours and `tentmakers//1001` for a supplier's.

    Where a lot may follow, slashes inside the SKU are written %2F, and two slashes inside an invoice's number
    so too, so no two bodies share a key.
    """
    if object_type == "invoice":
        return _invoice_key(body)
    parts = [str(body[name]) for name in _KEYS[object_type] if body.get(name) is not None]
    if object_type == "inventory":
        parts[1] = parts[1].replace("%", "%25").replace("/", "%2F")
    return "/".join(parts)


def _invoice_key(body: dict[str, Any]) -> str:
    number = str(body["number"]).replace("%", "%25").replace("//", "%2F%2F")
    return f"{body['supplier']}//{number}" if body.get("supplier") else number


def is_of_supplier(object_type: str, key: str) -> bool:
    """Whether a key is that of an invoice which a supplier wrote."""
    return object_type == "invoice" and "//" in key


def numbers(object_type: str, body: dict[str, Any]) -> list[str]:
    """The numbers a person may search by, upper-cased, each once, at most 200.

    Bears a body that did not pass its schema: what is no text is left out.
    """
    return _collect(body, _NUMBERS[object_type])


def order_reference(object_type: str, body: dict[str, Any]) -> list[str]:
    """How this object names its order, best first, upper-cased as in `numbers`.

    What a supplier bills for is no invoice of the order: it is not paid with it.
    """
    if object_type == "invoice" and body.get("supplier"):
        return []
    return _collect(body, _ORDER_REFERENCES.get(object_type, ()))


def handles(object_type: str, body: dict[str, Any]) -> list[str]:
    """What a person may ask after this object by, squeezed, its own number first, each once.

    Empty for what nobody asks after. Bears a body that did not pass its schema, as `numbers`.
    """
    found = map(squeezed, _collect(body, _HANDLES.get(object_type, ())))
    return list(dict.fromkeys(text for text in found if text))


def squeezed(text: str) -> str:
    """A number as it is compared when people type it: upper-cased, without blanks, dashes, commas or a
    number sign. `1z 999-04` is `1Z99904`."""
    return "".join(c for c in text.upper() if not (c.isspace() or c in _SEPARATORS))


def _collect(body: dict[str, Any], paths: tuple[str, ...]) -> list[str]:
    found: dict[str, None] = {}
    for path in paths:
        for text in _texts(body, path.split(".")):
            found[text.strip().upper()] = None
            if len(found) >= _MOST_NUMBERS:
                return list(found)
    return list(found)


def _texts(node: Any, path: list[str]) -> Iterator[str]:
    if isinstance(node, list):
        for item in node:
            yield from _texts(item, path)
    elif path and isinstance(node, dict):
        yield from _texts(node.get(path[0]), path[1:])
    elif not path and isinstance(node, str) and node.strip():
        yield node


class Summary(NamedTuple):
    """One line of a list page. Amount is decimal text; `at` a date or a time as in the body."""

    number: str
    party: str
    amount: str
    currency: str
    at: str
    title: str


_SUMMARIES: Final[dict[str, tuple[str, str, str, str]]] = {
    # object type: number, party, amount, at
    "order": (
        "number",
        "customer.name|ship_to.company|ship_to.name",
        "totals.total",
        "placed_at",
    ),
    "inventory": ("sku", "site", "", "as_of"),
    "availability": ("sku", "channel", "", "computed_at"),
    "shipment": ("number", "site", "", "shipped_at"),
    "return": ("number", "site", "", "received_at"),
    "customer": ("account", "name", "credit_limit", ""),
    "product": ("sku", "title", "price", ""),
    "price_list": ("list", "", "", "valid_from"),
    "invoice": ("number", "supplier|order_number", "totals.total", "issued_on"),
    "receipt": ("number", "site", "", "received_on"),
    "adjustment": ("number", "site", "", "adjusted_on"),
    "inbound_shipment": ("number", "site", "", "expected_on"),
}


def summary(object_type: str, body: dict[str, Any]) -> Summary:
    """What a list shows of this object; empty text where the body has nothing. Like `numbers`,
    bears a body that did not pass its schema."""
    number, party, amount, at = (_first(body, paths) for paths in _SUMMARIES[object_type])
    name = object_type.replace("_", " ").capitalize()
    lines = body.get("lines")
    size = f", {_count(len(lines))}" if isinstance(lines, list) and lines else ""
    return Summary(
        number=number,
        party=party,
        amount=amount,
        currency=_first(body, "currency") if amount else "",
        at=at,
        title=f"{name} {number}{size}".strip(),
    )


def _first(body: dict[str, Any], paths: str) -> str:
    for path in paths.split("|"):
        for text in _texts(body, path.split(".")):
            return text
    return ""


def _count(lines: int) -> str:
    return "1 line" if lines == 1 else f"{lines} lines"
