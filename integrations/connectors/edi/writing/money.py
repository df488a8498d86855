"""Whether an invoice may go out, and adds up. Pure."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any, Final

from integrations.canonical.problem import Problem, shorten
from integrations.formats.numbers import parse_number

_NOT_YET: Final = frozenset({"draft", "void"})
_CENT: Final = Decimal("0.01")

Fields = Mapping[str, Any]


def amount(holder: Fields, key: str) -> Decimal:
    """The amount under `key`, zero without one."""
    return parse_number(str(holder.get(key) or "")) or Decimal(0)


def faults(document: Fields) -> list[Problem]:
    """Why a buyer's system would refuse it."""
    problems = []
    if document.get("supplier"):
        text = f"It is an invoice of {shorten(str(document['supplier']))} to us and none of ours."
        problems.append(Problem("edi_not_writable", "supplier", str(document["supplier"]), text))
    if document.get("type") == "proforma" or document.get("status") in _NOT_YET:
        kind = "proforma" if document.get("type") == "proforma" else str(document.get("status"))
        text = f"It is {kind} and no invoice that a buyer could pay."
        problems.append(Problem("edi_not_writable", "status", kind, text))
    totals: Fields = document.get("totals") or {}
    lines = document.get("lines") or []
    parts = sum((amount(line, "total") for line in lines), Decimal(0))
    parts += amount(totals, "freight") + amount(totals, "tax")
    total = amount(totals, "total")
    if lines and abs(parts - total) > _CENT * len(lines):
        text = f"Its lines, freight and tax make {parts}, and its total is {total}."
        problems.append(Problem("total_mismatch", "totals.total", str(total), text))
    if not lines:
        number = shorten(str(document.get("number") or ""))
        text = f"Invoice {number} has no lines, and buyers match invoices line by line."
        problems.append(Problem("missing_field", "lines", "", text))
    return problems
