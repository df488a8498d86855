"""What a document says about itself as a whole: line counts, hash totals, sums, hierarchy."""

from collections.abc import Callable, Iterable
from decimal import Decimal
from typing import Any

from integrations.formats.x12.hierarchy import finish_ship_notice
from integrations.formats.x12.issues import Finding, Report
from integrations.formats.x12.values import parse_number
from portal.core.decimals import plain_number

Document = dict[str, Any]

_ZERO = Decimal(0)
# Prices per hundred, per thousand and the like: the line total is no plain product.
_PLAIN_BASES = frozenset({"", "PE", "EA", "WE", "CA", "NT", "QT", "TE", "UM", "CT", "ST"})


def finish_document(
    set_type: str, document: Document, report: Report, *, w76_basis: str = "sum"
) -> None:
    """Add what follows from the document as a whole and report totals that do not fit.

    A total is only judged when everything it is made of is there. Under the W76 basis "eaches" the
    total of a 940 can only be judged when every line is in eaches.
    """
    mixed = any(line.get("uom") != "EA" for line in _lines(document))
    if set_type == "940" and w76_basis == "eaches" and mixed:
        return
    if set_type == "856":
        finish_ship_notice(document, report)
    check = _CHECKS.get(set_type)
    if check is not None:
        check(document, report)


def number(fields: Document, key: str) -> Decimal | None:
    value = fields.get(key)
    return parse_number(value) if isinstance(value, str) else None


def total(items: Iterable[Document], key: str) -> Decimal | None:
    """The sum of a field over all items, None if one of them has no number there."""
    result = _ZERO
    for item in items:
        value = number(item, key)
        if value is None:
            return None
        result += value
    return result


def _lines(document: Document) -> list[Document]:
    return document.get("lines", [])


def _compare(report: Report, code: str, stated: Decimal | None, *sums: Decimal | None) -> None:
    """Report unless the stated total is one of the sums, or there is nothing to compare."""
    known = [value for value in sums if value is not None]
    if stated is None or not known or stated in known:
        return
    report(Finding(code, value=plain_number(stated)))


def _check_units(line_key: str) -> Callable[[Document, Report], None]:
    def check(document: Document, report: Report) -> None:
        lines = _lines(document)
        stated = number(document.get("totals", {}), "units")
        if lines:
            _compare(report, "total_mismatch", stated, total(lines, line_key))

    return check


def _check_receipt(document: Document, report: Report) -> None:
    lines = _lines(document)
    if not lines:
        return
    received = total(lines, "quantity")
    exceptions = [e for line in lines for e in line.get("exceptions", [])]
    damaged = total(exceptions, "quantity")
    with_damaged = None if received is None or damaged is None else received + damaged
    stated = number(document.get("totals", {}), "units")
    _compare(report, "total_mismatch", stated, received, with_damaged)


def _check_count(quantity_key: str) -> Callable[[Document, Report], None]:
    def check(document: Document, report: Report) -> None:
        lines = _lines(document)
        _compare_counts(document, report, counts=[len(lines)], quantities=(lines, quantity_key))

    return check


def _compare_counts(
    document: Document, report: Report, *, counts: list[int],
    quantities: tuple[list[Document], str],
) -> None:  # fmt: skip
    totals = document.get("totals", {})
    stated = number(totals, "line_count")
    _compare(report, "line_count_mismatch", stated, *map(Decimal, counts))
    items, key = quantities
    hashed = number(totals, "hash")
    if hashed is not None and items:
        _compare(report, "hash_total_mismatch", hashed, total(items, key), _digit_sum(items, key))


def _digit_sum(items: list[Document], key: str) -> Decimal | None:
    """The hash total as X12 describes it for element 347: decimal points are left out."""
    result = 0
    for item in items:
        value = number(item, key)
        if value is None:
            return None
        result += int("".join(map(str, value.as_tuple().digits)))
    return Decimal(result)


def _check_ship_notice(document: Document, report: Report) -> None:
    levels = document.get("levels", [])
    items = [level for level in levels if level.get("level") == "I"]
    counts = [len(levels), len(items)]
    _compare_counts(document, report, counts=counts, quantities=(items, "shipped"))


def _check_order(document: Document, report: Report) -> None:
    _check_count("quantity")(document, report)
    lines = _lines(document)
    totals = document.get("totals", {})
    if totals.get("qualifier") == "TT":
        sums = _money_sums(lines, document)
        _compare_money(report, number(totals, "amount"), sums, len(lines))


def _check_invoice(document: Document, report: Report) -> None:
    _check_count("quantity")(document, report)
    lines = _lines(document)
    stated = number(document.get("totals", {}), "amount")
    _compare_money(report, stated, _money_sums(lines, document), len(lines))


def _compare_money(report: Report, stated: Decimal | None, sums: list[Decimal], lines: int) -> None:
    if stated is None or not sums:
        return
    tolerance = Decimal("0.01") * (lines + 1)
    if all(abs(stated - value) > tolerance for value in sums):
        report(Finding("total_mismatch", value=plain_number(stated)))


def _money_sums(lines: list[Document], document: Document) -> list[Decimal]:
    """What the total may be: lines alone, with charges, with charges and tax."""
    goods = _ZERO
    for line in lines:
        quantity, price = number(line, "quantity"), number(line, "unit_price")
        if quantity is None or price is None or "prices" in line:
            return []
        if line.get("price_basis", "") not in _PLAIN_BASES:
            return []
        goods += quantity * price
    if not lines:
        return []
    charges = _signed_charges([document, *lines])
    taxes = total(_taxes([document, *lines]), "amount") or _ZERO
    header = _signed_charges([document])
    return [goods, goods + charges, goods + charges + taxes, goods + taxes, goods + header + taxes,
            goods + header]  # fmt: skip


def _signed_charges(holders: list[Document]) -> Decimal:
    result = _ZERO
    for holder in holders:
        for charge in holder.get("charges", []):
            amount = number(charge, "amount") or _ZERO
            result += {"A": -amount, "C": amount}.get(charge.get("kind", ""), _ZERO)
    return result


def _taxes(holders: list[Document]) -> list[Document]:
    charges = [charge for holder in holders for charge in holder.get("charges", [])]
    return [
        tax for holder in [*holders, *charges] for tax in holder.get("taxes", []) if "amount" in tax
    ]


def _check_remittance(document: Document, report: Report) -> None:
    lines = _lines(document)
    paid = total(lines, "paid")
    if not lines or paid is None:
        return
    adjusted = total([a for line in lines for a in line.get("adjustments", [])], "amount")
    both = None if adjusted is None else paid + adjusted
    less = None if adjusted is None else paid - adjusted
    _compare(report, "total_mismatch", number(document, "amount"), paid, both, less)


_CHECKS: dict[str, Callable[[Document, Report], None]] = {
    "810": _check_invoice,
    "820": _check_remittance,
    "832": _check_count("quantity"),
    "846": _check_count("quantity"),
    "850": _check_order,
    "855": _check_count("quantity"),
    "856": _check_ship_notice,
    "860": _check_count("quantity"),
    "865": _check_count("quantity"),
    "180": _check_count("quantity"),
    "940": _check_units("quantity"),
    "943": _check_units("quantity"),
    "944": _check_receipt,
    "945": _check_units("shipped"),
}
