"""Fields of JSON, read one by one, while everything that is wrong is gathered with its place."""

import re
from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any, TypeVar

from portal.core.money import parse_amount

Problem = tuple[str, str]
T = TypeVar("T")
_SLUG = re.compile(r"[a-z0-9][a-z0-9_.-]{0,59}", re.ASCII)
_LONGEST_NAME = 120


class Fields:
    """The fields of one object at `where`; problems go to the list that its parts share."""

    def __init__(self, given: Any, *, where: str, problems: list[Problem]) -> None:
        self._where, self._problems = where, problems
        self._known: list[str] = []
        self._is_object = isinstance(given, Mapping)
        self._given: Mapping[str, Any] = given if self._is_object else {}
        if not self._is_object:
            problems.append(
                (where or "plan", "It is an object with a field for each thing it says.")
            )

    def place(self, name: str) -> str:
        return f"{self._where}.{name}" if self._where else name

    def say(self, name: str, text: str) -> None:
        self._problems.append((self.place(name), text))

    def needed(self, name: str, kind: Callable[[Any], T], *, otherwise: T) -> T:
        """Its value by `kind`; `otherwise` after saying what is wrong."""
        if self._is_object and name not in self._given:
            self._known.append(name)
            self.say(name, "It is missing.")
            return otherwise
        return self.get(name, kind, otherwise=otherwise)

    def get(self, name: str, kind: Callable[[Any], T], *, otherwise: T) -> T:
        """The same for a field that may be left out."""
        self._known.append(name)
        if name not in self._given:
            return otherwise
        try:
            return kind(self._given[name])
        except (TypeError, ValueError) as error:
            self.say(name, f"{str(error)[:1].upper()}{str(error)[1:]}.")
            return otherwise

    def raw(self, name: str) -> Any:
        self._known.append(name)
        return self._given.get(name)

    def refuse_others(self) -> None:
        """Say of each field that nobody asked for that there is none."""
        known = ", ".join(dict.fromkeys(self._known))
        for name in self._given:
            if name not in self._known:
                self.say(str(name), f"There is no such field. There are {known}.")


def amount(value: Any) -> Decimal:
    """Decimal text that is not below 0."""
    if not isinstance(value, str):
        raise TypeError('write it as text, such as "12.50"')
    found = parse_amount(value)
    if found < 0:
        raise ValueError(f"it is {found}; it cannot be below 0")
    return found


def amount_or_none(value: Any) -> Decimal | None:
    return None if value is None else amount(value)


def count(value: Any, *, least: int = 0, most: int) -> int:
    """A whole number between these."""
    if isinstance(value, bool) or not isinstance(value, int):
        raise TypeError(f"{str(value)[:40]!r} is no whole number")
    if not least <= value <= most:
        raise ValueError(f"it is {value}; it has to be from {least} to {most}")
    return value


def flag(value: Any) -> bool:
    if not isinstance(value, bool):
        raise TypeError("it is true or false")
    return value


def slug(value: Any) -> str:
    """A name that addresses and formulas can hold."""
    if not isinstance(value, str) or not _SLUG.fullmatch(value):
        raise ValueError(
            "use 1 to 60 lower-case letters, digits, dots, dashes and underscores,"
            " the first a letter or digit"
        )
    return value


def slug_or_blank(value: Any) -> str:
    return "" if value == "" else slug(value)


def name(value: Any) -> str:
    """One line that people read."""
    if not isinstance(value, str) or not value.strip() or not value.isprintable():
        raise ValueError("write one line of text")
    if len(value) > _LONGEST_NAME:
        raise ValueError(f"it has {len(value)} characters; {_LONGEST_NAME} is the most")
    return value.strip()
