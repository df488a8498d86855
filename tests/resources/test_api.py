"""Published resources over the API: what they answer, to whom, and what never."""

import json
from typing import Any
from uuid import uuid4

import pytest
import schemathesis
from auditlog.models import LogEntry
from django.core.signals import request_finished, request_started
from django.db import close_old_connections
from django_tenants.utils import schema_context
from drf_spectacular.validation import validate_schema
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    response_schema_conformance,
    status_code_conformance,
)

from integrations.domain import clients, resources
from integrations.models import Endpoint, ResourceHour, ResourceRow
from portal.accounts.domain import tokens
from portal.api import limits
from portal.wsgi import application
from tests.api.asking import PROBLEM, maker, program
from tests.resources import house
from tests.resources.database import PARTS

pytestmark = [pytest.mark.db, pytest.mark.long]
AT = "resources/erp/parts/"


@pytest.fixture(autouse=True)
def _new_clients():
    clients.forget()
    yield
    clients.forget()


@pytest.fixture
def erp(kestrel, legacy) -> Endpoint:
    found = house.endpoint(kestrel, legacy.url)
    house.publish(kestrel, found)
    return found


@pytest.fixture
def app(kestrel) -> Any:
    return program(kestrel, "resources.read", "resources.create")


def numbers(answer: Any) -> list[str]:
    assert answer.status_code == 200, answer.content
    return [row["number"] for row in answer.json()["items"]]


def test_rows_are_listed_page_by_page_with_filters_and_read_by_key(erp, app):
    first = app.get(f"{AT}?limit=2&sort=-price&on_hand.from=0")
    assert numbers(first) == ["A-2", "A-1"]
    assert first.json()["items"][1]["changed_at"] == "2026-03-02T10:00:00Z"
    more = app.get(f"{AT}?limit=2&sort=-price&on_hand.from=0&cursor={first.json()['next']}")
    assert numbers(more) == ["B-1", "A/3,~"]
    assert more.json()["next"] is None
    one = app.get(f"{AT}A~13~2~0/")
    assert one.json()["name"] == "100%_wool"
    assert app.get(f"{AT}A~13~2~0/", **{"If-None-Match": one["ETag"]}).status_code == 304
    assert app.get(f"{AT}B-2/").status_code == 404  # marked as deleted
    assert app.get(f"{AT}nothing/").status_code == 404


NOT_ON_OFFER = [
        ("secret_cost=77", "secret_cost"), ("number.like=A", "number.like"), ("on_hand=many", "on_hand"),
        ("sort=secret_cost", "sort"), ("price.prefix=1", "price.prefix"), ("changed_at.from=2026-03-02", "changed_at.from"),
        ("limit=501", "limit"), ("cursor=forged", "cursor"), ("number=1&number=2", "number"),
 ("on_hand=99999999999999999999", "on_hand"),
    ]  # fmt: skip


def test_what_is_not_on_offer_is_refused_by_name(erp, app):
    for query, at in NOT_ON_OFFER:
        answer = app.get(f"{AT}?{query}")
        assert (answer.status_code, answer["Content-Type"]) == (422, PROBLEM), query
        assert answer.json()["errors"][0]["parameter"] == at


def test_a_cursor_of_another_question_is_refused(erp, app):
    cursor = app.get(f"{AT}?limit=1").json()["next"]
    assert app.get(f"{AT}?limit=1&cursor={cursor}&sort=name").status_code == 422


def test_no_answer_names_what_was_not_published(erp, app):
    for path in (AT, f"{AT}A-1/", "resources/erp/", "resources/erp/openapi.json"):
        text = app.get(path).content.decode()
        assert not any(
            word in text for word in ("secret_cost", "77.12", "legacy_part", "part_no", "gone")
        )


def test_a_row_is_created_once_however_often_it_is_asked_for(erp, app, legacy, kestrel):
    body = {"number": "C-1", "name": "Mug", "price": "4.25"}
    key = {"Idempotency-Key": str(uuid4())}
    first, repeat = app.post(AT, body, **key), app.post(AT, body, **key)
    assert (first.status_code, repeat.status_code) == (201, 201)
    assert repeat["Idempotency-Replayed"] == "true"
    assert first["Location"] == "/api/v1/resources/erp/parts/C-1/"
    again = app.post(AT, {**body, "price": "4.2500"})  # whose answer was lost, with its key
    assert again.status_code == 200
    other = app.post(AT, {**body, "name": "Cup"})
    assert (other.status_code, other["Content-Type"]) == (409, PROBLEM)
    assert len(legacy.run("SELECT * FROM legacy_part WHERE part_no = 'C-1'")) == 1
    with schema_context(kestrel.schema):
        rows = list(ResourceRow.objects.order_by("pk").values_list("outcome", "key", "actor"))
        assert rows == [
            ("made", "C-1", "Ana Ruiz"),
            ("there", "C-1", "Ana Ruiz"),
            ("other", "C-1", "Ana Ruiz"),
        ]
        entries = LogEntry.objects.get_for_model(ResourceRow)
        assert {one.actor.name for one in entries} == {"Ana Ruiz"}


UNFIT = [
        ({"name": "Mug"}, "/number"), ({"number": "C-1"}, "/name"), ({"number": "C-1", "name": None}, "/name"),
        ({"number": "C-1", "name": "Mug", "secret_cost": "1"}, "/secret_cost"),
        ({"number": "C-1", "name": "Mug", "price": 4.25}, "/price"),
        ({"number": "C-1", "name": ["Mug"]}, "/name"), ({"number": 7, "name": "Mug"}, "/number"),
        ({"number": "C-1", "name": {"a": 1}}, "/name"), ({"number": "C-1", "name": "x" * 1001}, "/name"),
    ]  # fmt: skip


def test_a_body_that_does_not_fit_is_refused_by_a_pointer_and_nothing_is_made(erp, app, legacy):
    for body, pointer in UNFIT:
        answer = app.post(AT, body)
        assert answer.status_code == 422, answer.content
        assert answer.json()["errors"][0]["pointer"] == pointer
    assert len(legacy.run("SELECT * FROM legacy_part")) == 5


def test_what_the_database_refuses_is_told_and_kept(app, kestrel, on_postgresql):
    house.publish(kestrel, house.endpoint(kestrel, on_postgresql.url))
    answer = app.post(AT, {"number": "C" * 21, "name": "Mug"})  # the column has room for 20
    assert answer.status_code == 422
    assert "value too long" in answer.json()["detail"]
    with schema_context(kestrel.schema):
        assert ResourceRow.objects.get().outcome == "refused"


def test_calls_are_counted_by_the_hour(erp, app, kestrel):
    app.get(AT)
    app.get(f"{AT}A-1/")
    app.post(AT, {"number": "C-1", "name": "Mug"})
    with schema_context(kestrel.schema):
        [hour] = ResourceHour.objects.values("calls", "rows", "made", "failed")
    assert hour == {"calls": 3, "rows": 6, "made": 1, "failed": 0}


def test_only_the_scope_opens_it(erp, kestrel):
    reads, creates = program(kestrel, "resources.read"), program(kestrel, "resources.create")
    other = program(kestrel, "endpoints.view", "orders.view")
    body = {"number": "C-1", "name": "Mug"}
    assert (reads.get(AT).status_code, reads.post(AT, body).status_code) == (200, 403)
    assert (creates.get(AT).status_code, creates.post(AT, body).status_code) == (403, 201)
    assert (other.get(AT).status_code, other.post(AT, body).status_code) == (403, 403)
    for role in ("operator", "finance"):
        with schema_context(kestrel.schema), pytest.raises(tokens.TokenRefusedError):
            program(kestrel, "resources.read", role=role)


def test_a_token_reaches_the_resources_of_its_customer_and_of_its_system_alone(
    erp, kestrel, legacy
):
    theirs = house.endpoint(kestrel, legacy.url, customer_id=kestrel.maris, slug="othererp")
    house.publish(kestrel, theirs)
    second = house.endpoint(kestrel, legacy.url, slug="seconderp")
    house.publish(kestrel, second)
    harbor = program(kestrel, "resources.read", "resources.create", customer_id=kestrel.harbor)
    one = program(kestrel, "resources.read", customer_id=kestrel.harbor, endpoint_id=erp.pk)
    body = {"number": "C-1", "name": "Mug"}
    assert [harbor.get(f"resources/{e}/parts/").status_code for e in ("erp", "seconderp", "othererp")] == [
        200, 200, 404,
    ]  # fmt: skip
    assert harbor.post(AT, body).status_code == 201
    assert harbor.post("resources/othererp/parts/", body).status_code == 404
    assert [one.get(f"resources/{e}/parts/").status_code for e in ("erp", "seconderp", "othererp")] == [
        200, 404, 404,
    ]  # fmt: skip
    for path in (
        "resources/othererp/",
        "resources/othererp/openapi.json",
        "resources/othererp/parts/A-1/",
    ):
        assert harbor.get(path).status_code == 404


def test_another_partner_sees_nothing_of_it(erp, aurora):
    stranger = program(aurora, "resources.read")
    assert stranger.get(AT).status_code == 404
    assert stranger.get("resources/erp/openapi.json").status_code == 404


def test_a_draft_and_what_was_retired_answer_nobody(erp, app, kestrel):
    with schema_context(kestrel.schema):
        found = erp.resources.get()
        narrowed = {**PARTS, "fields": PARTS["fields"][:2], "create": None}
        resources.save(
            found.pk,
            narrowed,
            label="Parts",
            edition=found.edition,
            author=maker(kestrel, "engineer"),
        )
    assert (
        "price" in app.get(f"{AT}A-1/").json()
    )  # what is published stays until somebody else says so
    with schema_context(kestrel.schema):
        resources.retire(found.pk, actor="Ana Ruiz")
    assert app.get(AT).status_code == 404
    assert app.get("resources/erp/").status_code == 404


def test_a_system_that_is_paused_or_gone_is_told_as_away_and_says_nothing_of_itself(
    erp, app, kestrel
):
    with schema_context(kestrel.schema):
        Endpoint.objects.update(settings={"url": "postgresql://erp@127.0.0.1:1/secret_name"})
    answer = app.get(AT)
    assert (answer.status_code, answer["Content-Type"]) == (503, PROBLEM)
    assert int(answer["Retry-After"]) > 0
    assert "127.0.0.1" not in answer.content.decode()
    with schema_context(kestrel.schema):
        Endpoint.objects.update(state="paused")
    assert app.get(AT).status_code == 503


def test_a_machine_that_reads_the_document_finds_every_answer_in_it(
    app, kestrel, on_sqlite, monkeypatch
):
    monkeypatch.setattr(limits, "BURST", 1e6)
    house.publish(kestrel, house.endpoint(kestrel, on_sqlite.url))
    described = schemathesis.openapi.from_dict(app.get("resources/erp/openapi.json").json())
    described.app = application
    described.config.update(base_url="http://kestrel.localhost")
    headers = {"Host": "kestrel.localhost", "Authorization": f"Bearer {app.text}"}
    for signal in (request_started, request_finished):  # the test's transaction goes on
        signal.disconnect(close_old_connections)
    asked = 0
    try:
        for result in described.get_all_operations():

            @settings(
                max_examples=12, deadline=None, database=None, phases=[Phase.generate],
                suppress_health_check=list(HealthCheck), derandomize=True,
            )  # fmt: skip
            @given(case=result.ok().as_strategy())
            def ask(case: Any) -> None:
                nonlocal asked
                asked += 1
                case.call_and_validate(headers=headers, checks=[
                    not_a_server_error, status_code_conformance, response_schema_conformance,
                ])  # fmt: skip

            ask()
    finally:
        for signal in (request_started, request_finished):
            signal.connect(close_old_connections)
    assert asked >= 24


def test_the_endpoint_has_an_openapi_document_that_is_valid_and_says_what_is_answered(erp, app):
    document = app.get("resources/erp/openapi.json").json()
    validate_schema(document)
    assert document["openapi"] == "3.1.0"
    listed = document["paths"]["/api/v1/resources/erp/parts/"]
    named = {one["name"] for one in listed["get"]["parameters"]}
    assert {
        "number",
        "number.prefix",
        "price.from",
        "on_hand.to",
        "sort",
        "limit",
        "cursor",
    } <= named
    assert "price.prefix" not in named
    assert "crossdock" not in json.dumps(document).lower()
