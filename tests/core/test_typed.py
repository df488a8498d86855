"""Plain values become values with types, or are named."""

import json
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Literal, NamedTuple

import pytest

from portal.core.typed import UntypedError, typed, typed_bytes

pytestmark = pytest.mark.pure


class Mark(NamedTuple):
    at: datetime
    on: date


@dataclass(frozen=True)
class Box:
    form: str
    size: Decimal
    count: int
    is_open: bool
    kind: Literal["crate", "bag"]
    label: str | None
    marks: tuple[Mark, ...]


PLAIN = {
    "form": "box/1", "size": "1.50", "count": 3, "is_open": True, "kind": "bag", "label": None,
    "marks": [{"at": "2026-04-01T12:00:00Z", "on": "2026-04-01"}],
}  # fmt: skip


def test_every_kind_of_field_gets_its_type():
    mark = Mark(datetime(2026, 4, 1, 12, tzinfo=UTC), date(2026, 4, 1))
    wanted = Box("box/1", Decimal("1.5"), 3, True, "bag", None, (mark,))
    assert typed(Box, PLAIN, path="box") == wanted
    assert typed_bytes(Box, json.dumps(PLAIN).encode(), form="box/1", path="box") == wanted


@pytest.mark.parametrize(
    ("change", "place"),
    [
        ({"size": 1.5}, "box.size"),
        ({"size": "1e5"}, "box.size"),
        ({"size": "Infinity"}, "box.size"),
        ({"count": True}, "box.count"),
        ({"kind": "tin"}, "box.kind"),
        ({"label": 7}, "box.label"),
        ({"marks": [PLAIN["marks"][0], {"at": "noon"}]}, r"box.marks\[1\].at"),
    ],
)
def test_what_is_of_another_type_is_named_by_its_place(change, place):
    with pytest.raises(UntypedError, match=f"^{place} does not read as it should.$"):
        typed(Box, PLAIN | change, path="box")


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"\xff", "The content is no JSON."),
        (b"[]", "The form is None; this version reads 'box/2'."),
        (json.dumps(PLAIN).encode(), "The form is 'box/1'; this version reads 'box/2'."),
    ],
)
def test_bytes_of_another_form_are_refused(content, said):
    with pytest.raises(UntypedError, match=said):
        typed_bytes(Box, content, form="box/2", path="box")
