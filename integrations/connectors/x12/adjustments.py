"""947 inventory adjustment advices. Pure."""

from typing import Any, Final

from integrations.canonical.problem import Problem
from integrations.connectors.connection import Connection
from integrations.connectors.edi_files import items
from integrations.formats.x12.codes import ADJUSTMENT_REASON

# Element 426: what these reasons do to the stock, for warehouses that leave out the sign.
_DECREASES: Final = frozenset({"06", "07", "AI", "AU", "AV", "AW"})
_INCREASES: Final = frozenset({"56"})


def native_adjustment(
    document: dict[str, Any], connection: Connection, problems: list[Problem]
) -> list[dict[str, Any]]:
    """The 947 with `derived`, quantities signed."""
    by_reason = bool(connection.settings["sign_by_reason"])
    lines = document.get("lines", [])
    for number, line in enumerate(lines):
        _derive(line, f"lines[{number}]", problems, by_reason=by_reason)
    adjusted = document.get("date")
    derived = {
        "number": document.get("adjustment_number") or document.get("depositor_adjustment"),
        "site": items.site_of(document, connection),
        "adjusted_on": adjusted if items.is_day(adjusted) else None,
    }
    return [{**document, "derived": derived}]


def _derive(line: dict[str, Any], path: str, problems: list[Problem], *, by_reason: bool) -> None:
    delta = items.quantity(line, "quantity", f"{path}.quantity", problems)
    reason = line.get("reason", "")
    if delta is not None and by_reason and reason in _DECREASES:
        delta = -abs(delta)
    elif delta is not None and by_reason and reason in _INCREASES:
        delta = abs(delta)
    line["derived"] = {
        "item": items.item_code(line),
        "lot": items.lot(line),
        "delta": items.plain(delta),
        "reason": ADJUSTMENT_REASON.get(reason, reason) or None,
    }
