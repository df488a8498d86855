import json
from pathlib import Path

import pytest
from django.db import connection

from integrations import configfile
from integrations.configfile.shape import SCHEMA
from integrations.configfile.source import Fault
from integrations.models import (
    Endpoint,
    Flow,
    LookupRow,
    LookupTable,
    MappingVersion,
    PollCursor,
    RoutingRules,
)
from portal.core.secrets import decrypt
from portal.customers.models import Customer
from portal.jobs.models import Wake

pytestmark = pytest.mark.db

DOCS = Path(__file__).parents[2] / "docs"
ENVIRONMENT = {"SHOP_KEY": "ck_1", "SHOP_SECRET": "cs_1", "SINK_TOKEN": "Bearer 7"}
FILE = """
customers:
  - slug: orchard
    name: Orchard Supply
    time_zone: America/Los_Angeles
    currency: USD
endpoints:
  - slug: orchardweb
    customer: orchard
    label: Orchard web shop
    connector: woocommerce
    settings:
      url: https://shop.orchard.example
      release_statuses: [processing, paid]
    secrets:
      consumer_key: ${SHOP_KEY}
      consumer_secret: ${SHOP_SECRET}
    channel: {share: 0.5, buffer: 5}
    rate_per_second: 20
    poll: {orders: 60, products: 3600}
  - slug: orchardrno
    customer: orchard
    label: Reno warehouse
    connector: http
    settings: {url: https://rno.example, site_flags: [hazmat]}
    secrets:
      auth_token: ${SINK_TOKEN}
    site: RNO1
flows:
  - slug: orchard-orders-rno
    customer: orchard
    object: order
    from: orchardweb
    to: orchardrno
    routed: true
  - slug: orchard-stock
    customer: orchard
    object: inventory
    from: orchardrno
    to: orchardweb
    latency: {every_minutes: 15}
routes:
  - customer: orchard
    rules:
      - {n: 10, if: {any_item.hazmat: true}, then: {require_site_flag: hazmat}}
      - {n: 20, if: {}, then: {allow: [RNO1]}}
lookups:
  - customer: orchard
    name: sku
    default: master
    rows: {TENT2P-OLD: TENT-2P, 00123: 7}
  - name: carrier
    default: {value: UPSN}
mappings:
  - endpoint: orchardweb
    object: order
    direction: out
    rows:
      - [status, '"processing"']
"""
CREATED = [
    "created customer orchard",
    "created endpoint orchardweb",
    "created endpoint orchardrno",
    "created flow orchard-orders-rno",
    "created flow orchard-stock",
    "created lookup orchard sku",
    "created lookup carrier",
    "created routes orchard: version 1, rules: 2",
    "created mapping orchardweb order out: version 1, rows: 1",
]


def apply(text: str = FILE, **environment: str) -> list[str]:
    return configfile.apply(text.encode(), environment={**ENVIRONMENT, **environment})


def refusal(text: str, environment: dict[str, str] | None = None) -> list[Fault]:
    with pytest.raises(configfile.RefusedError) as refused:
        configfile.apply(
            text.encode(), environment=ENVIRONMENT if environment is None else environment
        )
    return refused.value.faults


def everything() -> dict[str, list[dict]]:
    models = (
        Customer,
        Endpoint,
        Flow,
        RoutingRules,
        LookupTable,
        LookupRow,
        MappingVersion,
        PollCursor,
    )
    return {model.__name__: list(model.objects.order_by("pk").values()) for model in models}


def test_a_file_makes_everything_it_names(kestrel):
    assert apply() == CREATED
    shop = Endpoint.objects.get(slug="orchardweb")
    assert shop.settings == {
        "url": "https://shop.orchard.example", "release_statuses": ["processing", "paid"],
    }  # fmt: skip
    assert {n: s.reveal() for n, s in decrypt(bytes(shop.secrets)).items()} == {
        "consumer_key": "ck_1", "consumer_secret": "cs_1",
    }  # fmt: skip
    assert (shop.channel, shop.rate_per_second, shop.state) == (
        {"share": 0.5, "buffer": 5}, 20.0, "active",
    )  # fmt: skip
    stock = Flow.objects.get(slug="orchard-stock")
    assert (stock.latency, stock.every_minutes, stock.source.slug, stock.target.slug) == (
        "near_real_time", 15, "orchardrno", "orchardweb",
    )  # fmt: skip
    assert dict(LookupRow.objects.values_list("code", "value")) == {
        "TENT2P-OLD": "TENT-2P", "00123": "7",
    }  # fmt: skip
    carrier = LookupTable.objects.get(name="carrier")
    assert (carrier.customer, carrier.default, carrier.default_value) == (None, "value", "UPSN")
    assert [rule["n"] for rule in RoutingRules.objects.get().rules] == [10, 20]


def test_a_second_run_says_nothing_and_writes_nothing(kestrel):
    apply()
    before = everything()
    assert apply() == []
    assert everything() == before


def test_a_second_run_leaves_even_the_rows_untouched(kestrel):
    apply()
    with connection.cursor() as cursor:
        cursor.execute("SELECT array_agg(ctid ORDER BY id) FROM integrations_endpoint")
        before = cursor.fetchone()
        apply()
        cursor.execute("SELECT array_agg(ctid ORDER BY id) FROM integrations_endpoint")
        assert cursor.fetchone() == before


def test_what_the_file_does_not_name_stays_as_it_is(kestrel):
    apply()
    LookupRow.objects.create(
        table=LookupTable.objects.get(name="sku"), code="NEW", value="NEW-1", added_by="Ana"
    )
    text = FILE.replace("    rate_per_second: 20\n", "").replace(
        "    channel: {share: 0.5, buffer: 5}\n", ""
    )
    assert apply(text) == []
    assert Endpoint.objects.get(slug="orchardweb").rate_per_second == 20.0
    assert LookupRow.objects.get(code="NEW").added_by == "Ana"
    assert Customer.objects.filter(slug="harbor").exists()


@pytest.mark.parametrize(
    ("old", "new", "line"),
    [
        ("name: Orchard Supply", "name: Orchard",
         "changed customer orchard: name Orchard Supply → Orchard"),
        ("rate_per_second: 20", "rate_per_second: 5.5",
         "changed endpoint orchardweb: rate_per_second 20.0 → 5.5"),
        (
            "url: https://shop.orchard.example", "url: https://orchard.example",
            "changed endpoint orchardweb: settings.url https://shop.orchard.example → https://orchard.example",
        ),
        ("channel: {share: 0.5, buffer: 5}", "channel: null",
         "changed endpoint orchardweb: channel.buffer 5 → none, channel.share 0.5 → none"),
        ("poll: {orders: 60, products: 3600}", "poll: {orders: 30}",
         "changed endpoint orchardweb: poll of products stopped, poll of orders every 60 s → every 30 s"),
        ("latency: {every_minutes: 15}", "latency: realtime",
         "changed flow orchard-stock: latency every 15 minutes → realtime"),
        ("latency: {every_minutes: 15}", "latency: {at_time: 17:30}",
         "changed flow orchard-stock: latency every 15 minutes → at 17:30"),
        ("    routed: true", "    routed: true\n    enabled: false",
         "changed flow orchard-orders-rno: enabled true → false"),
        ("TENT2P-OLD: TENT-2P, 00123: 7", "TENT2P-OLD: null, 00123: 8, A: B",
         "changed lookup orchard sku: 1 row added, 1 row changed, 1 row removed"),
        ("default: master", "default: hold", "changed lookup orchard sku: default master → hold"),
        ("{allow: [RNO1]}", "{force: RNO1}", "changed routes orchard: version 2, rules: 2"),
        ("""'"processing"'""", "status", "changed mapping orchardweb order out: version 2, rows: 1"),
    ],
)  # fmt: skip
def test_a_change_is_written_and_told_once(kestrel, old, new, line):
    apply()
    text = FILE.replace(old, new)
    if "channel" in old:  # without a channel the shop takes no stock
        Flow.objects.filter(slug="orchard-stock").delete()
        text = text.replace(text[text.index("  - slug: orchard-stock") : text.index("routes:")], "")
    before = Customer.objects.get(slug="orchard").config_version
    assert apply(text) == [line]
    changed = Customer.objects.get(slug="orchard").config_version
    assert changed > before or "poll of" in line  # polls decide over no document
    assert apply(text) == []
    assert Customer.objects.get(slug="orchard").config_version == changed


def test_a_changed_secret_is_named_and_never_shown(kestrel):
    apply()
    (line,) = apply(SHOP_KEY="ck_new")
    assert line == "changed endpoint orchardweb: secret consumer_key changed"
    stored = decrypt(bytes(Endpoint.objects.get(slug="orchardweb").secrets))
    assert stored["consumer_key"].reveal() == "ck_new"
    assert stored["consumer_secret"].reveal() == "cs_1"
    assert apply(SHOP_KEY="ck_new") == []


def test_null_removes_a_secret(kestrel):
    apply()
    (line,) = apply(FILE.replace("auth_token: ${SINK_TOKEN}", "auth_token: null"))
    assert line == "changed endpoint orchardrno: secret auth_token removed"
    assert Endpoint.objects.get(slug="orchardrno").secrets is None


def test_new_credentials_close_the_breaker_they_opened(kestrel):
    apply()
    shop = Endpoint.objects.filter(slug="orchardweb")
    shop.update(breaker={"state": {"state": "open", "failures": [], "until": None}})
    apply(SHOP_KEY="ck_new")
    assert shop.get().breaker["state"]["state"] == "closed"


def test_polls_are_due_at_once_and_their_lane_is_woken(kestrel, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        apply()
    shop = Endpoint.objects.get(slug="orchardweb")
    assert dict(shop.cursors.values_list("stream", "every_seconds")) == {
        "orders": 60, "products": 3600,
    }  # fmt: skip
    wake = Wake.objects.get(schema="kestrel", kind="poll", key=str(shop.pk))
    assert wake.due_at == min(shop.cursors.values_list("due_at", flat=True))


def test_a_poll_that_changes_keeps_its_place(kestrel):
    apply()
    cursor = PollCursor.objects.get(stream="orders")
    cursor.cursor = {"after": "2026-03-01"}
    cursor.save()
    apply(FILE.replace("orders: 60", "orders: 30"))
    assert PollCursor.objects.get(stream="orders").cursor == {"after": "2026-03-01"}


@pytest.mark.parametrize(
    ("old", "new", "line", "path", "text"),
    [
        ("America/Los_Angeles", "Mars/Olympus", 5, "customers[0].time_zone",
         "There is no time zone Mars/Olympus. Use one like Europe/Oslo."),
        ("currency: USD", "currency: USX", 6, "customers[0].currency",
         "USX is not an ISO 4217 currency code."),
        ("    currency: USD", "    extensions: {order: {acme: {type: object}}}", 6,
         "customers[0].extensions.order.acme", "An object needs additionalProperties: false."),
        ("    currency: USD", "    currency: USD\n  - slug: orchard\n    name: Again", 7,
         "customers[1]", "The file has this entry twice."),
        ("    customer: orchard\n    label: Orchard web", "    customer: orchid\n    label: Orchard web", 9,
         "endpoints[0].customer", "There is no customer orchid."),
        ("connector: woocommerce", "connector: shopify", 11, "endpoints[0].connector",
         "There is no connector shopify. There are: woocommerce, x12, sql, http."),
        ("      url: https://shop.orchard.example\n", "", 12, "endpoints[0].settings.url",
         "WooCommerce needs url."),
        ("url: https://shop.orchard.example", "url: shop.orchard.example", 13, "endpoints[0].settings.url",
         "“shop.orchard.example” is not an address such as https://example.com."),
        ("release_statuses: [processing, paid]", "release_statuses: 7", 14,
         "endpoints[0].settings.release_statuses", "It must be a list of texts."),
        ("release_statuses: [processing, paid]", "tracking_style: letters", 14,
         "endpoints[0].settings.tracking_style",
         "“letters” is not one of one entry per shipment, shipment tracking plug-in."),
        ("release_statuses: [processing, paid]", "consumer_key: ck_9", 14,
         "endpoints[0].settings.consumer_key", "consumer_key is a secret. Put it under secrets as ${NAME}."),
        ("consumer_key: ${SHOP_KEY}", "consumer_key: ${NOT_SET}", 16, "endpoints[0].secrets.consumer_key",
         "The environment variable NOT_SET is not set."),
        ("      consumer_key: ${SHOP_KEY}\n", "", 15, "endpoints[0].secrets.consumer_key",
         "WooCommerce needs consumer_key."),
        ("consumer_key: ${SHOP_KEY}", "consumer_key: ${SHOP_KEY}\n      url: ${SHOP_KEY}", 17,
         "endpoints[0].secrets.url", "url is not a secret. Put it under settings."),
        ("poll: {orders: 60", "poll: {orders: 60, ordres: 60", 20, "endpoints[0].poll.ordres",
         "WooCommerce has no stream ordres. There are: orders, products, customers, refunds."),
        ("    site: RNO1", "    site: RNO1\n    poll: {orders: 60}", 29, "endpoints[1].poll.orders",
         "JSON over HTTP has no stream orders. It is never polled."),
        ("    to: orchardrno\n    routed", "    to: orchardatl\n    routed", 34, "flows[0].to",
         "There is no endpoint orchardatl."),
        ("from: orchardweb", "from: orchardrno", 34, "flows[0].to", "A flow leads to another endpoint."),
        ("object: order\n    from", "object: shipment\n    from", 32, "flows[0].object",
         "WooCommerce does not give shipment."),
        ("    channel: {share: 0.5, buffer: 5}\n", "", 37, "flows[1].object",
         "WooCommerce does not take inventory."),
        ("    site: RNO1", "", 35, "flows[0].routed",
         "The rules choose among sites, and orchardrno has no site."),
        ("  - slug: orchard-stock",
         "  - {slug: twin, customer: orchard, object: order, from: orchardweb, to: orchardrno}\n"
         "  - slug: orchard-stock", 36, "flows[1]", "The flow orchard-orders-rno does the same."),
        ("{n: 20, if: {}", "{n: 20, if: {chanel: x}", 46, "routes[0].rules[1].if.chanel",
         "Unknown key, use ship_to.region, ship_to.country, ship_to.postal_prefix, channel,"
         " customer_group, order_value, any_item.hazmat, any_item.tag, sku, service_level, weekday, tags."),
        ("n: 20", "n: 10", 46, "routes[0].rules[1].n",
         "Must be above 10, rules stand in the order of their numbers."),
        ("allow: [RNO1]", "allow: [RNO1, ATL2]", 46, "routes[0].rules[1].then.allow",
         "No endpoint of this customer has the site ATL2."),
        ("  - name: carrier", "  - customer: orchid\n    name: carrier", 52, "lookups[1].customer",
         "There is no customer orchid."),
        ("  - endpoint: orchardweb", "  - endpoint: orchardwww", 55, "mappings[0].endpoint",
         "There is no endpoint orchardwww."),
        ("object: order\n    direction", "object: inventory\n    direction", 56, "mappings[0].object",
         "WooCommerce does not take inventory."),
        ("""'"processing"'""", "'status ='", 59, "mappings[0].rows[0]",
         "status: It ends too early. (at character 8)"),
    ],
)  # fmt: skip
def test_a_wrong_file_is_refused_whole_with_line_and_path(kestrel, old, new, line, path, text):
    assert FILE.count(old) >= 1
    before = everything()
    assert Fault(line, path, text) in refusal(FILE.replace(old, new, 1))
    assert everything() == before


def test_all_faults_are_told_at_once_in_the_order_of_the_file(kestrel):
    text = (
        FILE.replace("USD", "USX")
        .replace("to: orchardrno", "to: nowhere")
        .replace("orders: 60", "x: 1")
    )
    assert [fault.path for fault in refusal(text)] == [
        "customers[0].currency", "endpoints[0].poll.x", "flows[0].to",
    ]  # fmt: skip


def test_an_endpoint_keeps_its_customer_and_its_connector(kestrel):
    apply()
    text = FILE.replace("connector: http", "connector: x12").replace(
        "customer: orchard\n    label: Reno", "customer: harbor\n    label: Reno"
    )
    found = {(fault.path, fault.text) for fault in refusal(text)}
    assert ("endpoints[1].connector",
            "orchardrno is a http endpoint; an endpoint keeps its connector.") in found  # fmt: skip
    assert ("endpoints[1].customer",
            "orchardrno belongs to orchard; an endpoint keeps its customer.") in found  # fmt: skip


def test_a_flow_keeps_what_it_connects(kestrel):
    apply()
    text = FILE.replace("object: inventory", "object: product")
    faults = refusal(text)
    assert Fault(36, "flows[1]", "A flow keeps customer, object, from and to. Disable it and make"
                                 " another one.") in faults  # fmt: skip


def test_a_file_may_lean_on_what_is_stored(kestrel):
    apply()
    text = "lookups:\n  - {customer: orchard, name: uom, rows: {EACH: EA}}\n"
    assert apply(text) == ["created lookup orchard uom"]
    assert LookupTable.objects.get(name="uom").default == "hold"


def test_a_refusal_never_repeats_a_secret(kestrel):
    text = FILE.replace("consumer_key: ${SHOP_KEY}", "consumer_key: planted-secret-5up3r")
    assert "planted-secret-5up3r" not in repr(refusal(text))


def test_a_changed_setting_hides_what_looks_like_a_credential(kestrel):
    apply()
    text = FILE.replace("https://rno.example", "https://me:planted-5up3r@rno.example")
    (line,) = apply(text)
    assert "planted-5up3r" not in line


def test_a_written_file_changes_nothing_when_applied(kestrel):
    apply()
    Endpoint.objects.filter(slug="orchardrno").update(state="paused")
    written = configfile.export()
    environment = {
        "ORCHARDWEB_CONSUMER_KEY": "ck_1",
        "ORCHARDWEB_CONSUMER_SECRET": "cs_1",
        "ORCHARDRNO_AUTH_TOKEN": "Bearer 7",
    }
    before = everything()
    assert configfile.apply(written.encode(), environment=environment) == []
    assert everything() == before
    assert "consumer_key: ${ORCHARDWEB_CONSUMER_KEY}" in written
    assert "ck_1" not in written


def test_a_written_file_makes_the_same_customer_at_another_partner(kestrel, aurora):
    from django_tenants.utils import schema_context

    apply()
    written = configfile.export()
    environment = {
        "ORCHARDWEB_CONSUMER_KEY": "ck_1",
        "ORCHARDWEB_CONSUMER_SECRET": "cs_1",
        "ORCHARDRNO_AUTH_TOKEN": "Bearer 7",
    }
    with schema_context("aurora"):
        configfile.apply(written.encode(), environment=environment)
        assert configfile.export() == written


def test_a_file_of_one_customer_has_nothing_of_the_others(kestrel):
    apply()
    apply("endpoints:\n  - {slug: marisweb, customer: maris, label: Maris, connector: http}\n")
    written = configfile.export(customer="maris")
    assert "marisweb" in written
    assert "orchard" not in written
    assert "carrier" not in written  # the partner's own table
    assert "orchard" in configfile.export()


def test_the_schema_in_the_docs_is_the_one_files_are_checked_with():
    copy = DOCS / "configuration.schema.json"
    assert copy.read_bytes() == SCHEMA.read_bytes(), f"cp {SCHEMA} {copy}"


def walk_through() -> str:
    return (DOCS / "walk-through.md").read_text()


def block(text: str, start: str) -> str:
    """The fenced block of a document that starts with `start`."""
    (found,) = (part for part in text.split("```")[1::2] if part.startswith(start))
    return found.removeprefix("yaml")


def test_the_walk_through_applies_as_it_is_printed(kestrel):
    Customer.objects.all().delete()
    file = block(walk_through(), "yaml\ncustomers")
    variables = (
        "HARBOR_CONSUMER_KEY", "HARBOR_CONSUMER_SECRET", "HARBOR_WEBHOOK_SECRET", "NORTHWIND_PRIVATE_KEY",
    )  # fmt: skip
    lines = configfile.apply(file.encode(), environment=dict.fromkeys(variables, "x"))
    assert lines == block(walk_through(), "\ncreated customer").strip().splitlines()


def test_the_fault_in_the_walk_through_is_told_as_it_is_printed(kestrel):
    file = block(walk_through(), "yaml\ncustomers").removeprefix("\n")
    (printed,) = block(walk_through(), "\nharbor.yaml:").strip().splitlines()
    faults = refusal(file.replace("to: harborrno", "to: harborreno"))
    assert printed in [f"harbor.yaml:{f.line}: {f.path}: {f.text}" for f in faults]


def test_every_key_of_the_schema_is_in_the_documentation():
    text = (DOCS / "configuration.md").read_text()
    kinds = json.loads(SCHEMA.read_bytes())["$defs"].values()
    keys = {key for kind in kinds for key in kind.get("properties", {})}
    assert {key for key in keys if f"`{key}`" not in text} == set()
