"""What differs between two contents, place by place, in sentences."""

from collections.abc import Iterator, Mapping
from typing import Any, Final, NamedTuple

from monitoring.seal.paths import by_key, is_keyed
from portal.core.canonical import plain

MISSING: Final[Any] = object()
_LONGEST: Final = 60


class Difference(NamedTuple):
    """One place whose value is another. `before` or `after` is MISSING where nothing stands."""

    path: str
    before: Any
    after: Any

    @property
    def sentence(self) -> str:
        if self.before is MISSING:
            return f"{self.path} is new: {_shown(self.after)}."
        if self.after is MISSING:
            return f"{self.path} is gone; it was {_shown(self.before)}."
        return f"{self.path} was {_shown(self.before)} and is {_shown(self.after)}."


def difference(before: Any, after: Any) -> list[Difference]:
    """Every place at which the two differ, in the order of `before`. Empty if and only if their canonical
    bytes are the same. Raises as `canonical`."""
    return [*_compare("", plain(before), plain(after))]


def _compare(path: str, before: Any, after: Any) -> Iterator[Difference]:
    if isinstance(before, dict) and isinstance(after, dict):
        yield from _groups(path, before, after, form="{path}.{key}")
    elif isinstance(before, list) and isinstance(after, list):
        yield from _lists(path, before, after)
    elif type(before) is not type(after) or before != after:
        yield Difference(path or "the whole", before, after)


def _groups(
    path: str, before: Mapping[str, Any], after: Mapping[str, Any], *, form: str
) -> Iterator[Difference]:
    for key in [*before, *(key for key in after if key not in before)]:
        here = form.format(path=path, key=key).removeprefix(".")
        yield from _one(here, before.get(key, MISSING), after.get(key, MISSING))


def _lists(path: str, before: list[Any], after: list[Any]) -> Iterator[Difference]:
    if is_keyed(before) and is_keyed(after):
        keyed, then = by_key(before), by_key(after)
        yield from _groups(path, keyed, then, form="{path}[{key}]")
        if keyed.keys() == then.keys() and [*keyed] != [*then]:
            yield Difference(f"the order of {path}", ", ".join(keyed), ", ".join(then))
        return
    for at in range(max(len(before), len(after))):
        pair = [items[at] if at < len(items) else MISSING for items in (before, after)]
        yield from _one(f"{path}[{at}]", *pair)


def _one(path: str, before: Any, after: Any) -> Iterator[Difference]:
    if before is MISSING or after is MISSING:
        yield Difference(path, before, after)
    else:
        yield from _compare(path, before, after)


def _shown(value: Any) -> str:
    if value is None:
        return "nothing"
    if isinstance(value, dict | list):
        return _cut(str(value))
    return _cut(str(value)) if value != "" else "empty"


def _cut(text: str) -> str:
    return text if len(text) <= _LONGEST else text[: _LONGEST - 1] + "…"
