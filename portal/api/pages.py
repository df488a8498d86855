"""Long lists a page at a time: keyset cursors, signed, so that nobody reads the order out of them."""

import hashlib
from typing import Any, Final, NamedTuple

from django.core import signing
from django.core.exceptions import FieldDoesNotExist, ValidationError
from django.db.models import Q, QuerySet
from rest_framework import serializers

from portal.api.problems import refuse

MOST: Final = 200
USUAL: Final = 50
_SALT: Final = "api.cursor"
_STALE: Final = "This cursor is not one of this list. Begin again without it."


class Page(NamedTuple):
    """Rows and where the next page begins; a blank `next` ends the list."""

    rows: list[Any]
    next: str


def page(found: QuerySet[Any], *, key: tuple[str, ...], asked: dict[str, Any], of: str) -> Page:
    """The rows behind `asked["cursor"]`, at most `asked["limit"]`, in the order of `key`.

    `key` is made of fields that are never null, each with `-` for the largest first, and ends in a unique
    one. `of` names the list with its filters: a cursor of another one is refused.
    """
    limit, of = asked["limit"], _name(of)
    if asked.get("cursor"):
        found = found.filter(_beyond(found, _read(asked["cursor"], key, of), key))
    rows = list(found.order_by(*key)[: limit + 1])
    if len(rows) <= limit:
        return Page(rows, "")
    return Page(rows[:limit], _cursor(rows[limit - 1], key, of))


def sliced(rows: list[Any], *, asked: dict[str, Any], of: str) -> Page:
    """The same of a short list that stands in memory."""
    of = _name(of)
    begin = _read(asked["cursor"], ("at",), of)[0] if asked.get("cursor") else 0
    if not isinstance(begin, int):
        raise refuse(_STALE, at="cursor")
    end = begin + asked["limit"]
    more = signing.dumps([of, [end]], salt=_SALT) if end < len(rows) else ""
    return Page(rows[begin:end], more)


def sealed(values: list[Any], *, of: str) -> str:
    """A cursor to the place behind the row with these values, in the list `of`."""
    return signing.dumps([_name(of), values], salt=_SALT)


def opened(cursor: str, *, count: int, of: str) -> list[Any]:
    """The `count` values of a cursor of this list; one of another list is refused."""
    return _read(cursor, ("",) * count, _name(of))


def _name(of: str) -> str:
    """The list in short: a cursor tells nobody what was asked for."""
    return hashlib.sha256(of.encode()).hexdigest()[:16]


def _cursor(row: Any, key: tuple[str, ...], of: str) -> str:
    values = [_plain(getattr(row, _attribute(name))) for name in key]
    return signing.dumps([of, values], salt=_SALT)


def _attribute(name: str) -> str:
    return name.lstrip("-")


def _plain(value: Any) -> Any:
    return value if isinstance(value, int | str) else str(value)


def _read(cursor: str, key: tuple[str, ...], of: str) -> list[Any]:
    try:
        named, values = signing.loads(cursor, salt=_SALT)
    except (signing.BadSignature, ValueError, TypeError):
        raise refuse(_STALE, at="cursor") from None
    if named != of or len(values) != len(key):
        raise refuse(_STALE, at="cursor")
    return list(values)


def _beyond(found: QuerySet[Any], values: list[Any], key: tuple[str, ...]) -> Q:
    """The rows behind the place with these values."""
    wanted, same = Q(), Q()
    for name, value in zip(key, values, strict=True):
        field = _attribute(name)
        side = "lt" if name.startswith("-") else "gt"
        wanted |= same & Q(**{f"{field}__{side}": _typed(found, field, value)})
        same &= Q(**{field: value})
    return wanted


def _typed(found: QuerySet[Any], field: str, value: Any) -> Any:
    try:
        return found.model._meta.get_field(field).to_python(value)
    except (FieldDoesNotExist, ValidationError):
        return value


class PageFilters(serializers.Serializer[Any]):
    """What every list takes."""

    limit = serializers.IntegerField(
        min_value=1, max_value=MOST, default=USUAL, help_text=f"Rows a page, up to {MOST}."
    )
    cursor = serializers.CharField(
        required=False, max_length=600, help_text="`next` of the page before."
    )
