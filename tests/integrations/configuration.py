"""One configuration file with everything in it, and what is asked of it again and again."""

import pytest

from integrations import configfile
from integrations.models import (
    Endpoint,
    Flow,
    LookupRow,
    LookupTable,
    MappingVersion,
    PollCursor,
    RoutingRules,
)
from integrations.yaml_source import Fault
from portal.customers.models import Customer

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
