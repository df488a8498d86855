"""What differs between the old and the new result of one document."""

from collections.abc import Iterator, Mapping
from typing import Any, Final, Literal, NamedTuple

from integrations.canonical.problem import format_path
from integrations.evidence.align import align
from integrations.evidence.result import Result

Kind = Literal["added", "removed", "changed", "entry_lost", "entry_added", "reordered"]
Validity = Literal["valid", "newly_valid", "newly_invalid", "invalid"]
_DEEPEST: Final = 40
_NOTHING: Final[Mapping[str, Any]] = {}


class FieldChange(NamedTuple):
    """One difference. `path` is general (`lines[].uom`), `at` exact (`lines[1].uom`, places as in
    the old body, for an added entry as in the new). `around_before` and `around_after` are the
    groups or lists that hold the two values."""

    path: str
    at: str
    kind: Kind
    before: Any
    after: Any
    around_before: Any
    around_after: Any


class DocumentChange(NamedTuple):
    """One document under both versions. `fields` is empty where either version gave no body."""

    name: str
    old: Result
    new: Result
    fields: tuple[FieldChange, ...]

    @property
    def validity(self) -> Validity:
        if self.old.valid:
            return "valid" if self.new.valid else "newly_invalid"
        return "newly_valid" if self.new.valid else "invalid"

    @property
    def changed(self) -> bool:
        same = self.old.key == self.new.key and self.old.target == self.new.target
        return bool(self.fields) or not same or self.old.problems != self.new.problems


def compare(name: str, old: Result, new: Result) -> DocumentChange:
    """The differences between two results of the document that people know as `name`.

    List entries are matched by what names them (a line number, an SKU), not only by their place.
    """
    fields: tuple[FieldChange, ...] = ()
    if old.body is not None and new.body is not None and not _equal(old.body, new.body):
        fields = tuple(_groups(old.body, new.body, path="", at=(), depth=0))
    elif (old.body is None) != (new.body is None):
        kind: Kind = "added" if old.body is None else "removed"
        fields = (FieldChange("", "", kind, old.body, new.body, None, None),)
    return DocumentChange(name, old, new, fields)


def _equal(old: Any, new: Any) -> bool:
    """Equal with their kinds: to a receiver 1, 1.0 and true are not the same."""
    return type(old) is type(new) and repr(old) == repr(new)


def _groups(
    old: dict[str, Any], new: dict[str, Any], *, path: str, at: tuple[str | int, ...], depth: int
) -> Iterator[FieldChange]:
    for name in old | new:
        before, after = old.get(name), new.get(name)
        if _equal(before, after):
            continue
        below = format_path([name])
        below = f"{path}.{below}" if path else below
        around = (old, new)
        yield from _values(before, after, path=below, at=(*at, name), around=around, depth=depth)


def _values(
    before: Any,
    after: Any,
    *,
    path: str,
    at: tuple[str | int, ...],
    around: tuple[Any, Any],
    depth: int,
) -> Iterator[FieldChange]:
    """Groups and lists are opened, also where only one side has them; the rest is one change."""
    kinds = {type(value) for value in (before, after) if value is not None}
    if depth < _DEEPEST and kinds == {dict}:
        yield from _groups(before or {}, after or {}, path=path, at=at, depth=depth + 1)
    elif depth < _DEEPEST and kinds == {list}:
        yield from _lists(before or [], after or [], path=f"{path}[]", at=at, depth=depth + 1)
    else:
        kind: Kind = "added" if before is None else "removed" if after is None else "changed"
        yield FieldChange(path, format_path(at), kind, before, after, *around)


def _lists(
    old: list[Any], new: list[Any], *, path: str, at: tuple[str | int, ...], depth: int
) -> Iterator[FieldChange]:
    matched = align(old, new)
    for place, other in matched.pairs:
        if not _equal(old[place], new[other]):
            yield from _values(
                old[place],
                new[other],
                path=path,
                at=(*at, place),
                around=(old, new),
                depth=depth,
            )
    for place in matched.lost:
        where = format_path((*at, place))
        yield FieldChange(path, where, "entry_lost", old[place], None, old, new)
    for place in matched.added:
        where = format_path((*at, place))
        yield FieldChange(path, where, "entry_added", None, new[place], old, new)
    if [other for _, other in matched.pairs] != sorted(other for _, other in matched.pairs):
        yield FieldChange(path, format_path(at), "reordered", old, new, old, new)
