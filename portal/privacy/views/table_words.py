"""Tables in the words of those who use the product."""

from typing import Any, Final

# By how a table's name begins; the longest that fits counts.
_WORDS: Final = {
    "accounts_": "People who sign in, and what they do",
    "auditlog_": "The audit log",
    "billing_": "Billing",
    "billing_invoice": "Invoices",
    "customers_": "Customers",
    "integrations_": "Endpoints, flows and mappings",
    "integrations_lookup": "Lookup tables",
    "integrations_message": "Documents’ entries and history",
    "integrations_messageevent": "Documents’ entries and history",
    "integrations_payload": "Documents as received and sent",
    "integrations_problem": "Problems of documents",
    "integrations_record": "Orders, shipments and other records",
    "integrations_version": "Earlier versions of mappings and lookups",
    "monitoring_": "Service levels and comparisons",
    "monitoring_alert": "Alerts",
    "monitoring_case": "Cases",
    "monitoring_exceptioncase": "Cases",
    "monitoring_fix": "Fixes",
    "monitoring_notice": "Mails to customers’ people",
    "monitoring_statement": "Statements",
    "privacy_": "Legal holds and erasures",
    "tenants_": "Mail log and mail server",
    "webhooks_": "Webhooks",
}
_FATES: Final = {
    "replaced": ("good", "replaced by the pseudonym"),
    "removed": ("good", "removed, hash kept"),
    "kept": ("waiting", "kept"),
    "left": ("risk", "left"),
}


def row(label: str, said: dict[str, Any]) -> dict[str, Any]:
    """{what, table, rows, state {shape, word}, why}"""
    shape, word = _FATES[said["fate"]]
    fits = [start for start in _WORDS if label.startswith(start)]
    return {
        "what": _WORDS[max(fits, key=len)] if fits else label,
        "table": label,
        "rows": f"{said['rows']:,}",
        "state": {"shape": shape, "word": word},
        "why": said["why"],
    }
