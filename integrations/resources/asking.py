"""What a caller asks of a resource, as a reading of its table: nothing that was not published is reachable.

A list is narrowed by `field=`, `field.from=`, `field.to=` (both included) and, of texts, `field.prefix=`, and
ordered by `sort=field` or `sort=-field`; the key decides between equals.
"""

from collections.abc import Mapping, Sequence
from typing import Any, Final, NamedTuple
from zoneinfo import ZoneInfo

from integrations.resources import values
from integrations.resources.definition import Create, Definition, Field
from integrations.resources.relations import DELETED, Condition, Order, Reading, Writing
from integrations.resources.values import UnfitValueError

SUFFIXES: Final[Mapping[str, Any]] = {"": "=", "from": ">=", "to": "<=", "prefix": "prefix"}


class AskingError(ValueError):
    """What was asked is not on offer; `at` names the parameter, or is a pointer into the body."""

    def __init__(self, text: str, *, at: str) -> None:
        super().__init__(text)
        self.at = at


class Clock(NamedTuple):
    """How the database keeps times: in which zone, and which columns with their offset."""

    zone: ZoneInfo
    with_offset: frozenset[str] = frozenset()


def columns(definition: Definition) -> list[str]:
    """What is read of each row: the fields' columns, then what changes are followed by."""
    found = [one.column for one in definition.fields]
    more = definition.changed_by
    return list(dict.fromkeys([*found, more] if more else found))


def listing(
    definition: Definition, given: Mapping[str, str], clock: Clock, *, sort: str = "",
    after: Sequence[Any] | None = None, limit: int,
) -> Reading:  # fmt: skip
    """The rows of one page. `given`: the filters as they stand in the address. AskingError."""
    conditions = [_condition(definition, name, text, clock) for name, text in given.items()]
    return Reading(
        definition.relation,
        columns(definition),
        [*conditions, *_not_deleted(definition)],
        order(definition, sort),
        after,
        limit,
        marked(definition),
    )


def order(definition: Definition, sort: str = "") -> list[Order]:
    """By the field that was asked for, then by the key. AskingError."""
    keys = [Order(one.column) for one in definition.key_fields]
    if not sort:
        return keys
    field = definition.field(sort.removeprefix("-"))
    if field is None or not field.sort:
        allowed = ", ".join(one.name for one in definition.fields if one.sort) or "nothing"
        raise AskingError(f"It can be sorted by {allowed}.", at="sort")
    down = sort.startswith("-")
    return [Order(field.column, down), *(one for one in keys if one.column != field.column)]


def one(definition: Definition, key: str, clock: Clock) -> Reading | None:
    """The row of this key, as it stands in an address; None where no row can have it."""
    parts = values.from_address(key)
    fields = definition.key_fields
    if len(parts) != len(fields):
        return None
    try:
        wanted = [_equal(field, part, clock) for field, part in zip(fields, parts, strict=True)]
    except UnfitValueError:
        return None
    found = [*wanted, *_not_deleted(definition)]
    return Reading(
        definition.relation, columns(definition), found, limit=1, deleted=marked(definition)
    )


def creating(definition: Definition, given: Mapping[str, Any], clock: Clock) -> Writing:
    """The row that a body asks for. AskingError says where it is wrong."""
    create = definition.create
    if create is None:
        raise AskingError("Nothing is created here.", at="/")
    known = {one.name: one for one in create.fields}
    if strange := sorted(given.keys() - known.keys()):
        raise AskingError("There is no such field.", at=f"/{strange[0]}")
    for field in create.fields:
        if field.required and given.get(field.name) is None:
            raise AskingError("This field is required.", at=f"/{field.name}")
    row = {known[name].into: _given(create, name, value, clock) for name, value in given.items()}
    known_by = [_equal(_shown(definition, name), given[name], clock) for name in create.once_by]
    look_up = Reading(
        definition.relation, columns(definition), known_by, limit=2, deleted=marked(definition)
    )
    return Writing(definition.relation, row, look_up, create.procedure)


def _shown(definition: Definition, name: str) -> Field:
    field = definition.field(name)
    if field is None:
        raise LookupError(name)  # the definition was checked
    return field


def _given(create: Create, name: str, value: Any, clock: Clock) -> Any:
    field = next(one for one in create.fields if one.name == name)
    if value is None:
        return None
    try:
        offset = field.into in clock.with_offset
        return values.bound(value, field.type, clock.zone, with_offset=offset)
    except UnfitValueError as error:
        raise AskingError(str(error), at=f"/{name}") from None


def says_the_same(definition: Definition, given: Mapping[str, Any], row: Mapping[str, Any]) -> bool:
    """Whether a row that is there, as it is shown, says what was given to create it. Only what is both given
    and shown can be compared."""
    for name, value in given.items():
        field = definition.field(name)
        if field is not None and not _alike(value, row.get(name), field.type):
            return False
    return True


def _alike(given: Any, there: Any, type_: str) -> bool:
    if given is None or there is None:
        return given is there
    if type_ == "decimal":
        return values.Decimal(str(given)) == values.Decimal(there)
    if type_ == "datetime":
        return values.shown(given, type_, _UTC) == there
    return str(given) == str(there)


_UTC: Final = ZoneInfo("UTC")


def shown(definition: Definition, row: Mapping[str, Any], zone: ZoneInfo) -> dict[str, Any]:
    """A row as it is told. UnfitValueError names the field that cannot be."""
    found = {}
    for field in definition.fields:
        try:
            found[field.name] = values.shown(row[field.column], field.type, zone)
        except UnfitValueError as error:
            raise UnfitValueError(f"{field.name}: {error}") from None
    return found


def key_of(definition: Definition, row: Mapping[str, Any]) -> str:
    """The row's key as it stands in an address."""
    return values.address([values.mark(row[one.column]) for one in definition.key_fields])


def is_deleted(row: Mapping[str, Any]) -> bool:
    return bool(row.get(DELETED))


def marked(definition: Definition) -> Condition | None:
    """What tells that a row is deleted; None where rows are never marked so."""
    if not definition.deleted_by:
        return None
    return Condition(definition.deleted_by, "in", list(definition.deleted_values))


def _not_deleted(definition: Definition) -> list[Condition]:
    mark = marked(definition)
    return [mark._replace(compare="not in")] if mark else []


def _condition(definition: Definition, name: str, text: str, clock: Clock) -> Condition:
    field_name, _, suffix = name.partition(".")
    field = definition.field(field_name)
    if field is None or suffix not in SUFFIXES:
        raise AskingError(f"There is no parameter {name[:40]!r}.", at=name[:40])
    if not field.filter:
        raise AskingError(f"It is not narrowed by {field.name}.", at=name)
    if suffix == "prefix" and field.type != "string":
        raise AskingError("Only a text has a beginning.", at=name)
    if suffix and field.type == "boolean":
        raise AskingError("Ask for true or false.", at=name)
    try:
        return _equal(field, text, clock)._replace(compare=SUFFIXES[suffix])
    except UnfitValueError as error:
        raise AskingError(str(error), at=name) from None


def _equal(field: Field, value: Any, clock: Clock) -> Condition:
    offset = field.column in clock.with_offset
    return Condition(
        field.column, "=", values.bound(value, field.type, clock.zone, with_offset=offset)
    )
