import random
from datetime import UTC, datetime
from decimal import Decimal

from sandbox.catalog import PRODUCTS, check_digit, opening_stock
from sandbox.orders import build_order

NOON = datetime(2026, 3, 2, 20, 0, 0, tzinfo=UTC)


def _order(seed: int, **named: object) -> dict:
    return build_order(1001, rng=random.Random(seed), placed_at=NOON, **named)  # type: ignore[arg-type]


def test_the_check_digit_of_a_known_upc_is_right() -> None:
    assert check_digit("03600029145") == "2"
    assert check_digit("00012345000000001") == "0"


def test_fifty_products_have_distinct_codes_and_right_gtins() -> None:
    assert len(PRODUCTS) == 50
    for field in ("sku", "upc", "case_gtin", "erp_item"):
        assert len({getattr(product, field) for product in PRODUCTS}) == 50
    assert PRODUCTS[0].upc == "850012000013"
    assert PRODUCTS[0].case_gtin == "10850012000010"
    assert all(check_digit(p.case_gtin[:-1]) == p.case_gtin[-1] for p in PRODUCTS)


def test_opening_stock_is_fixed_and_differs_by_site() -> None:
    assert opening_stock("TENT-2P", "RNO1") == 8050
    assert opening_stock("TENT-2P", "ATL2") == 2000


def test_the_same_seed_gives_the_same_order() -> None:
    assert _order(7) == _order(7)
    assert _order(7) != _order(8)


def test_an_orders_total_is_lines_and_shipping_and_tax() -> None:
    for seed in range(50):
        order = _order(seed)
        lines = sum(Decimal(line["total"]) for line in order["line_items"])
        rest = Decimal(order["shipping_total"]) + Decimal(order["total_tax"])
        assert Decimal(order["total"]) == lines + rest


def test_store_time_is_local_without_zone_beside_utc() -> None:
    order = _order(1)
    assert order["date_created"] == "2026-03-02T12:00:00"
    assert order["date_created_gmt"] == "2026-03-02T20:00:00"


def test_an_unknown_sku_stands_on_the_first_line_only() -> None:
    skus = [line["sku"] for line in _order(3, unknown_sku="TENT2P-OLD", line_count=3)["line_items"]]
    assert skus[0] == "TENT2P-OLD"
    assert "TENT2P-OLD" not in skus[1:]
