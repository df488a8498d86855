"""A file applied: what it makes, what it changes, what it leaves alone."""

import pytest
from django.db import connection

from integrations.models import (
    Endpoint,
    Flow,
    LookupRow,
    LookupTable,
    PollCursor,
    RoutingRules,
)
from portal.core.secrets import decrypt
from portal.customers.models import Customer
from portal.jobs.models import Wake
from tests.integrations.configuration import CREATED, FILE, apply, everything

pytestmark = pytest.mark.db


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
        ("    site: RNO1", "    site: RNO1\n    pickup: {time: 14:00, days: mon-sat}",
         "changed endpoint orchardrno: pickup.days none → mon-sat, pickup.time none → 14:00"),
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


def test_a_pickup_is_replaced_whole_and_ends_with_null(kestrel):
    apply()
    apply(_with_pickup("{time: 14:00, zone: America/Denver, days: mon-sat, transit_days: 2}"))
    depot = Endpoint.objects.get(slug="orchardrno")
    assert depot.pickup == {
        "time": "14:00", "zone": "America/Denver", "days": "mon-sat", "transit_days": 2,
    }  # fmt: skip
    apply(_with_pickup("{time: 09:30}"))
    depot.refresh_from_db()
    assert depot.pickup == {"time": "09:30"}
    assert apply() == []  # a file that is silent about it leaves it
    assert apply(_with_pickup("null")) == ["changed endpoint orchardrno: pickup.time 09:30 → none"]
    assert apply(_with_pickup("null")) == []
    depot.refresh_from_db()
    assert depot.pickup == {}


def _with_pickup(text: str) -> str:
    return FILE.replace("    site: RNO1", f"    site: RNO1\n    pickup: {text}")


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


def test_a_file_may_lean_on_what_is_stored(kestrel):
    apply()
    text = "lookups:\n  - {customer: orchard, name: uom, rows: {EACH: EA}}\n"
    assert apply(text) == ["created lookup orchard uom"]
    assert LookupTable.objects.get(name="uom").default == "hold"


def test_a_changed_setting_hides_what_looks_like_a_credential(kestrel):
    apply()
    text = FILE.replace("https://rno.example", "https://rno.example/?api_key=planted-5up3r")
    (line,) = apply(text)
    assert "planted-5up3r" not in line
