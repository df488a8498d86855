"""A customer's first page: their promises, where their orders are, what went wrong; and nobody else's."""

from datetime import timedelta
from decimal import Decimal
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from monitoring.domain import findings, legs, objectives
from monitoring.models import CaseEvent, ExceptionCase, Exclusion, Leg, Objective, ObjectiveWindow
from monitoring.queries import own_motion
from portal.core import clock
from portal.customers.models import Customer
from portal.tenants.rows import limited_to_customer
from tests.monitoring.conftest import hold
from tests.monitoring.test_findings import finding
from tests.pages.scenery import page, texts
from tests.people import sign_in

pytestmark = pytest.mark.db

SLUGS = ["promises", "orders", "causes"]


def leg(customer_id: int, kind: str, number: str, *, hours: int, **fields) -> Leg:
    given = {"endpoint_id": 0, "order_id": uuid4(), "subject": uuid4(), **fields}
    return Leg.objects.create(
        customer_id=customer_id, kind=kind, number=number,
        began_at=clock.now() - timedelta(hours=hours), **given,
    )  # fmt: skip


def promised(customer_id: int, *, used: int, allowed: int = 20) -> ObjectiveWindow:
    """The running month of the customer's first promise, with so many misses of 1,000."""
    objectives.begin(Customer.objects.get(pk=customer_id))
    objective = Objective.objects.filter(customer_id=customer_id, sli="cutoff").get()
    month = clock.now().replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    figures = {
        "customer_id": customer_id, "ends": month + timedelta(days=31), "total": 1000, "planned": 1000,
        "allowed": Decimal(allowed), "used": Decimal(used), "missed_us": Decimal(used),
        "share": used / allowed, "measured_at": clock.now(),
    }  # fmt: skip
    made, _ = ObjectiveWindow.objects.update_or_create(
        objective=objective, begins=month, defaults=figures
    )
    return made


def rows(soup, panel: str) -> list[list[str]]:
    return [texts(row, "th, td") for row in soup.select(f"#panel-{panel} tbody tr")]


def test_a_quiet_day_is_said_in_sentences_without_red(viewer, kestrel) -> None:
    soup = page(viewer.get("/home/"))
    assert texts(soup, "#panel-orders p") == ["Every order is where it should be. All orders"]
    assert texts(soup, "#panel-causes p") == ["Nothing went wrong this month."]
    assert "Nothing to measure yet" in texts(soup, "#panel-promises p")[0]
    assert not soup.select(".panel .shape-bad, .panel .shape-risk")


def test_orders_stand_by_where_they_are_with_the_one_that_is_longest_there(viewer, kestrel) -> None:
    leg(kestrel.harbor, "ship", "WEB-2", hours=3)
    oldest = leg(kestrel.harbor, "ship", "WEB-1", hours=50)
    leg(kestrel.harbor, "transmit", "WEB-3", hours=1)
    leg(kestrel.harbor, "ship", "WEB-4", hours=90, outcome="done")
    soup = page(viewer.get("/home/"))
    assert rows(soup, "orders") == [
        ["going to the warehouse", "1", "WEB-3 , 1 h"],
        ["at the warehouse", "2", "WEB-1 , 2 d"],
    ]
    assert soup.select("#panel-orders a")[-1]["href"] == f"/orders/{oldest.order_id}/"


def test_an_order_with_two_shipments_is_one_order(kestrel) -> None:
    order_id = uuid4()
    for _ in range(2):
        leg(kestrel.harbor, "confirm", "WEB-1", hours=1, order_id=order_id)
    with limited_to_customer(kestrel.harbor):
        assert own_motion.motion()["confirm"].orders == 1


def test_held_orders_are_being_checked(viewer, harbor) -> None:
    hold(harbor, "1001", "1002")
    while legs.advance():
        pass
    soup = page(viewer.get("/home/"))
    first = rows(soup, "orders")[0]
    assert first[:2] == ["being checked by us", "2"]
    assert soup.select_one("#panel-orders a")["href"] == "/questions/"


def test_what_went_wrong_is_said_with_what_was_done_the_largest_first(viewer, harbor) -> None:
    small = hold(harbor, "1001", sku="TENT-OLD")
    large = hold(harbor, "1002", "1003", sku="MUG-12")
    now = clock.now()
    ExceptionCase.objects.filter(pk=large.pk).update(
        state="resolved", opened_at=now - timedelta(minutes=11), closed_at=now
    )
    CaseEvent.objects.create(
        case=large, action="comment", text="We added your item.", for_customer=True
    )
    CaseEvent.objects.create(case=small, action="comment", text="An inner word.")
    soup = page(viewer.get("/home/"))
    solved, open_one = rows(soup, "causes")
    assert solved[1:4] == ["solved", "2 documents", "put right in 11 min"]
    assert open_one[1:4] == ["we are on it", "1 document", ""]
    assert texts(soup, "#panel-causes .activity span") == ["We added your item."]
    assert "An inner word" not in soup.text


def test_what_was_over_before_this_month_is_not_of_it(viewer, harbor) -> None:
    case = hold(harbor, "1001")
    ago = clock.now() - timedelta(days=40)
    ExceptionCase.objects.filter(pk=case.pk).update(state="resolved", opened_at=ago, closed_at=ago)
    assert rows(page(viewer.get("/home/")), "causes") == []


def test_a_promise_being_used_up_is_no_cause(viewer, harbor) -> None:
    findings.report([finding(harbor.shop, origin=ExceptionCase.Origin.BUDGET, code="budget_burn")])
    assert rows(page(viewer.get("/home/")), "causes") == []


def test_promises_stand_beside_what_was_delivered_this_month(viewer, kestrel) -> None:
    promised(kestrel.harbor, used=8)
    soup = page(viewer.get("/home/"))
    assert "keep 1 of 1 promises" in texts(soup, "#panel-promises p")[0]
    (row,) = rows(soup, "promises")
    # 8 of 1,000 missed: 99.2 % delivered; 8 of 20 allowed are 40 %.
    assert row[2] == "99.20 %"
    assert row[3].startswith("40 % used")


def test_a_missed_promise_is_red_and_counted(viewer, kestrel) -> None:
    promised(kestrel.harbor, used=30)
    soup = page(viewer.get("/home/"))
    assert "keep 0 of 1 promises" in texts(soup, "#panel-promises p")[0]
    assert soup.select("#panel-promises p .shape-bad")


def test_planned_work_that_was_agreed_is_said(viewer, kestrel) -> None:
    soon = clock.now() + timedelta(days=2)
    for state, text in (("approved", "ERP update"), ("asked", "Not agreed yet")):
        Exclusion.objects.create(
            customer_id=kestrel.harbor, text=text, state=state, begins_at=soon,
            ends_at=soon + timedelta(hours=1), asked_name="x",
        )  # fmt: skip
    soup = page(viewer.get("/home/"))
    assert "ERP update" in soup.select_one("#panel-promises").text
    assert "Not agreed yet" not in soup.text


def test_nothing_of_another_customer_shows(viewer, maris, kestrel) -> None:
    hold(maris, "9001", sku="MARIS-ITEM")
    leg(kestrel.maris, "ship", "MARIS-1", hours=90)
    promised(kestrel.maris, used=30)
    case = ExceptionCase.objects.get()
    CaseEvent.objects.create(case=case, action="x", text="MARIS-NOTE", for_customer=True)
    Exclusion.objects.create(
        customer_id=kestrel.maris, text="MARIS-WORK", state="approved", asked_name="x",
        begins_at=clock.now(), ends_at=clock.now() + timedelta(days=1),
    )  # fmt: skip
    text = viewer.get("/home/").content.decode()
    assert "MARIS" not in text.upper().replace("MARIS FOODS", "")
    assert texts(page(viewer.get("/home/")), "#panel-orders p") == [
        "Every order is where it should be. All orders"
    ]


def test_the_database_itself_gives_only_one_s_own_orders(kestrel) -> None:
    leg(kestrel.harbor, "ship", "WEB-1", hours=1)
    leg(kestrel.maris, "ship", "MARIS-1", hours=9)
    with limited_to_customer(kestrel.harbor):
        assert {one.number for one in own_motion.motion().values()} == {"WEB-1"}
    with limited_to_customer(0):
        assert own_motion.motion() == {}


def test_of_the_same_number_at_another_partner_nothing_shows(viewer, aurora, kestrel) -> None:
    from django_tenants.utils import schema_context

    with schema_context("aurora"):
        leg(kestrel.harbor, "ship", "AURORA-1", hours=9)
    assert "AURORA" not in viewer.get("/home/").content.decode()


@pytest.mark.parametrize("slug", SLUGS)
def test_a_part_answers_with_nothing_until_it_changes(viewer, kestrel, slug) -> None:
    with clock.freeze(clock.now()):
        address = page(viewer.get("/home/")).select_one(f"#panel-{slug}")["hx-get"]
        assert viewer.get(address).status_code == 204
    if slug == "orders":
        leg(kestrel.harbor, "ship", "WEB-1", hours=1)
        assert viewer.get(address).status_code == 200


def test_many_orders_and_causes_cost_no_more_questions_than_one(viewer, harbor) -> None:
    hold(harbor, "1001")
    leg(harbor.customer_id, "ship", "1", hours=1)
    viewer.get("/home/")
    with CaptureQueriesContext(connection) as one:
        viewer.get("/home/")
    for n in (2, 3):
        hold(harbor, f"100{n}", sku=f"ITEM-{n}")
        leg(harbor.customer_id, "ship", f"{n}", hours=n)
    with CaptureQueriesContext(connection) as three:
        viewer.get("/home/")
    assert len(three) == len(one)


@pytest.mark.parametrize("path", ["/home/", *(f"/home/{slug}/" for slug in SLUGS)])
def test_it_is_for_people_of_customers(kestrel, operator, stranger, path) -> None:
    assert operator.get(path).status_code == 403
    assert stranger.get(path, headers={"host": kestrel.host}).status_code == 302


def test_whoever_may_read_only_of_orders_reads_of_no_promise(kestrel) -> None:
    from portal.accounts.models import Role

    Role.objects.filter(slug="viewer").update(permissions=["own.orders"])
    promised(kestrel.harbor, used=8)
    visitor = sign_in(kestrel, "viewer", customer_id=kestrel.harbor)
    assert rows(page(visitor.get("/home/")), "promises") == []
