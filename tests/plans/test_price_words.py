"""Plans in sentences."""

import pytest

from billing.plans import price_words, reading

pytestmark = pytest.mark.pure

TIERS = [{"up_to": "1000", "unit_amount": "0"}, {"up_to": "10000", "unit_amount": "0.4"},
         {"up_to": None, "unit_amount": "0.25"}]  # fmt: skip


@pytest.mark.parametrize(
    ("model", "terms", "words"),
    [
        ("flat", {"amount": "460"}, "460.00"),
        ("standard", {"unit_amount": "0.125"}, "0.125 each"),
        ("standard", {"unit_amount": "1", "free_units": "5"}, "first 5 free, then 1.00 each"),
        ("graduated", {"tiers": TIERS}, "first 1,000 free, then 0.40 to 10,000, then 0.25"),
        ("graduated", {"tiers": [{"up_to": "10", "unit_amount": "1", "flat_amount": "20"}, {"up_to": None, "unit_amount": "0"}]},
         "1.00 and 20.00 once to 10, then free"),
        ("volume", {"tiers": TIERS[1:]}, "all at 0.40 to 10,000, then 0.25"),
        ("package", {"amount": "5", "package_size": "100"}, "5.00 a package of 100"),
        ("percentage", {"rate": "1.2", "fixed_amount": "0.1", "free_events": 3, "free_amount": "500", "maximum": "9"},
         "first 3 events or 500.00 free, then 1.2 % and 0.10 for each event, at most 9.00"),
        ("graduated_percentage", {"tiers": [{"up_to": "1000", "rate": "2"}, {"up_to": None, "rate": "1"}]},
         "2 % to 1,000, then 1 %"),
    ],
)  # fmt: skip
def test_the_price_of_a_model(model, terms, words):
    assert price_words.of_terms(model, terms, "USD") == words


CONTENT = {
    "currency": "EUR", "commitment": "50", "cap": "800", "trial_days": 14, "charges": [
        {"key": "setup", "name": "Set-up", "model": "flat", "terms": {"amount": "90"}, "once": True},
        {"key": "base", "name": "Fee", "model": "flat", "terms": {"amount": "310"}, "due": "advance",
         "prorated": False, "ramp": [{"months": 1, "terms": {"amount": "1"}}, {"months": 2, "terms": {"amount": "2"}}]},
        {"key": "docs", "name": "Documents", "metric": "documents", "model": "standard", "included": "100",
         "terms": {"unit_amount": "0.1"}, "minimum": "5", "cap": "80"},
    ],
}  # fmt: skip


def test_a_plan_in_a_line():
    assert price_words.one_line(reading.read(CONTENT)) == (
        "€310.00 a month; €90.00 once; Documents: first 100 free, then 0.10 each; at least €50.00;"
        " at most €800.00"
    )


def test_what_else_holds():
    content = reading.read(CONTENT)
    setup, base, docs = (price_words.details(one, content) for one in content.charges)
    assert setup == ["Charged once, in the first month."]
    assert base == [
        "Due before its month begins.", "A part of a month costs as much as all of it.", "Month 1: 1.00.",
        "Months 2 to 3: 2.00.",
    ]  # fmt: skip
    assert docs == ["At least €5.00 a month.", "At most €80.00 a month."]
    assert price_words.of_plan(content) == [
        "The first 14 days cost nothing.", "A month costs at least €50.00.",
        "A month costs at most €800.00.",
    ]  # fmt: skip
