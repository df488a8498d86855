"""What a document says about itself as a whole: counts, sums, hierarchy."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from integrations.formats.findings import Finding, Report
from integrations.formats.numbers import parse_number
from portal.core.decimals import plain_number

Document = dict[str, Any]

_LINES_COUNT, _QUANTITY_SUM = "2", "1"
_LINES_TOTAL, _LINE_AMOUNT = "79", "203"
_CENT = Decimal("0.01")
# Messages whose CNT counts lines, so that we write it when the document leaves it out.
_COUNTED = frozenset({"ORDERS", "ORDCHG", "ORDRSP", "DESADV", "RECADV", "INVOIC"})


def finish_document(message_type: str, document: Document, report: Report) -> None:
    """Report totals that do not fit and levels that hang in the air.

    A total is only judged when everything it is made of is there.
    """
    if document.get("counts"):
        _check_counts(document, report)
    if message_type == "INVOIC":
        _check_lines_total(document, report)
    if document.get("levels"):
        _check_levels(document["levels"], report)


def complete_counts(message_type: str, document: Document) -> Document:
    """The document with the number of its lines, where it counts nothing itself."""
    count = sum(1 for _ in lines_of(document))
    if message_type not in _COUNTED or "counts" in document or not count:
        return document
    return {**document, "counts": [{"qualifier": _LINES_COUNT, "value": str(count)}]}


def lines_of(document: Document) -> Iterator[Document]:
    """All lines, those below levels of packing and groups of goods, too."""
    for holder in (document, *document.get("levels", ()), *document.get("item_groups", ())):
        yield from holder.get("lines", ())


def _number(fields: Document, key: str) -> Decimal | None:
    value = fields.get(key)
    return parse_number(value) if isinstance(value, str) else None


def _check_counts(document: Document, report: Report) -> None:
    lines = list(lines_of(document))
    for count in document["counts"]:
        stated = _number(count, "value")
        if stated is None:
            continue
        if count.get("qualifier") == _LINES_COUNT and stated != len(lines):
            report(Finding("line_count_mismatch", value=plain_number(stated)))
        elif count.get("qualifier") == _QUANTITY_SUM and lines:
            sums = (_sum(lines, first_only=True), _sum(lines, first_only=False))
            if None not in sums and stated not in sums:
                report(Finding("hash_total_mismatch", value=plain_number(stated)))


def _sum(lines: list[Document], *, first_only: bool) -> Decimal | None:
    """The sum of the quantities, of each line's first or of all; None if one is no number."""
    result = Decimal(0)
    for line in lines:
        quantities = line.get("quantities", [])
        for quantity in quantities[:1] if first_only else quantities:
            value = _number(quantity, "quantity")
            if value is None:
                return None
            result += value
    return result


def _amount(holder: Document, qualifier: str) -> Decimal | None:
    for amount in holder.get("amounts", ()):
        if amount.get("qualifier") == qualifier:
            return _number(amount, "amount")
    return None


def _check_lines_total(document: Document, report: Report) -> None:
    stated = _amount(document, _LINES_TOTAL)
    amounts = [_amount(line, _LINE_AMOUNT) for line in lines_of(document)]
    known = [amount for amount in amounts if amount is not None]
    if stated is None or not known or len(known) < len(amounts):
        return
    if abs(stated - sum(known)) > _CENT * (len(known) + 1):
        report(Finding("total_mismatch", value=plain_number(stated)))


def _check_levels(levels: list[Document], report: Report) -> None:
    ids: set[str] = set()
    for level in levels:
        parent = level.get("parent")
        if parent is not None and parent not in ids:
            report(Finding("hierarchy_broken", value=parent))
        ids.add(level.get("id", ""))
