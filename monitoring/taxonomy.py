"""What kinds of exception there are, as data: severity, words for operators, words for customers.

Source: the trade's usual classes. A code without a row is S2 and speaks for itself. A code whose value
only names the document (`integrations.domain.causes`) has one case for all of them: its title speaks of
no value.
"""

from typing import NamedTuple


class Kind(NamedTuple):
    """`title` and `customer_title` may use {value}, {path}, {endpoint}, {object}."""

    severity: int
    title: str
    customer_title: str
    lookup: str = ""  # the crosswalk a row of which mends it


WE_LOOK = "We are looking into {object} we could not pass on"
KINDS: dict[str, Kind] = {
    "unknown_sku": Kind(
        2, "SKU {value} is not known", "Item {value} is not in your item list", lookup="sku"
    ),
    "uom_mismatch": Kind(
        2, "Unit {value} has no conversion", "The unit {value} of an item is not known", lookup="uom"
    ),
    "carrier_unmapped": Kind(
        2, "Carrier {value} has no code", "The carrier {value} is not known", lookup="carrier"
    ),
    "shipto_unknown": Kind(
        2, "Ship-to {value} is not known", "The address {value} is not known", lookup="ship_to"
    ),
    "lookup_missing": Kind(2, "{value} is in no lookup table", WE_LOOK),
    "insufficient_stock": Kind(
        2, "No warehouse can take the order", "An order is waiting for stock"
    ),
    "no_site_allowed": Kind(2, "The rules allow no warehouse for the order", WE_LOOK),
    "unknown_order_945": Kind(
        1,
        "{endpoint} sent shipments of orders that are not known",
        "The warehouse reported a shipment we cannot place",
    ),
    "short_shipment": Kind(2, "Shipped short: {value}", "Part of an order was not in stock"),
    "ack_rejected": Kind(1, "{endpoint} refused our document", WE_LOOK),
    "ack_missing": Kind(2, "{endpoint} has not acknowledged what we sent", WE_LOOK),
    "shipped_after_cancel": Kind(
        1, "Shipped although it was cancelled", "A cancelled order was shipped"
    ),
    "cancelled_by_site": Kind(
        1, "{endpoint} cancelled what nobody asked it to", "The warehouse cancelled an order"
    ),
    "ack_too_late": Kind(
        1, "{endpoint} accepted what had been taken back", "The warehouse accepted an order late"
    ),
    "ack_unknown": Kind(3, "{endpoint} acknowledged what we did not send", WE_LOOK),
    "envelope_error": Kind(1, "{endpoint} sent a damaged file", "The warehouse sent a damaged file"),
    "duplicate_control_number": Kind(
        1, "{endpoint} used a control number twice", "The warehouse sent a damaged file"
    ),
    "contract_drift": Kind(
        2, "{endpoint} sends {object} that are not as agreed", "The form of {object} has changed"
    ),
    "malformed_document": Kind(2, "{endpoint} sent something unreadable", WE_LOOK),
    "encoding_error": Kind(3, "{endpoint} sent broken characters", WE_LOOK),
    "schema_drift": Kind(2, "{endpoint} sent {value} at {path}, which is new", WE_LOOK),
    "mapping_error": Kind(2, "The mapping fails at {path}", WE_LOOK),
    "mapping_missing": Kind(2, "{endpoint} has no mapping for {value}", WE_LOOK),
    "quantity_not_positive": Kind(
        2, "Quantity {value} at {path}", "An order has a line without a quantity"
    ),
    "missing_field": Kind(2, "{path} is missing", "Something is missing in {object}"),
    "poison": Kind(1, "A document from {endpoint} stops our own code", WE_LOOK),
    "auth_expired": Kind(
        1, "{endpoint} refuses our credentials", "{endpoint} no longer lets us in"
    ),
    "forbidden": Kind(1, "{endpoint} denies us access", "{endpoint} no longer lets us in"),
    "host_key_changed": Kind(
        1, "{endpoint} shows another host key", "{endpoint} no longer lets us in"
    ),
    "unavailable": Kind(1, "{endpoint} does not answer", "{endpoint} cannot be reached"),
    "timeout": Kind(1, "{endpoint} does not answer in time", "{endpoint} cannot be reached"),
    # These say in their own words what is wrong and where.
    **dict.fromkeys(
        (
            "address_invalid", "binding_missing", "currency_unknown",
            "conflict", "duplicate_item", "duplicate_line_no", "edi_not_writable", "erp_refused", "gone",
            "not_allowed", "too_large", "unsupported_type",
            "not_supported", "rejected", "unknown_field",
            "unknown_partner", "unsupported_set", "usage_mismatch", "wrong_format", "wrong_type",
        ),
        Kind(2, "", WE_LOOK),
    ),
    "total_mismatch": Kind(3, "The totals do not add up", WE_LOOK),
    "change_not_supported": Kind(2, "{endpoint} takes no change of what it has", WE_LOOK),
    "key_too_long": Kind(2, "The key of {object} is too long", WE_LOOK),
    "bad_key": Kind(2, "The key of {object} is no address at {endpoint}", WE_LOOK),
    "missing_customer": Kind(2, "Customer {value} is not known", "A customer is not known"),
    "not_found": Kind(2, "{endpoint} does not find what is to be changed", WE_LOOK),
    "order_not_open": Kind(2, "{endpoint} has no open order for {object}", WE_LOOK),
    "unknown_order": Kind(2, "{endpoint} does not know the order of {object}", WE_LOOK),
    "rate_limited": Kind(2, "{endpoint} takes less than we have to send", WE_LOOK),
    # What is wrong with how an endpoint is set up stops everything there.
    **dict.fromkeys(
        (
            "address_refused", "bad_address", "bad_request", "bad_setting", "endless_list",
            "extension_schema_invalid", "file_exists", "file_name", "folder_missing",
            "host_key_missing", "query_refused", "redirected", "refused", "response_too_large",
            "secret_unreadable", "settings_invalid", "statement_invalid", "tls",
        ),
        Kind(2, "", WE_LOOK),
    ),
}  # fmt: skip
DEFAULT = Kind(2, "", WE_LOOK)


def kind(code: str) -> Kind:
    """The kind of a problem code."""
    return KINDS.get(code, DEFAULT)
