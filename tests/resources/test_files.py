"""Files that come, published as resources: read, followed, and rows put as files of their own."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django_tenants.utils import schema_context
from drf_spectacular.validation import validate_schema

from integrations.domain import (
    clients,
    forgetting,
    resource_calls,
    resource_changes,
    resource_telling,
    resources,
)
from integrations.domain.resources import DefinitionError
from integrations.models import Endpoint, Message, Payload, Resource, ResourceStep
from monitoring.models import ExceptionCase
from portal.core import clock, events
from tests.api.asking import program
from tests.connectors.files.conftest import allowed
from tests.people import sign_in
from tests.resources import house
from tests.resources.files import HEAD, MONDAY, STOCK, TUESDAY, Files
from tests.resources.test_pages import texts

__all__ = ["allowed"]

pytestmark = pytest.mark.db
AT = "resources/erp/stock/"


@pytest.fixture(autouse=True)
def _new_clients():
    clients.forget()
    yield
    clients.forget()


@pytest.fixture
def files(kestrel, allowed) -> Files:
    return Files(kestrel, allowed)


@pytest.fixture
def stock(kestrel, files) -> Files:
    """Monday's file came and is published."""
    files.come("stock_0302.csv", MONDAY)
    house.publish(kestrel, files.endpoint, slug="stock", draft=STOCK)
    assert files.follow() == 0
    return files


@pytest.fixture
def app(kestrel) -> Any:
    return program(kestrel, "resources.read", "resources.create")


def skus(answer: Any) -> list[str]:
    assert answer.status_code == 200, answer.content
    return [row["sku"] for row in answer.json()["items"]]


def old() -> list[bytes]:
    """What is old enough to be removed, in an hour."""
    found = forgetting.old(clock.now() + timedelta(hours=1), held_customers=[], most=10)
    return [digest for digest, _ in found]


def heard_of(files: Files) -> list[tuple[str, bool, Any]]:
    """What is told when the resource is looked at."""
    heard: list[Any] = []
    with events.isolated():
        events.subscribe(resource_telling.ResourceRowsChanged)(heard.append)
        files.follow()
    return [(one.key, one.is_deleted, one.row) for event in heard for one in event.rows]


def test_rows_of_the_newest_file_are_listed_and_read_as_of_a_table(stock, app):
    first = app.get(f"{AT}?limit=2&sort=-price")
    assert skus(first) == ["A-2", "A-1"]
    assert first.json()["items"][1] == {
        "sku": "A-1", "name": "Zelt", "on_hand": 12, "price": "61.5", "due": "2026-03-03",
        "counted": "2026-03-02T09:00:00Z",  # ten o'clock in Berlin
    }  # fmt: skip
    assert "cost" not in first.content.decode()
    assert skus(app.get(f"{AT}?limit=2&sort=-price&cursor={first.json()['next']}")) == [
        "B-1", "A/3,~",
    ]  # fmt: skip
    for asked, found in [
        ("sku.prefix=A", ["A-1", "A-2", "A/3,~"]), ("on_hand.from=7&on_hand.to=12", ["A-1", "B-1"]),
        ("price=61.50", ["A-1"]), ("due.to=2026-03-03", ["A-1"]), ("name=Zelt", ["A-1"]),
        ("counted.from=2026-03-02T09:00:00Z", ["A-1", "A-2"]),
    ]:  # fmt: skip
        assert skus(app.get(f"{AT}?{asked}")) == found, asked
    assert app.get(f"{AT}?cost=30").status_code == 422
    assert app.get(f"{AT}A~13~2~0/").json()["name"] == "100%_Wolle"
    assert app.get(f"{AT}C-1/").status_code == 404
    described = app.get("resources/erp/openapi.json").json()
    validate_schema(described)
    assert described["components"]["schemas"]["Stock"]["properties"]["on_hand"]["type"] == [
        "integer", "null",
    ]  # fmt: skip


def test_rows_that_came_changed_and_went_are_told_once(stock, app):
    stock.come("stock_0303.csv", TUESDAY)
    told = heard_of(stock)
    assert [(key, is_deleted) for key, is_deleted, _ in told] == [
        ("A-1", False), ("C-1", False), ("A~13~2~0", True),
    ]  # fmt: skip
    assert (told[0][2]["on_hand"], told[2][2]["name"]) == (11, "100%_Wolle")
    assert all("cost" not in row for _, _, row in told)
    assert heard_of(stock) == []
    assert skus(app.get(AT)) == ["A-1", "A-2", "B-1", "C-1"]
    assert stock.told().cursor["file"] == "stock_0303.csv"


def test_a_large_change_is_told_in_pages_and_the_file_before_is_read_until_all_is_told(
    stock, app, kestrel, monkeypatch
):
    monkeypatch.setattr("integrations.domain.file_changes.AT_A_TIME", 2)
    stock.come("stock_0303.csv", TUESDAY)
    with schema_context(kestrel.schema):
        Resource.objects.update(due_at="2020-01-01T00:00:00Z")
        assert resource_changes.follow(stock.told().pk).done == 2
    assert skus(app.get(f"{AT}?sku=C-1")) == []
    assert [key for key, _, _ in heard_of(stock)] == ["A~13~2~0"]
    assert skus(app.get(f"{AT}?sku=C-1")) == ["C-1"]


def test_a_file_that_is_gone_while_it_is_told_is_followed_by_the_next_whole_one(
    stock, app, kestrel, monkeypatch
):
    monkeypatch.setattr("integrations.domain.file_changes.AT_A_TIME", 2)
    stock.come("stock_0303.csv", TUESDAY)
    with schema_context(kestrel.schema):
        Resource.objects.update(due_at="2020-01-01T00:00:00Z")
        resource_changes.follow(stock.told().pk)
        begun = stock.told().cursor["telling"]
        Message.objects.filter(pk=begun).delete()
    stock.come("stock_0304.csv", TUESDAY.replace("C-1", "D-1"))
    keys = [key for _ in range(2) for key, _, _ in heard_of(stock)]
    assert keys == ["A-1", "D-1", "A~13~2~0"]
    assert skus(app.get(AT)) == ["A-1", "A-2", "B-1", "D-1"]


@pytest.mark.parametrize(
    ("text", "why"),
    [
        (TUESDAY.replace("Bestand", "Menge"), None),  # drifted: held, with a case
        (TUESDAY[:-9], None),  # cut off within its last row
        (TUESDAY.replace(";11;", ";elf;"), None),
        (TUESDAY.replace("C-1", "B-1"), "Two rows are called B-1"),
    ],
)
def test_a_file_that_is_not_as_agreed_is_said_and_the_last_whole_one_stays(
    stock, app, kestrel, text, why
):
    stock.come("stock_0303.csv", text)
    assert heard_of(stock) == []
    assert skus(app.get(f"{AT}?sku=A-1&on_hand=12")) == ["A-1"]
    with schema_context(kestrel.schema):
        assert Message.objects.filter(state="held").exists() is (why is None)
        assert ExceptionCase.objects.exists() is (why is None)
    page = texts(sign_in(kestrel, "engineer").get("/endpoints/erp/resources/stock/"))
    assert "stock_0302.csv" in page
    if why:
        assert why in page
        stock.come("stock_0304.csv", TUESDAY)
        assert len(heard_of(stock)) == 3
        assert stock.told().last_error == ""


def test_a_row_is_put_once_as_a_file_where_they_look(stock, app, kestrel):
    body = {"sku": "C/9", "name": "Tasse", "on_hand": 5, "price": "4.25", "due": "2026-03-04",
            "counted": "2026-03-02T09:00:00Z"}  # fmt: skip
    made = app.post(AT, body)
    assert (made.status_code, made.json()) == (201, body)
    assert made["Location"] == "/api/v1/resources/erp/stock/C~19/"
    [name] = stock.place.names("in")
    assert name.startswith("stock_C-19_")
    assert name.endswith(".csv")
    written = stock.place.body(f"in/{name}").decode()
    assert written == HEAD + "C/9;Tasse;5;4,25;04.03.2026;02.03.2026 10:00;\r\n"
    assert app.post(AT, body).status_code == 200
    assert app.post(AT, {**body, "on_hand": 6}).status_code == 409
    assert app.post(AT, {"sku": "A-1", "name": "Zelt", "on_hand": 12}).status_code == 200
    assert app.post(AT, {"sku": "A-1", "name": "Boot", "on_hand": 12}).status_code == 409
    stock.place.session().remove(f"in/{name}")  # they took it, and their file has it not yet
    assert app.post(AT, body).status_code == 200
    assert stock.place.names("in") == []


def test_keys_that_begin_alike_are_rows_of_their_own(stock, app):
    long = "C" * 200
    for end in "12":
        body = {"sku": f"{long}{end}", "name": "Tasse", "on_hand": 5}
        assert app.post(AT, body).status_code == 201
        assert app.post(AT, body).status_code == 200
    assert len(stock.place.names("in")) == 2


def test_a_row_that_cannot_be_put_is_no_row(stock, app, kestrel):
    assert app.post(AT, {"sku": "C-1", "name": "x", "on_hand": "many"}).status_code == 422
    with schema_context(kestrel.schema):
        one = Endpoint.objects.get()
        one.settings["root"] = "/nowhere"
        one.save()
    answer = app.post(AT, {"sku": "C-1", "name": "Tasse", "on_hand": 5})
    assert (answer.status_code, answer["Retry-After"]) == (503, "30")
    assert skus(app.get(f"{AT}?limit=1")) == ["A-1"]  # what came is read all the same


def test_until_a_file_came_there_is_nothing_to_read_and_the_callers_hear_so(files, app, kestrel):
    house.publish(kestrel, files.endpoint, slug="stock", draft=STOCK)
    files.follow()
    assert app.get(AT).status_code == 503
    page = texts(sign_in(kestrel, "engineer").get("/endpoints/erp/resources/stock/"))
    assert "none has come yet" in page
    files.come("stock_0302.csv", MONDAY)
    assert files.follow() == 0
    assert len(skus(app.get(AT))) == 4


def test_a_definition_that_the_newest_file_does_not_fit_is_not_published(kestrel, files):
    files.come("stock_0302.csv", MONDAY)
    unfit = [
        ({**STOCK, "key": ["name"]}, "The 4. row has no name"),
        ({**STOCK, "changes": {"column": "counted"}}, "compared with the one before"),
        ({**STOCK, "relation": "orders"}, "There is no orders"),
    ]
    for draft, why in unfit:
        with schema_context(kestrel.schema), pytest.raises(DefinitionError, match=why):
            resources.checked(files.endpoint, draft)


def test_what_was_erased_is_told_by_nobody(stock, app, kestrel):
    assert len(skus(app.get(AT))) == 4
    with schema_context(kestrel.schema):
        Payload.objects.all().delete()
    assert app.get(AT).status_code == 503
    stock.come("stock_0303.csv", TUESDAY)
    assert len(heard_of(stock)) == 4  # nothing to compare with: every row is told
    assert skus(app.get(f"{AT}?sku=C-1")) == ["C-1"]


def test_the_file_that_is_read_is_kept_however_old_it_is(stock, kestrel):
    with schema_context(kestrel.schema):
        content = bytes.fromhex(stock.told().content)
        assert content not in old()
        resources.retire(stock.told().pk, actor="Ana Ruiz")
        assert content in old()


TICKED = {
    "relation": "stock", "creates": "insert", "label": "Stock", "slug": "stock", "page_size": "50",
    "show_0": "on", "key_0": "on", "name_0": "sku", "type_0": "string", "filter_0": "on",
    "show_2": "on", "name_2": "on_hand", "type_2": "integer", "sort_2": "on",
    "give_0": "on", "given_name_0": "sku", "given_type_0": "string", "required_0": "on", "once_0": "on",
    "give_2": "on", "given_name_2": "on_hand", "given_type_2": "integer", "required_2": "on",
}  # fmt: skip


def test_one_writes_it_and_another_publishes_it(kestrel, files, app):
    files.come("stock_0302.csv", MONDAY)
    engineer, admin = sign_in(kestrel, "engineer"), sign_in(kestrel, "admin")
    assert "Files as resources of the API" in texts(engineer.get("/endpoints/erp/"))
    at = "/endpoints/erp/resources/"
    assert "No kind of file of it is published yet" in texts(engineer.get(at))
    assert "stock (file)" in texts(engineer.get(f"{at}new/"))
    form = texts(engineer.get(f"{at}new/?relation=stock&creates=insert"))
    assert "Changes are seen by" not in form
    made = engineer.post(f"{at}new/", TICKED)
    assert made.status_code == 302, texts(made)
    assert engineer.post(f"{at}stock/publish/", {"edition": "1"}).status_code == 409
    assert admin.post(f"{at}stock/publish/", {"edition": "1"}).status_code == 302
    files.follow()
    assert app.get(f"{AT}A-1/").json() == {"sku": "A-1", "on_hand": 12}
    page = texts(engineer.get(f"{at}stock/?sample"))
    assert "told as resource.changed" in page
    assert "A/3,~" in page
    with schema_context(kestrel.schema):
        assert list(ResourceStep.objects.values_list("verb", flat=True)) == ["published", "begun"]


def test_who_may_create_and_not_read_hears_nothing_of_rows_that_are_there(stock, kestrel):
    app = program(kestrel, "resources.create")
    body = {"sku": "C-1", "on_hand": 5}
    made = app.post(AT, body, **{"Idempotency-Key": str(uuid4())})
    assert (made.status_code, made.json()) == (201, body)
    assert app.post(AT, body).status_code == 200  # its own, whose answer was lost
    for theirs in ({"sku": "A-1", "on_hand": 12}, {"sku": "A-1", "on_hand": 1}):
        answer = app.post(AT, theirs)
        assert (answer.status_code, "Location" in answer) == (409, False)
        assert "Zelt" not in answer.content.decode()
        assert "A row of that key is there" in answer.content.decode()
    assert program(kestrel, "resources.create").post(AT, body).status_code == 409


def test_a_page_ends_where_it_has_bytes_enough_and_goes_on_from_there(stock, app, monkeypatch):
    one = len('{"sku": "A-2", "name": "Zelt, groß", "on_hand": 3, "price": "99.9", "due": null,'
              ' "counted": "2026-03-02T09:00:00Z"}'.encode())  # fmt: skip
    monkeypatch.setattr(resource_calls, "MOST_BYTES", one + 60)
    first = app.get(AT)
    assert skus(first) == ["A-1"]
    assert skus(app.get(f"{AT}?cursor={first.json()['next']}")) == ["A-2"]
    monkeypatch.setattr(resource_calls, "MOST_BYTES", one - 1)
    answer = app.get(f"{AT}?sku=A-2")
    assert answer.status_code == 409
    assert f"Row A-2 has {one} bytes" in answer.json()["detail"]
    assert app.get(f"{AT}A-2/").status_code == 409
