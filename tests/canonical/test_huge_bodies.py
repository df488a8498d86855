"""Bodies that are long or wrong many times over: told in few words and with little memory."""

import subprocess
import sys
from itertools import count

import pytest

from integrations.canonical.problem import Problem
from integrations.canonical.validation import validate
from tests.canonical.bodies import line, order, shipment

pytestmark = pytest.mark.pure

_PEAK = """
import resource
from integrations.canonical.validation import validate
body = {body}
validate("order", {{}})
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
assert len(validate("order", body)) {found}
print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before)
"""


def megabytes(body: str, *, found: str) -> float:
    """By how much judging `body` raised the peak of a process of its own."""
    script = _PEAK.format(body=body, found=found)
    run = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    return int(run.stdout) / 1024


@pytest.mark.parametrize(
    ("body", "found"),
    [
        ('{"lines": [{"a": i} for i in range(20_000)]}', "== 200"),
        ('{"lines": [{"a": i} for i in range(200_000)]}', "< 20"),
        ('{f"a{i}": i for i in range(200_000)}', "== 200"),
        ('{"lines": [{f"a{i}": i for i in range(200_000)}]}', "== 200"),
        ('{"extensions": {f"A{i}": i for i in range(100_000)}}', "== 200"),
        ('{"a": "x" * 8_000_000, "b": {"c": ["x" * 8_000_000]}}', "< 20"),
        ('{"tags": 900 * [{"a": "x" * 8_000}]}', "== 200"),
    ],
)
def test_telling_what_is_wrong_takes_little_memory(body, found):
    assert megabytes(body, found=found) < 60


def test_an_order_of_ten_thousand_lines_passes():
    assert validate("order", order(lines=[line(line_no=str(n)) for n in range(10_000)])) == []


def test_a_list_that_is_too_long_is_one_problem():
    text = "lines has 20001 entries; at most 20000 fit."
    lines = [line(line_no=str(n), sku=None) for n in range(20_001)]
    found = validate("order", order(lines=lines))
    assert Problem("wrong_format", "lines", "20001", text) in found
    assert len(found) == 2  # and the first of the lines, which has no SKU


def test_the_last_of_many_lines_is_named_by_its_place():
    lines = [line(line_no=str(n)) for n in range(10_000)]
    lines[9_999]["quantity"] = "0"
    text = "lines[9999].quantity is 0; it must be more than zero."
    problem = Problem("quantity_not_positive", "lines[9999].quantity", "0", text)
    assert validate("order", order(lines=lines)) == [problem]


def test_a_list_inside_a_list_is_judged_by_its_own_places():
    serials = [f"SN{n}" for n in range(500)]
    lines = [
        {"sku": "TENT-2P", "shipped": "2"},
        {"sku": "ROPE", "shipped": "500", "serials": serials},
    ]
    assert validate("shipment", shipment(lines=lines)) == []
    serials[499] = ""
    found = validate("shipment", shipment(lines=lines))
    assert [problem.path for problem in found] == ["lines[1].serials[499]"]


def test_two_hundred_problems_are_told_and_in_the_order_of_the_lines():
    numbers = count(1)
    lines = [line(line_no=str(next(numbers)), quantity="0") for _ in range(300)]
    found = validate("order", order(lines=lines))
    assert [p.path for p in found] == [f"lines[{n}].quantity" for n in range(200)]


def test_a_text_that_is_too_long_is_refused_by_its_end_too():
    found = validate("order", order(po_number="1" * 100 + "\0" * 30_000))
    assert [p.path for p in found] == ["po_number"]
