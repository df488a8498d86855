from datetime import timedelta

import pytest
from bs4 import BeautifulSoup
from django.db import connection
from django.test.utils import CaptureQueriesContext

from portal.accounts.models import ApiToken
from portal.core import clock
from tests import pipeline
from tests.api.asking import Program, token
from tests.isolation import planting_resources
from tests.pages.scenery import page, texts
from tests.people import sign_in

pytestmark = pytest.mark.db


def form(days: int = 30, **given) -> dict:
    ends = (clock.now() + timedelta(days=days)).date().isoformat()
    return {"name": "Nightly sync", "expires_on": ends, "permissions": ["orders.view"], **given}


def test_a_new_token_is_shown_once_and_works(kestrel, admin):
    answer = admin.post("/tokens/new/", form())
    text = texts(page(answer), ".new-key")[0]
    assert "no-store" in answer["Cache-Control"]
    assert Program(kestrel, text).get("records/").status_code == 200
    listed = admin.get("/tokens/").content.decode()
    assert text not in listed
    assert text[:12] in listed
    assert texts(page(admin.get("/tokens/")), "tbody th")[0].startswith("Nightly sync")


def test_a_token_for_a_customer_has_the_scopes_of_their_people(kestrel, admin):
    mixed = admin.post("/tokens/new/", form(customer=kestrel.harbor))
    assert mixed.status_code == 422
    soup = BeautifulSoup(mixed.content, "html.parser")
    assert "Choose at least one thing that it may do." in texts(soup, "[data-for=own]")[0]
    admin.post("/tokens/new/", form(customer=kestrel.harbor, permissions=[], own=["own.orders"]))
    made = ApiToken.objects.get()
    assert (made.customer_id, made.permissions) == (kestrel.harbor, ["own.orders"])


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ({"permissions": []}, "Choose at least one thing that it may do."),
        ({"days": 400}, "up to a year from today"),
        ({"days": -1}, "Choose a day from tomorrow"),
        ({"permissions": ["platform.partners"]}, "Select a valid choice"),
        ({"name": ""}, "This field is required."),
    ],
)
def test_what_cannot_be_is_said_with_the_remedy(admin, given, sentence):
    answer = admin.post("/tokens/new/", form(**given))
    assert answer.status_code == 422
    assert sentence in answer.content.decode()
    assert not ApiToken.objects.exists()


def test_revoking_ends_a_token_at_once(kestrel, admin):
    found, text = token(kestrel)
    assert admin.post(f"/tokens/{found.pk}/revoke/").url == "/tokens/"
    assert Program(kestrel, text).get("me/").status_code == 401
    assert "revoked" in texts(page(admin.get("/tokens/")), "tbody td.said")[1]
    assert not page(admin.get("/tokens/")).select("tbody form")
    assert admin.post("/tokens/999/revoke/").status_code == 404
    assert admin.get(f"/tokens/{found.pk}/revoke/").status_code == 405


def test_what_expires_soon_is_at_risk(kestrel, admin):
    token(kestrel, days=13)
    states = texts(page(admin.get("/tokens/")), ".said .risk, .said [data-shape=risk]")
    text = texts(page(admin.get("/tokens/")), "tbody td.said")[1]
    assert "expires in" in text or states


def test_others_do_not_see_tokens(kestrel, operator, viewer, stranger):
    for client in (operator, viewer, stranger, sign_in(kestrel, "engineer")):
        assert client.get("/tokens/").status_code == 403
        assert client.post("/tokens/new/", form()).status_code == 403
    assert not ApiToken.objects.exists()


def test_the_list_asks_as_often_for_three_tokens_as_for_one(kestrel, admin):
    def asked() -> int:
        with CaptureQueriesContext(connection) as queries:
            admin.get("/tokens/")
        return len(queries)

    token(kestrel)
    asked()
    one = asked()
    token(kestrel)
    token(kestrel, role="engineer")
    assert asked() == one


def test_the_audit_trail_knows_the_token_and_not_its_hash(kestrel, admin):
    from auditlog.models import LogEntry

    admin.post("/tokens/new/", form())
    made = ApiToken.objects.get()
    entries = str(
        list(LogEntry.objects.filter(content_type__model="apitoken").values_list("changes"))
    )
    assert "Nightly sync" in entries
    assert made.digest not in entries


@pytest.fixture
def application(kestrel):
    return pipeline.endpoint(
        kestrel.harbor, "counterapp", "application", label="Counter app", secrets={}
    )


def as_application(application, **given) -> dict:
    return form(permissions=[], hub=["hub.send"], application=application.pk, **given)


def test_the_key_of_an_application_works_for_it_and_its_customer(kestrel, admin, application):
    answer = admin.post("/tokens/new/", as_application(application))
    text = texts(page(answer), ".new-key")[0]
    made = ApiToken.objects.get()
    assert (made.customer_id, made.endpoint_id) == (kestrel.harbor, application.pk)
    assert made.permissions == ["hub.send"]
    assert Program(kestrel, text).get("hub/stock/").status_code == 403
    assert Program(kestrel, text).send("PUT", "hub/orders/1/", {}).status_code == 422
    shown = page(admin.get("/tokens/")).select_one("tbody tr").get_text(" ", strip=True)
    assert "Counter app, Harbor Outfitters" in shown


def test_a_key_of_an_application_is_for_its_own_customer_and_has_its_own_scopes(
    kestrel, admin, application
):
    for given in (
        as_application(application, customer=kestrel.maris),
        {**as_application(application), "hub": []},
        {**form(permissions=[]), "hub": ["hub.send"]},
        as_application(pipeline.endpoint(kestrel.harbor, "shop")),
    ):
        assert admin.post("/tokens/new/", given).status_code == 422, given
    assert not ApiToken.objects.exists()


def test_what_was_ticked_in_another_list_is_not_given(kestrel, admin, application):
    admin.post("/tokens/new/", {**as_application(application), "own": ["own.orders"]})
    admin.post("/tokens/new/", {**form(), "hub": ["hub.send"], "own": ["own.orders"]})
    given = ApiToken.objects.order_by("pk").values_list("permissions", flat=True)
    assert list(given) == [["hub.send"], ["orders.view"]]


def test_the_list_of_an_application_shows_only_where_there_is_one(kestrel, admin):
    assert "As the application" not in admin.get("/tokens/new/").content.decode()
    pipeline.endpoint(kestrel.harbor, "counterapp", "application", secrets={})
    shown = admin.get("/tokens/new/").content.decode()
    assert "As the application" in shown
    assert "hub.send" in shown


def test_a_token_for_a_system_reaches_its_resources_and_has_no_scope_of_applications(
    kestrel, admin, application
):
    erp = pipeline.endpoint(kestrel.harbor, "erp", "sql", secrets={})
    given = {**as_application(erp), "hub": ["resources.read"]}
    assert admin.post("/tokens/new/", given).status_code == 422  # nothing of it is published
    planting_resources.plant(erp, "parts")
    assert admin.post("/tokens/new/", as_application(erp)).status_code == 422
    assert admin.post("/tokens/new/", {**given, "application": application.pk}).status_code == 422
    assert admin.post("/tokens/new/", given).status_code == 200
    made = ApiToken.objects.get()
    assert (made.customer_id, made.endpoint_id, made.permissions) == (
        kestrel.harbor, erp.pk, ["resources.read"],
    )  # fmt: skip
