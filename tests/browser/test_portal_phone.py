"""A customer on a phone: finds an order by its tracking number, opens its shipment, looks at stock, and
switches a mail off."""

import pytest

from tests.browser import axe
from tests.browser.conftest import Visits
from tests.live import Installation, until

pytestmark = [pytest.mark.browser, pytest.mark.live]

HANNA = "hanna@harboroutfitters.example"
TRACKED = """
    SELECT count(*) FROM integrations_record
    WHERE object_type = 'shipment' AND jsonb_array_length(body->'tracking') > 0
"""
PAGES = ("/home/", "/find/?q=nothing-like-this", "/orders/", "/stock/", "/shipments/", "/returns/",
         "/trade-invoices/", "/questions/", "/questions/ask/", "/notifications/")  # fmt: skip
TARGETS = """
    selector => [...document.querySelectorAll(selector)].filter(one => one.offsetParent)
        .map(one => [one.outerHTML.slice(0, 120), one.getBoundingClientRect().height])
        .filter(([, height]) => height < 44).map(([html]) => html)
"""


@pytest.fixture(scope="module")
def shipped(installation: Installation) -> Installation:
    installation.store.tell("orders", count=8, rate=20, seed=3)
    until(lambda: installation.number(TRACKED), seconds=400)
    return installation


def test_an_order_is_found_by_its_tracking_number_on_a_phone(shipped: Installation, visit: Visits):
    hanna = visit(HANNA, phone=True)
    page = hanna.page
    hanna.open("/shipments/")
    tracking = page.locator(".own-shipments th a").first.inner_text()
    hanna.open("/home/")
    page.locator("main input[name=q]").fill(f" {tracking[:4]}-{tracking[4:].lower()} ")
    page.locator("main input[name=q]").press("Enter")
    page.wait_for_url("**/shipments/*/")
    hanna.check_page()
    page.locator(".fact-line a").first.click()
    page.wait_for_url("**/orders/*/")
    page.get_by_role("link", name=tracking).click()
    page.wait_for_url("**/shipments/*/")
    hanna.picture("portal-shipment-390")

    page.get_by_role("link", name="Menu").click()
    page.locator("#rail").get_by_role("link", name="Stock").click()
    page.wait_for_url("**/stock/")
    hanna.check_page()
    assert page.locator(".own-stock tbody tr").count() > 0
    hanna.picture("portal-stock-390")

    hanna.open("/notifications/")
    page.locator("input[name=bill][value=off]").check()
    page.get_by_role("button", name="Save").click()
    page.get_by_text("Saved.").wait_for()
    assert page.locator("input[name=bill][value=off]").is_checked()


def test_the_search_and_everything_else_is_large_enough_for_a_thumb(
    shipped: Installation, visit: Visits
):
    hanna = visit(HANNA, phone=True)
    for path in PAGES:
        hanna.open(path)
        assert hanna.page.locator("form.own-find input:visible").count() == 1, path
        small = hanna.page.evaluate(TARGETS, ".button, .own-find input, select, .portal-foot a")
        assert small == [], path
    hanna.open("/find/?q=10")
    hanna.picture("portal-find-390")


def test_the_menu_opens_and_closes_with_the_keyboard(shipped: Installation, visit: Visits):
    hanna = visit(HANNA, phone=True)
    page = hanna.page
    hanna.open("/home/")
    page.get_by_role("link", name="Menu").focus()
    page.keyboard.press("Enter")
    assert page.locator("#rail").is_visible()
    assert page.evaluate("document.activeElement.closest('#rail') !== null")
    page.keyboard.press("Escape")
    assert not page.locator("#rail").is_visible()


@pytest.mark.parametrize("dark", [False, True])
def test_the_pages_pass_what_a_machine_can_check(shipped: Installation, visit: Visits, dark: bool):
    source = axe.script_or_skip()
    hanna = visit(HANNA, phone=True, dark=dark)
    for path in PAGES:
        hanna.open(path)
        assert axe.violations(hanna.page, source) == [], path
    if not dark:
        wide = visit(HANNA)
        wide.open("/shipments/")
        wide.picture("portal-shipments")
        assert axe.violations(wide.page, source) == []
