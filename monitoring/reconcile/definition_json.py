"""A definition as the JSON that is stored, read and checked."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal, InvalidOperation
from fractions import Fraction
from typing import Any, Final

from monitoring.reconcile.amounts import QuantityError, counted, text
from monitoring.reconcile.definition import (
    CLASSES,
    DEFAULT_TOLERANCES,
    KEYS,
    KINDS,
    ROLES,
    Definition,
    Side,
    Tolerance,
)

_MOST_MINUTES: Final = 60 * 24 * 366


class DefinitionError(ValueError):
    """A sentence that says what is wrong with a definition and what to enter instead."""


def read(content: Mapping[str, Any], *, version: int) -> Definition:
    """From stored JSON. Raises DefinitionError for the first thing that is wrong."""
    kind = content.get("kind")
    if kind not in KINDS:
        raise DefinitionError(f"A reconciliation is about one of {', '.join(KINDS)}, not {kind!r}.")
    found = Definition(version, kind, _sides(content.get("sides", ())))
    return replace(
        found,
        keys=_keys(content.get("keys", found.keys)),
        tolerances=_tolerances(content.get("tolerances")),
        value_limit=_money(content.get("value_limit", "250")),
        interval=_minutes(content, "interval_minutes", found.interval),
        agreeing_runs=_runs(content.get("agreeing_runs", 2)),
        window=_minutes(content, "window_minutes", found.window),
        settle=_minutes(content, "settle_minutes", found.settle),
    )


def write(definition: Definition) -> dict[str, Any]:
    """As `read` takes it."""
    return {
        "kind": definition.kind,
        "sides": [side._asdict() for side in definition.sides],
        "keys": list(definition.keys),
        "tolerances": {
            name: {"share": text(one.share), "least": text(one.least)}
            for name, one in definition.tolerances.items()
        },
        "value_limit": str(definition.value_limit),
        "interval_minutes": definition.interval // timedelta(minutes=1),
        "agreeing_runs": definition.agreeing_runs,
        "window_minutes": definition.window // timedelta(minutes=1),
        "settle_minutes": definition.settle // timedelta(minutes=1),
    }


def _sides(given: Any) -> tuple[Side, ...]:
    sides = tuple(
        Side(str(one.get("role")), str(one.get("source", "")), str(one.get("endpoint", "")))  # type: ignore[arg-type]
        for one in given
    )
    if len(sides) < 2:
        raise DefinitionError("A reconciliation needs two sides or three. Name both systems.")
    for side in sides:
        if side.role not in ROLES:
            raise DefinitionError(f"A side is one of {', '.join(ROLES)}, not {side.role!r}.")
    return sides


def _keys(given: Any) -> tuple[str, ...]:
    unknown = [str(name) for name in given if name not in KEYS]
    if unknown or "sku" not in given:
        wrong = f"{unknown[0]} is no part of a key" if unknown else "The key has no sku"
        raise DefinitionError(f"{wrong}. It is made of {', '.join(KEYS)}.")
    return tuple(name for name in KEYS if name in given)


def _tolerances(given: Any) -> Mapping[str, Tolerance]:
    if given is None:
        return DEFAULT_TOLERANCES
    unknown = [str(name) for name in given if name not in CLASSES]
    if unknown:
        raise DefinitionError(f"No items are of class {unknown[0]}. Use {', '.join(CLASSES)}.")
    return {name: _tolerance(name, one) for name, one in given.items()}


def _tolerance(name: str, given: Mapping[str, Any]) -> Tolerance:
    try:
        share, least = (counted(str(given.get(name, "0"))) for name in ("share", "least"))
    except QuantityError:
        text_ = f"The tolerance of {name} is no number. Write a share such as 0.005 and a quantity."
        raise DefinitionError(text_) from None
    if not 0 <= share <= 1 or least < 0:
        raise DefinitionError(
            f"The tolerance of {name} is a share of 0 to 1 and a quantity of 0 or more."
        )
    return Tolerance(Fraction(share), least)


def _money(given: Any) -> Decimal:
    try:
        found = Decimal(str(given))
    except InvalidOperation:
        found = Decimal(-1)
    if not found.is_finite() or found < 0:
        raise DefinitionError("The value limit is an amount of 0 or more, such as 250.")
    return found


def _minutes(content: Mapping[str, Any], name: str, default: timedelta) -> timedelta:
    given = content.get(name)
    if given is None:
        return default
    if not isinstance(given, int) or not 0 < given <= _MOST_MINUTES:
        raise DefinitionError(f"{name} is a number of minutes, at least 1 and at most a year.")
    return timedelta(minutes=given)


def _runs(given: Any) -> int:
    if not isinstance(given, int) or not 1 <= given <= 10:
        raise DefinitionError("Between 1 and 10 runs in a row have to agree.")
    return given
