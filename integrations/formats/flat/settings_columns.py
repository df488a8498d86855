"""The settings of one column."""

from collections.abc import Sequence
from typing import Any, Final

from integrations.formats.flat.fields import Fields
from integrations.formats.flat.profile import NO, VALUE_KINDS, YES, Column, FixedColumn
from integrations.formats.flat.settings_common import formats_of

NUMBERS: Final = ("integer", "decimal")
_MOMENTS: Final = ("date", "time", "datetime")


def column_of(fields: Fields) -> Column:
    """A column known by its name."""
    return Column(**_column(fields))


def fixed_column_of(fields: Fields) -> FixedColumn:
    """A column known by its place."""
    found = _column(fields)
    number = found["kind"] in NUMBERS
    column = FixedColumn(
        **found,
        start=fields.number("start", least=1, most=100_000),
        length=fields.number("length", least=1, most=100_000),
        align=fields.choice("align", ("left", "right"), "right" if number else "left"),
        fill=fields.choice("fill", (" ", "0"), " "),
    )
    if column.fill == "0" and not number:
        raise fields.fault("fill", "Only numbers are filled with zeros: codes would change.")
    return column


def _column(fields: Fields) -> dict[str, Any]:
    kind = fields.choice("kind", VALUE_KINDS, "text")
    found = {
        "name": fields.text("name").strip(),
        "kind": kind,
        "title": fields.text("title", "").strip(),
        "required": fields.flag("required", default=False),
        "formats": formats_of(fields, "formats", kind) if kind in _MOMENTS else (),
        "places": fields.number("places", 0, most=18) if kind in NUMBERS else 0,
        "decimals": fields.number("decimals", 0, most=18) if kind == "decimal" else 0,
        "nothing": fields.texts("nothing"),
    }
    if kind == "boolean":
        found["yes"], found["no"] = fields.texts("yes", YES), fields.texts("no", NO)
        _check_words(fields, found["yes"], found["no"])
    return found


def _check_words(fields: Fields, yes: tuple[str, ...], no: tuple[str, ...]) -> None:
    for key, words in (("yes", yes), ("no", no)):
        if not words or not all(word.strip() for word in words):
            raise fields.fault(key, "Name at least one word.")
    both = {word.casefold() for word in yes} & {word.casefold() for word in no}
    if both:
        raise fields.fault("no", f"“{min(both)}” means yes, too.")


def unique(fields: Fields, key: str, names: Sequence[str]) -> None:
    """ProfileError for a name that stands twice."""
    twice = next((name for place, name in enumerate(names) if name in names[:place]), None)
    if twice is not None:
        raise fields.fault(key, f"“{twice}” stands twice.")
