"""855 answers of suppliers to our orders, and 865 answers to their changes. Pure."""

from decimal import Decimal
from typing import Final

from integrations.canonical.problem import Problem
from integrations.connectors.connection import Connection
from integrations.connectors.edi.reading.order_answer import Answered, Fields, derive
from integrations.connectors.edi.reading.x12_parts import own_item, price_of
from integrations.connectors.edi_files import items
from integrations.formats.x12.values import parse_number

_REFUSED: Final = frozenset({"RJ", "RD"})
_LINE_REFUSED: Final = frozenset({"IR", "ID", "R1", "R2", "R3", "R4", "R5", "R6"})
_BACKORDERED: Final = "IB"
_ON_HOLD: Final = "IH"
_SUBSTITUTED: Final = "IS"
_DATES: Final = {
    "067": "delivery", "002": "delivery", "017": "delivery", "068": "ship", "010": "ship",
}  # fmt: skip


def native_answer(
    document: Fields, connection: Connection, problems: list[Problem]
) -> list[Fields]:
    """The answer that the 855 or 865 gives."""
    lines = document.get("lines", [])
    found = [_line(line, f"lines[{n}]", problems) for n, line in enumerate(lines)]
    return derive(
        document.get("po_number"),
        found,
        connection,
        problems,
        refused=document.get("status") in _REFUSED,
        reason=_reason(document),
    )


def _line(line: Fields, path: str, problems: list[Problem]) -> Answered:
    answers = line.get("acknowledgements", [])
    codes = [answer.get("status", "") for answer in answers]
    taken = [a for a in answers if a.get("status") not in {*_LINE_REFUSED, _BACKORDERED, _ON_HOLD}]
    waiting = [a for a in answers if a.get("status") in (_BACKORDERED, _ON_HOLD)]
    dated: Fields = next((a for a in answers if items.is_day(a.get("date"))), {})
    other = next((a for a in answers if a.get("status") == _SUBSTITUTED), None)
    confirmed = _sum(taken, items.quantity(line, "quantity", f"{path}.quantity", problems))
    return Answered(
        line_no=line.get("line_no", ""),
        item=items.item_code(line),
        own_item=own_item(line),
        gtin=items.gtin(line),
        refused=bool(codes) and all(code in _LINE_REFUSED for code in codes),
        confirmed=confirmed if taken else (Decimal(0) if answers else None),
        backordered=_sum(waiting, None),
        price=price_of(line, f"{path}.unit_price", problems),
        date=dated.get("date"),
        about=_DATES.get(dated.get("date_qualifier", ""), ""),
        other_item=items.item_code(other) if other else None,
        reason=_reason(line),
    )


def _sum(answers: list[Fields], otherwise: Decimal | None) -> Decimal | None:
    """The quantities together; where none is named, what it is else."""
    amounts = [parse_number(str(a["quantity"])) for a in answers if a.get("quantity")]
    return sum((a for a in amounts if a is not None), Decimal(0)) if amounts else otherwise


def _reason(holder: Fields) -> str:
    """Notes, and references that are words."""
    refs = [str(ref.get("description") or "") for ref in holder.get("refs", [])]
    notes = [
        m.get("text", "") for note in holder.get("notes", []) for m in note.get("messages", [])
    ]
    return " ".join(dict.fromkeys(filter(None, [*refs, *notes])))
