"""A routing rule as lines people read and write: `ship_to.region is NV, CA`, `allow RNO1`."""

import json
import re
from collections.abc import Mapping
from typing import Any

from integrations.routing.conditions import CONDITIONS
from integrations.routing.operands import bounds_problem, flag_problem
from integrations.routing.rules import ACTIONS

_BOUNDS = re.compile(
    r"(?:from (?P<from>\S+) to (?P<to>\S+)|at least (?P<min>\S+)|at most (?P<max>\S+))"
)
_NOT_PLAIN = re.compile(r'[,"\[\]{}\n\r]|^\s|\s$')
_LISTS = ("allow", "exclude", "require_site_flag", "rank")


class LineError(ValueError):
    """A line no rule is written with; the text names the line and what could stand there."""


def write_conditions(when: Mapping[str, Any]) -> str:
    """The conditions of a rule, one a line. `read_conditions` gives an equal rule again."""
    return "\n".join(f"{key} is {_write(value)}" for key, value in when.items())


def write_actions(then: Mapping[str, Any]) -> str:
    return "\n".join(f"{key} {_write(value)}" for key, value in then.items())


def read_conditions(text: str) -> dict[str, Any]:
    """What `write_conditions` wrote. LineError at the first line that says nothing we know."""
    found: dict[str, Any] = {}
    for line in _lines(text):
        key, _, operand = line.partition(" is ")
        key = key.strip()
        if key not in CONDITIONS:
            raise LineError(
                f"“{line}” begins with no condition. There are: {', '.join(CONDITIONS)}."
            )
        _once(found, key, line)
        found[key] = _condition(key, operand.strip(), line)
    return found


def read_actions(text: str) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for line in _lines(text):
        key, _, operand = line.partition(" ")
        if key not in ACTIONS:
            raise LineError(f"“{line}” begins with no action. There are: {', '.join(ACTIONS)}.")
        _once(found, key, line)
        if not operand.strip():
            raise LineError(f"“{line}” names nothing. Write what comes after {key}.")
        found[key] = _texts(operand.strip(), line, always_list=key in _LISTS)
    return found


def _lines(text: str) -> list[str]:
    return [line.strip() for line in text.split("\n") if line.strip()]


def _once(found: Mapping[str, Any], key: str, line: str) -> None:
    if key in found:
        raise LineError(f"“{line}” stands there twice; name all values of {key} in one line.")


def _condition(key: str, operand: str, line: str) -> Any:
    if not operand:
        raise LineError(f"“{line}” compares with nothing. Write: {key} is …")
    problem = CONDITIONS[key].problem
    if problem is flag_problem:
        if operand not in ("yes", "no"):
            raise LineError(f"“{line}” is yes or no.")
        return operand == "yes"
    if problem is bounds_problem:
        return _bounds(operand, line)
    return _texts(operand, line)


def _bounds(operand: str, line: str) -> dict[str, Any]:
    found = _BOUNDS.fullmatch(operand)
    if found is None:
        raise LineError(
            f"“{line}” is no range. Write: at least 500, at most 500, or from 100 to 500."
        )
    low, high = found["from"] or found["min"], found["to"] or found["max"]
    given = {"min": low, "max": high}
    return {name: _number(text) for name, text in given.items() if text is not None}


def _number(text: str) -> int | str:
    return int(text) if re.fullmatch(r"-?[0-9]{1,15}", text, re.ASCII) else text


def _texts(operand: str, line: str, *, always_list: bool = False) -> Any:
    if operand[0] in '["{':
        try:
            return json.loads(operand)
        except ValueError:
            raise LineError(f"“{line}” begins like JSON and is none.") from None
    texts = [text.strip() for text in operand.split(",")]
    if not all(texts):
        raise LineError(f"“{line}” has a comma with nothing beside it.")
    return texts if always_list or len(texts) > 1 else texts[0]


def _write(value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, dict) and not bounds_problem(value):
        return _write_bounds(value)
    listed = value if isinstance(value, list) else [value]
    plain = all(isinstance(text, str) and text and not _NOT_PLAIN.search(text) for text in listed)
    return ", ".join(listed) if plain and listed else json.dumps(value, ensure_ascii=False)


def _write_bounds(value: Mapping[str, Any]) -> str:
    low, high = value.get("min"), value.get("max")
    if low is None:
        return f"at most {high}"
    return f"at least {low}" if high is None else f"from {low} to {high}"
