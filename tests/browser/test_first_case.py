"""Orders flow; the one with the unknown item waits, and a person lets all of them go with one row."""

import os
import re

import pytest

from sandbox.catalog import LEGACY_LISTING
from tests.browser.conftest import Visits
from tests.browser.scenery import ADMIN, OPERATOR, VIEWER
from tests.live import Installation, until

pytestmark = [pytest.mark.browser, pytest.mark.live]

ORDERS = int(os.environ.get("CROSSDOCK_BROWSER_ORDERS", "60"))
UNKNOWN = max(3, ORDERS // 40)


@pytest.fixture(scope="module")
def placed(installation: Installation) -> set[str]:
    """The orders; all but those with the unknown item have shipped."""
    answer = installation.store.tell("orders", count=ORDERS, unknown_sku=UNKNOWN, rate=20, seed=7)
    shipped = ORDERS - UNKNOWN
    until(lambda: len(installation.store.effects()["shipments"]) >= shipped, seconds=60 + ORDERS)
    return {str(number) for number in answer["ids"]}


def test_one_lookup_row_ships_every_order_the_unknown_item_held(
    installation: Installation, placed: set[str], visit: Visits
):
    operator = visit(OPERATOR)
    page = operator.page
    assert page.url.endswith("/desk/")
    operator.check_page()
    page.get_by_role("link", name=re.compile(LEGACY_LISTING)).first.click()
    page.wait_for_url("**case=**")
    page.locator("aside a[href^='/cases/']").filter(has_text="Open").first.click()
    page.wait_for_url("**/cases/**")
    operator.check_page()
    marked = page.locator("ol.payload mark").first
    assert LEGACY_LISTING in marked.inner_text()

    page.locator("input[name=value]").first.fill("TENT-2P")
    page.get_by_role("button", name=re.compile(f"Try it on {UNKNOWN}")).click()
    page.wait_for_url("**/fixes/**")
    page.get_by_text("will pass").wait_for(timeout=60_000)
    operator.check_page()
    assert len(installation.store.effects()["shipments"]) == ORDERS - UNKNOWN
    page.get_by_role("button", name=re.compile(f"Replay (all )?{UNKNOWN}")).click()
    replayed = re.compile(f"^Replayed {UNKNOWN} of {UNKNOWN} at .* The case is closed")
    page.get_by_text(replayed).wait_for(timeout=60_000)
    assert page.locator("#progress").count() == 0

    until(lambda: len(installation.store.effects()["shipments"]) == ORDERS, seconds=120)
    effects = installation.store.effects()
    assert set(effects["shipments"]) == placed
    assert effects["double_effects"] == installation.warehouse.effects()["double_effects"] == 0
    operator.open("/desk/")
    assert page.locator("#cases", has_text=LEGACY_LISTING).count() == 0


def test_an_order_can_be_followed_through_every_system(placed: set[str], visit: Visits):
    number = min(placed)
    operator = visit(OPERATOR)
    operator.open(f"/orders/?q={number}")
    operator.page.locator("main a[href^='/orders/'][href*='-']").first.click()
    operator.page.wait_for_load_state()
    operator.check_page()
    body = operator.page.locator("main").inner_text()
    for word in ("Received", "In the hub", "940", "accepted", number):
        assert word in body
    operator.picture("journey")
    phone = visit(OPERATOR, phone=True, dark=True)
    phone.page.goto(operator.page.url)
    phone.check_page()
    phone.picture("journey-dark-390")


def test_the_customer_sees_their_orders_in_their_words_and_nothing_else(
    placed: set[str], visit: Visits
):
    viewer = visit(VIEWER, phone=True)
    viewer.check_page()  # what they land on
    viewer.page.goto(f"{viewer.base}/orders/")
    viewer.check_page()
    viewer.picture("customer-orders-390")
    words = viewer.page.locator("body").inner_text()
    assert min(placed) in words or max(placed) in words
    for jargon in ("Maris", "X12", "940", "payload", "Crossdock", "mapping"):
        assert jargon not in words
    viewer.page.locator("main a[href^='/orders/'][href*='-']").first.click()
    viewer.page.wait_for_load_state()
    viewer.check_page()
    viewer.picture("customer-order-390")
    for path in ("/desk/", "/endpoints/", "/overview/", "/lookups/"):
        answer = viewer.page.goto(viewer.base + path)
        assert answer is not None
        assert answer.status == 403, path
    viewer.complaints.clear()  # the browser itself remarks on the four refusals


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize("phone", [False, True], ids=["1440", "390"])
def test_every_page_fits_its_window_and_complains_of_nothing(
    placed: set[str], visit: Visits, dark: bool, phone: bool
):
    admin = visit(ADMIN, dark=dark, phone=phone)
    suffix = ("-dark" if dark else "") + ("-390" if phone else "")
    for name in ("overview", "desk", "orders", "endpoints", "flows", "lookups"):
        admin.open(f"/{name}/")
        admin.picture(f"admin-{name}{suffix}")
    admin.open("/endpoints/harborwms/")
    admin.picture(f"admin-endpoint{suffix}")
