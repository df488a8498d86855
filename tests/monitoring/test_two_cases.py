"""The same orders in two cases: counted once, told twice; and what a closed case keeps."""

import pytest

from integrations.models import Message
from monitoring.models import ExceptionCase
from monitoring.queries import risk
from tests import pipeline
from tests.monitoring.conftest import hold
from tests.monitoring.hands import mend, url
from tests.pages.scenery import page, texts

pytestmark = pytest.mark.db


@pytest.fixture
def twice(harbor, sink):
    """Two orders the ERP refuses and no warehouse has enough for."""
    sink.status = 422
    house = pipeline.endpoint(
        harbor.customer_id, "rno", label="House", site="RNO1", settings={"url": sink.url}
    )
    pipeline.flow(harbor.shop, house, routed=True)
    stock = {"site": "RNO1", "sku": "TENT-2P", "on_hand": "1", "uom": "EA",
             "as_of": "2026-03-02T10:00:00Z"}  # fmt: skip
    pipeline.store(house, stock, object_type="inventory")
    return harbor


def both(twice):
    pipeline.store(twice.shop, *[pipeline.order(n, sku="TENT-2P") for n in ("1001", "1002")])
    pipeline.run(twice.customer_id)
    found = ExceptionCase.objects.filter(closed_at=None).order_by("code")
    assert [(c.code, c.documents, str(c.at_risk)) for c in found] == [
        ("insufficient_stock", 2, "256.0000"),
        ("rejected", 2, "256.0000"),
    ]
    return list(found)


def test_an_order_in_two_cases_is_at_risk_once(operator, admin, twice):
    both(twice)
    facts = texts(page(operator.get("/desk/")), ".page-facts span")
    assert "$256.00 at risk" in facts
    stake = risk.stake(documents=4)
    assert [(currency, str(amount)) for currency, amount in stake.amounts] == [("USD", "256.0000")]
    assert "$256.00" in admin.get("/overview/").content.decode()
    assert "$512.00" not in admin.get("/overview/").content.decode()


def test_the_result_of_a_remedy_names_every_case_its_documents_led_to(operator, twice):
    case = hold(twice, "1001", "1002")
    fix = mend(operator, case, "lookup", value="TENT-2P", button="Let 2 move on")
    shown = page(operator.get(url(fix)))
    named = texts(shown, ".fix-groups tbody td:last-child a")
    again = ExceptionCase.objects.filter(closed_at=None)
    assert sorted(named) == sorted(f"case {c.label}" for c in again)
    assert len(named) == 2
    assert texts(shown, ".figures div") == ["2 held again"]


def test_a_closed_case_keeps_what_it_held_and_what_that_was_worth(operator, harbor, sink):
    case = hold(harbor, "1001", "1002", "1003")
    first = Message.objects.filter(state="held").order_by("pk").first()
    mend(
        operator,
        case,
        "skip",
        address={"document": first.pk},
        reason="test orders",
        button="Skip 3",
    )
    case.refresh_from_db()
    assert (case.state, case.documents, str(case.at_risk)) == ("skipped", 3, "384.0000")
    row = page(operator.get("/desk/?view=closed"))
    assert texts(row, "#cases tbody td.num")[:2] == ["3", "384.00"]
    assert "Held 3 orders, $384.00" in " ".join(texts(row, "#preview .section"))
    shown = page(operator.get(f"/cases/{case.pk}/"))
    assert texts(shown, ".figures div") == ["3 were held", "$384.00 was at risk"]


def test_a_case_that_is_worked_off_bit_by_bit_keeps_the_most_it_held(operator, harbor):
    from integrations.domain import replay

    case = hold(harbor, "1001", "1002")
    for message in Message.objects.filter(state="held"):
        replay.skip([message.pk], actor="Ana Ruiz", reason="test")
    case.refresh_from_db()
    assert (case.state, case.documents, str(case.at_risk)) == ("resolved", 2, "256.0000")


def test_the_pane_beside_an_empty_desk_is_hidden(operator, harbor):
    assert page(operator.get("/desk/")).select_one("#preview").has_attr("hidden")
    assert page(operator.get("/desk/?view=closed")).select_one("#preview").has_attr("hidden")
    hold(harbor, "1001")
    assert not page(operator.get("/desk/")).select_one("#preview").has_attr("hidden")


def test_an_amount_carries_its_currency_where_the_column_head_is_gone(operator, harbor):
    hold(harbor, "1001")
    cell = page(operator.get("/desk/")).select_one("#cases tbody td.risk")
    assert (cell["data-label"], cell.text) == ("USD", "128.00")


def test_keys_number_the_remedies_by_their_place(operator, twice):
    stock, refused = both(twice)
    keys = [
        [(a["data-key"], a.text) for a in page(operator.get(f"/cases/{c.pk}/")).select(".bar a")]
        for c in (stock, refused)
    ]
    assert keys[0] == [
        ("1", "Re-route"), ("2", "Retry"), ("3", "Edit and replay"), ("s", "Skip with a reason"),
        ("q", "Ask the customer"), ("w", "Wait"), ("z", "Snooze"),
    ]  # fmt: skip
    assert keys[1][0] == ("1", "Retry")


def test_questions_that_say_the_same_are_one_and_show_no_value_of_ours(viewer, twice, sink):
    both(twice)
    ExceptionCase.objects.filter(code="rejected").update(customer_title="We are looking into it")
    ExceptionCase.objects.exclude(code="rejected").update(customer_title="We are looking into it")
    shown = page(viewer.get("/questions/"))
    assert texts(shown, "h1") == ["We are looking into one thing"]
    assert texts(shown, ".questions p") == ["4 orders affected"]


def test_a_value_that_stands_in_what_we_sent_never_reaches_the_customer(viewer, harbor, sink):
    from integrations.canonical.problem import Problem
    from integrations.domain import problems
    from integrations.domain.problems import Trouble

    pipeline.store(harbor.shop, pipeline.order("1001", sku="TENT-2P"))
    pipeline.run(harbor.customer_id)
    sent = Message.objects.get(direction="out")
    refused = Problem("unknown_sku", "lines[0].sku", "NOPE-1", "The ERP says: unknown item NOPE-1")
    problems.open_problems(
        [Trouble(sent.pk, harbor.customer_id, harbor.erp.pk, "order", [refused])]
    )
    assert ExceptionCase.objects.get().title == "SKU NOPE-1 is not known"
    shown = viewer.get("/questions/")
    assert texts(page(shown), ".questions h2") == [
        "We are looking into an order we could not pass on"
    ]
    assert b"NOPE-1" not in shown.content


@pytest.mark.parametrize(
    ("path", "said"),
    [
        ("lines[0].sku", "line 1, SKU"),
        ("ship_to.postal_code", "ship to, postal code"),
        ("W06-02", "W06-02"),
        ("", ""),
    ],
)
def test_a_path_is_said_in_words(path, said):
    from monitoring.views import words

    assert words.place(path) == said


def test_a_document_that_came_again_does_not_count_twice_in_what_a_case_held(operator, harbor):
    case = hold(harbor, "1001")
    pipeline.store(harbor.shop, pipeline.order("1001", sku="TENT-OLD", quantity="3"))
    pipeline.run(harbor.customer_id)
    case.refresh_from_db()
    assert (case.documents, case.most_documents, case.most_at_risk) == (1, 1, case.at_risk)
