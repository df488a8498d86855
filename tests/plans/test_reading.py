"""A plan is read whole or refused, with the place and a sentence for everything that is wrong with it."""

from copy import deepcopy
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from billing.plans.content import PlanCharge, PlanContent, Ramp
from billing.plans.reading import read
from billing.plans.writing import write
from billing.rating import TermsError
from tests.plans.scenery import TIERS, fixed, metered

PLAN = {
    "currency": "EUR",
    "commitment": "100",
    "cap": "1000.00",
    "trial_days": 14,
    "charges": [
        fixed(due="advance", ramp=[{"months": 3, "terms": {"amount": "49"}}]),
        metered(included="50", minimum="5", cap="500", prorated=False),
        metered("pages", model="graduated", terms={"tiers": TIERS}),
        fixed("setup", once=True),
    ],
}


def problems(given):
    with pytest.raises(TermsError) as refused:
        read(given)
    return dict(refused.value.problems)


def test_a_plan_says_what_its_json_says():
    base = PlanCharge(
        key="base", name="Base", metric="", model="flat", terms={"amount": "310"},
        ramp=(Ramp(3, {"amount": "49"}),), due="advance",
    )  # fmt: skip
    documents = PlanCharge(
        key="documents", name="Documents", metric="documents", model="standard",
        terms={"unit_amount": "0.10"}, included=Decimal(50), minimum=Decimal(5), cap=Decimal(500),
        prorated=False,
    )  # fmt: skip
    pages = PlanCharge("pages", "Pages", "pages", "graduated", {"tiers": TIERS})
    setup = PlanCharge("setup", "Setup", "", "flat", {"amount": "310"}, once=True)
    expected = PlanContent("EUR", (base, documents, pages, setup), Decimal(100), Decimal(1000), 14)
    assert read(PLAN) == expected


def test_what_is_left_out_is_nothing():
    assert read({"currency": "JPY", "charges": [fixed()]}) == PlanContent(
        "JPY", (PlanCharge("base", "Base", "", "flat", {"amount": "310"}),)
    )


def changed(place, value):
    """The plan with something else at a place such as ("charges", 0, "key")."""
    found = deepcopy(PLAN)
    at = found
    for step in place[:-1]:
        at = at[step]
    at[place[-1]] = value
    return found


@pytest.mark.parametrize(
    ("place", "value", "where", "said"),
    [
        (["currency"], "euro", "currency", "'euro' is not an ISO 4217 currency code."),
        (["currency"], 978, "currency", "'978' is not an ISO 4217 currency code."),
        (["commitment"], "1000.01", "commitment", "It is 1000.01, more than the cap of 1000.00."),
        (["commitment"], "-1", "commitment", "It is -1; it cannot be below 0."),
        (["cap"], 5, "cap", 'Write it as text, such as "12.50".'),
        (["trial_days"], -1, "trial_days", "It is -1; it has to be from 0 to 366."),
        (["trial_days"], True, "trial_days", "'True' is no whole number."),
        (["trial"], 5, "trial", "There is no such field. There are currency, charges"),
        (["charges"], [], "charges", "It is a list of 1 to 60."),
        (["charges"], [fixed(f"f{n}") for n in range(61)], "charges", "It is a list of 1 to 60."),
        (["charges", 1], "x", "charges[1]", "It is an object with a field"),
        (["charges", 1, "key"], "base", "charges[1].key", "Another charge is 'base', too."),
        (["charges", 1, "key"], "#cap", "charges[1].key", "Use 1 to 60 lower-case letters"),
        (["charges", 1, "name"], "a\nb", "charges[1].name", "Write one line of text."),
        (["charges", 1, "name"], "n" * 121, "charges[1].name", "It has 121 characters; 120"),
        (["charges", 1, "unit"], "", "charges[1].unit", "There is no such field."),
        (["charges", 1, "model"], "monthly", "charges[1].model", "There is no 'monthly'."),
        (["charges", 1, "terms"], [], "charges[1].terms", "It is an object with a field"),
        (["charges", 1, "terms", "unit_amount"], "-1", "charges[1].terms.unit_amount", "It is -1;"),
        (["charges", 1, "due"], "advance", "charges[1].due", "Only a fixed charge is due in adv"),
        (["charges", 1, "due"], "later", "charges[1].due", "It is arrears or advance."),
        (["charges", 1, "once"], True, "charges[1].once", "Only a fixed charge is charged once."),
        (["charges", 1, "minimum"], "501", "charges[1].minimum", "It is 501, more than the cap of"),
        (["charges", 1, "included"], "-1", "charges[1].included", "It is -1; it cannot be below 0"),
        (["charges", 1, "prorated"], "no", "charges[1].prorated", "It is true or false."),
        (["charges", 1, "metric"], "", "charges[1].model", "A charge without a metric is fixed"),
        (["charges", 0, "included"], "5", "charges[0].included", "A charge without a metric coun"),
        (["charges", 0, "minimum"], "5", "charges[0].minimum", "A fixed charge is what it is"),
        (["charges", 0, "cap"], "5", "charges[0].cap", "A fixed charge is what it is"),
        (["charges", 0, "once"], True, "charges[0].ramp", "What is charged once has no months"),
        (["charges", 0, "ramp"], {}, "charges[0].ramp", "It is a list of 0 to 24."),
        (["charges", 0, "ramp", 0], 3, "charges[0].ramp[0]", "It is an object"),
        (["charges", 0, "ramp", 0, "months"], 0, "charges[0].ramp[0].months", "It is 0; it has to"),
        (
            ["charges", 0, "ramp", 0, "terms"],
            {"amount": "-1"},
            "charges[0].ramp[0].terms.amount",
            "It is -1; it cannot be below 0.",
        ),
        (
            ["charges", 2, "terms", "tiers"],
            [{"up_to": "0", "unit_amount": "1"}, {"up_to": None, "unit_amount": "1"}],
            "charges[2].terms.tiers[0].up_to",
            "It ends at 0, and the tier before it at 0.",
        ),
    ],
)
def test_what_nobody_could_bill_by_is_refused(place, value, where, said):
    found = problems(changed(place, value))
    assert [*found] == [where]
    assert found[where].startswith(said)


@pytest.mark.parametrize("model", ["flat", "percentage"])
def test_where_units_cannot_be_included_nobody_may_write_them(model):
    terms = {"flat": {"amount": "5"}, "percentage": {"rate": "1"}}[model]
    found = problems(changed(["charges", 1], metered(model=model, terms=terms, included="5")))
    assert [*found] == ["charges[1].included"]


def test_all_that_is_wrong_is_said_at_once():
    wrong = {
        "cap": "0.50",
        "commitment": "1",
        "charges": [
            {"key": "A", "model": "volume", "metric": "m", "terms": {"tiers": [], "x": 1}},
            metered(terms={"unit_amount": "-1"}, due="advance"),
        ],
        "colour": "red",
    }
    assert [*problems(wrong)] == [
        "currency",
        "charges[0].key",
        "charges[0].name",
        "charges[0].terms.x",
        "charges[1].terms.unit_amount",
        "charges[1].due",
        "colour",
        "commitment",
    ]


@pytest.mark.parametrize("given", [None, [], "plan", 5])
def test_what_is_no_object_is_said_once(given):
    assert problems(given) == {"plan": "It is an object with a field for each thing it says."}


def test_a_plan_is_written_as_it_is_read():
    assert read(write(read(PLAN))) == read(PLAN)
    assert write(read(PLAN))["cap"] == "1000"


amounts = st.decimals(0, 10**9, places=4).map(lambda amount: f"{amount:f}")
plans = st.fixed_dictionaries(
    {
        "currency": st.sampled_from(["EUR", "JPY", "KWD"]),
        "charges": st.lists(
            st.one_of(
                st.builds(lambda amount, due: fixed("k", amount, due=due), amounts,
                          st.sampled_from(["arrears", "advance"])),
                st.builds(lambda price, units: metered("k", price, included=units), amounts, amounts),
            ),
            min_size=1, max_size=5,
        ).map(lambda found: [{**one, "key": f"k{at}"} for at, one in enumerate(found)]),
    },
    optional={"commitment": st.none() | amounts, "trial_days": st.integers(0, 366)},
)  # fmt: skip


@given(plans)
def test_writing_and_reading_are_inverse(given_plan):
    content = read(given_plan)
    assert read(write(content)) == content
    assert write(read(write(content))) == write(content)
