"""Drafts of flows, rules, lookups, contracts and extensions: begun where they stand, written, refused."""

from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.test import Client

from integrations.canonical.extensions import check_extension_schema
from integrations.contracts import infer
from integrations.domain import approval, evidence, publishing, receive
from integrations.models import (
    ChangeRequest,
    Contract,
    Endpoint,
    Flow,
    LookupTable,
    RoutingRules,
    Version,
)
from monitoring.models import ExceptionCase
from tests import pipeline
from tests.governance.conftest import person
from tests.pages.scenery import page, texts
from tests.people import Site, sign_in

pytestmark = pytest.mark.db


@pytest.fixture
def shop(kestrel: Site) -> Endpoint:
    made = pipeline.endpoint(kestrel.harbor, "shop", settings={})
    target = pipeline.endpoint(kestrel.harbor, "erp", settings={"url": "http://127.0.0.1:9"})
    pipeline.flow(made, target)
    return made


@pytest.fixture
def eli(kestrel: Site) -> Client:
    return sign_in(kestrel, "engineer")


def fields(soup: BeautifulSoup) -> dict[str, Any]:
    """The form of the page as a browser would send it."""
    form = soup.select_one("#work form")
    assert form
    found: dict[str, Any] = {}
    for one in form.select("input[name], textarea[name], select[name]"):
        if one.get("type") in ("checkbox", "radio") and not one.has_attr("checked"):
            continue
        if one.get("type") == "checkbox":
            found[str(one["name"])] = one.get("value", "on")
            continue
        chosen = one.select_one("option[selected]") or one.select_one("option")
        value = chosen["value"] if one.name == "select" and chosen else one.get("value", "")
        found[str(one["name"])] = one.text.removeprefix("\n") if one.name == "textarea" else value
    return found


def begin(client: Client, kind: str, key: str, customer: str = "harbor") -> str:
    answer = client.post("/changes/new/", {"kind": kind, "key": key, "customer": customer})
    assert answer.status_code == 302, answer.content[:500]
    return str(answer["Location"])


def draft() -> ChangeRequest:
    return ChangeRequest.objects.get()


def test_a_flow_is_changed_from_the_list(kestrel: Site, shop: Endpoint, eli: Client) -> None:
    soup = page(eli.get("/flows/"))
    assert texts(soup, "#flows form button") == ["Change"]
    given = {one["name"]: one["value"] for one in soup.select("#flows form input")}
    assert given.pop("csrfmiddlewaretoken")
    assert given == {"kind": "flow", "key": Flow.objects.get().slug, "customer": "harbor"}
    url = begin(eli, **given)
    given = fields(page(eli.get(url))) | {"latency": "batch", "at_time": "17:30", "drift": "pause"}
    del given["enabled"]
    assert eli.post(url, given)["Location"] == f"/changes/{draft().pk}/"
    content = draft().content
    assert content["latency"] == "batch"
    assert content["at_time"] == "17:30:00"
    assert content["drift"] == "pause"
    assert not content["enabled"]
    assert Flow.objects.get().enabled  # nothing is live


def test_a_daily_flow_without_a_time_is_refused_at_its_place(
    kestrel: Site, shop: Endpoint, eli: Client
) -> None:
    url = begin(eli, "flow", Flow.objects.get().slug)
    answer = eli.post(url, fields(page(eli.get(url))) | {"latency": "batch", "at_time": ""})
    assert answer.status_code == 422
    soup = BeautifulSoup(answer.content, "html.parser")
    assert "Say at which time of day." in texts(soup, "#id_at_time_error p")


def test_a_new_flow_goes_live_by_a_change(kestrel: Site, shop: Endpoint, eli: Client) -> None:
    erp = Endpoint.objects.get(slug="erp")
    given = {"object_type": "shipment", "source": erp.pk, "target": shop.pk}
    url = eli.post("/flows/new/", given)["Location"]
    eli.post(url, fields(page(eli.get(url))))
    change = draft()
    evidence.gather(change)
    dana = person("admin", "Dana")
    approval.ask(change.pk, actor=change.author, reason="Shipments go back")
    approval.approve(change.pk, actor=dana, publish_at=None, edition=change.edition)
    publishing.publish(change.pk, actor="X")
    made = Flow.objects.get(object_type="shipment")
    assert (made.source, made.target, made.enabled) == (erp, shop, True)
    publishing.roll_back(change.pk, actor="X")
    assert not Flow.objects.get(object_type="shipment").enabled


@pytest.mark.parametrize(
    ("ends", "said"),
    [
        (("shop", "shop"), "from one endpoint to another"),
        (("shop", "erp"), "There is this flow already"),
        (("shop", "other"), "stays with one customer"),
    ],
)
def test_a_flow_there_cannot_be_is_refused(
    kestrel: Site, shop: Endpoint, eli: Client, ends: tuple[str, str], said: str
) -> None:
    pipeline.endpoint(kestrel.maris, "other", settings={"url": "http://127.0.0.1:9"})
    source, target = (Endpoint.objects.get(slug=slug).pk for slug in ends)
    answer = eli.post("/flows/new/", {"object_type": "order", "source": source, "target": target})
    assert answer.status_code == 422
    assert said in answer.content.decode()
    assert not ChangeRequest.objects.exists()


def test_rules_are_written_in_lines_and_stand_in_their_order(
    kestrel: Site, shop: Endpoint, eli: Client
) -> None:
    rule = {"n": 5, "if": {"channel": ["web"]}, "then": {"allow": "RNO1"}}
    RoutingRules.objects.create(customer_id=kestrel.harbor, version=1, rules=[rule])
    assert "channel is web" in texts(page(eli.get("/routes/")), "#routes td div")
    url = begin(eli, "rules", "")
    given = fields(page(eli.get(url)))
    given |= {"rule-1-n": "2", "rule-1-when": "order_value is at least 500",
              "rule-1-then": "exclude LAS1"}  # fmt: skip
    eli.post(url, given)
    new = {"n": 2, "if": {"order_value": {"min": 500}}, "then": {"exclude": ["LAS1"]}}
    assert draft().content == {"rules": [new, rule]}


def test_a_rule_with_a_wrong_word_is_refused_and_kept_in_the_form(
    kestrel: Site, shop: Endpoint, eli: Client
) -> None:
    url = begin(eli, "rules", "")
    given = fields(page(eli.get(url)))
    given |= {"rule-0-n": "1", "rule-0-when": "chanel is web", "rule-0-then": "allow RNO1"}
    answer = eli.post(url, given)
    assert answer.status_code == 422
    assert "begins with no condition" in answer.content.decode()
    assert "chanel is web" in answer.content.decode()
    assert draft().content == {"rules": []}


def test_a_lookup_is_written_as_text(kestrel: Site, eli: Client) -> None:
    table = LookupTable.objects.create(customer_id=kestrel.harbor, name="carrier", default="pass")
    table.rows.create(code="UPS", value="UPSN")
    table.rows.create(code="odd\tcode", value="X")
    url = begin(eli, "lookup", "carrier")
    given = fields(page(eli.get(url)))
    assert given["rows"].strip() == "UPS\tUPSN"
    eli.post(url, given | {"rows": "UPS = UPSN\nFedEx = FDXG"})
    assert draft().content["rows"] == {"UPS": "UPSN", "FedEx": "FDXG", "odd\tcode": "X"}
    again = eli.post(url, given | {"rows": "UPS\nUPS = A"})
    assert again.status_code == 422


def test_a_draft_saved_in_another_window_is_not_lost(kestrel: Site, eli: Client) -> None:
    LookupTable.objects.create(customer_id=kestrel.harbor, name="carrier", default="pass")
    url = begin(eli, "lookup", "carrier")
    given = fields(page(eli.get(url)))
    eli.post(url, given | {"rows": "A = 1"})
    answer = eli.post(url, given | {"rows": "A = 2"})
    assert answer.status_code == 409
    assert "another window" in answer.content.decode()
    assert draft().content["rows"] == {"A": "1"}


def test_drift_is_taken_into_the_contract_from_its_page(
    kestrel: Site, shop: Endpoint, eli: Client
) -> None:
    schema = infer([pipeline.order(str(n)) for n in range(5)])
    Contract.objects.create(endpoint=shop, object_type="order", schema=schema)
    pipeline.store(shop, pipeline.order("1", gift="yes please"))
    receive.receive(kestrel.harbor)
    soup = page(eli.get("/endpoints/shop/contracts/order/"))
    assert "gift is new" in texts(soup, "#contract tbody th")
    assert "yes please" in texts(soup, "#contract td.id")
    assert "1 drift" in texts(page(eli.get("/endpoints/shop/")), "#endpoint td .status")
    case = ExceptionCase.objects.get()
    link = page(sign_in(kestrel, "operator").get(f"/cases/{case.pk}/")).find(
        "a", string="See the contract"
    )
    assert link["href"] == "/endpoints/shop/contracts/order/"
    eli.post("/endpoints/shop/contracts/order/take-in/")
    assert draft().content["schema"]["properties"]["gift"] == {"type": "string"}


def test_a_first_contract_is_made_of_what_came(kestrel: Site, shop: Endpoint, eli: Client) -> None:
    pipeline.store(shop, *[pipeline.order(str(n)) for n in range(4)])
    receive.receive(kestrel.harbor)
    url = eli.post("/endpoints/shop/contracts/order/take-in/")["Location"]
    given = fields(page(eli.get(url)))
    place = next(name for name, value in given.items() if value == "number")
    assert given[place.replace("path", "required")] == "on"
    del given[place.replace("path", "required")]
    eli.post(url, given)
    assert "number" not in draft().content["schema"]["required"]


def test_a_contract_that_accepts_nothing_is_named_before_anything_runs(
    kestrel: Site, shop: Endpoint, eli: Client
) -> None:
    Contract.objects.create(endpoint=shop, object_type="order", schema={"type": "object"})
    url = begin(eli, "contract", "shop order")
    given = fields(page(eli.get(f"{url}?as=json")))
    eli.post(f"{url}?as=json", given | {"schema": '{"type": "array"}'})
    soup = page(eli.get(f"/changes/{draft().pk}/"))
    assert "accepts no document" in " ".join(texts(soup, "#change .notice"))
    assert not soup.select("form[action$='/ask/']")
    wrong = eli.post(f"{url}?as=json", given | {"schema": "{"})
    assert wrong.status_code == 422
    assert "not JSON" in wrong.content.decode()


def test_an_extension_is_designed_field_by_field(
    kestrel: Site, shop: Endpoint, eli: Client
) -> None:
    customer = shop.customer_id
    given = {"customer": customer, "entity": "order.line", "namespace": "acme"}
    url = eli.post("/extensions/new/", given)["Location"]
    form = fields(page(eli.get(url)))
    form |= {"line-0-path": "engraving", "line-0-kind": "string", "line-0-required": "on",
             "line-1-path": "grade", "line-1-kind": "string", "line-1-choices": "A | B"}  # fmt: skip
    eli.post(url, form)
    schema = draft().content["schema"]
    assert check_extension_schema(schema) == []
    assert schema["required"] == ["engraving"]
    assert schema["properties"]["grade"]["enum"] == ["A", "B"]


def test_names_no_namespace_can_have_are_refused(
    kestrel: Site, shop: Endpoint, eli: Client
) -> None:
    given = {"customer": shop.customer_id, "entity": "order", "namespace": "A.b"}
    assert eli.post("/extensions/new/", given).status_code == 422
    assert not ChangeRequest.objects.exists()


@pytest.mark.parametrize("kind", ["policy", "endpoint", "nonsense", "flow", "rules", "mapping"])
@pytest.mark.parametrize("key", ["x", "x" * 500, "a\0b", "a b c"])
def test_nothing_begins_of_what_is_not_there(
    kestrel: Site, eli: Client, kind: str, key: str
) -> None:
    answer = eli.post("/changes/new/", {"kind": kind, "key": key, "customer": "harbor"})
    assert answer.status_code in (400, 404)
    assert not ChangeRequest.objects.exists()


def test_nobody_writes_in_anothers_draft_and_then_approves_it(
    kestrel: Site, shop: Endpoint, eli: Client
) -> None:
    url = begin(eli, "flow", Flow.objects.get().slug)
    given = fields(page(eli.get(url))) | {"latency": "near_real_time"}
    admin = sign_in(kestrel, "admin")
    assert admin.get(url).status_code == 409
    assert admin.post(url, given).status_code == 409
    assert draft().content["latency"] == "realtime"
    evidence.gather(draft())
    assert admin.post(f"/changes/{draft().pk}/ask/", {"reason": "x"}).status_code == 409
    assert eli.post(f"/changes/{draft().pk}/make-live/", {"reason": "x"}).status_code == 409


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[]", "in braces"),
        ('{"a":' * 200 + "1" + "}" * 200, "nested deeper"),
        ('{"a":' * 5000, "not JSON"),
    ],
)
def test_json_that_is_no_schema_is_refused(
    kestrel: Site, shop: Endpoint, eli: Client, text: str, said: str
) -> None:
    Contract.objects.create(endpoint=shop, object_type="order", schema={"type": "object"})
    url = begin(eli, "contract", "shop order")
    given = fields(page(eli.get(f"{url}?as=json")))
    answer = eli.post(f"{url}?as=json", given | {"schema": text})
    assert answer.status_code == 422
    assert said in answer.content.decode()


@pytest.mark.parametrize("schema", ['{"properties": []}', '{"type": 5}', '{"required": 7}'])
def test_a_schema_the_table_cannot_say_opens_as_json(
    kestrel: Site, shop: Endpoint, eli: Client, schema: str
) -> None:
    Contract.objects.create(endpoint=shop, object_type="order", schema={"type": "object"})
    url = begin(eli, "contract", "shop order")
    given = fields(page(eli.get(f"{url}?as=json")))
    eli.post(f"{url}?as=json", given | {"schema": schema})
    assert page(eli.get(url)).select_one("textarea[name=schema]")
    assert page(eli.get(f"/changes/{draft().pk}/")).select("#change .notice")


def test_a_form_without_its_rows_is_refused(kestrel: Site, shop: Endpoint, eli: Client) -> None:
    url = begin(eli, "rules", "")
    assert eli.post(url, {"edition": "1"}).status_code == 422


def test_operators_write_lookups_and_no_logic(kestrel: Site, shop: Endpoint) -> None:
    olga = sign_in(kestrel, "operator")
    LookupTable.objects.create(customer_id=kestrel.harbor, name="carrier", default="pass")
    begin(olga, "lookup", "carrier")
    flow = {"kind": "flow", "key": Flow.objects.get().slug, "customer": "harbor"}
    assert olga.post("/changes/new/", flow).status_code == 404
    assert not texts(page(olga.get("/flows/")), "#flows form button")


def test_an_admin_says_who_approves_and_nobody_else_does(kestrel: Site, shop: Endpoint) -> None:
    admin = sign_in(kestrel, "admin")
    url = "/changes/policy/?customer=harbor"
    given = fields(page(admin.get(url)))
    assert (given["lookup"], given["mapping"]) == ("one", "two")
    admin.post(url, given | {"lookup": "two"})
    LookupTable.objects.create(customer_id=kestrel.harbor, name="carrier", default="pass")
    begin(sign_in(kestrel, "operator"), "lookup", "carrier")
    assert approval.needs_two(draft())
    kept = Version.objects.filter(kind="policy").latest("id")
    assert (kept.content["policies"]["approval"]["lookup"], kept.cause) == (
        "two",
        "who approves changes",
    )
    assert admin.post(url, given | {"lookup": "three"}).status_code == 422
    assert sign_in(kestrel, "engineer").get(url).status_code == 403


@pytest.mark.parametrize("path", ["/flows/new/", "/extensions/new/"])
def test_the_page_of_something_new_has_its_form_and_a_way_back(
    kestrel: Site, shop: Endpoint, eli: Client, path: str
) -> None:
    soup = page(eli.get(path))
    assert soup.select_one("[data-escape]")["href"] == path.removesuffix("new/")
    assert soup.select("#work form select")
