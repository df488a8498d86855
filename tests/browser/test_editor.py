"""The mapping editor in the browser: keys alone, the form of a row, drag, undo, a phone, then the proof."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Visit
from tests.browser.hands import wait_until
from tests.live import Installation, until

pytestmark = [pytest.mark.browser, pytest.mark.live]

ENGINEER = "eli@kestrelpoint.example"
# A form hears of a choice once htmx has attached it, some milliseconds after it can be seen.
SETTLED = "!document.querySelector('#dock.htmx-settling, #dock .htmx-added')"
MAPPING = "/mappings/harborweb/order/in/"
APPLIED = "SELECT count(*) FROM integrations_record WHERE object_type = 'order' AND number <> ''"


def row(page: Page, target: str) -> object:
    return page.locator(f"tr:has(input[name=target][value='{target}'])")


def source(page: Page, target: str) -> str:
    return row(page, target).locator("input[name=source]").input_value()


@pytest.fixture
def orders(installation: Installation) -> None:
    installation.store.tell("orders", count=3, seed=71)
    until(lambda: installation.number(APPLIED) >= 3, seconds=60)


def test_a_mapping_is_changed_with_keys_and_its_effect_is_shown(
    installation: Installation, orders: None, visit: Callable[..., Visit]
):
    engineer = visit(ENGINEER)
    page = engineer.page
    engineer.open(MAPPING)
    engineer.picture("editor-1-default")

    page.keyboard.press("j")
    for _ in range(60):
        if (
            page.evaluate("document.activeElement.getAttribute('aria-label')")
            == "Source of customer.name"
        ):
            break
        page.keyboard.press("ArrowDown")
    page.keyboard.press("Control+a")
    page.keyboard.type("$uppercase(billing.last_name)")
    value = row(page, "customer.name").locator("[id^=value-]")
    expect(value).to_have_text(
        page.locator("[data-path='billing.last_name'] + .mono").inner_text().upper()
    )
    expect(page.locator("#saved")).to_contain_text("saved")

    page.keyboard.press("Escape")
    expect(page.locator("#dock-said")).to_contain_text("in capitals")
    wait_until(page, SETTLED)
    page.keyboard.press("f")
    page.locator("#dock select[name=kind]").select_option(label="constant")
    constant = page.locator("#dock input[name=value]")
    constant.wait_for()
    wait_until(page, SETTLED)
    constant.fill("The buyer")
    expect(value).to_have_text("The buyer")
    assert source(page, "customer.name") == '"The buyer"'
    engineer.picture("editor-2-form")

    page.keyboard.press("Escape")
    for _ in range(40):  # each edit of the form is one step
        if source(page, "customer.name").startswith("$trim"):
            break
        page.keyboard.press("z")
    assert source(page, "customer.name").startswith("$trim")

    page.locator("[data-path='billing.company']").drag_to(row(page, "customer.name"))
    assert source(page, "customer.name") == "billing.company"

    row(page, "currency").locator("[data-remove]").click()
    expect(page.locator("#status")).to_contain_text("1 required without source")
    page.locator("#dock [data-suggest]").first.click()
    expect(page.locator("#status")).not_to_contain_text("required without source")
    assert source(page, "currency") == "currency"

    page.fill("[data-filter]", "ship_to.city")
    assert page.locator(".mapping-rows tbody tr:visible").count() == 1
    page.fill("[data-filter]", "")
    page.locator("[data-rows-view=required]").click()
    assert 0 < page.locator(".mapping-rows tbody tr:visible").count() < 40

    page.keyboard.press("Escape")
    page.keyboard.press("e")
    page.wait_for_url("**/changes/*/")
    page.keyboard.press("t")
    page.get_by_text("come out different", exact=True).wait_for(timeout=60_000)
    assert "customer.name" in page.locator("#change").inner_text()
    engineer.check_page()
    engineer.picture("editor-3-evidence")


def test_the_editor_on_a_phone(
    installation: Installation, orders: None, visit: Callable[..., Visit]
):
    engineer = visit(ENGINEER, phone=True, dark=True)
    page = engineer.page
    engineer.open(MAPPING)
    assert row(page, "number").is_visible()
    page.get_by_role("button", name="Fields").tap()
    assert page.locator("[data-path='billing']").is_visible()
    engineer.check_page()
    page.get_by_role("button", name="Result").tap()
    assert page.locator(".payload").is_visible()
    page.get_by_role("button", name="Rows").tap()
    row(page, "customer.name").locator("input[name=source]").tap()
    expect(page.locator("#dock b")).to_have_text("customer.name")
    engineer.check_page()
    engineer.picture("editor-phone-dark")
