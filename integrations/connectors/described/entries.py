"""Groups of keys of a description, read one value at a time. Pure.

What is wrong is noted with its line and key, and reading goes on with a value that fits: a person
sees all of it at once.
"""

from collections.abc import Callable, Iterator
from typing import Any, Final, TypeVar

from integrations.connectors.described import places
from integrations.connectors.described.known import REST, Known
from integrations.connectors.described.system import Place
from integrations.yaml_source import Fault, Path, Source

T = TypeVar("T")
NEEDED: Final = "\0"  # no default: the key has to be there
_LONGEST: Final = 500
_SHOWN: Final = 60


class Entries:
    """One group of the description. `done` refuses the keys that nobody asked for."""

    def __init__(
        self, source: Source, path: Path, data: Any, faults: list[Fault], known: Known = REST
    ) -> None:
        self._source, self._path, self._faults = source, path, faults
        self.known = known
        if not isinstance(data, dict):
            self.refuse("", "It must be a group of keys.")
        self._data: dict[str, Any] = data if isinstance(data, dict) else {}
        self._asked: list[str] = []

    def __contains__(self, key: str) -> bool:
        return key in self._data

    def refuse(self, key: str | Path, text: str) -> None:
        """Note what is wrong with `key`, with what lies this way below, or with the whole group."""
        below = key if isinstance(key, tuple) else (key,) if key else ()
        self._faults.append(self._source.fault((*self._path, *below), text))

    def text(self, key: str, default: str = NEEDED) -> str:
        value = self._take(key)
        if value is None:
            return self._or_default(key, default)
        if isinstance(value, bool) or not isinstance(value, str | int):
            self.refuse(key, "It must be text.")
            return ""
        if not 0 < len(str(value)) <= _LONGEST:
            self.refuse(key, f"It must have 1 to {_LONGEST} characters.")
        for name in self.known.strangers(str(value)):
            self.refuse(key, f"There is no setting {name[:_SHOWN]}.")
        return str(value)[:_LONGEST]

    def choice(self, key: str, options: tuple[str, ...], default: str = NEEDED) -> Any:
        value = self.text(key, default)
        if value in options or (value == "" and default == NEEDED):
            return value or options[0]
        self.refuse(key, f"“{value[:_SHOWN]}” is not one of {', '.join(options)}.")
        return options[0]

    def number(self, key: str, default: float, *, least: float, most: float) -> float:
        value = self._take(key)
        if value is None:
            return default
        if isinstance(value, bool) or not isinstance(value, int | float):
            self.refuse(key, "It must be a number.")
        elif not least <= value <= most:
            self.refuse(key, f"It must be {least:.10g} to {most:.10g}.")
        else:
            return value
        return default

    def whole(self, key: str, default: int, *, least: int, most: int) -> int:
        value = self.number(key, default, least=least, most=most)
        if value != int(value):
            self.refuse(key, "It must be a whole number.")
        return int(value)

    def flag(self, key: str) -> bool:
        value = self._take(key)
        if value is not None and not isinstance(value, bool):
            self.refuse(key, "It must be true or false.")
        return value is True

    def made(self, key: str, make: Callable[[str], T], default: str = NEEDED) -> T | None:
        """What `make` makes of a text; None where it is missing, or `make` finds fault with it."""
        text = self.text(key, default)
        try:
            return make(text) if text else None
        except ValueError as error:
            self.refuse(key, str(error))
            return None

    def place(self, key: str, default: str = NEEDED) -> Place | None:
        return self.made(key, places.place, default)

    def texts(self, key: str) -> dict[str, str]:
        """A group of texts, such as the parameters of an address."""
        found = self.group(key)
        return {name: found.text(name) for name in list(found._data)} if found else {}

    def listed(self, key: str) -> tuple[Any, ...]:
        """A value, or a list of them."""
        value = self._take(key)
        if value is None:
            return ()
        entries = value if isinstance(value, list) else [value]
        if any(isinstance(entry, dict | list) for entry in entries):
            self.refuse(key, "It must be one value, or a list of them.")
            return ()
        return tuple(entries)

    def group(self, key: str) -> "Entries | None":
        value = self._take(key)
        return None if value is None else self._below((key,), value)

    def groups(self, key: str) -> Iterator[tuple[str, "Entries"]]:
        """The groups in a group of named ones."""
        found = self.group(key)
        if found is not None:
            for name, value in found._data.items():
                yield name, found._below((name,), value)

    def entries(self, key: str) -> Iterator["Entries"]:
        """The groups in a list of them."""
        value = self._take(key)
        if value is not None and not isinstance(value, list):
            self.refuse(key, "It must be a list.")
            return
        for at, entry in enumerate(value or []):
            yield self._below((key, at), entry)

    def one_or_more(self, key: str) -> Iterator["Entries"]:
        """The groups in a list of them; a group alone is a list of one."""
        if isinstance(self._data.get(key), dict):
            yield self._below((key,), self._take(key))
        else:
            yield from self.entries(key)

    def plain(self, key: str) -> Any:
        """The value as it stands there, for somebody else to judge; None where it is missing."""
        return self._take(key)

    def done(self) -> None:
        known = ", ".join(self._asked)
        for key in self._data:
            if key not in self._asked:
                self.refuse(key, f"There is no such key. There are: {known}.")

    def _below(self, path: Path, value: Any) -> "Entries":
        return Entries(self._source, (*self._path, *path), value, self._faults, self.known)

    def _take(self, key: str) -> Any:
        if key not in self._asked:
            self._asked.append(key)
        return self._data.get(key)

    def _or_default(self, key: str, default: str) -> str:
        if default != NEEDED:
            return default
        self.refuse(key, "This key is missing.")
        return ""
