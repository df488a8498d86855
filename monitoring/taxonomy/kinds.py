"""What is known of a kind of exception, and how severe it is by now. Pure."""

from typing import Final, NamedTuple

# File name → its name in filters and lists, in the order in which they are listed.
CATEGORIES: Final = {
    "master_data": "master data",
    "mapping": "mapping",
    "allocation": "allocation",
    "idempotency": "idempotency",
    "commercial": "commercial",
    "data": "data",
    "routing": "routing",
    "timing": "timing",
    "compliance": "compliance",
    "warehouse": "warehouse",
    "matching": "matching",
    "stock": "stock",
    "edi": "EDI",
    "connection": "connection",
    "contract": "contract",
    "freshness": "freshness",
    "reconciliation": "reconciliation",
    "configuration": "configuration",
    "platform": "platform",
    "billing": "billing",
}
# What helps: somebody decides, time passes, the same again, new credentials, asking the other side.
RECOVERIES: Final = ("person", "later", "retry", "credentials", "chase", "none")
REMEDIES: Final = (
    "lookup", "try", "reroute", "edit", "retry", "skip", "ask", "wait", "take-up",
    "mapping", "product", "credentials", "split", "accept", "settle",
)  # fmt: skip
LOOKUPS: Final = ("sku", "uom", "carrier", "ship_to")
PLACEHOLDERS: Final = ("value", "path", "endpoint", "object")
WE_LOOK: Final = "We are looking into {object} we could not pass on"


class Escalation(NamedTuple):
    """A case is of severity `to` once it passes either limit. None: that one does not count."""

    to: int
    documents_over: int | None = None
    minutes_over: int | None = None


class Kind(NamedTuple):
    """One kind of exception. `title` and `customer_title` may use {value}, {path}, {endpoint} and
    {object}; an empty title leaves it to the problem's own words.

    `label` is its name where causes are listed. `evidence`: what to look at. `playbook`: what a
    person does, step by step. `automatic`: what a rule may do by itself. `remedies`: slugs in the
    order in which they are offered. `lookup`: the crosswalk a row of which mends it.
    `typical_minutes`: a person's time for one, until the desk has measured its own.
    """

    code: str
    category: str
    label: str
    severity: int
    recovery: str
    typical_minutes: int
    title: str
    evidence: str
    playbook: tuple[str, ...]
    remedies: tuple[str, ...]
    customer_title: str = WE_LOOK
    lookup: str = ""
    automatic: str = ""
    skip_needs_approval: bool = False
    escalates: Escalation | None = None


def severity(kind: Kind, *, documents: int, minutes_open: float) -> int:
    """1 to 4 of a case that holds so many documents and is open for so long. It never gets milder."""
    rise = kind.escalates
    if rise and (_over(documents, rise.documents_over) or _over(minutes_open, rise.minutes_over)):
        return min(kind.severity, rise.to)
    return kind.severity


def _over(measured: float, limit: int | None) -> bool:
    return limit is not None and measured > limit
