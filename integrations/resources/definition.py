"""What a resource shows of a table or view, as JSON that people wrote, read strictly.

    {"relation": "item", "key": ["number"], "page_size": 100,
     "fields": [{"name": "number", "column": "item_no", "type": "string", "filter": true, "sort": true}],
     "changes": {"column": "changed_at"}, "deleted": {"column": "gone", "values": ["1"]},
     "create": {"procedure": "import_item", "once_by": ["number"],
                "fields": [{"name": "number", "into": "p_no", "type": "string", "required": true}]}}

`changes`, `deleted` and `create` may be left out. A create without a procedure inserts a row.
"""

import re
from collections.abc import Mapping, Sequence
from typing import Any, Final, NamedTuple, get_args

from integrations.resources.relations import ColumnKind

TYPES: Final = tuple(kind for kind in get_args(ColumnKind) if kind != "unfit")
MOST_FIELDS: Final = 200
MOST_ROWS: Final = 500
USUAL_ROWS: Final = 100
NAME: Final = re.compile(r"[a-z][a-z0-9_]{0,59}")
# Of a list's parameters, and of what a row says beside its fields.
RESERVED: Final = frozenset({"limit", "cursor", "sort", "format"})
_LONGEST: Final = 128


class Field(NamedTuple):
    """One column under its public name. `filter`: lists may be narrowed by it; `sort`: ordered by it."""

    name: str
    column: str
    type: str
    filter: bool
    sort: bool


class CreateField(NamedTuple):
    """One value that whoever creates gives, and the column or parameter it goes into."""

    name: str
    into: str
    type: str
    required: bool


class Create(NamedTuple):
    """How a row comes to be. `once_by`: the fields that tell whether it is there already."""

    procedure: str
    fields: tuple[CreateField, ...]
    once_by: tuple[str, ...]


class Definition(NamedTuple):
    """A resource. `key` names fields; the other columns are the database's own names, or blank."""

    relation: str
    key: tuple[str, ...]
    fields: tuple[Field, ...]
    page_size: int
    changed_by: str
    deleted_by: str
    deleted_values: tuple[str, ...]
    create: Create | None

    def field(self, name: str) -> Field | None:
        return next((one for one in self.fields if one.name == name), None)

    @property
    def key_fields(self) -> tuple[Field, ...]:
        by_name = {one.name: one for one in self.fields}
        return tuple(by_name[name] for name in self.key)


class DefinitionError(ValueError):
    """What is wrong with a definition, each in a sentence."""

    def __init__(self, *faults: str) -> None:
        super().__init__(" ".join(faults))
        self.faults = faults


def read(given: Any) -> Definition:
    """The definition that JSON says. DefinitionError names every place that is wrong."""
    whole = _Part("The definition", given)
    whole.knows("relation", "key", "fields", "page_size", "changes", "deleted", "create")
    fields = tuple(_field(one) for one in whole.parts("fields", most=MOST_FIELDS))
    changes, deleted = whole.part("changes"), whole.part("deleted")
    if changes:
        changes.knows("column")
    if deleted:
        deleted.knows("column", "values")
    found = Definition(
        relation=whole.text("relation"),
        key=whole.names("key"),
        fields=fields,
        page_size=whole.number("page_size", least=1, most=MOST_ROWS, usual=USUAL_ROWS),
        changed_by=changes.text("column") if changes else "",
        deleted_by=deleted.text("column") if deleted else "",
        deleted_values=deleted.names("values") if deleted else (),
        create=_create(whole),
    )
    if faults := list(_contradictions(found)):
        raise DefinitionError(*faults)
    return found


def _field(part: "_Part") -> Field:
    part.knows("name", "column", "type", "filter", "sort")
    return Field(
        _name(part), part.text("column"), _type(part), part.flag("filter"), part.flag("sort")
    )


def _create(whole: "_Part") -> Create | None:
    part = whole.part("create")
    if part is None:
        return None
    part.knows("procedure", "fields", "once_by")
    fields = tuple(_create_field(one) for one in part.parts("fields", most=MOST_FIELDS))
    return Create(part.text("procedure", required=False), fields, part.names("once_by"))


def _create_field(part: "_Part") -> CreateField:
    part.knows("name", "into", "type", "required")
    return CreateField(_name(part), part.text("into"), _type(part), part.flag("required"))


def _name(part: "_Part") -> str:
    name = part.text("name")
    if not NAME.fullmatch(name) or name in RESERVED:
        raise DefinitionError(
            f"{part.where}: {name!r} is no name of a field. Use small letters, digits and _, a letter"
            f" first, and none of {', '.join(sorted(RESERVED))}."
        )
    return name


def _type(part: "_Part") -> str:
    found = part.text("type")
    if found not in TYPES:
        raise DefinitionError(f"{part.where}: the type is one of {', '.join(TYPES)}.")
    return found


def _contradictions(found: Definition) -> list[str]:
    names = [one.name for one in found.fields]
    faults = [f"The field {name} stands twice." for name in sorted(_twice(names))]
    faults += [
        f"The key names {name}, which is no field." for name in found.key if name not in names
    ]
    faults += [f"The key names {name} twice." for name in sorted(_twice(found.key))]
    if found.deleted_by and not found.deleted_values:
        faults.append("Say which values of the column mark a row as deleted.")
    if found.create:
        faults += _of_create(found, found.create, names)
    return faults


def _of_create(found: Definition, create: Create, names: Sequence[str]) -> list[str]:
    given = {one.name: one for one in create.fields}
    faults = [
        f"Creating takes {name} twice." for name in sorted(_twice([*map(_first, create.fields)]))
    ]
    into = [one.into for one in create.fields]
    faults += [f"Creating writes {name} twice." for name in sorted(_twice(into))]
    if not create.once_by:
        faults.append(
            "Say by which fields a row is known that is there already: a repeat must find it."
        )
    for name in create.once_by:
        if name not in names or name not in given:
            faults.append(f"{name} is looked for before creating: it has to be read and given.")
        elif not given[name].required:
            faults.append(f"{name} is looked for before creating: it has to be required.")
    for one in create.fields:
        shown = found.field(one.name)
        if shown and shown.type != one.type:
            faults.append(f"{one.name} is read as {shown.type} and given as {one.type}.")
    return faults


def _first(one: CreateField) -> str:
    return one.name


def _twice(names: Sequence[str]) -> set[str]:
    return {name for name in names if list(names).count(name) > 1}


class _Part:
    """An object of the JSON, and where it stands."""

    def __init__(self, where: str, given: Any) -> None:
        if not isinstance(given, Mapping):
            raise DefinitionError(f"{where} has to be an object.")
        self.where, self._given = where, given

    def knows(self, *names: str) -> None:
        if strange := sorted(map(str, self._given.keys() - set(names))):
            raise DefinitionError(f"{self.where}: {strange[0]!r} is not known.")

    def text(self, name: str, *, required: bool = True) -> str:
        found = self._given.get(name, "")
        if not isinstance(found, str) or len(found) > _LONGEST or not found.isprintable():
            raise DefinitionError(f"{self.where}: {name} has to be a short text.")
        if required and not found:
            raise DefinitionError(f"{self.where}: {name} is missing.")
        return found

    def flag(self, name: str) -> bool:
        found = self._given.get(name, False)
        if not isinstance(found, bool):
            raise DefinitionError(f"{self.where}: {name} is true or false.")
        return found

    def number(self, name: str, *, least: int, most: int, usual: int) -> int:
        found = self._given.get(name, usual)
        if isinstance(found, bool) or not isinstance(found, int) or not least <= found <= most:
            raise DefinitionError(f"{self.where}: {name} is a number from {least} to {most}.")
        return found

    def names(self, name: str) -> tuple[str, ...]:
        found = self._given.get(name)
        texts = isinstance(found, list) and all(isinstance(one, str) and one for one in found)
        if not found or not texts or len(found) > MOST_FIELDS:
            raise DefinitionError(f"{self.where}: {name} has to be a list of names.")
        return tuple(found)

    def part(self, name: str) -> "_Part | None":
        found = self._given.get(name)
        return None if found is None else _Part(name, found)

    def parts(self, name: str, *, most: int) -> list["_Part"]:
        found = self._given.get(name)
        if not isinstance(found, list) or not 0 < len(found) <= most:
            raise DefinitionError(f"{self.where}: {name} has to be a list of 1 to {most}.")
        return [_Part(f"{name}[{at}]", one) for at, one in enumerate(found)]
