"""820 remittance advices: what a buyer paid of which invoice of ours. Pure."""

from decimal import Decimal

from integrations.canonical.problem import Problem
from integrations.connectors import advices
from integrations.connectors.connection import Connection
from integrations.connectors.edi.reading.order import Fields
from integrations.connectors.edi_files import items
from portal.core.decimals import plain_number


def native_remittance(
    document: Fields, connection: Connection, problems: list[Problem]
) -> list[Fields]:
    """One payment for each invoice; lines of one invoice are summed."""
    currency = str((document.get("currency") or {}).get("code", "")).upper()
    trace = str((document.get("trace") or {}).get("number", ""))
    names: dict[str, str] = {}
    paid: dict[str, list[Decimal]] = {}
    reasons: dict[str, list[str]] = {}
    lines = document.get("lines", [])
    for number, line in enumerate(lines):
        path, written = f"lines[{number}]", str(line.get("reference", "")).strip()
        invoice = names.setdefault(written.upper(), written)  # found in either case, so one invoice
        amounts = [_amount(line, key, path, problems) for key in ("paid", "discount")]
        if not invoice:
            text = f"{path} names no invoice (RMR02)."
            problems.append(Problem("missing_field", f"{path}.reference", "", text))
        if line.get("paid") in (None, ""):
            text = f"{path} does not say what was paid (RMR04)."
            problems.append(Problem("missing_field", f"{path}.paid", "", text))
        known = paid.setdefault(invoice, [Decimal(0), Decimal(0)])
        paid[invoice] = [a + b for a, b in zip(known, amounts, strict=True)]
        reasons.setdefault(invoice, []).extend(_reasons(line))
    if not lines:
        text = "It names no invoice that was paid (RMR)."
        problems.append(Problem("missing_field", "lines", "", text))
    if problems:  # no invoice is paid by half of an advice
        return []
    return [
        advices.payment(
            advices.about(invoice, types=["invoice"]),
            paid=plain_number(amount),
            discount=plain_number(discount),
            currency=currency,
            trace=trace,
            reasons=reasons[invoice],
        )
        for invoice, (amount, discount) in paid.items()
    ]


def _amount(line: Fields, key: str, path: str, problems: list[Problem]) -> Decimal:
    return items.quantity(line, key, f"{path}.{key}", problems) or Decimal(0)


def _reasons(line: Fields) -> list[str]:
    """Their codes and amounts of what they kept: RMR07 and 08, and every ADX."""
    told = [(line.get("adjustment_reason"), line.get("adjustment"))]
    told += [(a.get("reason"), a.get("amount")) for a in line.get("adjustments", [])]
    notes = [str(note.get("text", "")) for note in line.get("notes", [])]
    return [
        f"{reason or '?'} {amount or ''}".strip() for reason, amount in told if reason or amount
    ] + [note for note in notes if note]
