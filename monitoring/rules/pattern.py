"""Which cases a rule is about."""

import re
from typing import Final, NamedTuple

_NUMBERED: Final = re.compile(r"\[\d+\]")


class Pattern(NamedTuple):
    """What a rule asks for. `customer_id` None: all customers. `path` and `value` blank: any."""

    customer_id: int | None
    code: str
    path: str
    value: str


class Facts(NamedTuple):
    """What a case is about, as its first problem says it."""

    customer_id: int
    code: str
    path: str
    value: str


def fits(rule: Pattern, facts: Facts) -> bool:
    """Whether the rule is about a case with these facts. Lines are not told apart by their numbers,
    values not by capitals or blanks around them: as causes are."""
    return (
        rule.customer_id in (None, facts.customer_id)
        and rule.code == facts.code
        and without_numbers(rule.path) in ("", without_numbers(facts.path))
        and _plain(rule.value) in ("", _plain(facts.value))
    )


def without_numbers(path: str) -> str:
    """`lines[3].sku` as `lines[].sku`."""
    return _NUMBERED.sub("[]", path)


def _plain(value: str) -> str:
    return value.strip().lower()
