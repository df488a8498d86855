"""From a table with ticks to a resource that answers, by two people, without a line of script."""

from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django_tenants.utils import schema_context

from integrations.domain import approval, clients
from integrations.models import Endpoint, Resource, ResourceStep
from portal.accounts.models import Role
from portal.customers.models import Customer
from tests.api.asking import program
from tests.people import sign_in
from tests.resources import house
from tests.resources.database import PARTS

pytestmark = pytest.mark.db
AT = "/endpoints/erp/resources/"
TICKED = {
    "relation": "legacy_part", "creates": "insert", "label": "Parts", "slug": "parts", "page_size": "50",
    "changes": "changed_at", "deleted": "gone", "deleted_values": "Y, D",
    "show_0": "on", "key_0": "on", "name_0": "number", "type_0": "string", "filter_0": "on",
    "show_1": "on", "name_1": "name", "type_1": "string", "sort_1": "on",
    "show_6": "on", "name_6": "changed_at", "type_6": "datetime",
    "give_0": "on", "given_name_0": "number", "given_type_0": "string", "required_0": "on", "once_0": "on",
    "give_1": "on", "given_name_1": "name", "given_type_1": "string", "required_1": "on",
}  # fmt: skip


@pytest.fixture(autouse=True)
def _new_clients():
    clients.forget()
    yield
    clients.forget()


@pytest.fixture
def erp(kestrel, on_sqlite) -> Endpoint:
    return house.endpoint(kestrel, on_sqlite.url)


def texts(answer: Any) -> str:
    return " ".join(answer.content.decode().split())


def test_one_writes_it_and_another_publishes_it(kestrel, erp):
    engineer, admin = sign_in(kestrel, "engineer"), sign_in(kestrel, "admin")
    assert "No table or view of it is published yet" in texts(engineer.get(AT))
    chosen = texts(engineer.get(f"{AT}new/"))
    assert "legacy_part (table)" in chosen
    assert "v_part (view)" in chosen
    form = texts(engineer.get(f"{AT}new/?relation=legacy_part&creates=insert"))
    assert 'aria-label="Show part_no" checked' in form
    assert 'aria-label="Show secret_cost" checked' not in form
    assert "picture" not in form  # bytes are never shown
    assert 'value="description"' in form
    made = engineer.post(f"{AT}new/", TICKED)
    assert (made.status_code, made["Location"]) == (302, f"{AT}parts/")
    with schema_context(kestrel.schema):
        one = Resource.objects.get()
        assert one.draft["deleted"] == {"column": "gone", "values": ["Y", "D"]}
        assert (one.state, one.definition, one.customer_id) == ("draft", None, kestrel.harbor)
    seen = texts(engineer.get(f"{AT}parts/"))
    assert "Somebody else has to publish what you wrote" in seen
    refused = engineer.post(f"{AT}parts/publish/", {"edition": "1"})
    assert refused.status_code == 409
    assert (
        admin.post(f"{AT}parts/publish/", {"edition": "7"}).status_code == 409
    )  # not what was read
    assert admin.post(f"{AT}parts/publish/", {"edition": "1"}).status_code == 302
    page = texts(engineer.get(f"{AT}parts/"))
    assert "/api/v1/resources/erp/parts/" in page
    assert "openapi.json" in page
    answer = program(kestrel, "resources.read").get("resources/erp/parts/?number=A-1")
    assert [row["name"] for row in answer.json()["items"]] == ["Tent"]
    with schema_context(kestrel.schema):
        assert list(ResourceStep.objects.values_list("verb", flat=True)) == ["published", "begun"]


def test_a_customer_of_one_person_may_let_one_publish(kestrel, erp):
    with schema_context(kestrel.schema):
        customer = Customer.objects.get(pk=kestrel.harbor)
        policy = {**approval.policy_of(customer), approval.RESOURCE: approval.ONE}
        approval.set_policy(customer, policy, actor="Ana Ruiz")
    admin = sign_in(kestrel, "admin")
    admin.post(f"{AT}new/", TICKED)
    assert admin.post(f"{AT}parts/publish/", {"edition": "1"}).status_code == 302


def test_what_does_not_fit_is_said_above_the_form_and_kept_in_it(kestrel, erp):
    engineer = sign_in(kestrel, "engineer")
    unnamed = {**TICKED, "name_1": "Full Name"}
    answer = engineer.post(f"{AT}new/", unnamed)
    assert answer.status_code == 422
    assert "is no name of a field" in texts(answer)
    assert 'value="Full Name"' in texts(answer)
    keyless = {name: value for name, value in TICKED.items() if name != "key_0"}
    assert "key of a row" in texts(engineer.post(f"{AT}new/", keyless))
    unseen = {name: value for name, value in TICKED.items() if name != "once_0"}
    assert "known again" in texts(engineer.post(f"{AT}new/", unseen))
    engineer.post(f"{AT}new/", TICKED)
    assert "has a resource parts already" in texts(engineer.post(f"{AT}new/", TICKED))
    for strange in ("no_such", 'x" OR 1=1', "sqlite_master"):
        assert engineer.get(f"{AT}new/", {"relation": strange}).status_code == 404


def test_a_change_is_a_draft_beside_what_is_published(kestrel, erp):
    house.publish(kestrel, erp)
    engineer = sign_in(kestrel, "engineer")
    form = texts(engineer.get(f"{AT}parts/edit/"))
    assert 'aria-label="Show price" checked' in form
    changed = {**TICKED, "edition": "2", "show_3": "on", "name_3": "stock", "type_3": "integer"}
    assert engineer.post(f"{AT}parts/edit/", changed).status_code == 302
    page = texts(engineer.get(f"{AT}parts/"))
    assert "published, with a draft" in page
    assert "goes" in page
    assert "new" in page
    assert engineer.post(f"{AT}parts/edit/", changed).status_code == 422  # an edition that is past
    rows = program(kestrel, "resources.read").get("resources/erp/parts/A-1/").json()
    assert "price" in rows


def test_rows_are_shown_to_those_who_may_see_documents_and_when_they_ask(kestrel, erp):
    house.publish(kestrel, erp)
    engineer = sign_in(kestrel, "engineer")
    assert "Tent, large" not in texts(engineer.get(f"{AT}parts/"))
    sampled = engineer.get(f"{AT}parts/?sample")
    assert "Tent, large" in texts(sampled)
    soup = BeautifulSoup(sampled.content, "html.parser")
    assert [td["data-label"] for td in soup.select("#sample tbody tr:first-child td.num")] == [
        "price",
        "on_hand",
    ]
    with schema_context(kestrel.schema):
        role = Role.objects.get(slug="operator")
        role.permissions = [one for one in role.permissions if one != "payloads.view"]
        role.save()
    hidden = texts(sign_in(kestrel, "operator").get(f"{AT}parts/?sample"))
    assert "Tent, large" not in hidden
    assert "may see documents" in hidden


def test_retiring_asks_first_and_then_nobody_is_answered(kestrel, erp):
    house.publish(kestrel, erp)
    admin, app = sign_in(kestrel, "admin"), program(kestrel, "resources.read")
    assert "Retire Parts?" in texts(admin.get(f"{AT}parts/retire/"))
    assert app.get("resources/erp/parts/").status_code == 200
    assert admin.post(f"{AT}parts/retire/").status_code == 302
    assert app.get("resources/erp/parts/").status_code == 404
    with schema_context(kestrel.schema):
        one = Resource.objects.get()
        assert (one.state, one.due_at, one.draft) == ("retired", None, PARTS)


def test_a_database_that_does_not_answer_is_said_and_nothing_breaks(kestrel, erp):
    house.publish(kestrel, erp)
    with schema_context(kestrel.schema):
        Endpoint.objects.update(settings={"url": "postgresql://erp@127.0.0.1:1/x"})
    engineer = sign_in(kestrel, "engineer")
    for path in ("new/", "parts/edit/"):
        answer = engineer.get(f"{AT}{path}")
        assert answer.status_code == 503
        assert "Look at the endpoint" in texts(answer)
    assert engineer.get(f"{AT}parts/?sample").status_code == 200


def test_who_may_do_what(kestrel, erp, aurora):
    house.publish(kestrel, erp)
    operator, finance = sign_in(kestrel, "operator"), sign_in(kestrel, "finance")
    assert (operator.get(AT).status_code, finance.get(AT).status_code) == (200, 403)
    for path in ("new/", "parts/edit/", "parts/retire/"):
        assert operator.get(f"{AT}{path}").status_code == 403
    assert operator.post(f"{AT}parts/publish/", {"edition": "2"}).status_code == 403
    assert sign_in(aurora, "engineer").get(f"{AT}parts/").status_code == 404
    with schema_context(kestrel.schema):
        Endpoint.objects.create(
            customer_id=kestrel.harbor, slug="shop", label="Shop", connector="http", settings={}
        )
    assert sign_in(kestrel, "engineer").get("/endpoints/shop/resources/").status_code == 404


def test_the_list_asks_as_often_for_three_as_for_one(kestrel, erp):
    engineer = sign_in(kestrel, "engineer")
    house.publish(kestrel, erp)
    engineer.get(AT)
    with CaptureQueriesContext(connection) as one:
        engineer.get(AT)
    house.publish(kestrel, erp, slug="more")
    house.publish(kestrel, erp, slug="most")
    with CaptureQueriesContext(connection) as three:
        engineer.get(AT)
    assert len(three) == len(one)
