"""The pages of time that does not count."""

from datetime import timedelta

import pytest

from monitoring.models import Exclusion
from portal.accounts.models import Person
from tests.pages.scenery import page, texts
from tests.promises.scenery import at
from tests.promises.test_pages import LIST, _in_march, busy, queries

__all__ = ["_in_march", "busy"]

pytestmark = pytest.mark.db
NOW = at("03-12 09:00")


AGREED = "/service-levels/agreed/"


def asking(place, **changes):
    return {
        "customer": place.pk, "sli": "", "kind": "maintenance", "text": "ERP update", "day": "2026-03-15",
        "at": "02:00", "length": "40 min", "returns": "", "until": "", **changes,
    }  # fmt: skip


def test_one_asks_and_another_agrees(operator, admin, harbor):
    assert operator.post(f"{AGREED}ask/", asking(harbor)).status_code == 302
    row = Exclusion.objects.get()
    assert (row.begins_at, row.ends_at, row.state) == (
        at("03-15 02:00"),
        at("03-15 02:40"),
        "asked",
    )
    assert texts(page(admin.get(LIST)), ".rail-entry[aria-current]") == ["Service levels 1"]
    assert operator.post(f"{AGREED}{row.pk}/approve/").status_code == 403
    assert admin.post(f"{AGREED}{row.pk}/approve/").status_code == 302
    row.refresh_from_db()
    assert (row.state, row.decided_name) == ("approved", "Admin")
    assert texts(page(operator.get(AGREED)), "tbody td")[:2] == [
        "15 Mar, 02:00 to 02:40",
        "agreed Admin, 09:00",
    ]


def test_an_admin_does_not_agree_with_themselves(admin, harbor):
    admin.post(f"{AGREED}ask/", asking(harbor))
    row = Exclusion.objects.get()
    assert texts(page(admin.get(AGREED)), "tbody button") == ["Decline"]
    answer = admin.post(f"{AGREED}{row.pk}/approve/")
    assert answer.status_code == 409
    assert "Somebody else than who asked for it has to agree." in answer.content.decode()


@pytest.mark.parametrize(
    ("returns", "rule", "words"),
    [
        ("week", {"weekday": 6}, "every Sunday, 02:00 for 40 min, from 15 Mar"),
        ("day", {"day": 15}, "every month on day 15, 02:00 for 40 min, from 15 Mar"),
        ("nth", {"weekday": 6, "nth": 3}, "every third Sunday of a month, 02:00 for 40 min, from 15 Mar"),
        ("last", {"weekday": 6, "nth": -1}, "every last Sunday of a month, 02:00 for 40 min, from 15 Mar"),
    ],
)  # fmt: skip
def test_what_returns_is_asked_for_by_its_first_day(operator, harbor, returns, rule, words):
    operator.post(f"{AGREED}ask/", asking(harbor, returns=returns))
    assert Exclusion.objects.get().recurs == {
        "zone": "UTC", "at": 120, "minutes": 40, "since": "2026-03-15", **rule
    }  # fmt: skip
    assert texts(page(operator.get(AGREED)), "tbody td")[0] == words


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"length": "0"}, "Write it like 15 min, 1 h 30 or 3 d."),
        ({"length": "90 s"}, "Write it like 15 min, 1 h 30 or 3 d."),
        ({"day": "2026-02-30"}, "Enter a valid date."),
        ({"day": "2026-01-15"}, "That month is over and told"),
        ({"day": "9999-12-31", "length": "24 h"}, "Choose a day within 5 years."),
        ({"returns": "week", "until": "9999-12-31"}, "Choose a day within 5 years."),
        ({"customer": "0"}, "Select a valid choice"),
        ({"text": " "}, "This field is required."),
        ({"returns": "week", "until": "2026-01-01"}, "It ends before it begins."),
    ],
)  # fmt: skip
def test_what_cannot_be_asked_for_says_why(operator, harbor, changes, sentence):
    answer = operator.post(f"{AGREED}ask/", asking(harbor, **changes))
    assert answer.status_code == 422
    assert sentence in answer.content.decode()
    assert Exclusion.objects.count() == 0


def test_who_declines_says_why_and_what_returns_is_ended(operator, admin, harbor):
    operator.post(f"{AGREED}ask/", asking(harbor))
    first = Exclusion.objects.get()
    assert admin.post(f"{AGREED}{first.pk}/decline/", {"reason": ""}).status_code == 409
    admin.post(f"{AGREED}{first.pk}/decline/", {"reason": "Not theirs"})
    operator.post(f"{AGREED}ask/", asking(harbor, returns="week", day="2026-03-01"))
    second = Exclusion.objects.latest("pk")
    admin.post(f"{AGREED}{second.pk}/approve/")
    admin.post(f"{AGREED}{second.pk}/end/")
    assert "until 12 Mar" in texts(page(operator.get(AGREED)), "tbody td")[0]
    assert admin.post(f"{AGREED}99999/end/").status_code == 404


def test_the_list_of_agreed_time_asks_as_often_for_one_as_for_three(operator, harbor):
    person = Person.objects.get(email="operator@kestrel.test")

    def plant():
        Exclusion.objects.create(
            customer=harbor.customer,
            text="ERP",
            begins_at=NOW,
            ends_at=NOW + timedelta(hours=1),
            asked_by=person,
            asked_name="Ana",
        )

    plant()
    one = queries(operator, AGREED)
    plant()
    plant()
    assert queries(operator, AGREED) == one
