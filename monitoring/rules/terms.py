"""When two remedies are the same remedy: what of their terms decides."""

from collections.abc import Mapping
from typing import Any, Final

# Remedies that mean the same at the next case. An edit or a draft is about what it was made for.
_DECIDES: Final = {"lookup": ("table", "code", "value"), "skip": ("reason",), "retry": ()}
RULEABLE: Final = tuple(_DECIDES)


def essence(remedy: str, terms: Mapping[str, Any]) -> tuple[str, ...]:
    """What is equal for equal remedies. KeyError for a remedy that no rule can have."""
    given = [str(terms.get(name, "")).strip() for name in _DECIDES[remedy]]
    if remedy == "lookup":  # causes do not tell capitals of a code apart; what it becomes does
        given[1] = given[1].lower()
    return (remedy, *given)


def alike(remedy: str, terms: Mapping[str, Any], other: str, others: Mapping[str, Any]) -> bool:
    """Whether two remedies do the same."""
    if remedy not in _DECIDES or other not in _DECIDES:
        return False
    return essence(remedy, terms) == essence(other, others)


def for_value(remedy: str, terms: Mapping[str, Any], value: str) -> dict[str, Any]:
    """The terms for a case with this value: a lookup writes the code as the case has it. Nothing is
    insisted on: who did so answered for it once, and a rule asks the table's own check again."""
    if remedy != "lookup":
        return dict(terms)
    return {**terms, "code": value.strip() or terms["code"], "insist": False}
