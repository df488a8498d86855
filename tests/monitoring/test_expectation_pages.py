"""The pages of expectations: what should come next, what was agreed, marked days, one silence."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from monitoring.domain import expecting
from monitoring.models import Expectation, Leg, MarkedDays, Silence
from portal.core import clock
from portal.jobs import lanes
from portal.jobs.models import Wake
from tests.monitoring.expecting import HOUR, leg
from tests.monitoring.test_expecting_feeds import MONDAY, learn, reports, shop, silent
from tests.pages.scenery import page, texts

__all__ = ["shop"]
pytestmark = [pytest.mark.db, pytest.mark.long]
EVIL = "<script>alert(1)</script>"


@pytest.fixture(autouse=True)
def monday() -> Any:
    """Ten past nine on the Monday of which the shop's last order came at nine."""
    with clock.freeze(MONDAY + 9 * HOUR + timedelta(minutes=10)) as frozen:
        yield frozen


def the_feed() -> Expectation:
    return Expectation.objects.get(kind="feed", object_type="order")


def test_the_list_says_what_is_expected_what_came_and_how_it_stands(operator, shop, monday):
    expecting.look(monday.at)
    shown = page(operator.get("/expectations/"))
    assert texts(shown, "#expectations .divider") == ["Harbor Outfitters"]
    cells = texts(shown, "#expectations [data-row] > *")
    # a document every 5 to 20 minutes, 10.1 on the average: 142 a day
    assert cells[0] == f"Orders from {shop.label} about 142 a day"
    assert cells[1] == "as expected"
    assert cells[2].startswith("1") and "came in 24 h, about 1" in cells[2]
    assert shown.select_one("svg.strip")["aria-label"] in cells[2]
    assert cells[3] == "08:55"
    assert shown.select("rect[data-part=seen]") and shown.select("rect[data-part=expected]")


def test_what_is_silent_is_late_on_the_list_and_counted_in_the_rail(operator, shop, monday):
    monday.at = silent(shop)
    shown = page(operator.get("/expectations/?view=late"))
    cells = texts(shown, "#expectations [data-row] > *")
    assert (cells[1], cells[4]) == ("silent", "")
    assert "seen 0, since 09:00" in cells[0]
    assert texts(shown, ".page-facts b") == ["1"]
    assert "Expectations 1" in texts(shown, ".rail-entry")
    assert texts(page(operator.get("/expectations/?view=off")), ".empty p") == [
        "Everything that moves is expected to go on."
    ]


def test_next_documents_say_how_many_wait(operator, harbor, monday):
    for n in range(30):
        began = MONDAY - (n + 2) * 10 * HOUR
        leg(harbor.erp, "confirm", began, began + timedelta(minutes=10))
    learn(monday.at)
    leg(harbor.erp, "confirm", MONDAY + 8.9 * HOUR)
    leg(harbor.erp, "confirm", MONDAY + 9 * HOUR)
    expecting.look(monday.at)
    cells = texts(page(operator.get("/expectations/")), "#expectations [data-row] > *")
    assert cells[0].startswith(
        f"{harbor.erp.label} is told of shipments within 15 min, usually 10 min"
    )
    assert cells[2] == "2 shipments waiting, 1 past due"
    assert cells[4] == "09:15"


def test_an_empty_page_says_what_will_be_here_and_when(operator, kestrel):
    with clock.freeze(MONDAY):
        lanes.begin("expect_learn", schema="kestrel")
        Wake.objects.filter(kind="expect_learn").update(due_at=MONDAY + 0.7 * HOUR)
        [said] = texts(page(operator.get("/expectations/")), ".empty p")
        Wake.objects.filter(kind="expect_learn").update(due_at=None)
        [while_it_runs] = texts(page(operator.get("/expectations/")), ".empty p")
    assert said == (
        "Nothing is expected yet. Every feed and flow that moved a document in the last two weeks appears"
        " here by itself: we look every hour, next at 00:42. How much is usual, and at which hours, is known"
        " after 14 days and 20 arrivals; how soon a next document follows, after 20 of them. From then on"
        " you are told what stays away."
    )
    assert "we look every hour, next now." in while_it_runs


def test_a_customer_is_filtered_by_name(operator, shop, kestrel):
    assert (
        texts(page(operator.get("/expectations/?customer=maris")), "#expectations [data-row]") == []
    )
    assert len(texts(page(operator.get("/expectations/?customer=harbor")), "[data-row]")) == 1


def test_the_list_asks_the_same_number_of_queries_for_one_and_for_three(operator, shop, harbor):
    operator.get("/expectations/")
    with CaptureQueriesContext(connection) as one:
        page(operator.get("/expectations/"))
    for kind, where in (("feed", harbor.erp), ("ship", harbor.erp), ("confirm", harbor.shop)):
        Expectation.objects.create(
            customer_id=harbor.customer_id, endpoint=where, kind=kind, object_type="invoice"
        )
    with CaptureQueriesContext(connection) as four:
        page(operator.get("/expectations/"))
    assert len(four) <= len(one) + 1  # what waits for next documents, of all of them at once


def address(one: Expectation) -> str:
    return f"/expectations/{one.pk}/"


def test_one_expectation_shows_the_last_day_as_a_picture_and_as_a_table(operator, shop):
    shown = page(operator.get(address(the_feed())))
    assert texts(shown, "h1") == [f"Orders from {shop.label}"]
    rows = texts(shown, "#hours tbody tr > *")
    assert rows[0] == "Mon 09:00"
    assert len(rows) == 24 * 3
    assert texts(shown, "form[action$='/change/']") == []  # an operator reads


GIVEN = {
    "mode": "given",
    "every": "",
    "window": "22:00–23:30",
    "grace": "15 min",
    "reason": "Agreed",
}


def test_an_engineer_agrees_on_a_window(engineer, harbor, monday):
    reports(harbor.shop)
    learn(monday.at)
    one = Expectation.objects.get()
    shown = page(engineer.get(address(one)))
    assert shown.select_one("[name=window]")["value"] == "22:30–22:35"
    engineer.post(f"{address(one)}change/", {**GIVEN, "weekdays": ["0", "1", "2", "3", "4"]})
    one.refresh_from_db()
    assert (one.mode, one.changed_by) == ("given", "Engineer")
    assert one.schedule == {"begins": 1320, "ends": 1410, "weekdays": [0, 1, 2, 3, 4], "grace": 15,
                            "on_holidays": False}  # fmt: skip
    shown = page(engineer.get(address(one)))
    assert "agreed: 22:00–23:30, Mon–Fri" in texts(shown, "dl.facts")[0]
    assert "Changed by Engineer, 09:10: Agreed" in texts(shown, "aside p.second")


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"window": "", "every": ""}, "Give either how often, or a window of the day."),
        ({"every": "1 h"}, "Give either how often, or a window of the day."),
        ({"window": "ten"}, "Write a window like 22:00–23:30."),
        ({"window": "25:00–26:00"}, "A window is from 00:00 to 24:00."),
        ({"grace": "soon"}, "soon is no length of time. Write it like 1 h 30."),
        ({"reason": ""}, "This field is required."),
    ],
)
def test_what_nobody_can_keep_is_refused_at_its_field(engineer, shop, changed, said):
    answer = engineer.post(f"{address(the_feed())}change/", {**GIVEN, **changed})
    assert answer.status_code == 422
    assert said in answer.content.decode().replace("&#x27;", "'")
    assert the_feed().mode == "learned"


def test_an_agreed_lag_holds_for_what_waits_already(engineer, harbor, monday):
    one = Expectation.objects.create(
        customer_id=harbor.customer_id, endpoint=harbor.erp, kind="confirm"
    )
    waiting = leg(harbor.erp, "confirm", MONDAY + 9 * HOUR, due_at=MONDAY + 20 * HOUR)
    engineer.post(
        f"{address(one)}change/", {"mode": "given", "lag": "30 min", "grace": "", "reason": "SLA"}
    )
    expecting.look(monday.at)
    assert Leg.objects.get(pk=waiting.pk).due_at == MONDAY + 9.5 * HOUR
    answer = engineer.post(f"{address(one)}change/", {"mode": "given", "lag": "", "reason": "SLA"})
    assert "Say within what time it was agreed." in answer.content.decode()


def test_an_operator_does_not_change_what_is_expected(operator, shop):
    assert operator.post(f"{address(the_feed())}change/", GIVEN).status_code == 403
    assert the_feed().mode == "learned"


MARK = {"first": "2026-03-02", "last": "2026-03-03", "factor": "0", "reason": "Stocktake"}


def test_an_operator_marks_a_quiet_day_and_it_is_expected_so(operator, shop, kestrel, monday):
    answer = operator.post("/expectations/days/mark/", {**MARK, "customer": kestrel.harbor})
    assert answer.status_code == 302
    marked = MarkedDays.objects.get()
    assert (marked.first, marked.last) == (date(2026, 3, 2), date(2026, 3, 3))
    assert (float(marked.factor), marked.author_name) == (0, "Operator")
    shown = page(operator.get("/expectations/days/"))
    cells = texts(shown, "#days tbody tr > *")
    assert cells[:4] == [
        "Stocktake Operator, 09:10",
        "Harbor Outfitters",
        "2 Mar to 3 Mar",
        "0 times",
    ]
    silent(shop)
    assert not Silence.objects.exists()
    operator.post(f"/expectations/days/{marked.pk}/remove/")
    assert not MarkedDays.objects.exists()
    expecting.look(monday.at + 8 * HOUR)
    assert Silence.objects.exists()


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"last": "2026-03-01"}, "The last day is before the first."),
        ({"last": "2026-06-01"}, "Mark at most 60 days at once."),
        ({"factor": "-1"}, "greater than or equal to 0"),
        ({"first": "soon"}, "Enter a valid date."),
    ],
)
def test_days_that_cannot_be_marked_are_refused(operator, kestrel, changed, said):
    answer = operator.post(
        "/expectations/days/mark/", {**MARK, "customer": kestrel.harbor, **changed}
    )
    assert answer.status_code == 422
    assert said in answer.content.decode()
    assert not MarkedDays.objects.exists()


def test_a_silence_shows_its_numbers_and_its_probable_cause(operator, shop, monday):
    monday.at = silent(shop)
    found = Silence.objects.get()
    shown = page(operator.get(f"/expectations/silences/{found.pk}/"))
    assert texts(shown, "h1") == [f"{shop.label} sends no orders"]
    assert texts(shown, "#silence p")[0] == f"E{found.said[1:]}"
    assert texts(shown, "#silence h3") == ["Nothing we know explains it"]
    assert f"Case {found.case.label} open" in texts(shown, "dl.facts")[0]
    case = page(operator.get(f"/cases/{found.case_id}/"))
    assert found.said[1:] in case.get_text(" ")


def test_a_silence_that_goes_on_keeps_what_it_was_decided_by(operator, shop, monday):
    monday.at = silent(shop) + HOUR
    expecting.look(monday.at)
    found = Silence.objects.get()
    shown = texts(page(operator.get(f"/expectations/silences/{found.pk}/")), "#silence p")
    assert shown[0] == f"E{found.decided[1:]}"
    assert shown[1] == f"By 16:00: {found.said}"
    assert found.said != found.decided


def test_what_people_wrote_is_shown_as_text(engineer, shop, kestrel):
    MarkedDays.objects.create(
        customer_id=kestrel.harbor, first=date(2026, 3, 2), last=date(2026, 3, 2), reason=EVIL,
        author_name=EVIL,
    )  # fmt: skip
    Expectation.objects.update(mode="off", reason=EVIL, said=EVIL, changed_by=EVIL)
    for where in ("/expectations/", "/expectations/days/", address(the_feed())):
        content = engineer.get(where).content.decode()
        assert EVIL not in content and "&lt;script&gt;" in content


def test_a_stranger_finds_nothing(stranger, viewer, shop):
    silent(shop)
    for where in (address(the_feed()), f"/expectations/silences/{Silence.objects.get().pk}/"):
        assert stranger.get(where).status_code == 404
        assert viewer.get(where).status_code == 403
    assert viewer.get("/expectations/").status_code == 403
