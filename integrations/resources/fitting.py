"""Whether a definition fits what the database has: each thing that does not, in a sentence."""

from collections.abc import Iterator

from integrations.resources.definition import Create, Definition
from integrations.resources.relations import Column, Procedure, Relation

_KEYS = ("string", "integer", "decimal", "date")


def faults(
    definition: Definition, relation: Relation | None, procedure: Procedure | None
) -> list[str]:
    """`procedure`: the one that the definition creates with, where it names one."""
    if relation is None:
        return [f"There is no {definition.relation} any more, or the login may not see it."]
    if relation.is_file and definition.changed_by:
        return ["changes: files are compared with the one before. Name no column."]
    return [
        *_fields(definition, relation),
        *_named(relation, "changes", definition.changed_by, ("datetime", "integer", "string")),
        *_named(relation, "deleted", definition.deleted_by, ()),
        *_created(definition, relation, procedure),
    ]


def _fields(definition: Definition, relation: Relation) -> Iterator[str]:
    for one in definition.fields:
        column = relation.column(one.column)
        yield from _typed(relation.name, one.name, one.column, one.type, column)
    for field in definition.key_fields:
        known = relation.column(field.column)
        if known and known.kind not in _KEYS:
            yield f"{field.name} is in the key, and a {known.kind} is no good key."


def _typed(
    where: str, name: str, column_name: str, type_: str, column: Column | None
) -> Iterator[str]:
    if column is None:
        yield f"{where} has no {column_name}."
    elif column.kind == "unfit":
        yield f"{name}: what {column_name} holds, such as bytes, is never shown or taken."
    elif type_ not in (column.kind, "string"):
        yield f"{name}: {column_name} holds {column.kind}, and {type_} was asked for."


def _named(relation: Relation, what: str, name: str, kinds: tuple[str, ...]) -> Iterator[str]:
    if not name:
        return
    column = relation.column(name)
    if column is None:
        yield f"{what}: {relation.name} has no {name}."
    elif column.kind == "unfit" or (kinds and column.kind not in kinds):
        yield f"{what}: {name} holds {column.kind}, which does not grow with every change."


def _created(
    definition: Definition, relation: Relation, procedure: Procedure | None
) -> Iterator[str]:
    create = definition.create
    if create is None:
        return
    if create.procedure:
        if procedure is None:
            yield f"The database has no procedure {create.procedure}, or several of that name."
            return
        yield from _given(create, procedure.name, procedure.takes)
    elif relation.read_only:
        yield f"{relation.name}: {relation.read_only}"
    else:
        yield from _given(create, relation.name, relation.columns)


def _given(create: Create, where: str, columns: tuple[Column, ...]) -> Iterator[str]:
    by_name = {one.name: one for one in columns}
    for field in create.fields:
        column = by_name.get(field.into)
        yield from _typed(where, field.name, field.into, field.type, column)
    always = {field.into for field in create.fields if field.required}
    for column in columns:
        if not column.nullable and not column.has_default and column.name not in always:
            yield f"{where} needs {column.name} with every row: it has to be given and required."
