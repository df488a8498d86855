"""The values a rule may hold: what is wrong with one, and how it is read."""

import math
import re
from collections.abc import Collection
from decimal import Decimal

_DECIMAL = re.compile(r"-?[0-9]{1,18}(\.[0-9]{1,8})?", re.ASCII)


def texts_problem(value: object) -> str:
    """Empty when `value` is a text or a list of texts, none of them blank."""
    listed = value if isinstance(value, list) else [value]
    if listed and all(isinstance(item, str) and item.strip() for item in listed):
        return ""
    return "must be a text or a list of texts"


def choices_problem(value: object, *, choices: Collection[str]) -> str:
    """Empty when `value` is one of `choices` or a list of them."""
    if wrong := texts_problem(value):
        return wrong
    strange = [item for item in read_texts(value) if item not in choices]
    return f"{strange[0]!r} is not one of {', '.join(choices)}" if strange else ""


def flag_problem(value: object) -> str:
    return "" if isinstance(value, bool) else "must be true or false"


def bounds_problem(value: object) -> str:
    """Empty when `value` is {"min": number, "max": number} with at least one of them."""
    if not isinstance(value, dict) or not value or not value.keys() <= {"min", "max"}:
        return 'must be {"min": number, "max": number}, either may be left out'
    for key, bound in value.items():
        if not _is_number(bound):
            return f"{key} must be a number"
    low, high = read_bounds(value)
    if low is not None and high is not None and low > high:
        return "min is above max"
    return ""


def read_texts(value: object) -> list[str]:
    return value if isinstance(value, list) else [str(value)]


def read_bounds(value: dict[str, object]) -> tuple[Decimal | None, Decimal | None]:
    low, high = value.get("min"), value.get("max")
    # Through text: a float from JSON means the digits a person wrote, not its binary neighbour.
    return (
        None if low is None else Decimal(str(low)),
        None if high is None else Decimal(str(high)),
    )


def _is_number(value: object) -> bool:
    if isinstance(value, str):
        return _DECIMAL.fullmatch(value) is not None
    if isinstance(value, bool) or not isinstance(value, int | float):
        return False
    return math.isfinite(value)
