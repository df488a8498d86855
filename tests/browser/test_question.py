"""An operator asks, the customer answers on a phone without signing in, and the orders ship."""

import re

import pytest

from sandbox.catalog import LEGACY_LISTING
from tests.browser.conftest import PHONE, Visits
from tests.browser.scenery import OPERATOR
from tests.live import Installation, until

pytestmark = [pytest.mark.browser, pytest.mark.live]


def test_one_answer_by_a_link_ships_every_order_the_unknown_item_held(
    installation: Installation, visit: Visits
):
    installation.store.tell("orders", count=6, unknown_sku=3, rate=20, seed=7)
    held = "SELECT count(*) FROM monitoring_exceptioncase WHERE value = %s AND documents = 3"
    until(lambda: installation.number(held, LEGACY_LISTING), seconds=90)
    operator = visit(OPERATOR)
    page = operator.page
    page.get_by_role("link", name=re.compile(LEGACY_LISTING)).first.click()
    page.locator("aside a[href^='/cases/']").filter(has_text="Open").first.click()
    page.wait_for_url("**/cases/**")
    page.keyboard.press("q")
    page.wait_for_url("**/ask/")
    operator.check_page()
    page.locator("[name=answers-1-label]").fill("Not that one")
    page.locator("#preview").get_by_text("Not that one").wait_for()
    page.get_by_role("button", name=re.compile("^Ask ")).click()
    link = page.locator(".asked-link [data-copy]").first.get_attribute("data-copy")
    assert link is not None
    operator.check_page()

    assert page.context.browser is not None
    phone = page.context.browser.new_context(viewport=PHONE, java_script_enabled=False)
    try:
        theirs = phone.new_page()
        theirs.goto(link)
        for button in theirs.locator(".asked button:visible").all():
            box = button.bounding_box()
            assert box is not None
            assert box["height"] >= 44
        theirs.locator("summary").click()
        theirs.locator("input[name=by]").fill("Jo Reyes")
        theirs.get_by_role("button", name="Yes").click()
        theirs.get_by_text("Thank you").wait_for()
        theirs.goto(link)
        theirs.get_by_text("It was answered already").wait_for()
    finally:
        phone.close()
    until(lambda: len(installation.store.effects()["shipments"]) == 6, seconds=120)
