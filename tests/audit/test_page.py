"""The audit log's page and files: who did what, narrowed, bounded, whole."""

import csv
import io
import json

import pytest
from auditlog.models import LogEntry
from django.test import Client
from django_tenants.utils import schema_context

from integrations.models import Endpoint
from portal.accounts.models import Limit, Person, Role
from portal.audit.models import Mark
from portal.customers.models import Customer, CustomerGroup
from tests import pipeline
from tests.audit.conftest import owner
from tests.pages.scenery import page, texts
from tests.people import sign_in

pytestmark = pytest.mark.db


@pytest.fixture
def told(admin, trail):
    """The admin's browser, with entries of two customers and the house's."""
    pipeline.endpoint(trail.maris, "shop", settings={"url": "http://old.example"})
    return admin


def shown(client, query=""):
    return texts(page(client.get(f"/audit/{query}")), "table tbody tr")


def test_an_entry_says_who_as_whom_why_before_and_after(told):
    [row] = [row for row in shown(told) if "Customer changed" in row]
    for part in ("Harbor & Sons", "Harbor Outfitters → Harbor & Sons", "Ana Ruiz", "as Hanna Berg",
                 "the order of Tuesday"):  # fmt: skip
        assert part in row, (part, row)


def test_the_newest_stands_first(told):
    newest = LogEntry.objects.order_by("-pk").first()
    assert str(newest.pk) in shown(told)[0]


def test_who_did_it_in_a_browser_is_known_with_the_address(kestrel, admin):
    role = Role.objects.get(slug="finance")
    person = Person.objects.create_person(
        email="f@kestrel.test", name="Fay", role=role, password=None
    )
    answer = admin.post(f"/people/{person.pk}/end/", REMOTE_ADDR="192.0.2.7",
                        HTTP_X_FORWARDED_FOR="203.0.113.9")  # fmt: skip
    assert answer.status_code == 302
    row = shown(admin)[0]
    assert "Person changed" in row
    assert "Admin" in row
    assert "192.0.2.7" in row
    assert "203.0.113.9" not in row


@pytest.mark.parametrize(
    ("query", "count"),
    [
        ("?kind=endpoint", 1),
        ("?kind=customer&action=1", 1),
        ("?kind=customer&action=2", 0),
        ("?q=Pier+Nine", 1),
        ("?q=the+order+of+Tuesday", 2),
        ("?q=Hanna+Berg", 2),
        ("?q=HARBOR+%26+SONS", 1),
        ("?q=no+such+word", 0),
        ("?person=999999", 0),
        ("?from=2100-01-01", 0),
        ("?to=2000-01-01", 0),
    ],
)
def test_it_is_narrowed(told, query, count):
    assert len(shown(told, query)) == count


def test_it_is_narrowed_to_a_customer_and_what_is_theirs(told, trail):
    rows = shown(told, f"?customer={trail.maris}")
    assert sorted(row.split(" made")[0] for row in rows) == ["Customer", "Endpoint"]


@pytest.mark.parametrize(
    "query", ["?person=x&customer=y&action=99&from=z&to=0000-00-00&before=q", "?from=2026-02-31",
              "?q=%25_%27", "?kind=" + "x" * 500]
)  # fmt: skip
def test_what_cannot_be_read_asks_for_nothing_and_breaks_nothing(told, query):
    assert told.get(f"/audit/{query}").status_code == 200


def test_pages_follow_each_other_without_a_gap_in_few_questions(
    told, django_assert_max_num_queries
):
    for number in range(120):
        Customer.objects.create(slug=f"c{number}", name=f"C {number}")
    with django_assert_max_num_queries(26):
        first = page(told.get("/audit/"))
    older = first.select_one("a[rel=next]")["href"]
    second = page(told.get(older))
    numbers = [int(one) for one in texts(first, "td .id") + texts(second, "td .id")]
    assert numbers == sorted(numbers, reverse=True)
    assert len(set(numbers)) == len(numbers) == LogEntry.objects.count()


def test_secrets_are_not_in_it(told):
    endpoint = Endpoint.objects.get(slug="shop")
    endpoint.secrets = b"other bytes that nobody may read"
    endpoint.save()
    for path in ("/audit/", "/audit/audit.csv", "/audit/audit.jsonl"):
        answer = told.get(path)
        text = b"".join(answer) if answer.streaming else answer.content
        assert b"nobody may read" not in text
        assert b"not shown" in text


def test_the_files_have_everything_and_run_no_formula(told):
    Customer.objects.create(slug="evil", name="=cmd|'/c calc'!A1")
    answer = told.get("/audit/audit.csv?kind=customer")
    assert answer.streaming
    rows = list(csv.DictReader(io.StringIO(b"".join(answer).decode("utf-8-sig"))))
    assert len(rows) == LogEntry.objects.filter(content_type__model="customer").count()
    assert rows[0]["object"].startswith("'=cmd")
    [changed] = [row for row in rows if row["action"] == "changed"]
    assert changed["changes"] == "Name: Harbor Outfitters → Harbor & Sons"
    assert (changed["who"], changed["as_whom"]) == ("Ana Ruiz", "Hanna Berg")
    lines = b"".join(told.get("/audit/audit.jsonl?kind=customer")).decode().splitlines()
    assert [json.loads(line)["entry"] for line in lines] == [row["entry"] for row in rows]
    assert told.get("/audit/audit.exe").status_code == 404


def test_the_button_says_that_it_is_whole_or_which_row_is_not(told):
    assert "entries are as they were written" in page(told.post("/audit/check/")).get_text()
    entry = LogEntry.objects.order_by("pk")[2]
    with owner() as cursor:
        cursor.execute("DELETE FROM kestrel.auditlog_logentry WHERE id = %s", [entry.pk])
    assert f"Row 3: entry {entry.pk} was deleted." in page(told.post("/audit/check/")).get_text()


def test_whoever_is_limited_sees_what_they_did_themselves(kestrel, told):
    made = Person.objects.get(email="admin@kestrel.test")
    rows = len(shown(told))
    Person.objects.filter(pk=made.pk).update(is_limited=True)
    Limit.objects.create(person=made, customer_id=kestrel.harbor, made_by="x")
    group = CustomerGroup.objects.create(slug="g", label="G")
    assert group.pk
    assert rows > 3
    assert shown(told) == []
    assert b"".join(told.get("/audit/audit.csv")).count(b"\n") == 1
    assert told.post("/audit/check/").url == "/audit/"


def test_nobody_else_reads_it(kestrel, operator, viewer, stranger):
    for client in (operator, viewer, stranger):
        assert client.get("/audit/").status_code == 403
        assert client.get("/audit/audit.csv").status_code == 403
        assert client.post("/audit/check/").status_code == 403


def test_another_partners_log_is_another_one(told, aurora):
    other = sign_in(aurora, "admin")
    for path in ("/audit/", "/audit/audit.csv"):
        answer = other.get(path)
        text = b"".join(answer) if answer.streaming else answer.content
        assert b"Pier Nine" not in text
        assert b"Ana Ruiz" not in text


def test_the_platform_has_one_of_its_own(db):
    with schema_context("public"):
        made = Person.objects.create_person(
            email="pat@platform.test", name="Pat", role=Role.objects.get(slug="platform-admin"),
            password=None,
        )  # fmt: skip
        client = Client(HTTP_HOST="platform.localhost")
        client.force_login(made, backend="portal.accounts.backends.EmailBackend")
        assert Mark.objects.exists()
    assert any("Person made" in row for row in shown(client))
    assert "as they were written" in page(client.post("/audit/check/")).get_text()
