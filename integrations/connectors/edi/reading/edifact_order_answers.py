"""ORDRSP answers of suppliers to our orders and their changes. Pure."""

from decimal import Decimal
from typing import Final

from integrations.canonical.problem import Problem
from integrations.connectors.connection import Connection
from integrations.connectors.edi.reading.edifact_orders import price_of, price_unit
from integrations.connectors.edi.reading.edifact_parts import (
    date_only,
    day,
    gtin,
    item_code,
    own_item,
    quantity,
    reference,
    text_of,
    unit_name,
    unit_told,
)
from integrations.connectors.edi.reading.order_answer import Answered, Fields, derive

_NOT_ACCEPTED: Final = "27"  # BGM 1225
_REJECTED: Final = "RE"  # BGM 4343
_LINE_REFUSED: Final = frozenset({"2", "7", "10"})  # deleted, not accepted, not found
_COMES: Final = ("113",)  # to be delivered
_ORDERED: Final = ("21",)
_WAITING: Final = ("83",)
_SUBSTITUTED_BY: Final = "3"  # PIA 4347
_DATES: Final = ((("67", "2", "69", "17"), "delivery"), (("10", "11", "37"), "ship"))


def native_answer(
    document: Fields, connection: Connection, problems: list[Problem]
) -> list[Fields]:
    """The answer that the ORDRSP gives."""
    lines = document.get("lines", [])
    return derive(
        reference(document, "ON"),
        [_line(line, f"lines[{n}]", problems) for n, line in enumerate(lines)],
        connection,
        problems,
        refused=document.get("function") == _NOT_ACCEPTED or document.get("response") == _REJECTED,
        reason=_reason(document),
    )


def _line(line: Fields, path: str, problems: list[Problem]) -> Answered:
    comes = quantity(line, _COMES, f"{path}.quantity", problems)
    waiting = quantity(line, _WAITING, f"{path}.quantity", problems)
    ordered = quantity(line, _ORDERED, f"{path}.quantity", problems)
    # Without 113 what stands as ordered comes, but for what waits.
    rest = ordered if ordered is None or waiting is None else max(ordered - waiting, Decimal(0))
    confirmed = rest if comes is None else comes
    dates = [(date_only(day(line, *kinds)), about) for kinds, about in _DATES]
    date, about = next(((told, about) for told, about in dates if told), (None, ""))
    # A line of which nothing comes and that has no day is refused; one that has a day waits. Beside a
    # 113 some call all that does not come 83.
    backordered = waiting if date or comes is None else None
    nothing = confirmed == Decimal(0) and date is None and not backordered
    asked, other = _apart(line)
    unit = unit_told(line, _COMES if comes is not None else (*_ORDERED, *_WAITING))
    return Answered(
        line_no=line.get("line_no", ""),
        item=item_code(asked),
        own_item=own_item(asked),
        gtin=gtin(asked),
        refused=line.get("action") in _LINE_REFUSED or nothing,
        confirmed=confirmed,
        backordered=backordered,
        uom=unit,
        price=price_of(line, f"{path}.unit_price", problems),
        price_uom=unit_name(price_unit(line)) or unit,
        date=date,
        about=about,
        other_item=item_code(other),
        reason=_reason(line),
    )


def _apart(line: Fields) -> tuple[Fields, Fields]:
    """The numbers of the item that was ordered, and of the one that is sent instead."""
    ids = line.get("ids", [])
    instead = [one for one in ids if one.get("qualifier") == _SUBSTITUTED_BY]
    asked = [one for one in ids if one.get("qualifier") != _SUBSTITUTED_BY]
    return {**line, "ids": asked}, {"ids": instead}


def _reason(holder: Fields) -> str:
    return " ".join(filter(None, map(text_of, holder.get("texts", []))))
