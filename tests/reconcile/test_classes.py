"""Which items matter most."""

from decimal import Decimal

import pytest

from monitoring.reconcile.classes import by_value

pytestmark = pytest.mark.pure


def test_the_first_four_fifths_of_the_worth_are_a():
    # Of 100: 50, 80, 90, 95, 98 and 100 with each one more.
    values = {"V": 50, "W": 30, "X": 10, "Y": 5, "Z": 3, "ZZ": 2, "NIL": 0, "OWED": -4}
    found = by_value({sku: Decimal(value) for sku, value in values.items()})
    assert found == {
        "V": "A", "W": "A", "X": "B", "Y": "B", "Z": "C", "ZZ": "C", "NIL": "C", "OWED": "C"
    }  # fmt: skip


def test_one_item_alone_is_a_however_much_it_is():
    assert by_value({"V": Decimal(1)}) == {"V": "A"}
    assert by_value({}) == {}
