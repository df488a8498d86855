"""The sheet of a contract or an extension: a table of fields, or JSON."""

import json
from collections.abc import Sequence
from typing import Any

from django import forms
from django.forms import formset_factory

from integrations.contracts import problems_with
from integrations.contracts.lines import KINDS, Line, PathError, lines_of, with_lines
from integrations.domain.subjects import Content
from integrations.views.draft_sheet import MONO, Data, Rows, Sheet, is_filled

MOST_LINES, MOST_DEPTH = 300, 100


class LineForm(forms.Form):
    """One field of a schema."""

    path = forms.CharField(label="Field", max_length=300, widget=forms.TextInput(attrs=MONO))
    kind = forms.ChoiceField(label="Type", choices=list(KINDS.items()), initial="string")
    required = forms.BooleanField(label="Always there", required=False)
    empty = forms.BooleanField(label="May be empty", required=False)
    choices = forms.CharField(
        label="Only these", required=False, widget=forms.TextInput(attrs=MONO)
    )
    note = forms.CharField(label="What it means", max_length=300, required=False)

    def line(self) -> Line:
        data = self.cleaned_data
        choices = tuple(text.strip() for text in data["choices"].split("|") if text.strip())
        said = {name: data[name] for name in ("path", "kind", "empty", "required", "note")}
        return Line(**said, choices=choices)


class JsonForm(forms.Form):
    """A schema as it is stored."""

    schema = forms.CharField(label="JSON Schema", widget=forms.Textarea(attrs={**MONO, "rows": 28}))

    def clean_schema(self) -> Any:
        try:
            schema = json.loads(self.cleaned_data["schema"])
        except (ValueError, RecursionError) as error:
            raise forms.ValidationError(f"This is not JSON: {error}") from None
        if not isinstance(schema, dict):
            raise forms.ValidationError("A schema is written in braces.")
        if _deeper_than(schema, MOST_DEPTH):
            raise forms.ValidationError(f"This is nested deeper than {MOST_DEPTH} levels.")
        return schema


def _deeper_than(value: Any, most: int) -> bool:
    """Level by level, because what is too deep is too deep for a call within a call as well."""
    level = [value]
    for _ in range(most):
        inside = (
            v.values() if isinstance(v, dict) else v for v in level if isinstance(v, dict | list)
        )
        level = [child for children in inside for child in children]
        if not level:
            return False
    return True


class SchemaSheet(Sheet):
    """A contract, or a namespace of the canonical model, as a table of fields or as JSON."""

    hints: Sequence[str] = (
        "Fields within groups are written with dots, those in the entries of a list with []:"
        " ship_to.city, lines[].sku. Choices are parted by |.",
    )
    modes = (("", "Fields"), ("json", "JSON"))
    closed = False

    def __init__(self, content: Content, data: Data, mode: str) -> None:
        self._before = content["schema"]
        unsayable = bool(problems_with(self._before))
        lines = [] if unsayable else lines_of(self._before)
        if mode == "json" or unsayable or len(lines) > MOST_LINES:
            pretty = json.dumps(self._before, indent=2, ensure_ascii=False)
            self.form, self.hints = JsonForm(data, initial={"schema": pretty}), ()
        else:
            initial = [{**one._asdict(), "choices": " | ".join(one.choices)} for one in lines]
            self.table = formset_factory(
                LineForm, formset=Rows, extra=3, can_delete=True, max_num=2 * MOST_LINES
            )(data, initial=initial, prefix="line")

    def is_valid(self) -> bool:
        if not super().is_valid():
            return False
        try:
            self.content()
        except PathError as error:
            assert self.table is not None
            self.table.non_form_errors().append(str(error))
            return False
        return True

    def content(self) -> Content:
        if self.table is None:
            assert self.form is not None
            return {"schema": self.form.cleaned_data["schema"]}
        lines = [form.line() for form in self.table if is_filled(form)]
        return {"schema": with_lines(self._before, lines, closed=self.closed)}


class ExtensionSheet(SchemaSheet):
    """Extensions take nothing that is not declared."""

    closed = True
