"""Which cases a rule is about."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitoring.rules import Facts, Pattern, fits, without_numbers

pytestmark = pytest.mark.pure

RULE = Pattern(None, "unknown_sku", "lines[].sku", "TENT-OLD")
CASE = Facts(1, "unknown_sku", "lines[3].sku", "TENT-OLD")


@pytest.mark.parametrize(
    ("rule", "case", "expected"),
    [
        (RULE, CASE, True),
        (RULE, CASE._replace(value=" tent-old "), True),
        (RULE, CASE._replace(value="TENT-OLD-2"), False),
        (RULE, CASE._replace(value=""), False),
        (RULE, CASE._replace(code="unknown_uom"), False),
        (RULE, CASE._replace(path="lines[0].sku"), True),
        (RULE, CASE._replace(path="lines[0].uom"), False),
        (RULE, CASE._replace(path=""), False),
        (RULE._replace(value=""), CASE._replace(value="ANY"), True),
        (RULE._replace(path=""), CASE._replace(path="W06-02"), True),
        (RULE._replace(path="lines[7].sku"), CASE, True),
        (RULE._replace(customer_id=1), CASE, True),
        (RULE._replace(customer_id=2), CASE, False),
        (RULE._replace(customer_id=0), CASE, False),
    ],
)
def test_a_rule_fits_by_customer_code_path_and_value(rule, case, expected):
    assert fits(rule, case) is expected


texts = st.text(max_size=8)
patterns = st.builds(Pattern, st.none() | st.integers(0, 3), texts, texts, texts)
facts = st.builds(Facts, st.integers(0, 3), texts, texts, texts)


@given(patterns, facts)
def test_a_rule_of_one_customer_never_fits_another(rule, case):
    if rule.customer_id is not None and rule.customer_id != case.customer_id:
        assert not fits(rule, case)


@given(facts)
def test_a_rule_made_of_a_case_fits_it_and_so_does_a_wider_one(case):
    assert fits(Pattern(*case), case)
    assert fits(Pattern(None, case.code, "", ""), case)


@pytest.mark.parametrize(
    ("path", "expected"),
    [("lines[12].sku", "lines[].sku"), ("lines[].sku", "lines[].sku"), ("PO1/03", "PO1/03"),
     ("boxes[0].items[10].lot", "boxes[].items[].lot"), ("", "")],
)  # fmt: skip
def test_a_path_is_told_without_the_numbers_of_its_lines(path, expected):
    assert without_numbers(path) == expected
