"""Terms that nobody could bill by are refused, each with its place and a sentence."""

import io
import json
import subprocess
import sys

import pytest

from billing.rating import TermsError, read
from billing.rating.__main__ import answers

OPEN = {"up_to": None, "unit_amount": "1"}


def tiered(*tiers):
    return {"tiers": list(tiers)}


@pytest.mark.parametrize(
    ("model", "terms", "said"),
    [
        ("monthly", {}, "model: There is no 'monthly'. There are flat, standard"),
        ("standard", [], "terms: It is an object"),
        ("standard", {}, "unit_amount: It is missing."),
        ("standard", {"unit_amount": "1", "price": "2"}, "price: There is no such term."),
        ("standard", {"unit_amount": 0.1}, "unit_amount: Write it as text, such as"),
        ("standard", {"unit_amount": "1e3"}, "unit_amount: '1e3' is not a decimal amount"),
        ("standard", {"unit_amount": "-1"}, "unit_amount: It is -1; it cannot be below 0."),
        ("standard", {"unit_amount": None}, "unit_amount: Write it as text, such as"),
        ("graduated", tiered(), "tiers: There has to be one."),
        ("graduated", {"tiers": {}}, "tiers: It is a list of tiers"),
        ("graduated", tiered("10"), r"tiers\[0\]: It is an object"),
        ("graduated", tiered(OPEN, OPEN), r"tiers\[0\].up_to: Only the last tier is without end"),
        (
            "volume",
            tiered({"up_to": "10", "unit_amount": "1"}),
            r"tiers\[0\].up_to: The last tier is without end",
        ),
        (
            "volume",
            tiered({"up_to": "10", "unit_amount": "1"}, {"up_to": "10", "unit_amount": "1"}, OPEN),
            r"tiers\[1\].up_to: It ends at 10, and the tier before it at 10",
        ),
        ("volume", tiered({"up_to": "0", "unit_amount": "1"}, OPEN), r"tiers\[0\].up_to"),
        ("volume", tiered({"up_to": None}), r"tiers\[0\].unit_amount: It is missing"),
        ("volume", tiered({**OPEN, "flat_amount": "-2"}), r"tiers\[0\].flat_amount: It is -2"),
        ("volume", tiered({**OPEN, "unit_amount": "-2"}), r"tiers\[0\].unit_amount: It is -2"),
        (
            "graduated_percentage",
            tiered({"up_to": None, "rate": "-2"}),
            r"tiers\[0\].rate: It is -2",
        ),
        ("graduated_percentage", tiered(OPEN), r"tiers\[0\].unit_amount: There is no such term"),
        ("package", {"amount": "1", "package_size": "0"}, "package_size: It is 0"),
        ("percentage", {"rate": "-1"}, "rate: It is -1"),
        ("percentage", {"rate": "1", "free_events": "3"}, "free_events: '3' is no whole number"),
        ("percentage", {"rate": "1", "free_events": -3}, "free_events: It is -3"),
        ("percentage", {"rate": "1", "minimum": "2", "maximum": "1"}, "minimum: It is 2, more"),
    ],
)
def test_what_is_no_charge_is_refused(model, terms, said):
    with pytest.raises(TermsError, match=said):
        read(model, terms)


def test_all_that_is_wrong_is_said_at_once():
    with pytest.raises(TermsError) as refused:
        read("package", {"amount": "much", "package_size": 3})
    assert [field for field, _ in refused.value.problems] == ["amount", "package_size"]


def told(*lines):
    return list(answers(io.StringIO("\n".join(lines))))


def asked(**changes):
    return json.dumps(
        {"model": "standard", "terms": {"unit_amount": "0.5"}, "quantity": "3", **changes}
    )


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("x", "This line is no JSON."),
        ("[" * 100_000, "This line is no JSON."),
        ("[]", "It is an object"),
        (asked(quantity="-1"), "Nobody uses less than nothing"),
        (asked(quantity=3), "quantity: Write it as text, such as"),
        (asked(quantity="NaN"), "quantity: 'NaN' is not a decimal amount"),
        (asked(qty="3"), "qty: There is no such field"),
        (asked(events=["1", "1"]), "The events are 2 together, not 3."),
        (asked(events="1"), "events: It is a list"),
        ('{"model": "flat", "terms": {"amount": "1"}}', "quantity: It is missing."),
    ],
)
def test_a_line_that_cannot_be_rated_says_why_and_the_next_goes_on(line, said):
    found = told(line, "", asked())
    assert said in found[0]["error"]
    assert found[1:] == told(asked())
    assert found[1]["amount"] == "1.5"


def test_the_command_answers_line_by_line():
    command = [sys.executable, "-m", "billing.rating"]
    done = subprocess.run(
        command,
        input=f"{asked()}\n{asked(quantity='0')}\n",
        capture_output=True,
        text=True,
        check=True,
    )
    first, second = map(json.loads, done.stdout.splitlines())
    assert first == {
        "amount": "1.5",
        "unit_amount": "0.5",
        "lines": [
            {
                "kind": "units", "quantity": "3", "price": "0.5", "amount": "1.5", "above": "0",
                "up_to": None,
            }
        ],
    }  # fmt: skip
    assert second == {"amount": "0", "unit_amount": "0", "lines": []}
