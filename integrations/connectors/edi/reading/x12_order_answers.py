"""855 answers of suppliers to our orders, and 865 answers to their changes. Pure."""

from decimal import Decimal
from typing import Final

from integrations.canonical.problem import Problem, shorten
from integrations.connectors.connection import Connection
from integrations.connectors.edi.reading.order_answer import Answered, Fields, derive
from integrations.connectors.edi.reading.x12_parts import own_item, price_of
from integrations.connectors.edi_files import items
from integrations.formats.x12.values import parse_number

# 587: in detail or in part, not as agreed, with a counter offer. AH, ZZ and others say neither.
_REFUSED: Final = frozenset({"RJ", "RD", "RF", "RN", "RO", "RV"})
_TAKEN: Final = frozenset({"AC", "AD", "AE", "AK", "AP", "AT", "NA", ""})
# 668: what is in none of these sets is no acceptance.
_LINE_REFUSED: Final = frozenset({"IR", "ID", *(f"R{n}" for n in range(1, 9))})
_LINE_WAITS: Final = frozenset({"IB", "IF", "IH", "IW"})
_SUBSTITUTED: Final = "IS"
_LINE_TAKEN: Final = frozenset(
    {"AA", "AC", "AR", "BP", "DR", "IA", "IC", "IE", "IP", "IQ", _SUBSTITUTED, "SP"}
)
_DATES: Final = {
    "067": "delivery", "069": "delivery", "002": "delivery", "017": "delivery",
    "068": "ship", "079": "ship", "010": "ship",
}  # fmt: skip


def native_answer(
    document: Fields, connection: Connection, problems: list[Problem]
) -> list[Fields]:
    """The answer that the 855 or 865 gives."""
    lines = document.get("lines", [])
    found = [_line(line, f"lines[{n}]", problems) for n, line in enumerate(lines)]
    status = str(document.get("status") or "")
    if status not in _REFUSED | _TAKEN:
        text = f"It neither takes nor refuses the order: its status is {shorten(status)}."
        problems.append(Problem("wrong_format", "status", shorten(status), text))
    return derive(
        document.get("po_number"),
        found,
        connection,
        problems,
        refused=status in _REFUSED,
        reason=_reason(document),
    )


def _line(line: Fields, path: str, problems: list[Problem]) -> Answered:
    answers = line.get("acknowledgements", [])
    codes = [answer.get("status", "") for answer in answers]
    for code in dict.fromkeys(codes):
        if code not in _LINE_REFUSED | _LINE_WAITS | _LINE_TAKEN:
            text = f"{path} is answered with {shorten(code)}, which neither takes nor refuses it."
            problems.append(Problem("wrong_format", f"{path}.status", shorten(code), text))
    taken = [a for a in answers if a.get("status") in _LINE_TAKEN]
    waiting = [a for a in answers if a.get("status") in _LINE_WAITS]
    dated = _last_dated(taken) or _last_dated(answers)
    other = next((a for a in answers if a.get("status") == _SUBSTITUTED), None)
    confirmed = _sum(taken, items.quantity(line, "quantity", f"{path}.quantity", problems))
    units = list(dict.fromkeys(a["uom"] for a in answers if a.get("quantity") and a.get("uom")))
    if len(units) > 1:
        text = f"{path} is answered in {shorten(' and in '.join(units))}, which cannot be added."
        problems.append(Problem("uom_mismatch", f"{path}.uom", shorten(" ".join(units)), text))
    unit = str(line.get("uom") or "")
    return Answered(
        line_no=line.get("line_no", ""),
        item=items.item_code(line),
        own_item=own_item(line),
        gtin=items.gtin(line),
        refused=bool(codes) and all(code in _LINE_REFUSED for code in codes),
        confirmed=confirmed if taken else (Decimal(0) if answers else None),
        backordered=_sum(waiting, None),
        uom=next(iter(units), unit),
        price=price_of(line, f"{path}.unit_price", problems),
        price_uom=unit,
        date=dated.get("date"),
        about=_DATES.get(dated.get("date_qualifier", ""), ""),
        other_item=items.item_code(other) if other else None,
        reason=_reason(line),
    )


def _last_dated(answers: list[Fields]) -> Fields:
    """The one of the latest day: until then not all of it has come."""
    dated = [a for a in answers if items.is_day(a.get("date"))]
    return max(dated, key=lambda a: str(a["date"]), default={})


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
