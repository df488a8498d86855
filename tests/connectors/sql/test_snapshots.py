"""What the ERP says it has, on both databases."""

from datetime import UTC, datetime

import pytest

from integrations.connectors.snapshot import LevelSaid, LineSaid, OrderSaid
from integrations.connectors.sql import mappings
from integrations.mapping import MISSING, compile_mapping
from portal.core.errors import NeedsCredentials, Permanent
from tests.connectors.sql.conftest import outbound
from tests.connectors.sql.harness import order

MARCH = datetime(2026, 3, 1, tzinfo=UTC)


def adjustment(reference, delta="-2"):
    mapping = compile_mapping(mappings.ADJUSTMENT_OUT, name="adjustment")
    body = {
        "number": reference,
        "site": "RNO1",
        "adjusted_on": "2026-03-02",
        "lines": [{"sku": "10-00217", "delta": delta, "uom": "EA", "reason": "Counted"}],
    }
    outcome = mapping.run(
        body, lookup=lambda table, code: code, binding=lambda kind, sku: MISSING, context={}
    )
    return outbound(outcome.body, "adjustment")


def on_hand(erp):
    (row,) = erp.rows("SELECT on_hand FROM stock WHERE site = 'RNO1' AND item_no = '10-00217'")
    return row["on_hand"]


def test_stock_is_said_for_every_item_and_site(erp, client):
    found = list(client.levels())
    assert len(found) == 100
    assert LevelSaid("RNO1", "10-00217", str(on_hand(erp)), "EA") in found


def test_orders_are_said_with_their_totals_and_their_lines_when_asked(client):
    reference = f"SNAP-{id(client)}"
    (made,) = client.deliver([outbound(order(reference))])
    assert made.error is None
    (said,) = [one for one in client.orders(since=MARCH) if one.number == reference]
    # 24 × 129.00 + 2 × 219.00 + 12.50 freight = 3,546.50
    assert (said.status, float(said.total), said.pieces) == ("open", 3546.5, "26")
    assert client.order_lines([said.remote_id]) == {
        said.remote_id: [LineSaid("10-00217", "24", "1"), LineSaid("10-00234", "2", "2")]
    }
    assert said.number not in {one.number for one in client.orders(since=MARCH.replace(month=4))}


def test_a_shipment_takes_the_goods_from_the_stock_of_its_site(erp, client):
    reference, before = f"SHIP-{id(client)}", on_hand(erp)
    document = {"reference": reference, "tracking": "1Z", "site": "RNO1",
                "lines": [{"item": "10-00217", "qty": "24"}]}  # fmt: skip
    outcomes = [
        *client.deliver([outbound(order(reference))]),
        *client.deliver([outbound(document, "shipment")]),
        *client.deliver([outbound(document, "shipment", retried=True)]),
    ]
    assert [one.error for one in outcomes] == [None, None, None]
    assert on_hand(erp) == before - 24
    (said,) = [one for one in client.orders(since=MARCH) if one.number == reference]
    assert said.status == "shipped"


def test_an_adjustment_is_booked_once_with_its_reason(erp, client):
    reference, before = f"RECON-{id(client)}", on_hand(erp)
    item = adjustment(reference)
    outcomes = [*client.deliver([item]), *client.deliver([item._replace(retried=True)])]
    assert [one.error for one in outcomes] == [None, None]
    assert on_hand(erp) == before - 2
    booked = erp.rows("SELECT qty, reason FROM stock_journal WHERE reference = :ref", ref=reference)
    assert booked == [{"qty": -2, "reason": "Counted"}]


def test_a_query_of_ones_own_names_its_columns(open_client):
    query = "SELECT site AS location, item_no AS item, 3 AS quantity FROM stock"
    client = open_client(snapshots=f"stock: {query} WHERE item_no = '10-00217' AND site = 'RNO1'")
    assert list(client.levels()) == [LevelSaid("RNO1", "10-00217", "3")]
    with pytest.raises(Permanent, match="no query for orders"):
        list(client.orders(since=MARCH))


@pytest.mark.parametrize(
    ("snapshots", "said"),
    [
        ("stock: SELECT 1 AS quantity", "no column item"),
        ("stock: SELECT nothing FROM nowhere", "refuses the query"),
    ],
)
def test_a_query_that_cannot_be_used_says_why(open_client, snapshots, said):
    with pytest.raises(Permanent, match=said):
        list(open_client(snapshots=snapshots).levels())


@pytest.mark.parametrize(
    ("snapshots", "said"),
    [
        ("orders: SELECT 1", "snapshots.orders has no :since"),
        ("lines: SELECT 1", "snapshots.lines has no :ids"),
        ("statuses: open", "one entry per word"),
    ],
)
def test_settings_that_cannot_be_used_say_where(open_client, snapshots, said):
    with pytest.raises(NeedsCredentials, match=said):
        list(open_client(snapshots=snapshots).levels())


def test_a_word_the_erp_never_said_before_is_unknown(erp, client):
    erp.take_shipped_order(f"ODD-{id(client)}")
    erp.rows(
        "UPDATE sales_order SET status = 'FROZEN' WHERE cust_ref = :ref", ref=f"ODD-{id(client)}"
    )
    (said,) = [one for one in client.orders(since=MARCH) if one.number == f"ODD-{id(client)}"]
    assert said == OrderSaid(said.number, said.remote_id, "unknown", None, said.total, "2")
