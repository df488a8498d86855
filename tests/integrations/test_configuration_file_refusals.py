"""Files that are refused: whole, with line and path, and without a word of a secret."""

import pytest

from integrations.connectors import registry
from integrations.yaml_source import Fault
from portal.demo.memory import make_key
from tests.integrations.configuration import FILE, apply, everything, refusal

pytestmark = pytest.mark.db


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
        ("connector: woocommerce", "connector: abacus", 11, "endpoints[0].connector",
         "There is no connector abacus. There are: " + ", ".join(registry.SLUGS) + "."),
        ("      url: https://shop.orchard.example\n", "", 12, "endpoints[0].settings.url",
         "WooCommerce needs url."),
        ("url: https://shop.orchard.example", "url: shop.orchard.example", 13, "endpoints[0].settings.url",
         "“shop.orchard.example” is not an address such as https://example.com."),
        ("url: https://shop.orchard.example", "url: https://ck_1:cs_2@shop.orchard.example", 13,
         "endpoints[0].settings.url",
         "Leave user and password out of the address: it is shown, and kept readable."),
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
        ("    site: RNO1", "    site: RNO1\n    pickup: {time: 2 pm}", 29, "endpoints[1].pickup.time",
         "“2 pm” will not do. Use a time of day such as 14:00."),
        ("    site: RNO1", "    site: RNO1\n    pickup: {days: mon-fri}", 29,
         "endpoints[1].pickup.time", "This key is missing."),
        ("    site: RNO1", "    site: RNO1\n    pickup: {time: 14:00, zone: Denver}", 29,
         "endpoints[1].pickup.zone", "There is no time zone Denver. Use one like America/Denver."),
        ("    site: RNO1", "    site: RNO1\n    pickup: {time: 14:00, days: weekdays}", 29,
         "endpoints[1].pickup.days", "Write the days of the pickup like mon-fri or mon,wed,sat."),
        ("    site: RNO1", "    site: RNO1\n    pickup: {time: 14:00, transit_days: 90}", 29,
         "endpoints[1].pickup.transit_days", "It must be at most 60."),
        ("    rate_per_second: 20", "    pickup: {time: 14:00}", 19, "endpoints[0].pickup",
         "A pickup is that of a site. Give the endpoint its site."),
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


def test_a_refusal_never_repeats_a_secret(kestrel):
    text = FILE.replace("consumer_key: ${SHOP_KEY}", "consumer_key: planted-secret-5up3r")
    assert "planted-secret-5up3r" not in repr(refusal(text))


WAREHOUSE = """
customers:
  - {slug: orchard, name: Orchard Supply}
endpoints:
  - slug: orchardrno
    customer: orchard
    label: Reno warehouse
    connector: x12
    settings:
      host: sftp.reno.example
      user: orchard
      own_id: ORCHARD
      partner_id: NWIND3PL
      host_key: ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIE90WzpfS2uvY69gYj99DroVnojGd8Lq1ai/zyF1ZnEO
    secrets:
      private_key: ${KEY}
"""
DAMAGED = "The host key is damaged: it is no public key of the kind it names."


@pytest.mark.parametrize(
    ("line", "text"),
    [
        ("garbage", "The host key is not an OpenSSH public key line such as `ssh-ed25519 AAAA…`."),
        ("ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIEXAMPLEEXAMPLEEXAMPLEEXAMPLEEXAMPLEEXAM", DAMAGED),
        ("ssh-rsa AAAAC3NzaC1lZDI1NTE5AAAAIE90WzpfS2uvY69gYj99DroVnojGd8Lq1ai/zyF1ZnEO", DAMAGED),
        ("ssh-best AAAAC3NzaC1lZDI1NTE5AAAAIE90WzpfS2uvY69gYj99DroVnojGd8Lq1ai/zyF1ZnEO", DAMAGED),
    ],
)
def test_a_host_key_that_is_none_is_refused_in_its_line(kestrel, line, text):
    start = WAREHOUSE.index("ssh-ed25519")
    file = WAREHOUSE[:start] + line + WAREHOUSE[WAREHOUSE.index("\n", start) :]
    environment = {"KEY": make_key().private}
    assert refusal(file, environment) == [Fault(14, "endpoints[0].settings.host_key", text)]


def test_a_private_key_that_is_none_is_refused_and_not_repeated(kestrel):
    text = "The private key cannot be read: an OpenSSH or PEM key is wanted."
    assert refusal(WAREHOUSE, {"KEY": "junk"}) == [
        Fault(16, "endpoints[0].secrets.private_key", text)
    ]


def test_keys_of_the_right_form_are_taken(kestrel):
    assert apply(WAREHOUSE, KEY=make_key().private) == [
        "created customer orchard",
        "created endpoint orchardrno",
    ]
