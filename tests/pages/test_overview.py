from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from integrations.domain import receive
from integrations.models import Message, Problem, TrafficDelta
from monitoring.models import (
    ExceptionCase,
    Fix,
    FixItem,
    Lease,
    Objective,
    ObjectiveWindow,
    RemedyRule,
)
from monitoring.queries import memory, risk
from portal.accounts.models import Person, Role
from portal.core import clock
from portal.customers.models import Customer
from tests import pipeline
from tests.monitoring.test_home import promised
from tests.pages import scenery
from tests.pages.scenery import page, texts
from tests.people import sign_in

pytestmark = pytest.mark.db


@pytest.fixture
def harbor(kestrel):
    return scenery.business(kestrel.harbor)


def test_a_quiet_day_is_said_in_three_sentences_without_red(kestrel, admin):
    soup = page(admin.get("/overview/"))
    assert texts(soup, ".sentences p") == [
        "Nothing is late.",
        "Nothing is held.",
        "No order has come since midnight.",
    ]
    assert not soup.select("[data-panel] .shape-bad, .shape-risk, .bad")


def test_orders_of_today_are_counted_per_customer(harbor, admin):
    scenery.take_orders(harbor, "1001", "1002")
    soup = page(admin.get("/overview/"))
    assert texts(soup, ".sentences p")[2] == (
        "2 orders have come since midnight, 0 deliveries took effect."
    )
    assert texts(soup, "tbody [data-row] td[data-label=Orders]") == ["2", "0"]


def test_what_waits_for_more_than_a_quarter_of_an_hour_is_late(harbor, admin):
    scenery.take_orders(harbor, "1001")
    Message.objects.update(created_at=clock.now() - timedelta(minutes=16))
    soup = page(admin.get("/overview/"))
    assert texts(soup, ".sentences p")[0] == "1 document is late."
    assert texts(soup, "td.bad") == ["1", "1"]


def test_the_worst_customer_stands_first_with_what_is_at_risk(harbor, kestrel, admin):
    Customer.objects.filter(pk=kestrel.maris).update(name="Aardvark Foods")
    scenery.hold_order(harbor)
    soup = page(admin.get("/overview/"))
    assert texts(soup, "tbody [data-row] th a") == ["Harbor Outfitters", "Aardvark Foods"]
    assert texts(soup, "td[data-label='At risk']") == ["$128.00", "none"]
    assert soup.select_one("td[data-label=Cases] a")["href"] == "/desk/?customer=harbor"


def test_three_customers_cost_no_more_questions_than_one(harbor, kestrel, admin):
    scenery.take_orders(harbor, "1001")
    Customer.objects.filter(pk=kestrel.maris).delete()
    admin.get("/overview/")
    with CaptureQueriesContext(connection) as one:
        admin.get("/overview/")
    for slug in ("maris", "oakfield"):
        customer = Customer.objects.create(slug=slug, name=slug.title())
        scenery.take_orders(scenery.business(customer.pk, prefix=slug), f"{slug}1")
    with CaptureQueriesContext(connection) as three:
        admin.get("/overview/")
    assert len(three) == len(one)
    for slug, most in (("customers", 16), ("documents", 2)):
        with CaptureQueriesContext(connection) as asked:
            admin.get(f"/overview/{slug}/")
        own = [
            q
            for q in asked.captured_queries
            if "integrations_" in q["sql"] or "monitoring_" in q["sql"]
        ]
        assert len(own) <= most, slug


def test_a_stranger_sees_nothing_of_it(harbor, stranger, kestrel):
    scenery.take_orders(harbor, "1001")
    assert stranger.get("/overview/", headers={"host": kestrel.host}).status_code == 302


def test_held_orders_count_among_the_orders_of_their_customer(harbor, admin):
    scenery.take_orders(harbor, "1001")
    scenery.hold_order(harbor, "1500")
    soup = page(admin.get("/overview/"))
    assert texts(soup, ".sentences p")[2].startswith("2 orders have come since midnight")
    assert texts(soup, "tbody [data-row] td[data-label=Orders]") == ["2", "0"]
    assert not soup.select(".sentences p:nth-of-type(3) .shape")


def test_customers_stand_above_documents(harbor, admin):
    scenery.take_orders(harbor, "1001")
    soup = page(admin.get("/overview/"))
    assert [caption.split(",")[0].split(".")[0] for caption in texts(soup, "caption")] == [
        "Customers",
        "Moved today",
    ]


def test_a_day_without_documents_offers_the_next_step(kestrel, admin):
    soup = page(admin.get("/overview/"))
    assert texts(soup, ".empty p")[0] == "No document has moved today."
    assert soup.select_one(".empty a")["href"] == "/endpoints/"


def test_a_held_document_of_no_known_currency_does_not_take_the_page_down(harbor, admin):
    scenery.hold_order(harbor)
    Problem.objects.update(currency="ZZZ")
    soup = page(admin.get("/overview/"))
    assert "128.00 ZZZ" in texts(soup, "td[data-label='At risk']")


@pytest.mark.parametrize(
    ("named", "kept"), [("USD", "USD"), ("ZZZ", ""), ("USDX", ""), ("usd", "")]
)
def test_what_a_held_document_is_worth_has_a_currency_we_know_or_none(harbor, admin, named, kept):
    scenery.hold_order(harbor)
    pipeline.store(harbor.shop, pipeline.order("7", sku="TENT-OLD", currency=named))
    receive.receive(harbor.customer_id)
    problem = Problem.objects.latest("pk")
    assert (problem.message.state, problem.currency) == ("held", kept)
    assert admin.get("/overview/").status_code == 200
    assert admin.get("/desk/").status_code == 200


def moved_before(harbor, at, *, received: int, held: int = 0) -> None:
    TrafficDelta.objects.create(
        slot=at.replace(minute=0, second=0, microsecond=0), customer_id=harbor.customer_id,
        endpoint_id=harbor.shop.pk, object_type="order", direction="in", received=received, held=held,
    )  # fmt: skip


def test_today_stands_beside_yesterday_up_to_the_same_time(harbor, admin):
    noon = datetime(2026, 4, 8, 12, tzinfo=UTC)
    with clock.freeze(noon):
        moved_before(harbor, noon - timedelta(hours=26), received=100)
        moved_before(harbor, noon - timedelta(hours=2), received=130)
        moved_before(
            harbor, noon - timedelta(hours=20), received=999
        )  # after this time of yesterday
        sentence = texts(page(admin.get("/overview/")), ".sentences p")[2]
    assert sentence.endswith("30 % more documents of orders than by this time yesterday.")


def test_what_opened_and_was_closed_within_a_day_is_said(harbor, admin):
    scenery.hold_order(harbor)
    ExceptionCase.objects.update(state="resolved", closed_at=clock.now() - timedelta(hours=1))
    assert texts(page(admin.get("/overview/")), ".sentences p")[1].endswith(
        "In 24 h 1 opened and 1 were closed."
    )


def test_touches_are_counted_per_thousand_orders(harbor, admin):
    scenery.hold_order(harbor)
    moved_before(harbor, clock.now() - timedelta(days=2), received=499)
    case = ExceptionCase.objects.get()
    people = [sign_in_person(f"p{n}") for n in (1, 2)]
    for person in (people[0], people[0], people[1]):
        when = clock.now() - timedelta(hours=1)
        Lease.objects.create(
            case=case, person=person, person_name=person.name, began_at=when, beat_at=when, until=when,
            ended_at=when,
        )  # fmt: skip
    # One case, taken up by two people, of 499 + 1 orders: 2 of 500 are 4 of 1,000.
    assert texts(page(admin.get("/overview/")), "td[data-label=Touches]")[0] == "4.0"


def sign_in_person(name: str) -> Person:
    return Person.objects.create_person(
        email=f"{name}@kestrel.test",
        name=name,
        role=Role.objects.get(slug="operator"),
        password=None,
    )


def test_what_rules_did_is_said_in_people_s_time(harbor, admin):
    scenery.hold_order(harbor)
    case = ExceptionCase.objects.get()
    rule = RemedyRule.objects.create(
        code=case.code, remedy="retry", words="try again", proposed_by="x"
    )
    fix = Fix.objects.create(
        case=case, remedy="retry", words="x", rule=rule, state="done", person_name="", digest="",
        finished_at=clock.now(),
    )  # fmt: skip
    message = Message.objects.get(state="held")
    FixItem.objects.create(
        fix=fix, message_id=message.pk, outcome="passed", released_at=clock.now(), position=1
    )
    minutes = memory.usual_minutes(case.code)
    soup = page(admin.get("/overview/"))
    assert texts(soup, "td[data-label=Saved]")[0] == f"{int(minutes)} min"
    assert f"rules resolved 1 case: about {int(minutes)} min of people's time." in soup.text


def test_the_line_of_twelve_weeks_ends_with_this_week(harbor, admin):
    now = clock.now()
    moved_before(harbor, now - timedelta(days=80), received=100, held=10)
    moved_before(harbor, now, received=50, held=1)
    line = page(admin.get("/overview/")).select_one(".spark")
    # 100 with 10 held are 90 %, 50 with one are 98 %.
    assert line["aria-label"] == "Passed at once: 98 % now, 90 % at first"


@pytest.mark.parametrize("slug", ["customers", "documents"])
def test_the_parts_of_the_page_renew_themselves(harbor, admin, operator, slug):
    with clock.freeze(clock.now()):
        address = page(admin.get("/overview/")).select_one(f"#panel-{slug}")["hx-get"]
        assert admin.get(address).status_code == 204
    assert operator.get(f"/overview/{slug}/").status_code == 403


def test_a_desk_with_many_documents_takes_what_cases_keep(harbor, admin, monkeypatch):
    scenery.hold_order(harbor)
    monkeypatch.setattr(risk, "COUNTED_AT_ONCE", 0)
    assert texts(page(admin.get("/overview/")), "td[data-label='At risk']")[0] == "$128.00"


def test_customers_stand_by_the_promise_with_the_least_left(harbor, kestrel, admin):
    Customer.objects.filter(pk=kestrel.maris).update(name="Zeta Foods")
    promised(kestrel.harbor, used=3)
    window = promised(kestrel.maris, used=30)
    soup = page(admin.get("/overview/"))
    assert texts(soup, "tbody [data-row] th a") == ["Zeta Foods", "Harbor Outfitters"]
    # 30 of 20 allowed misses are 150 %; 3 of 20 are 15 %.
    assert texts(soup, ".budget-cell b") == ["150 %", "15 %"]
    assert texts(soup, "td[data-label=Kept]") == ["0 of 1", "1 of 1"]
    link = soup.select_one(".budget-cell a")["href"]
    assert link == f"/service-levels/maris/{window.objective.sli}/"


def test_whoever_may_not_see_promises_has_no_link_to_them(harbor, kestrel):
    promised(kestrel.harbor, used=3)
    finance = sign_in(kestrel, "finance")
    assert not page(finance.get("/overview/")).select(".budget-cell a")


def test_a_promise_with_nothing_to_measure_yet_is_none(harbor, kestrel, admin):
    promised(kestrel.harbor, used=3)
    ObjectiveWindow.objects.update(total=0)
    soup = page(admin.get("/overview/"))
    assert texts(soup, "td[data-label=Kept]") == ["none", "none"]
    assert not soup.select(".budget-cell b")


def test_of_several_promises_the_one_used_most_is_shown(harbor, kestrel, admin):
    window = promised(kestrel.harbor, used=30)
    other = Objective.objects.filter(customer_id=kestrel.harbor).exclude(pk=window.objective_id)
    ObjectiveWindow.objects.create(
        objective=other.first(), customer_id=kestrel.harbor, begins=window.begins, ends=window.ends,
        total=100, planned=100, allowed=10, used=1, share=0.1, measured_at=clock.now(),
    )  # fmt: skip
    soup = page(admin.get("/overview/"))
    # 30 of 20 allowed misses are 150 %, 1 of 10 are 10 %: one of two is kept.
    assert texts(soup, ".budget-cell b") == ["150 %"]
    assert texts(soup, "td[data-label=Kept]")[0] == "1 of 2"


def test_cases_that_are_closed_are_not_looked_at(harbor, admin):
    scenery.hold_order(harbor)
    with CaptureQueriesContext(connection) as asked:
        admin.get("/overview/customers/")
    cases = [
        q["sql"] for q in asked.captured_queries if 'FROM "monitoring_exceptioncase"' in q["sql"]
    ]
    assert len(cases) == 3
    assert all('"closed_at" IS NULL' in sql for sql in cases)


def test_the_overview_goes_through_no_documents_by_time(harbor, admin):
    """What moved is read from sums; of documents only those that are open, by their small indexes."""
    scenery.take_orders(harbor, "1001")
    with CaptureQueriesContext(connection) as asked:
        admin.get("/overview/")
    found = [query["sql"].replace('"', "") for query in asked.captured_queries]
    assert not [sql for sql in found if "integrations_messageevent" in sql]
    names = ("FROM integrations_message ", "FROM integrations_record ")
    of_documents = [sql for sql in found if any(name in sql for name in names)]
    assert len(of_documents) == 2
    assert all("state = 'held'" in sql for sql in of_documents)
