"""Words of the trade that mean the same in a field's name."""

from typing import Final

_GROUPS: Final = (
    ("number", "no", "num", "nr", "id", "ref", "reference", "key", "identifier"),
    ("order", "po", "purchase", "sales", "so"),
    ("sku", "item", "part", "article", "product", "stock"),
    ("quantity", "qty", "units", "count", "pieces", "shipped", "ordered"),
    ("uom", "unit", "measure"),
    ("price", "rate", "cost", "unit_price"),
    ("total", "amount", "sum", "value", "gross"),
    ("tax", "vat", "taxes"),
    ("discount", "allowance", "rebate"),
    ("shipping", "ship", "freight", "delivery", "shipment", "deliver"),
    ("billing", "bill", "invoice", "sold", "payer"),
    ("customer", "buyer", "client", "account", "party", "depositor"),
    ("name", "title", "label", "description", "desc", "text"),
    ("lines", "line", "items", "rows", "details", "positions", "address"),
    ("city", "town"),
    ("region", "state", "province", "county"),
    ("postal_code", "postcode", "zip", "postal"),
    ("country", "land"),
    ("phone", "telephone", "tel"),
    ("email", "mail"),
    ("date", "at", "time", "on", "day", "created", "placed", "when", "gmt"),
    ("updated", "modified", "changed"),
    ("carrier", "scac", "courier", "method", "service", "via"),
    ("tracking", "trace", "pro", "waybill"),
    ("site", "warehouse", "location", "facility", "depot", "branch"),
    ("on_hand", "onhand", "available", "balance", "stock_quantity", "hand"),
    ("weight", "mass"),
    ("gtin", "upc", "ean", "barcode", "unique"),
    ("note", "notes", "comment", "remark", "message"),
    ("status", "state", "condition"),
    ("channel", "via", "source"),
    ("lot", "batch"),
    ("expires", "expiry", "expiration"),
    ("company", "organization", "firm"),
    ("street", "address", "addr", "line"),
    ("first", "given"),
    ("last", "family", "surname"),
    ("code", "type", "kind"),
)
SAME: Final[dict[str, frozenset[str]]] = {
    word: frozenset(other for group in _GROUPS if word in group for other in group)
    for word in {word for group in _GROUPS for word in group}
}
