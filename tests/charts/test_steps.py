"""Lines that go in steps along a quantity."""

from decimal import Decimal

import pytest

from portal.core.charts.steps import StepChart, StepLine, shown
from portal.core.charts.units import Unit

pytestmark = pytest.mark.pure

MONEY = Unit(word="USD", say=lambda value: f"{value:.2f}")


def steps(*pairs):
    return [(Decimal(at), Decimal(value)) for at, value in pairs]


def chart(*lines, ticks=(), until=25_000):
    return shown(
        StepChart(
            slug="price", title="Price", sentence="By how many.", x_label="Orders a month", lines=lines,
            unit=MONEY, until=Decimal(until), ticks=[Decimal(one) for one in ticks],
        )
    )  # fmt: skip


PROPOSED = StepLine(label="proposed", steps=steps((0, 0), (1000, "0.32"), (20000, "0.13")))
NOW = StepLine(label="<now>", steps=steps((0, "0.4")), role="context", dashed=True)


def test_a_line_goes_on_to_the_end_of_the_axis_in_steps():
    trace = chart(PROPOSED)["figure"]["data"][0]
    assert (trace["x"], trace["y"]) == ([0, 1000, 20000, 25000], [0, 0.32, 0.13, 0.13])
    assert trace["line"] == {"color": "var(--chosen)", "width": 2, "shape": "hv"}


def test_what_begins_beyond_the_axis_is_in_the_table_alone():
    made = chart(PROPOSED, until=5000)
    assert made["figure"]["data"][0]["x"] == [0, 1000, 5000]
    assert made["table"]["rows"][-1] == ["above 20,000", "0.13"]


def test_the_table_has_a_row_for_every_stretch_and_a_column_for_every_line():
    table = chart(PROPOSED, NOW)["table"]
    assert table["head"] == ["Orders a month", "proposed, USD", "<now>, USD"]
    assert table["rows"] == [
        ["above 0, up to 1,000", "0.00", "0.40"],
        ["above 1,000, up to 20,000", "0.32", "0.40"],
        ["above 20,000", "0.13", "0.40"],
    ]
    assert chart(NOW)["table"]["rows"] == [["any", "0.40"]]


def test_names_stand_at_the_ends_as_text():
    words = chart(PROPOSED, NOW)["figure"]["layout"]["annotations"]
    assert [word["text"] for word in words] == ["proposed", "&lt;now&gt;"]


def test_marks_beyond_the_axis_are_left_out():
    shapes = chart(PROPOSED, ticks=(500, 90_000))["figure"]["layout"]["shapes"]
    assert [shape["x0"] for shape in shapes] == [500]


def test_a_line_without_steps_is_refused():
    with pytest.raises(ValueError, match="at least one"):
        chart(StepLine(label="x", steps=[]))
    assert chart()["is_empty"]
