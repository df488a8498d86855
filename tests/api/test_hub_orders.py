"""An application puts, reads and cancels its orders, and reaches nobody else's."""

import json
from datetime import timedelta
from uuid import uuid4

import pytest

from integrations.models import (
    LookupRow,
    LookupTable,
    Message,
    MessageEvent,
    Payload,
    Record,
    RoutingRules,
)
from monitoring.models import CaseQuestion, ExceptionCase
from portal.accounts.domain import tokens
from portal.core import clock
from tests import pipeline
from tests.api.asking import PROBLEM, Program, maker, program, token
from tests.pages import scenery

pytestmark = pytest.mark.db


def order(number: str = "1001", **fields):
    made = pipeline.order(number, **fields)
    del made["channel"]
    return made


def key(site, application, *scopes: str, customer_id: int | None = None) -> Program:
    """A program with a key of the application."""
    whose = customer_id or application.customer_id
    return program(site, *scopes, customer_id=whose, endpoint_id=application.pk)


@pytest.fixture
def application(kestrel):
    return pipeline.endpoint(kestrel.harbor, "counterapp", "application", secrets={})


@pytest.fixture
def hub(kestrel, application) -> Program:
    return key(kestrel, application)


def documents() -> list[Message]:
    return list(Message.objects.filter(direction="in", object_type="order").order_by("pk"))


def test_an_order_is_stored_and_the_answer_says_where_to_read_its_state(kestrel, hub):
    answer = hub.send("PUT", "hub/orders/1001/", order())
    assert answer.status_code == 202
    said = answer.json()
    assert (said["number"], said["is_new"]) == ("1001", True)
    assert said["url"] == answer["Location"] == "http://kestrel.localhost/api/v1/hub/orders/1001/"
    [document] = documents()
    assert (document.state, document.topic) == ("received", "order")
    read = hub.get("hub/orders/1001/").json()
    assert (read["state"], read["pending"], read["order"]) == ("received", "received", None)


def test_once_it_is_in_the_hub_it_is_read_as_the_hub_has_it(kestrel, hub):
    hub.send("PUT", "hub/orders/1001/", order())
    pipeline.run(kestrel.harbor)
    answer = hub.get("hub/orders/1001/")
    read = answer.json()
    assert (read["state"], read["said"], read["version"]) == ("released", "received", 1)
    assert read["order"]["channel"] == "counterapp"
    assert read["order"]["lines"][0]["sku"] == "TENT-2P"
    assert [step["state"] for step in read["steps"]] == ["received", "released"]
    assert hub.get("hub/orders/1001/", **{"If-None-Match": answer["ETag"]}).status_code == 304


def test_the_same_content_again_has_no_effect_however_it_is_written(kestrel, hub):
    assert hub.send("PUT", "hub/orders/1001/", order()).status_code == 202
    again = json.dumps(dict(reversed(order().items())), indent=2).encode()
    answer = hub.send("PUT", "hub/orders/1001/", again)
    assert (answer.status_code, answer.json()["is_new"]) == (200, False)
    pipeline.run(kestrel.harbor)
    assert len(documents()) == 1
    assert MessageEvent.objects.filter(to_state="duplicate").count() == 1


def test_other_content_is_the_next_version_and_so_is_going_back_to_the_first(kestrel, hub):
    for quantity in ("2", "3", "2"):
        assert hub.send("PUT", "hub/orders/1001/", order(quantity=quantity)).status_code == 202
        pipeline.run(kestrel.harbor)
    record = Record.objects.get(object_type="order")
    assert (record.version, record.body["lines"][0]["quantity"]) == (3, "2")


def test_what_the_schema_refuses_is_refused_with_pointers_and_nothing_is_stored(hub):
    bad = order(currency="ZZZZ", x_extra=1)
    bad["lines"][0]["quantity"] = "-1"
    answer = hub.send("PUT", "hub/orders/1001/", bad)
    assert (answer.status_code, answer["Content-Type"]) == (422, PROBLEM)
    pointers = {one["pointer"] for one in answer.json()["errors"]}
    assert pointers == {"/currency", "/x_extra", "/lines/0/quantity"}
    assert not Message.objects.exists()
    assert not Payload.objects.exists()


@pytest.mark.parametrize(
    ("fields", "pointer"),
    [({"number": "1002"}, "/number"), ({"channel": "shop"}, "/channel")],
)
def test_an_order_of_another_number_or_channel_is_refused(hub, fields, pointer):
    answer = hub.send("PUT", "hub/orders/1001/", {**order(), **fields})
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["pointer"] == pointer
    assert not Message.objects.exists()


@pytest.mark.parametrize(
    ("body", "status"), [(b"{", 400), (b"[]", 422), (b'{"number": "\\u0000"}', 400), (b"", 422)]
)
def test_what_is_no_order_is_refused(hub, body, status):
    assert hub.send("PUT", "hub/orders/1001/", body).status_code == status
    assert not Message.objects.exists()


def test_a_body_beyond_ten_megabytes_is_refused(hub):
    body = json.dumps(order(notes=[{"audience": "gift", "text": "x" * 11_000_000}])).encode()
    assert hub.send("PUT", "hub/orders/1001/", body).status_code in (
        400,
        413,
    )  # 413 by the web server
    assert not Message.objects.exists()


@pytest.mark.parametrize("number", ["9999", "x" * 101, "..", "1001'--"])
def test_a_number_that_was_never_put_is_not_there(hub, number):
    assert hub.get(f"hub/orders/{number}/").status_code == 404
    assert hub.post(f"hub/orders/{number}/cancel/").status_code == 404


def test_what_is_wrong_with_the_business_is_a_case_and_is_seen_as_being_checked(kestrel, hub):
    table = LookupTable.objects.create(customer_id=kestrel.harbor, name="sku")
    hub.send("PUT", "hub/orders/1001/", order(sku="TENT-OLD"))
    pipeline.run(kestrel.harbor)
    assert ExceptionCase.objects.get().code == "unknown_sku"
    read = hub.get("hub/orders/1001/").json()
    assert (read["state"], read["pending"], read["said"]) == (
        "being_checked", "being_checked", "we are checking it",
    )  # fmt: skip
    LookupRow.objects.create(table=table, code="TENT-2P", value="TENT-2P")
    assert hub.send("PUT", "hub/orders/1001/", order()).status_code == 202
    pipeline.run(kestrel.harbor)
    assert hub.get("hub/orders/1001/").json()["state"] == "released"
    assert ExceptionCase.objects.get().state == "resolved"


def test_lines_without_numbers_are_numbered_by_their_place(kestrel, hub):
    unnumbered = order()
    unnumbered["lines"] = [{**unnumbered["lines"][0], "sku": sku} for sku in ("A", "B")]
    for line in unnumbered["lines"]:
        del line["line_no"]
    assert hub.send("PUT", "hub/orders/1001/", unnumbered).status_code == 202
    pipeline.run(kestrel.harbor)
    lines = hub.get("hub/orders/1001/").json()["order"]["lines"]
    assert [(line["line_no"], line["sku"]) for line in lines] == [("1", "A"), ("2", "B")]


def test_an_order_that_no_warehouse_takes_shows_the_question_about_it(kestrel, hub, application):
    reno = pipeline.endpoint(kestrel.harbor, "reno", site="RNO1")
    pipeline.flow(application, reno, routed=True)
    rules = [{"n": 1, "if": {"channel": "counterapp"}, "then": {"exclude": ["RNO1"]}}]
    RoutingRules.objects.create(customer_id=kestrel.harbor, version=1, rules=rules)
    hub.send("PUT", "hub/orders/1001/", order())
    pipeline.run(kestrel.harbor)
    case = ExceptionCase.objects.get()
    CaseQuestion.objects.create(
        case=case, customer_id=kestrel.harbor, text="May it go from elsewhere?", digest=uuid4().hex,
        asked_by="Ana", expires_at=clock.now() + timedelta(days=1),
    )  # fmt: skip
    read = hub.get("hub/orders/1001/").json()
    assert [one["text"] for one in read["questions"]] == ["May it go from elsewhere?"]
    assert case.title not in str(read)


def test_a_cancel_of_what_nobody_has_takes_effect_at_once(kestrel, hub):
    hub.send("PUT", "hub/orders/1001/", order())
    pipeline.run(kestrel.harbor)
    asked = hub.post("hub/orders/1001/cancel/")
    assert (asked.status_code, asked.json()["is_new"]) == (202, True)
    pipeline.run(kestrel.harbor)
    assert hub.get("hub/orders/1001/").json()["state"] == "cancelled"
    again = hub.post("hub/orders/1001/cancel/")
    assert (again.status_code, again.json()["is_new"]) == (200, False)
    over = hub.send("PUT", "hub/orders/1001/", order())
    assert (over.status_code, over["Content-Type"]) == (409, PROBLEM)


def test_an_order_that_has_left_is_not_cancelled(kestrel, hub):
    hub.send("PUT", "hub/orders/1001/", order())
    pipeline.run(kestrel.harbor)
    Record.objects.filter(object_type="order").update(state="shipped")
    answer = hub.post("hub/orders/1001/cancel/")
    assert (answer.status_code, len(documents())) == (409, 1)
    assert "left the warehouse" in answer.json()["detail"]


def test_a_cancel_that_is_sent_twice_under_one_key_is_one(kestrel, hub):
    hub.send("PUT", "hub/orders/1001/", order())
    answers = [hub.post("hub/orders/1001/cancel/", **{"Idempotency-Key": "k1"}) for _ in range(2)]
    assert [one.status_code for one in answers] == [202, 202]
    assert answers[1]["Idempotency-Replayed"] == "true"
    assert len(documents()) == 2


def test_orders_of_other_systems_and_other_applications_are_not_there(kestrel, hub, application):
    place = scenery.business(kestrel.harbor)
    scenery.take_orders(place, "5001")
    other = pipeline.endpoint(kestrel.harbor, "otherapp", "application", secrets={})
    theirs = key(kestrel, other)
    assert theirs.send("PUT", "hub/orders/1001/", order()).status_code == 202
    pipeline.run(kestrel.harbor)
    for number in ("5001", "1001"):
        assert hub.get(f"hub/orders/{number}/").status_code == 404
        assert hub.post(f"hub/orders/{number}/cancel/").status_code == 404
    assert hub.send("PUT", "hub/orders/1001/", order()).status_code == 202
    pipeline.run(kestrel.harbor)
    assert Record.objects.filter(object_type="order", number="1001").count() == 2


def test_an_order_that_another_system_wrote_under_our_channel_is_not_ours(kestrel, hub):
    shop = pipeline.endpoint(kestrel.harbor, "shop")
    pipeline.store(shop, pipeline.order("1001", channel="counterapp"))
    pipeline.run(kestrel.harbor)
    assert Record.objects.filter(business_key="counterapp/1001").exists()
    assert hub.get("hub/orders/1001/").status_code == 404


def test_orders_of_another_customer_are_not_there(kestrel, hub):
    theirs = pipeline.endpoint(kestrel.maris, "marisapp", "application", secrets={})
    app = key(kestrel, theirs)
    app.send("PUT", "hub/orders/7001/", order("7001"))
    pipeline.run(kestrel.maris)
    assert app.get("hub/orders/7001/").status_code == 200
    assert hub.get("hub/orders/7001/").status_code == 404


def test_a_key_works_only_for_the_customer_of_its_application(kestrel, application):
    mixed = key(kestrel, application, customer_id=kestrel.maris)
    assert mixed.get("hub/stock/").status_code == 404
    assert mixed.send("PUT", "hub/orders/1001/", order()).status_code == 404
    assert not Message.objects.exists()


def test_an_application_that_was_removed_is_not_there(kestrel, hub, application):
    application.delete()
    assert hub.send("PUT", "hub/orders/1001/", order()).status_code == 404


def test_a_key_does_what_was_chosen_for_it(kestrel, application):
    reader = key(kestrel, application, "hub.orders")
    assert reader.send("PUT", "hub/orders/1001/", order()).status_code == 403
    assert reader.post("hub/orders/1001/cancel/").status_code == 403
    assert reader.get("hub/stock/").status_code == 403
    assert reader.get("hub/events/").status_code == 403
    assert reader.get("own/orders/").status_code == 403
    assert reader.get("records/").status_code == 403


def test_no_other_token_and_no_browser_works_as_an_application(kestrel, admin):
    everything = Program(kestrel, token(kestrel)[1])
    own = Program(kestrel, token(kestrel, customer_id=kestrel.harbor)[1])
    for one in (everything, own, Program(kestrel)):
        assert one.get("hub/stock/").status_code in (401, 403)
        assert one.send("PUT", "hub/orders/1001/", order()).status_code in (401, 403)
    assert admin.get("/api/v1/hub/stock/").status_code == 403


def test_who_may_not_onboard_gives_no_key_that_sends(kestrel, application):
    operator = maker(kestrel, "operator")
    may = tokens.grantable(operator, customer_id=kestrel.harbor, endpoint_id=application.pk)
    assert may == {"hub.orders", "hub.stock", "hub.events"}
    owner = maker(kestrel, "owner", customer_id=kestrel.harbor)
    assert not tokens.grantable(owner, customer_id=kestrel.harbor, endpoint_id=application.pk)


def test_a_key_may_ask_as_often_as_any_token(kestrel, hub, monkeypatch):
    monkeypatch.setattr("portal.api.limits.BURST", 1.0)
    monkeypatch.setattr("portal.api.limits.RATE", 0.001)
    assert hub.send("PUT", "hub/orders/1001/", order()).status_code == 202
    late = hub.send("PUT", "hub/orders/1002/", order("1002"))
    assert late.status_code == 429
    assert int(late["Retry-After"]) > 0
    assert len(documents()) == 1


def test_reading_an_order_costs_the_same_however_many_there_are(
    kestrel, hub, django_assert_max_num_queries
):
    for number in range(8):
        hub.send("PUT", f"hub/orders/{number}/", order(str(number)))
    pipeline.run(kestrel.harbor)
    with django_assert_max_num_queries(45):
        assert hub.get("hub/orders/3/").status_code == 200
