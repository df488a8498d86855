"""Adding a customer by the API."""

import pytest
from auditlog.models import LogEntry

from portal.accounts.domain import limits
from portal.customers.models import Customer
from tests.api.asking import maker, program
from tests.api.test_problems import problem
from tests.isolation.limited import boss

pytestmark = pytest.mark.db

GIVEN = {"slug": "cedar", "name": "Cedar Goods", "time_zone": "Europe/Oslo", "language": "de"}


def test_a_customer_is_added_with_hours_of_their_own(app):
    hours = {"hours": {"mon": "08:00-12:00"}}
    answer = app.post("customers/", {**GIVEN, "currency": "NOK", "calendar": hours})
    assert answer.status_code == 201, answer.content
    said = answer.json()
    assert said == app.get("customers/cedar/").json()
    assert (said["language"], said["currency"]) == ("de", "NOK")
    assert said["calendar"]["hours"]["mon"] == "08:00-12:00"
    entry = LogEntry.objects.get_for_object(Customer.objects.get(slug="cedar")).get()
    assert entry.actor.name == "Ana Ruiz"


def test_the_same_key_adds_one(app):
    first = app.post("customers/", GIVEN, **{"Idempotency-Key": "k1"})
    again = app.post("customers/", GIVEN, **{"Idempotency-Key": "k1"})
    assert (first.status_code, again.status_code) == (201, 201)
    assert again.json() == first.json()


def test_a_slug_that_is_taken_is_a_conflict(app):
    said = problem(app.post("customers/", {**GIVEN, "slug": "harbor"}), 409, "conflict")
    assert "harbor2 is free" in said["detail"]
    assert Customer.objects.get(slug="harbor").name == "Harbor Outfitters"


def test_each_thing_that_is_wrong_has_its_pointer(app):
    wrong = {
        "slug": "Cedar!", "name": "Cedar", "time_zone": "Mars/Olympus", "language": "xx", "currency": "ZZZ",
        "calendar": {"hours": {"mon": "25:00-26:00"}},
    }  # fmt: skip
    said = problem(app.post("customers/", wrong), 422, "invalid")
    assert [one["pointer"] for one in said["errors"]] == [
        "/slug", "/time_zone", "/currency", "/language", "/calendar/hours/mon",
    ]  # fmt: skip
    said = problem(app.post("customers/", {"slug": "cedar", "colour": "red"}), 422, "invalid")
    assert [one["pointer"] for one in said["errors"]] == ["/colour"]
    assert Customer.objects.count() == 2


def test_without_the_scope_nobody_adds_one(kestrel, own):
    for asker in (program(kestrel, "customers.view"), program(kestrel, role="operator"), own):
        problem(asker.post("customers/", GIVEN), 403, "not-allowed")


def test_whoever_works_for_some_customers_adds_none(kestrel, app):
    limits.limit(maker(kestrel), customers=[kestrel.harbor], groups=[], by=boss())
    said = problem(app.post("customers/", GIVEN), 403, "not-allowed")
    assert "some customers only" in said["detail"]
    assert Customer.objects.count() == 2
