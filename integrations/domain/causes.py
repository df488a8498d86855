"""Which values of problems are no causes, as data: they name the document and not what is wrong.

An ERP that finds no open order says so of each order by its number: that is one cause and not one for
each order. A case counts its documents; its value is that of the first.
"""

import re

# However many places of its documents changed, a system that drifts from its contract is one cause.
ONE_PER_SENDER = frozenset({"contract_drift"})
# Every amount of a document has the same wrong currency: that is one cause, wherever they stand. A
# refusal holds back later versions too, which stand with it in one case.
PLACE_IS_NO_CAUSE = frozenset({"ack_rejected", "currency_unknown", "order_refused"})
# What cannot be read as a whole has one cause, its sender: what stands in it differs each time.
UNREADABLE = frozenset({"malformed_document", "encoding_error", "wrong_type"})
VALUE_NAMES_DOCUMENT = frozenset(
    {
        "ack_missing", "ack_rejected", "ack_too_late", "ack_unknown",  # control numbers
        "bad_key", "key_too_long", "not_found",  # the document's own key
        "cancelled_by_site", "change_not_supported", "duplicate_order", "order_not_open",
        "order_refused",
        "shipped_after_cancel", "unknown_order", "unknown_order_945",  # order numbers
        "duplicate_control_number", "envelope_error",  # of a file
        "tax_mismatch", "total_mismatch",  # amounts of this one
        # invoices and other documents
        "accepted_with_errors", "invoice_changed", "payment_differs", "payment_unmatched",
    }
)  # fmt: skip

# What is wrong with these is their form: two dates in the same other form are one cause.
FORM_IS_CAUSE = frozenset({"wrong_format"})
_DIGIT, _LETTER = re.compile(r"\d"), re.compile(r"[^\W\d_]+")


def normalised(code: str, value: str) -> str:
    """The value as causes are compared: without capitals, and where the form counts, its form."""
    plain = value.strip().lower()
    return _LETTER.sub("a", _DIGIT.sub("9", plain)) if code in FORM_IS_CAUSE else plain


def value_is_cause(code: str, path: str) -> bool:
    """Whether two problems of this code with different values have different causes."""
    return code not in VALUE_NAMES_DOCUMENT | ONE_PER_SENDER and not (
        code in UNREADABLE and not path
    )
