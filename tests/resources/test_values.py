"""Values that a system sends, and that are less than they seem."""

import time
from zoneinfo import ZoneInfo

import pytest

from integrations.resources import values
from integrations.resources.values import UnfitValueError

UTC = ZoneInfo("UTC")


@pytest.mark.parametrize("kind", ["integer", "decimal"])
@pytest.mark.parametrize(
    "said",
    ["1e9_999_999", "1e９９９９９９９", "-1E+999999", "0e-9_999_999", "NaN", "sNaN", "inf", "x"],
)
def test_a_few_letters_that_stand_for_endless_digits_are_no_number(kind: str, said: str) -> None:
    """SQLite keeps such a text in a column of numbers."""
    began = time.monotonic()
    with pytest.raises(UnfitValueError, match="is no"):
        values.shown(said, kind, UTC)
    assert time.monotonic() - began < 1


@pytest.mark.parametrize(
    ("value", "kind", "shown"),
    [("12.50", "decimal", "12.50"), (1e20, "decimal", "100000000000000000000"), ("7.0", "integer", 7),
     (2**70, "integer", 2**70), ("1e3", "integer", 1000)],
)  # fmt: skip
def test_other_spellings_are_numbers(value: object, kind: str, shown: object) -> None:
    assert values.shown(value, kind, UTC) == shown
