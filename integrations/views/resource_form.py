"""The form of a resource: its table's columns with ticks, and what becomes of them as a definition."""

import re
from collections.abc import Mapping, Sequence
from typing import Any, Final, NamedTuple

from django import forms

from integrations.domain.resources import ResourceRefusedError
from integrations.resources.definition import MOST_ROWS, TYPES, USUAL_ROWS
from integrations.resources.relations import Column, Procedure, Relation

INSERT: Final = "insert"
_CHANGES: Final = ("datetime", "integer")
_NO: Final = ("", "none")


class ShownLine(NamedTuple):
    """A column of the table: whether it is shown, and as what. Names of inputs end in its number."""

    at: int
    column: str
    kind: str
    types: tuple[str, ...]
    shown: bool
    name: str
    type: str
    is_key: bool
    filter: bool
    sort: bool


class GivenLine(NamedTuple):
    """A column or parameter that whoever creates a row may give."""

    at: int
    into: str
    kind: str
    given: bool
    name: str
    type: str
    required: bool
    once: bool


class ResourceForm(forms.Form):
    """What stands beside the columns; `shown` and `given` are the lines, of what was sent or of a draft."""

    label = forms.CharField(max_length=80, label="Name", help_text="What people call it: Parts.")
    slug = forms.CharField(
        max_length=40, label="Short name", help_text="Stands in its address: parts."
    )
    changes = forms.ChoiceField(
        required=False,
        label="Changes are seen by",
        help_text="A column that grows with every change. Each change is told as an event.",
    )
    deleted = forms.ChoiceField(
        required=False,
        label="Deleted rows are marked in",
        help_text="Such rows are not shown. Rows that vanish are not noticed.",
    )
    deleted_values = forms.CharField(
        required=False,
        max_length=200,
        label="Values that mark them",
        help_text="Of deleted rows, separated by commas: 1, Y.",
    )
    page_size = forms.IntegerField(
        min_value=1, max_value=MOST_ROWS, initial=USUAL_ROWS, label="Rows a page, at most"
    )

    def __init__(
        self, data: Any, *, relation: Relation, creates: str, procedure: Procedure | None,
        draft: Mapping[str, Any] | None = None, label: str = "", slug: str = "",
    ) -> None:  # fmt: skip
        self.relation, self.creates, self.procedure = relation, creates, procedure
        draft = draft or {}
        super().__init__(data, initial=_initial(draft, label, slug))
        self.fields["changes"].choices = _choices(relation, _CHANGES)  # type: ignore[attr-defined]
        self.fields["deleted"].choices = _choices(relation, ())  # type: ignore[attr-defined]
        if slug:
            self.fields["slug"].disabled = True
        if relation.is_file:
            del self.fields["changes"]  # a file is compared with the one before
            self.fields["deleted"].help_text = "Such rows are not shown."
        self.shown = self._shown(draft)
        self.given = self._given(draft)

    def definition(self) -> dict[str, Any]:
        """What was ticked, as JSON of `integrations.resources.definition`, which checks it."""
        given = self.cleaned_data
        found: dict[str, Any] = {
            "relation": self.relation.name,
            "key": [one.name for one in self.shown if one.shown and one.is_key],
            "fields": [
                {"name": one.name, "column": one.column, "type": one.type, "filter": one.filter,
                 "sort": one.sort}
                for one in self.shown if one.shown
            ],
            "page_size": given["page_size"],
        }  # fmt: skip
        if not found["fields"]:
            raise ResourceRefusedError("Tick the columns that are shown.")
        if not found["key"]:
            raise ResourceRefusedError("Tick which of the shown columns are the key of a row.")
        if given.get("changes"):
            found["changes"] = {"column": given["changes"]}
        if given["deleted"]:
            texts = [one.strip() for one in given["deleted_values"].split(",") if one.strip()]
            if not texts:
                raise ResourceRefusedError("Say which values mark a row as deleted.")
            found["deleted"] = {"column": given["deleted"], "values": texts}
        if self.creates:
            found["create"] = self._create()
        return found

    def _create(self) -> dict[str, Any]:
        fields = [
            {"name": one.name, "into": one.into, "type": one.type, "required": one.required}
            for one in self.given
            if one.given
        ]
        once_by = [one.name for one in self.given if one.given and one.once]
        if not fields or not once_by:
            raise ResourceRefusedError(
                "Tick what is given to create a row, and by which of it a row is known again."
            )
        name = self.procedure.name if self.procedure else ""
        return {"procedure": name, "fields": fields, "once_by": once_by}

    def _shown(self, draft: Mapping[str, Any]) -> list[ShownLine]:
        known = {one["column"]: one for one in draft.get("fields", ())}
        keys = set(draft.get("key", ()))
        return [
            self._shown_line(at, column, known.get(column.name), keys)
            for at, column in _fit(self.relation.columns)
        ]

    def _shown_line(
        self, at: int, column: Column, draft: Mapping[str, Any] | None, keys: set[str]
    ) -> ShownLine:
        types = tuple(dict.fromkeys((column.kind, "string")))
        if self.is_bound:
            return ShownLine(
                at, column.name, column.kind, types, self._ticked("show", at),
                self._text("name", at), self._type("type", at, types), self._ticked("key", at),
                self._ticked("filter", at), self._ticked("sort", at),
            )  # fmt: skip
        if draft:
            return ShownLine(
                at, column.name, column.kind, types, True, draft["name"], draft["type"],
                draft["name"] in keys, draft.get("filter", False), draft.get("sort", False),
            )  # fmt: skip
        is_key = column.name in self.relation.key and not keys
        name = public_name(column.name)
        return ShownLine(
            at, column.name, column.kind, types, is_key, name, column.kind, is_key, is_key, is_key
        )

    def _given(self, draft: Mapping[str, Any]) -> list[GivenLine]:
        create = draft.get("create") or {}
        known = {one["into"]: one for one in create.get("fields", ())}
        once_by = set(create.get("once_by", ()))
        into = self.procedure.takes if self.procedure else self.relation.columns
        return [
            self._given_line(at, column, known.get(column.name), once_by)
            for at, column in _fit(into if self.creates else ())
        ]

    def _given_line(
        self, at: int, column: Column, draft: Mapping[str, Any] | None, once_by: set[str]
    ) -> GivenLine:
        if self.is_bound:
            return GivenLine(
                at, column.name, column.kind, self._ticked("give", at),
                self._text("given_name", at),
                self._type("given_type", at, (column.kind, "string")),
                self._ticked("required", at), self._ticked("once", at),
            )  # fmt: skip
        if draft:
            name = draft["name"]
            return GivenLine(
                at, column.name, column.kind, True, name, draft["type"],
                draft.get("required", False), name in once_by,
            )  # fmt: skip
        return GivenLine(
            at, column.name, column.kind, False, public_name(column.name), column.kind, False, False
        )

    def _ticked(self, name: str, at: int) -> bool:
        return f"{name}_{at}" in self.data

    def _text(self, name: str, at: int) -> str:
        return str(self.data.get(f"{name}_{at}", "")).strip()

    def _type(self, name: str, at: int, types: Sequence[str]) -> str:
        found = str(self.data.get(f"{name}_{at}", ""))
        return found if found in types else types[0]


def _initial(draft: Mapping[str, Any], label: str, slug: str) -> dict[str, Any]:
    deleted = draft.get("deleted") or {}
    return {
        "label": label,
        "slug": slug,
        "changes": (draft.get("changes") or {}).get("column", ""),
        "deleted": deleted.get("column", ""),
        "deleted_values": ", ".join(deleted.get("values", ())),
        "page_size": draft.get("page_size", USUAL_ROWS),
    }


def _fit(columns: Sequence[Column]) -> list[tuple[int, Column]]:
    """What can be shown or given at all, numbered as it stands in the table."""
    return [(at, one) for at, one in enumerate(columns) if one.kind in TYPES]


def _choices(relation: Relation, kinds: Sequence[str]) -> list[tuple[str, str]]:
    fit = [one.name for _, one in _fit(relation.columns) if not kinds or one.kind in kinds]
    return [_NO, *((name, name) for name in fit)]


def public_name(column: str) -> str:
    """A column's name as callers would write it: PartNo and PART NO. are part_no."""
    words = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", column)
    found = re.sub(r"[^a-z0-9]+", "_", words.lower()).strip("_")
    return (found if found[:1].isalpha() else f"f_{found}")[:60]
