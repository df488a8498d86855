"""The form mode of the mapping editor: a form of a page for each form of a row."""

import re
from collections.abc import Iterable
from typing import Any

from django import forms

from integrations.mapping import Row
from integrations.mapping.form import read_form, write_form
from integrations.mapping.forms import (
    COMPARISONS,
    READINGS,
    UNIT_TABLES,
    Concat,
    Condition,
    Constant,
    Currency,
    Date,
    Field,
    Form,
    Formula,
    Link,
    Lookup,
    Loop,
    Several,
    Unit,
    When,
)

_MONO = {"class": "mono", "spellcheck": "false", "autocomplete": "off"}
_READ = {
    "": "as it is",
    "decimal": "as a decimal",
    "boolean": "as yes or no",
    "text": "trimmed text",
}
_COMPARED = {"filled": "is filled", "=": "is", "!=": "is not", "in": "is one of"}


class Part(forms.CharField):
    """A part of a form, written as its source: `ship_to.city`, `"Reno"`, `$lookup("sku", sku)`."""

    def __init__(self, *only: type, **options: Any) -> None:
        super().__init__(max_length=500, widget=forms.TextInput(attrs=_MONO), **options)
        self._only = only

    def clean(self, value: Any) -> Form | None:
        text = super().clean(value)
        if not text:
            return None
        part = read_form(Row("part", text))
        if isinstance(part, Formula):
            raise forms.ValidationError(f"{text[:60]} is neither a field nor a value in quotes.")
        if self._only and not isinstance(part, self._only):
            raise forms.ValidationError(f"{text[:60]} cannot stand here: name a field.")
        return part

    def prepare_value(self, value: Any) -> Any:
        return value if value is None or isinstance(value, str) else write_form(value)


class Parts(forms.CharField):
    """Several parts, one a line."""

    def __init__(self, **options: Any) -> None:
        super().__init__(widget=forms.Textarea(attrs={**_MONO, "rows": 3}), **options)

    def clean(self, value: Any) -> tuple[Form, ...]:
        lines = [line.strip() for line in super().clean(value).split("\n") if line.strip()]
        return tuple(part for line in lines if (part := Part().clean(line)))

    def prepare_value(self, value: Any) -> Any:
        return (
            value if value is None or isinstance(value, str) else "\n".join(map(write_form, value))
        )


class FieldForm(forms.Form):
    """A field of the document."""

    path = forms.CharField(label="Field", max_length=300, widget=forms.TextInput(attrs=_MONO))
    reading = forms.ChoiceField(
        label="Read", choices=[("", _READ[""]), *((r, _READ.get(r, r)) for r in READINGS)],
        required=False,
    )  # fmt: skip


class ConstantForm(forms.Form):
    """The same for every document."""

    value = forms.CharField(label="Value", max_length=300, required=False, strip=False)


class ConcatForm(forms.Form):
    """Parts as one text."""

    parts = Parts(label="Parts, one a line")
    separator = forms.CharField(label="Between them", max_length=20, required=False, strip=False)
    trim = forms.BooleanField(label="Without blanks around", required=False)


class SeveralForm(forms.Form):
    """Parts as a list."""

    parts = Parts(label="Entries, one a line")
    filled = forms.BooleanField(label="Without empty ones", required=False)


class DateForm(forms.Form):
    """A day, or a moment in UTC."""

    of = Part(Field, label="Field")
    format = forms.ChoiceField(label="Is", choices=[("date", "a day"), ("time", "a moment")])
    zone = Part(Field, Constant, label="Time zone", required=False)


class CurrencyForm(forms.Form):
    """An amount in a currency."""

    amount = Part(label="Amount")
    currency = Part(label="Currency")


class CodeForm(forms.Form):
    """A code that a table translates."""

    table = forms.CharField(
        label="Table", max_length=40, widget=forms.TextInput(attrs={**_MONO, "list": "tables"})
    )
    of = Part(Field, label="Code")
    default = Part(label="Without a row", required=False)


class LinkForm(forms.Form):
    """An id of the other side."""

    kind = forms.CharField(label="Record", max_length=40)
    of = Part(Field, label="Its key here")
    default = Part(label="Where unknown", required=False)


class ConditionForm(forms.Form):
    """One value or another."""

    field = Part(Field, label="If")
    operator = forms.ChoiceField(
        label="compared",
        choices=[("filled", _COMPARED["filled"]), *((c, _COMPARED.get(c, c)) for c in COMPARISONS)],
    )
    value = Part(Field, Constant, Several, label="with", required=False)
    then = Part(label="Then")
    otherwise = Part(label="Else", required=False)


class LoopForm(forms.Form):
    """One entry for each."""

    path = forms.CharField(label="For each of", max_length=300, widget=forms.TextInput(attrs=_MONO))


class FormulaForm(forms.Form):
    """JSONata."""

    source = forms.CharField(label="JSONata", widget=forms.Textarea(attrs={**_MONO, "rows": 4}))


KINDS: dict[str, tuple[str, type[forms.Form]]] = {
    "Field": ("field", FieldForm),
    "Constant": ("constant", ConstantForm),
    "Concat": ("text of parts", ConcatForm),
    "Several": ("list of parts", SeveralForm),
    "Date": ("date or time", DateForm),
    "Unit": ("unit", CodeForm),
    "Currency": ("currency amount", CurrencyForm),
    "Lookup": ("lookup", CodeForm),
    "Link": ("id of the other side", LinkForm),
    "Condition": ("condition", ConditionForm),
    "Loop": ("line-item loop", LoopForm),
    "Formula": ("JSONata", FormulaForm),
}


def kinds_for(target: str) -> list[tuple[str, str]]:
    """The forms a target may have: a list is a loop, and only a list."""
    loops = target.endswith("[]")
    return [(name, label) for name, (label, _) in KINDS.items() if loops or name != "Loop"]


def filled(form: Form) -> forms.Form:
    """The page's form with what the row says."""
    _, made = KINDS[type(form).__name__]
    said = {name: getattr(form, name) for name in form.__slots__}
    if isinstance(form, Constant):
        said["value"] = _constant_text(form.value)
    if isinstance(form, Condition):
        said = {"field": form.when.field, "operator": form.when.operator, "value": form.when.value,
                "then": form.then, "otherwise": form.otherwise}  # fmt: skip
    return made(initial=said, auto_id="f-%s")


def empty(kind: str, source: str) -> forms.Form:
    """The form of another kind, with the row's first field where a field is asked for."""
    _, made = KINDS[kind]
    field = next(iter(fields_in(read_form(Row("part", source)))), "") if source else ""
    first = next(iter(made.base_fields))
    return made(initial={first: source if kind == "Formula" else field}, auto_id="f-%s")


def fields_in(form: Any) -> Iterable[str]:
    """The paths a form reads, in the order in which they stand."""
    if isinstance(form, Field | Loop):
        yield form.path
    elif isinstance(form, tuple):
        for part in form:
            yield from fields_in(part)
    elif hasattr(form, "__slots__"):
        for name in form.__slots__:
            yield from fields_in(getattr(form, name))


def read(kind: str, data: Any) -> tuple[forms.Form, str]:
    """The posted form, and the source it says; "" with the reason in the form's errors."""
    _, made = KINDS[kind]
    posted = made(data, auto_id="f-%s")
    if not posted.is_valid():
        return posted, ""
    try:
        return posted, write_form(_form(kind, posted.cleaned_data))
    except (ValueError, TypeError) as error:
        posted.add_error(None, str(error))
        return posted, ""


def _form(kind: str, given: dict[str, Any]) -> Form:
    match kind:
        case "Field":
            return Field(given["path"], given["reading"])
        case "Constant":
            return Constant(_constant(given["value"]))
        case "Concat":
            return Concat(given["parts"], given["separator"], given["trim"])
        case "Several":
            return Several(given["parts"], given["filled"])
        case "Date":
            return Date(given["of"], given["format"], given["zone"])
        case "Currency":
            return Currency(given["amount"], given["currency"])
        case "Lookup" | "Unit":
            table, of, default = given["table"], given["of"], given["default"]
            return Unit(of, table, default) if table in UNIT_TABLES else Lookup(table, of, default)
        case "Link":
            return Link(given["kind"], given["of"], given["default"])
        case "Condition":
            filled_only = given["operator"] == "filled"
            when = When(given["field"], given["operator"], None if filled_only else given["value"])
            return Condition(when, given["then"], given["otherwise"])
        case "Loop":
            return Loop(given["path"])
    return Formula(given["source"])


_NUMBER = re.compile(r"0|-?[1-9][0-9]{0,14}", re.ASCII)
_WORDS: dict[str, bool | None] = {"true": True, "false": False, "null": None}


def _constant(text: str) -> str | int | bool | None:
    """A number, true, false or null as such; else a text, in quotes or without."""
    if text in _WORDS:
        return _WORDS[text]
    if _NUMBER.fullmatch(text):
        return int(text)
    return text[1:-1] if len(text) > 1 and text[0] == text[-1] == '"' else text


def _constant_text(value: str | int | bool | None) -> str:
    if isinstance(value, str):
        return f'"{value}"' if _constant(value) != value else value
    return next((word for word, said in _WORDS.items() if said is value), str(value))
