"""What a trailer says beside what is there."""

import re
from collections.abc import Mapping
from decimal import Context, Decimal
from typing import Any, Final

from integrations.formats.flat.notes import Notes
from integrations.formats.flat.profile import Column, Profile
from integrations.formats.flat.values import reader_of
from portal.core.decimals import plain_number

_EXACT: Final = Context(prec=200)
_NUMBER: Final = re.compile(r"-?(\d+(\.\d*)?|\.\d+)", re.ASCII)

COUNT: Final = Column(name="count", kind="integer")


class Sum:
    """A sum of canonical numbers, exact."""

    def __init__(self) -> None:
        self._total = Decimal(0)

    def add(self, value: Any) -> None:
        """Count it in; what is no number counts nothing and has an issue of its own."""
        text = "" if isinstance(value, bool) else str(value)
        if _NUMBER.fullmatch(text):
            self._total = _EXACT.add(self._total, Decimal(text))

    @property
    def text(self) -> str:
        return plain_number(self._total)


def check_count(
    said: str, counted: int, column: Column, profile: Profile, notes: Notes, *, row: int | None
) -> None:
    """Refusal if the trailer says another number, or none."""
    value, wrong = reader_of(column, profile)(said)
    if wrong or value != str(counted):
        notes.add("trailer_count", row=row, value=f"{said or 'nothing'}, found are {counted}")


def check_sum(
    said: str, column: Column, total: Sum, profile: Profile, notes: Notes, *, row: int | None
) -> None:
    """Refusal if the trailer says another sum, or none. It is written as the column's values are."""
    value, wrong = reader_of(column, profile)(said)
    if wrong or value != total.text:
        shown = f"{said or 'nothing'}, found is {total.text}"
        notes.add("trailer_sum", row=row, column=column.name, value=shown)


def sums_of(names: Mapping[str, Any]) -> dict[str, Sum]:
    return {name: Sum() for name in names}
