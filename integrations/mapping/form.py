"""The form mode of the editor: a reading of a row's source, never a second way to store it."""

import json

from integrations.mapping.forms import (
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
from integrations.mapping.reading import read_source
from integrations.mapping.source import Row


def read_form(row: Row) -> Form:
    """The form of a row; Formula where no other says exactly what its source says."""
    try:
        form = read_source(row.source)
    except (ValueError, RecursionError):
        return Formula(row.source)
    if row.target.endswith("[]") and isinstance(form, Field) and not form.reading:
        return Loop(form.path)
    return form


def write_form(form: Form) -> str:
    """The source of a form: `read_form` of a row with it gives `form` again.

    ValueError for a form no source says: one part put together, a separator with parts that are
    not plain fields, a part that is a formula or a loop, a path that is none.
    """
    source = _write(form)
    if not isinstance(form, Formula | Loop):
        try:
            same = read_source(source) == form
        except ValueError:
            same = False
        if not same:
            raise ValueError(f"{describe(form)} cannot be written as it is.")
    return source


def _write(form: Form) -> str:
    match form:
        case Formula(source):
            return source
        case Loop(path):
            return path
        case Field(path, reading):
            return f"${reading}({path})" if reading else path
        case Constant(value):
            return json.dumps(value, ensure_ascii=False)
        case Concat():
            return _write_concat(form)
        case Several(parts, filled):
            listed = f"[{', '.join(map(_write, parts))}]"
            return f'{listed}[$ != ""]' if filled else listed
        case Condition(when, then, otherwise):
            source = f"{_write_test(when)} ? {_grouped(then, Condition)}"
            return source if otherwise is None else f"{source} : {_write(otherwise)}"
        case _:
            return _write_call(form)


def _write_concat(form: Concat) -> str:
    if form.separator:
        listed = ", ".join(f"$string({_write(part)})" for part in form.parts)
        source = f"$join([{listed}], {_write(Constant(form.separator))})"
    else:
        source = " & ".join(_grouped(part, Concat, Condition) for part in form.parts)
    return f"$trim({source})" if form.trim else source


def _grouped(form: Form, *kinds: type) -> str:
    grouped = isinstance(form, kinds) and not (isinstance(form, Concat) and form.trim)
    return f"({_write(form)})" if grouped else _write(form)


def _write_test(test: When) -> str:
    field = _write(test.field)
    return field if test.value is None else f"{field} {test.operator} {_write(test.value)}"


def _write_call(form: Form) -> str:
    match form:
        case Date(of, "date", _):
            return f"$date({_write(of)})"
        case Date(of, _, zone):
            return _call("utc", of, zone)
        case Currency(amount, currency):
            return _call("money", amount, currency)
        case Lookup(table, of, default) | Unit(of, table, default):
            return _call("lookup", Constant(table), of, default)
        case Link(kind, of, default):
            return _call("binding", Constant(kind), of, default)
    raise TypeError(f"{type(form).__name__} is no form")


def _call(name: str, *parts: Form | None) -> str:
    return f"${name}({', '.join(_write(part) for part in parts if part is not None)})"


def describe(form: Form) -> str:
    """A form in words, on one line."""
    match form:
        case Field(path, reading):
            return f"{path} {_READ[reading]}" if reading else path
        case Constant(value):
            return _describe_constant(value)
        case Concat(parts, separator, _):
            between = f", with “{separator}” between" if separator else ""
            return f"{' + '.join(map(describe, parts))} as one text{between}"
        case Several(parts, filled):
            listed = ", ".join(map(describe, parts)) or "nothing"
            return f"a list of {listed}{', without empty ones' if filled else ''}"
        case Condition():
            return _describe_condition(form)
        case Loop(path):
            return f"one for each of {path}"
        case Formula(source):
            return f"the formula {' '.join(source.split())}"
        case _:
            return _describe_call(form)


_READ = {
    "text": "as trimmed text",
    "string": "as text",
    "decimal": "as a decimal",
    "number": "as a number",
    "uppercase": "in capitals",
    "lowercase": "in small letters",
    "trim": "trimmed",
    "boolean": "as yes or no",
}
_COMPARED = {
    "=": "is",
    "!=": "is not",
    "<": "is less than",
    "<=": "is at most",
    ">": "is more than",
    ">=": "is at least",
    "in": "is one of",
}


def _describe_constant(value: str | int | bool | None) -> str:
    if isinstance(value, str):
        return f"always “{value}”"
    return "always empty" if value is None else f"always {json.dumps(value)}"


def _plainly(form: Form | None) -> str:
    return describe(form).removeprefix("always ") if form is not None else "nothing"


def _describe_condition(form: Condition) -> str:
    when, then = form.when, form.then
    field, own = describe(when.field), when.operator == "filled" and form.then == when.field
    if own:
        end = f", else {_plainly(form.otherwise)}" if form.otherwise else " where it is filled"
        return f"{field}{end}"
    if isinstance(when.value, Several):
        value = " or ".join(map(_plainly, when.value.parts))
    else:
        value = _plainly(when.value)
    test = "is filled" if when.value is None else f"{_COMPARED[when.operator]} {value}"
    end = f", else {_plainly(form.otherwise)}" if form.otherwise else ""
    return f"{_plainly(then)} if {field} {test}{end}"


def _describe_call(form: Form) -> str:
    match form:
        case Date(of, "date", _):
            return f"the day of {describe(of)}"
        case Date(of, _, zone):
            local = f", written in the time of {_plainly(zone)}" if zone else ""
            return f"the moment of {describe(of)}{local}"
        case Currency(amount, currency):
            return f"the amount of {_plainly(amount)} in {_plainly(currency)}"
        case Lookup(table, of, default) | Unit(of, table, default):
            return f"{describe(of)} looked up in {table}{_or_else(default)}"
        case Link(kind, of, default):
            return f"the other side's id of {kind} {describe(of)}{_or_else(default)}"
    raise TypeError(f"{type(form).__name__} is no form")


def _or_else(default: Form | None) -> str:
    return f", without a row {_plainly(default)}" if default is not None else ""
