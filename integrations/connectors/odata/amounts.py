"""Numbers of documents that a mapping cannot compute exactly. Pure."""

from decimal import Context, Decimal, InvalidOperation
from typing import Any, Final

from integrations.canonical.problem import Problem, shorten

_WIDE: Final = Context(prec=60)
_SIXTH_PLACE: Final = Decimal("0.000001")
_LARGEST: Final = 18
ZERO: Final = Decimal(0)


def amount(thing: dict[str, Any], name: str, path: str, problems: list[Problem]) -> Decimal:
    """The number under `name`; zero where there is none. A problem for what is no number."""
    value = thing.get(name)
    if value is None or value == "":
        return ZERO
    try:
        found = Decimal(str(value))
    except InvalidOperation:
        found = Decimal("NaN")
    if not found.is_finite() or abs(found.adjusted()) > _LARGEST:
        where = f"{path}.{name}" if path else name
        text = f"{where} is “{shorten(value)}”; a number is needed."
        problems.append(Problem("wrong_format", where, shorten(value), text))
        return ZERO
    return found


def text(value: Decimal) -> str:
    """Plain decimal text, without zeros behind the last digit."""
    shown = format(value, "f")
    return shown.rstrip("0").rstrip(".") if "." in shown else shown


def each(total: Decimal, quantity: Decimal) -> str:
    """What one costs, to six places."""
    if not quantity:
        return text(total)
    return text((total / quantity).quantize(_SIXTH_PLACE, context=_WIDE))


def objects(document: dict[str, Any], name: str, problems: list[Problem]) -> list[dict[str, Any]]:
    """The list of objects under `name`; empty, with a problem, where it is something else."""
    found = document.get(name) or []
    if isinstance(found, list) and all(isinstance(item, dict) for item in found):
        return found
    told = f"{name} must be a list of objects."
    problems.append(Problem("wrong_type", name, shorten(found), told))
    return []
