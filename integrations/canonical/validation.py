"""Check a canonical body against its schema, in plain words."""

import re
from typing import Any, Final

import jsonschema_rs

from integrations.canonical.pieces import Flaw, TooLong, flaws
from integrations.canonical.problem import Problem, format_path, shorten
from integrations.canonical.schema import pattern_words, validator_of
from portal.core.currencies import MINOR_UNITS

_MOST: Final = 200
# Should the pieces of a refused body all pass, it is refused still.
_UNTOLD: Final = Problem("wrong_format", "", "", "The document does not fit its schema.")
_DECIMAL: Final = re.compile(r"-?[0-9]+(\.[0-9]+)?", re.ASCII)
_ADDRESSES: Final = frozenset({"ship_to", "bill_to", "mark_for", "ship_from", "addresses"})
_KINDS: Final = {
    "string": "text",
    "object": "a group of fields",
    "array": "a list",
    "boolean": "true or false",
    "number": "a number",
    "integer": "a whole number",
}


def validate(object_type: str, body: Any) -> list[Problem]:
    """Everything in `body` that the schema of `object_type` refuses; empty when it is good.

    At most 200 problems are told. A duplicate line number in an order is one of them, and so is a
    currency there is none of.
    KeyError for an unknown object type.
    """
    if not validator_of(object_type).is_valid(body):
        return _tell(object_type, body)
    found = _unknown_currency(body)
    return [*found, *_repeated_lines(body)] if object_type == "order" else found


def _unknown_currency(body: dict[str, Any]) -> list[Problem]:
    """The schema knows three letters; which of them are money stands in ISO 4217."""
    currency = body.get("currency")
    if currency is None or currency in MINOR_UNITS:
        return []
    text = f"“{shorten(currency)}” is not a currency."
    return [Problem("currency_unknown", "currency", shorten(currency), text)]


def _tell(object_type: str, body: Any) -> list[Problem]:
    problems: dict[Problem, None] = {}
    for flaw in flaws(object_type, body):
        problems.update(dict.fromkeys(_problems(flaw)))
        if len(problems) >= _MOST:
            break
    return list(problems)[:_MOST] or [_UNTOLD]


def _problems(flaw: Flaw | TooLong) -> list[Problem]:
    if isinstance(flaw, TooLong):
        return [_too_long(flaw)]
    error = flaw.error
    path = [*flaw.at, *error.instance_path]
    match error.kind:
        case jsonschema_rs.ValidationErrorKind.Required(property=name):
            return [_missing(path, name)]
        case jsonschema_rs.ValidationErrorKind.AdditionalProperties(unexpected=names):
            return [_unknown_field(path, name) for name in names]
        case jsonschema_rs.ValidationErrorKind.Enum(options=options):
            return [_unknown_value(path, error.instance, options)]
        case jsonschema_rs.ValidationErrorKind.Type(types=types):
            return [_wrong_type(path, error.instance, types)]
        case jsonschema_rs.ValidationErrorKind.MinItems():
            text = f"{_name(path)} is empty; at least one entry is needed."
            return [Problem(_code("missing_field", path), format_path(path), "", text)]
        case _:
            return [_refused(path, error)]


def _too_long(found: TooLong) -> Problem:
    path = [*found.at]
    text = f"{_name(path)} has {found.length} entries; at most {found.limit} fit."
    return Problem(_code("wrong_format", path), format_path(path), str(found.length), text)


def _missing(path: list[str | int], name: str) -> Problem:
    where = [*path, name]
    code = "unknown_sku" if name == "sku" and "lines" in path else _code("missing_field", where)
    return Problem(code, format_path(where), "", f"{_name(where)} is missing.")


def _unknown_field(path: list[str | int], name: str) -> Problem:
    where = [*path, name]
    text = f"{_name(where)} is not a field of this object."
    return Problem("unknown_field", format_path(where), "", text)


def _unknown_value(path: list[str | int], value: Any, options: list[Any]) -> Problem:
    known = ", ".join(str(option) for option in options)
    text = f"{_name(path)} is “{shorten(value)}”; known values are {known}."
    return Problem("schema_drift", format_path(path), shorten(value), text)


def _wrong_type(path: list[str | int], value: Any, types: list[str]) -> Problem:
    wanted = " or ".join(_KINDS.get(kind, kind) for kind in types)
    text = f"{_name(path)} must be {wanted}."
    return Problem(_code("wrong_type", path), format_path(path), shorten(value), text)


def _refused(path: list[str | int], error: jsonschema_rs.ValidationError) -> Problem:
    value = error.instance
    if isinstance(value, str) and "\0" in value:
        text = f"{_name(path)} holds a NUL character."
        return Problem("encoding_error", format_path(path), shorten(value), text)
    if path and path[-1] == "quantity" and isinstance(value, str) and _DECIMAL.fullmatch(value):
        text = f"{_name(path)} is {shorten(value)}; it must be more than zero."
        return Problem("quantity_not_positive", format_path(path), shorten(value), text)
    text = f"{_name(path)} is “{shorten(value)}”; {_wish(error)}."
    return Problem(_code("wrong_format", path), format_path(path), shorten(value), text)


def _wish(error: jsonschema_rs.ValidationError) -> str:
    match error.kind:
        case jsonschema_rs.ValidationErrorKind.MaxLength(limit=limit):
            return f"at most {limit} characters fit"
        case jsonschema_rs.ValidationErrorKind.MaxProperties(limit=limit):
            return f"at most {limit} entries fit"
        case jsonschema_rs.ValidationErrorKind.MinLength():
            return "it must not be empty"
        case jsonschema_rs.ValidationErrorKind.Format(format=name):
            return f"a {name.replace('-', ' and ')} is needed"
        case jsonschema_rs.ValidationErrorKind.Pattern(pattern=pattern):
            return f"{pattern_words().get(pattern, pattern)} is needed"
        case jsonschema_rs.ValidationErrorKind.AnyOf():
            return "a date or a date and time in UTC is needed"
    return "the schema refuses it"


def _code(code: str, path: list[str | int]) -> str:
    return "address_invalid" if path and path[0] in _ADDRESSES else code


def _name(path: list[str | int]) -> str:
    """`["lines", 1, "sku"]` as `lines[1].sku`, and the body itself by a word."""
    return format_path(path) or "The document"


def _repeated_lines(order: dict[str, Any]) -> list[Problem]:
    seen: set[str] = set()
    problems = []
    for index, line in enumerate(order["lines"]):
        number = line.get("line_no")
        if number in seen:
            text = f"Line number {number} stands on more than one line."
            problems.append(Problem("duplicate_line_no", f"lines[{index}].line_no", number, text))
        if number is not None:
            seen.add(number)
    return problems[:_MOST]
