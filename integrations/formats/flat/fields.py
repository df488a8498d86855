"""Settings taken apart strictly: every fault names its key."""

from collections.abc import Callable, Mapping, Sequence
from difflib import get_close_matches
from typing import Any, TypeVar

T = TypeVar("T")


class ProfileError(ValueError):
    """The settings make no profile. `key` says where (`columns[2].kind`), the text what to do."""

    def __init__(self, key: str, text: str) -> None:
        super().__init__(f"{key}: {text}" if key else text)
        self.key = key


class Fields:
    """One group of settings. Each is taken once; `done` refuses what was not asked for."""

    def __init__(self, given: Any, key: str = "") -> None:
        self._key = key
        if not isinstance(given, Mapping):
            raise ProfileError(key, "There must be a group of settings here.")
        self._given = given
        self._known: list[str] = []

    def key(self, name: str) -> str:
        return f"{self._key}.{name}" if self._key else name

    def fault(self, name: str, text: str) -> ProfileError:
        return ProfileError(self.key(name), text)

    def take(self, name: str) -> Any:
        self._known.append(name)
        return self._given.get(name)

    def text(self, name: str, default: str | None = None, *, most: int = 200) -> str:
        """Without a default it has to be there."""
        found = self.take(name)
        if found is None and default is not None:
            return default
        if not isinstance(found, str) or (default is None and not found):
            raise self.fault(name, "A text is needed." if found is None else "This must be a text.")
        if len(found) > most:
            raise self.fault(name, f"This is longer than {most} characters.")
        return found

    def choice(self, name: str, choices: Sequence[str], default: str) -> Any:
        found = self.text(name, default)
        if found not in choices:
            raise self.fault(name, f"“{found}” is none of {', '.join(choices)}.")
        return found

    def flag(self, name: str, *, default: bool) -> bool:
        found = self.take(name)
        if found is None:
            return default
        if not isinstance(found, bool):
            raise self.fault(name, "This must be true or false.")
        return found

    def number(
        self, name: str, default: int | None = None, *, least: int = 0, most: int = 10**9
    ) -> int:
        found = self.take(name)
        if found is None and default is not None:
            return default
        if not isinstance(found, int) or isinstance(found, bool) or not least <= found <= most:
            raise self.fault(name, f"This must be a whole number from {least} to {most:,}.")
        return found

    def texts(self, name: str, default: tuple[str, ...] = ()) -> tuple[str, ...]:
        """A list of texts; a single one may stand for itself."""
        found = self.take(name)
        if found is None:
            return default
        entries = [found] if isinstance(found, str) else found
        if not isinstance(entries, list | tuple) or not all(isinstance(e, str) for e in entries):
            raise self.fault(name, "This must be a list of texts.")
        return tuple(entries)

    def each(self, name: str, make: Callable[["Fields"], T]) -> tuple[T, ...]:
        """A list of groups."""
        found = self.take(name)
        if found is None:
            return ()
        if not isinstance(found, list | tuple):
            raise self.fault(name, "This must be a list of groups of settings.")
        return tuple(_made(entry, f"{self.key(name)}[{i}]", make) for i, entry in enumerate(found))

    def group(self, name: str, make: Callable[["Fields"], T]) -> T | None:
        found = self.take(name)
        return None if found is None else _made(found, self.key(name), make)

    def mapping(self, name: str, kind: type[T]) -> dict[str, T]:
        """Names with a value of the kind each."""
        found = self.take(name)
        if found is None:
            return {}
        if not isinstance(found, Mapping):
            raise self.fault(name, "There must be a group of settings here.")
        for entry, value in found.items():
            if not isinstance(entry, str) or not isinstance(value, kind) or isinstance(value, bool):
                raise ProfileError(f"{self.key(name)}.{entry}", f"This must be {_SPOKEN[kind]}.")
        return dict(found)

    def done(self) -> None:
        for name in self._given:
            if name not in self._known:
                near = get_close_matches(str(name), self._known, n=1)
                hint = f" Is {near[0]} meant?" if near else f" Known are {', '.join(self._known)}."
                raise ProfileError(self.key(str(name)), f"There is no such setting.{hint}")


_SPOKEN: dict[type, str] = {int: "a whole number", str: "a text"}


def _made(given: Any, key: str, make: Callable[[Fields], T]) -> T:
    fields = Fields(given, key)
    made = make(fields)
    fields.done()
    return made
