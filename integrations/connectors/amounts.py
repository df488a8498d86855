"""Amounts and lists in a native document, read exactly, with a problem for what is none. Pure."""

from decimal import Context, Decimal, InvalidOperation
from typing import Any, Final

from integrations.canonical.problem import Problem, shorten

ZERO: Final = Decimal(0)
_SIXTH_PLACE: Final = Decimal("0.000001")
_WIDE: Final = Context(prec=60)
_LARGEST: Final = 18  # digits before the point, as in the canonical schemas


def amount(thing: dict[str, Any], name: str, path: str, problems: list[Problem]) -> Decimal:
    """The number in a field; 0 where it is missing or empty, and for what is no number."""
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


def text(found: Decimal, *, places: int = 0) -> str:
    """Plain decimal text. With `places`, no more than so many, and no zeros after the second."""
    if places and -found.as_tuple().exponent > places:  # type: ignore[operator]
        found = found.quantize(_SIXTH_PLACE, context=_WIDE)
    whole, point, fraction = format(found, "f").partition(".")
    if len(fraction) > 2:
        fraction = fraction[:2] + fraction[2:].rstrip("0")
    return whole + (point and fraction and "." + fraction)


def objects(document: dict[str, Any], name: str, problems: list[Problem]) -> list[dict[str, Any]]:
    """The list of objects in a field; none, with a problem, for what is none."""
    found = document.get(name) or []
    if isinstance(found, list) and all(isinstance(item, dict) for item in found):
        return found
    said = f"{name} must be a list of objects."
    problems.append(Problem("wrong_type", name, shorten(found), said))
    return []
