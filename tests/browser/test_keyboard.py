"""The desk without a mouse: every step from the sign-in to the shipped orders is a key."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page

from tests.browser.conftest import Visit
from tests.live import Installation, until

pytestmark = [pytest.mark.browser, pytest.mark.live]

OPERATOR = "dana@kestrelpoint.example"
OPEN_CASES = "SELECT count(*) FROM monitoring_exceptioncase WHERE value = %s AND closed_at IS NULL"


def focused(page: Page) -> str:
    return str(page.evaluate("document.activeElement.innerText ?? ''"))


def go_to(page: Page, text: str) -> None:
    """Down with J, then up with K, until the row with that text has the focus."""
    for key in "j" * 10 + "k" * 10:
        page.keyboard.press(key)
        if text in focused(page):
            return
    raise AssertionError(f"neither J nor K came to {text}")


def test_a_case_is_found_opened_mended_and_left_with_keys_alone(
    installation: Installation, visit: Callable[..., Visit]
):
    placed = {}
    for seed, code in enumerate(("KAYAK-OLD", "OAR-OLD"), start=40):
        told = installation.store.tell(
            "orders", count=2, unknown_sku=2, unknown_sku_code=code, seed=seed
        )
        placed[code] = {str(order) for order in told["ids"]}
        until(lambda: installation.number(OPEN_CASES, code) == 1, seconds=60)  # noqa: B023
    operator = visit(OPERATOR)
    page = operator.page
    page.wait_for_load_state()

    go_to(page, "OAR-OLD")
    page.locator("#preview", has_text="OAR-OLD").wait_for()
    page.keyboard.press("r")
    page.wait_for_url("**/cases/**")
    assert "OAR-OLD" in page.locator("h1").inner_text()

    field = page.locator("#remedy input[name=value]")
    for _ in range(40):
        if field.evaluate("field => field === document.activeElement"):
            break
        page.keyboard.press("Tab")
    page.keyboard.type("TENT-4P")
    page.keyboard.press("Escape")
    page.keyboard.press("r")
    page.wait_for_url("**/fixes/**")
    page.get_by_text("will pass").wait_for(timeout=60_000)
    page.keyboard.press("Enter")
    page.get_by_text(re.compile(r"^Replayed 2 of 2 at ")).wait_for(timeout=60_000)
    page.keyboard.press("Escape")
    page.wait_for_url(re.compile(r"/cases/\d+/$"))
    page.keyboard.press("Escape")
    page.wait_for_url("**/desk/**")
    assert page.locator("#cases", has_text="OAR-OLD").count() == 0
    go_to(page, "KAYAK-OLD")

    until(lambda: placed["OAR-OLD"] <= set(installation.store.effects()["shipments"]), seconds=90)
    assert installation.number(OPEN_CASES, "KAYAK-OLD") == 1


def test_who_comes_back_from_an_order_stands_on_the_row_they_left_by(
    installation: Installation, visit: Callable[..., Visit]
):
    installation.store.tell("orders", count=3, seed=77)
    count = "SELECT count(*) FROM integrations_record WHERE object_type = %s"
    until(lambda: installation.number(count, "order") >= 3, seconds=60)
    operator = visit(OPERATOR)
    page = operator.page
    for leave in (page.go_back, lambda: page.keyboard.press("Escape")):
        operator.open("/orders/")
        row = page.locator("tbody th a[href^='/orders/']").nth(2)
        number, href = row.inner_text(), row.get_attribute("href")
        row.focus()
        page.keyboard.press("Enter")
        page.wait_for_url(f"**{href}**")
        leave()
        page.wait_for_url("**/orders/")
        page.wait_for_function("document.activeElement !== document.body")
        assert focused(page) == number
