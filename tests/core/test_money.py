import pickle
from decimal import Decimal, Inexact

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.core.currencies import MINOR_UNITS, minor_unit
from portal.core.money import (
    Money,
    Rounding,
    add_up,
    allocate,
    parse_amount,
    round_money,
    round_to,
    total,
)
from portal.core.money_format import format_money

pytestmark = pytest.mark.pure
D = Decimal


def usd(text):
    return Money.parse(text, "USD")


@pytest.mark.parametrize(
    ("currency", "digits"),
    [("USD", 2), ("JPY", 0), ("KWD", 3), ("CLP", 0), ("HUF", 2), ("TND", 3), ("XCG", 2)],
)
def test_currencies_have_the_minor_unit_of_iso_4217(currency, digits):
    assert minor_unit(currency) == digits


@pytest.mark.parametrize("code", ["usd", "XXX", "XAU", "HRK", "", "US", "USDX"])
def test_what_is_no_currency_is_refused(code):
    with pytest.raises(ValueError, match="ISO 4217"):
        Money(D("1"), code)


def test_the_currency_table_is_complete_and_well_formed():
    assert all(len(code) == 3 and code.isupper() for code in MINOR_UNITS)
    # 155 of today and the two that documents still carry.
    assert len(MINOR_UNITS) == 157


@pytest.mark.parametrize(
    ("text", "amount"),
    [("12.34", "12.34"), ("-0.5", "-0.5"), ("007", "7"), ("-0.00", "0.00"), ("1.00000001",) * 2],
)
def test_decimal_text_is_read_exactly(text, amount):
    assert str(parse_amount(text)) == amount


@pytest.mark.parametrize(
    "text",
    ["", " 1", "1 ", "1\n", "+1", "1,000", "1e3", "NaN", "Infinity", "-inf", ".5", "5.", "0x1"]
    + ["1_000", "١٢", "1.123456789", "1234567890123456789", "--1", "$5"],
)
def test_what_is_not_plain_decimal_text_is_refused(text):
    with pytest.raises(ValueError, match="not a decimal amount"):
        parse_amount(text)


@pytest.mark.parametrize("value", [1.5, 1, None, D("1"), b"1", True])
def test_an_amount_is_read_from_text_only(value):
    with pytest.raises(TypeError):
        parse_amount(value)


@pytest.mark.parametrize("value", [1.5, 1, "1", None])
def test_money_holds_a_decimal_and_nothing_else(value):
    with pytest.raises(TypeError):
        Money(value, "USD")


@pytest.mark.parametrize("value", ["NaN", "sNaN", "Infinity"])
def test_money_is_finite(value):
    with pytest.raises(ValueError, match="finite"):
        Money(D(value), "USD")


@pytest.mark.parametrize(
    ("amount", "currency", "rounded"),
    [
        ("2.345", "USD", "2.35"),
        ("-2.345", "USD", "-2.35"),
        ("2.344999", "USD", "2.34"),
        ("0.5", "JPY", "1"),
        ("1.0005", "KWD", "1.001"),
        ("-0.001", "USD", "0.00"),
        ("7", "EUR", "7.00"),
    ],
)
def test_money_is_rounded_half_up_to_the_minor_unit(amount, currency, rounded):
    assert str(round_money(D(amount), currency)) == rounded


@pytest.mark.parametrize(
    ("rule", "rounded"),
    [
        (Rounding.HALF_UP, ["0.13", "0.13", "-0.13"]),
        (Rounding.HALF_EVEN, ["0.12", "0.13", "-0.12"]),
        (Rounding.UP, ["0.13", "0.13", "-0.13"]),
        (Rounding.DOWN, ["0.12", "0.12", "-0.12"]),
    ],
)
def test_each_rounding_rule_does_what_it_says(rule, rounded):
    amounts = ["0.125", "0.129", "-0.125"]
    assert [str(round_to(D(amount), 2, rule=rule)) for amount in amounts] == rounded


def test_a_rule_that_does_not_exist_is_refused():
    with pytest.raises(ValueError):
        Rounding("nearest")


def test_arithmetic_is_exact_and_keeps_the_currency():
    assert usd("0.10") + usd("0.20") == usd("0.30")
    assert usd("1.00") - usd("1.01") == usd("-0.01")
    assert usd("0.0125") * 24 == usd("0.3000")
    assert D("1.5") * usd("2.00") == usd("3.000")
    assert -usd("2.00") == usd("-2.00")
    assert total([usd("1.10"), usd("2.20")], "USD") == usd("3.30")
    assert total([], "JPY") == Money(D(0), "JPY")


@pytest.mark.parametrize(
    "mix",
    [
        lambda a, b: a + b,
        lambda a, b: a - b,
        lambda a, b: a < b,
        lambda a, b: a >= b,
        lambda a, b: total([a, b], "USD"),
    ],
)
def test_mixed_currencies_are_refused(mix):
    with pytest.raises(ValueError, match="USD and EUR do not mix"):
        mix(usd("1"), Money(D(1), "EUR"))


def test_the_same_number_in_another_currency_is_not_equal():
    assert usd("1") != Money(D(1), "EUR")
    assert usd("1.0") == usd("1.00")
    assert len({usd("1.0"), usd("1.00")}) == 1


@pytest.mark.parametrize("factor", [0.5, True, "2", None])
def test_money_is_not_multiplied_by_anything_inexact(factor):
    with pytest.raises(TypeError):
        usd("1") * factor


@pytest.mark.parametrize("other", [1, D("1"), 0.5, None])
def test_money_and_bare_numbers_do_not_add_up(other):
    with pytest.raises(TypeError):
        usd("1") + other


def test_a_product_too_fine_to_hold_raises_instead_of_being_cut():
    with pytest.raises(Inexact):
        usd("0.12345678") * D("1." + "1" * 59)


def test_a_long_sum_is_not_cut_at_28_digits():
    huge = Money(D("1" + "0" * 30), "USD")
    assert str((huge + usd("0.01")).amount) == "1" + "0" * 30 + ".01"


def test_money_orders_by_amount_and_survives_pickling():
    assert sorted([usd("3"), usd("-1"), usd("2")]) == [usd("-1"), usd("2"), usd("3")]
    assert max(usd("3"), usd("2")) == usd("3")
    assert pickle.loads(pickle.dumps(usd("2.50"))) == usd("2.50")


def test_a_discount_is_prorated_with_the_remainder_on_the_last_line():
    # 10.00 × 49.99 / 74.98 = 6.667…, × 19.99 = 2.666…; 10.00 − 6.67 − 2.67 = 0.66
    parts = allocate(usd("10.00"), [D("49.99"), D("19.99"), D("5.00")])
    assert parts == [usd("6.67"), usd("2.67"), usd("0.66")]


@pytest.mark.parametrize(
    ("whole", "currency", "weights", "parts"),
    [
        ("-10.00", "USD", ["49.99", "19.99", "5.00"], ["-6.67", "-2.67", "-0.66"]),
        ("0.02", "USD", ["1", "1", "1", "1"], ["0.01", "0.01", "0.00", "0.00"]),
        ("10.00", "USD", ["1", "1", "1", "0"], ["3.33", "3.33", "3.34", "0.00"]),
        ("10.00", "USD", ["0", "1"], ["0", "10.00"]),
        ("100", "JPY", ["1", "1", "1"], ["33", "33", "34"]),
        ("1.000", "KWD", ["1", "2"], ["0.333", "0.667"]),
        ("0", "USD", ["1", "1"], ["0", "0"]),
    ],
)
def test_allocation_fits_the_currency_and_skips_lines_without_weight(
    whole, currency, weights, parts
):
    allocated = allocate(Money.parse(whole, currency), [D(weight) for weight in weights])
    assert allocated == [Money.parse(part, currency) for part in parts]


@pytest.mark.parametrize("weights", [[], ["0", "0"], ["1", "-1"], ["2", "-1"]])
def test_allocation_without_usable_weights_is_refused(weights):
    with pytest.raises(ValueError, match="weights"):
        allocate(usd("1.00"), [D(weight) for weight in weights])


CENTS = st.integers(-(10**9), 10**9).map(lambda cents: Money(D(cents).scaleb(-2), "USD"))
WEIGHTS = st.lists(st.integers(0, 10**6).map(lambda n: D(n).scaleb(-4)), min_size=1, max_size=40)


@given(CENTS, WEIGHTS.filter(any))
def test_parts_always_add_up_and_never_change_sign(whole, weights):
    parts = allocate(whole, weights)
    assert total(parts, "USD") == whole
    assert all(part.amount * whole.amount >= 0 for part in parts)
    assert not any(part.amount for part, weight in zip(parts, weights, strict=True) if not weight)


@pytest.mark.parametrize(
    ("amount", "currency", "shown"),
    [
        ("148210.4", "USD", "148,210.40"),
        ("-1234.5", "USD", "−1,234.50"),
        ("0", "USD", "0.00"),
        ("1234567", "JPY", "1,234,567"),
        ("1.5", "KWD", "1.500"),
        ("0.0125", "USD", "0.0125"),
        ("1.100000", "USD", "1.10"),
        ("999", "EUR", "999.00"),
    ],
)
def test_money_is_written_with_thousands_a_true_minus_and_all_its_digits(amount, currency, shown):
    assert format_money(Money.parse(amount, currency)) == shown


def test_differences_carry_a_sign_and_sentences_a_currency():
    assert format_money(usd("12"), signed=True) == "+12.00"
    assert format_money(usd("0"), signed=True) == "0.00"
    assert format_money(usd("-1234.5"), with_currency=True) == "−$1,234.50"
    assert format_money(Money(D("5"), "CAD"), with_currency=True) == "CAD\u00a05.00"


def test_amounts_add_up_to_the_last_digit():
    amounts = [Decimal("123456789012345678.12345678")] * 1000 + [Decimal("0.00000001")]
    assert add_up(amounts) == Decimal("123456789012345678123.45678001")
    assert add_up([]) == 0
