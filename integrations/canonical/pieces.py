"""A body in pieces that are judged one after the other, so that telling what is wrong takes little memory.

The validator lists every error at once, each with a copy of the value it is about: some 20 kB. So it
is given each entry of a list by itself, and from each piece what is long is cut off first.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import islice
from typing import Any, Final, NamedTuple

import jsonschema_rs

from integrations.canonical.schema import resolve, validator_at

_LONGEST_TEXT: Final = 20_001  # one more than the longest text of the schemas, so it stays too long
_LONGEST_NAME: Final = 200
_MOST_NAMES: Final = 300  # more than the problems that are told
_SHOWN: Final = 10

Path = tuple[str | int, ...]


class Flaw(NamedTuple):
    """An error of the validator, and where in the whole body its piece stands."""

    at: Path
    error: jsonschema_rs.ValidationError


class TooLong(NamedTuple):
    """The list at `at` may have `limit` entries and has `length`."""

    at: Path
    limit: int
    length: int


class _List(NamedTuple):
    """A list whose entries, all but the first, are yet to be judged by the schema at `place`."""

    entries: list[Any]
    place: str
    at: Path


@dataclass
class _Frame:
    """Cuts a piece down to what can be judged at once: of each list only the first entry is left."""

    lists: list[_List] = field(default_factory=list)
    too_long: list[TooLong] = field(default_factory=list)

    def cut(self, value: Any, place: str | None, at: Path) -> Any:
        """`value` without its length. `place` is where its schema stands, None if it has none."""
        place, schema = resolve(place) if place else (None, {})
        if isinstance(value, list):
            return self._cut_list(value, place, schema, at)
        if isinstance(value, dict):
            return self._cut_group(value, place, schema, at)
        return value[:_LONGEST_TEXT] if isinstance(value, str) else value

    def _cut_list(
        self, value: list[Any], place: str | None, schema: dict[str, Any], at: Path
    ) -> list[Any]:
        if "items" not in schema:
            return [_sample(entry) for entry in value[:_SHOWN]]
        if len(value) > schema["maxItems"]:
            self.too_long.append(TooLong(at, schema["maxItems"], len(value)))
        else:
            self.lists.append(_List(value, f"{place}/items", at))
        return [self.cut(entry, f"{place}/items", (*at, 0)) for entry in value[:1]]

    def _cut_group(
        self, value: dict[str, Any], place: str | None, schema: dict[str, Any], at: Path
    ) -> dict[str, Any]:
        known = schema.get("properties", {})
        others = islice((name for name in value if name not in known), _MOST_NAMES)
        kept = {name[:_LONGEST_NAME]: _sample(value[name]) for name in others}
        for name in known:
            if name in value:
                kept[name] = self.cut(value[name], f"{place}/properties/{name}", (*at, name))
        return kept


def flaws(object_type: str, body: Any) -> Iterator[Flaw | TooLong]:
    """What the schema of `object_type` refuses in `body`, one piece after the other."""
    yield from _flaws(f"{object_type}#", body, ())


def _flaws(place: str, value: Any, at: Path) -> Iterator[Flaw | TooLong]:
    frame = _Frame()
    cut = frame.cut(value, place, at)
    yield from frame.too_long
    for error in validator_at(place).iter_errors(cut):
        yield Flaw(at, error)
    for entries, entry_place, where in frame.lists:
        validator = validator_at(entry_place)
        for index, entry in enumerate(entries[1:], 1):
            if not validator.is_valid(entry):
                yield from _flaws(entry_place, entry, (*where, index))


def _sample(value: Any) -> Any:
    """Enough of a value that no schema is for to be shown: its kind, and a little of what is in it."""
    if isinstance(value, list):
        return [_stub(entry) for entry in value[:_SHOWN]]
    if isinstance(value, dict):
        return {n[:_LONGEST_NAME]: _stub(value[n]) for n in islice(value, _SHOWN)}
    return _stub(value)


def _stub(value: Any) -> Any:
    if isinstance(value, list | dict):
        return type(value)()
    return value[:_LONGEST_TEXT] if isinstance(value, str) else value
