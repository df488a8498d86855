"""Single elements: what is wrong with them, and how what they say is kept."""

import pytest

from integrations.formats.x12 import Profile, read
from tests.formats.x12_reading import document, issues
from tests.formats.x12_samples import CLEAN, SET_850, SET_940

pytestmark = pytest.mark.pure


@pytest.mark.parametrize(
    ("bad", "code", "element"),
    [
        ("W01*24*CX*012345678905*VN*TENT-2P", "unknown_code", 2),
        ("W01*MANY*EA*012345678905*VN*TENT-2P", "number_invalid", 1),
        ("W01**EA*012345678905*VN*TENT-2P", "element_missing", 1),
        ("W01*24*EA*12345*VN*TENT-2P", "element_too_short", 3),
        ("W01*24*EA*0123456789055*VN*TENT-2P", "element_too_long", 3),
        ("W01*24*EA*012345678905*Q9*TENT-2P", "unknown_code", 4),
    ],
)
def test_a_bad_element_is_named_with_its_place(bad: str, code: str, element: int) -> None:
    text = SET_940.replace("W01*24*EA*012345678905*VN*TENT-2P", bad)
    found = [(c, n, e) for c, n, e, _ in issues(text) if c != "total_mismatch"]
    assert found == [(code, 13, element)]


@pytest.mark.parametrize("day", ["20260230", "20261301", "2026030", "CCYYMMDD"])
def test_what_is_no_date_is_reported_and_kept_as_sent(day: str) -> None:
    text = SET_940.replace("20260303", day)
    assert issues(text) == [("date_invalid", 8, 2, day)]
    assert document(text)["dates"][0]["date"] == day


@pytest.mark.parametrize("day", ["20240229", "20261231", "20260430"])
def test_the_last_day_of_a_month_is_a_date(day: str) -> None:
    assert issues(SET_940.replace("20260303", day)) == []


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        (".5", "0.5"),
        ("5.", "5"),
        ("-.50", "-0.5"),
        ("61.50", "61.50"),
        ("007", "007"),
        ("-3", "-3"),
    ],
)
def test_a_number_is_kept_as_a_plain_decimal_string(sent: str, kept: str) -> None:
    text = SET_850.replace("*61.5*", f"*{sent}*")
    assert document(text)["lines"][0]["unit_price"] == kept
    assert {code for code, *_ in issues(text)} <= {"total_mismatch"}


def test_the_same_qualifier_twice_loses_nothing() -> None:
    text = SET_940.replace("*VN*TENT-2P", "*VN*TENT-2P*VN*TENT-OLD")
    assert document(text)["lines"][0]["ids"] == {"VN": "TENT-2P", "VN:2": "TENT-OLD"}


def test_a_qualifier_without_value_and_elements_beyond_the_table_are_kept() -> None:
    line = document(SET_940.replace("**VN*MUG-12", "**VN"))["lines"][1]
    assert line["W01_04"] == "VN"
    text = SET_940.replace("W76*26*118*LB", "W76*26*118*LB***X")
    assert document(text)["totals"]["W76_06"] == "X"
    assert issues(text) == [("too_many_elements", 17, 6, "X")]


def test_w76_is_judged_by_the_basis_of_the_profile() -> None:
    data = CLEAN.replace("W76*26", "W76*48").encode()  # 24 EA and 2 cases of 12
    assert [issue.code for issue in read(data).issues] == ["total_mismatch"]
    assert read(data, Profile(w76_basis="eaches")).issues == []
