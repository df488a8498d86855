"""ORDRSP answers of suppliers to our orders and their changes. Pure."""

from decimal import Decimal
from typing import Final

from integrations.canonical.problem import Problem
from integrations.connectors.connection import Connection
from integrations.connectors.edi.reading.edifact_orders import price_of
from integrations.connectors.edi.reading.edifact_parts import (
    date_only,
    day,
    gtin,
    item_code,
    own_item,
    quantity,
    reference,
    text_of,
)
from integrations.connectors.edi.reading.order_answer import Answered, Fields, derive

_NOT_ACCEPTED: Final = "27"  # BGM 1225
_REJECTED: Final = "RE"  # BGM 4343
_LINE_REFUSED: Final = frozenset({"2", "7"})
_CONFIRMED: Final = ("113", "21")  # to be delivered; else what stands as ordered
_WAITING: Final = ("83",)
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
    confirmed = quantity(line, _CONFIRMED, f"{path}.quantity", problems)
    dates = [(date_only(day(line, *kinds)), about) for kinds, about in _DATES]
    date, about = next(((told, about) for told, about in dates if told), (None, ""))
    # A line of which nothing comes and that has no day is refused; one that has a day waits.
    nothing = confirmed == Decimal(0) and date is None
    return Answered(
        line_no=line.get("line_no", ""),
        item=item_code(line),
        own_item=own_item(line),
        gtin=gtin(line),
        refused=line.get("action") in _LINE_REFUSED or nothing,
        confirmed=confirmed,
        backordered=quantity(line, _WAITING, f"{path}.quantity", problems) if date else None,
        price=price_of(line, f"{path}.unit_price", problems),
        date=date,
        about=about,
        reason=_reason(line),
    )


def _reason(holder: Fields) -> str:
    return " ".join(filter(None, map(text_of, holder.get("texts", []))))
