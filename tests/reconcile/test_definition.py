"""A definition as JSON."""

from datetime import timedelta
from decimal import Decimal
from fractions import Fraction

import pytest

from monitoring.reconcile import DefinitionError, Tolerance
from monitoring.reconcile.definition_json import read, write

pytestmark = pytest.mark.pure
SIDES = [
    {"role": "erp", "source": "live", "endpoint": "harborerp"},
    {"role": "warehouse", "source": "document", "endpoint": "harborwms"},
]
LEAST = {"kind": "inventory", "sides": SIDES}


def test_little_is_enough():
    found = read(LEAST, version=3)
    assert (found.version, found.kind, found.keys) == (3, "inventory", ("location", "sku"))
    assert [side.role for side in found.sides] == ["erp", "warehouse"]
    assert (found.value_limit, found.agreeing_runs) == (Decimal(250), 2)
    assert found.in_flight == timedelta(hours=2)
    assert found.tolerance("B", weighed=False) == Tolerance(Fraction(0), 0)
    assert found.tolerance("B", weighed=True) == Tolerance(Fraction(1, 200), 1)


def test_everything_can_be_said_and_comes_back():
    content = {
        **LEAST,
        "keys": ["sku", "location", "lot"],
        "tolerances": {"C": {"share": "0.01", "least": "2"}, "weight": {"share": "0.005"}},
        "value_limit": "99.50",
        "interval_minutes": 30,
        "agreeing_runs": 3,
        "window_minutes": 600,
        "settle_minutes": 5,
    }
    found = read(content, version=1)
    assert found.keys == ("location", "sku", "lot")
    assert found.tolerance("C", weighed=True) == Tolerance(Fraction(1, 100), 2)
    assert read(write(found), version=1) == found


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"kind": "weather"}, "one of inventory, orders, shipments, financial, not 'weather'"),
        ({"sides": SIDES[:1]}, "needs two sides or three"),
        ({"sides": [*SIDES, {"role": "moon"}]}, "not 'moon'"),
        ({"keys": ["location"]}, "The key has no sku"),
        ({"keys": ["sku", "colour"]}, "colour is no part of a key"),
        ({"tolerances": {"D": {}}}, "No items are of class D"),
        ({"tolerances": {"A": {"share": "much"}}}, "The tolerance of A is no number"),
        ({"tolerances": {"A": {"share": "2"}}}, "a share of 0 to 1"),
        ({"value_limit": "-1"}, "an amount of 0 or more"),
        ({"value_limit": "NaN"}, "an amount of 0 or more"),
        ({"interval_minutes": 0}, "interval_minutes is a number of minutes"),
        ({"agreeing_runs": 0}, "Between 1 and 10 runs"),
    ],
)
def test_what_is_wrong_is_said_in_a_sentence(changes, said):
    with pytest.raises(DefinitionError, match=said):
        read({**LEAST, **changes}, version=1)
