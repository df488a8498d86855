"""The desk in one hand: a case is found, tried and replayed by touch at 390 pixels."""

import re

import pytest
from playwright.sync_api import Locator, expect

from tests.browser.conftest import Visits
from tests.browser.scenery import OPERATOR, hold, shipped
from tests.live import Installation, until

pytestmark = [pytest.mark.browser, pytest.mark.live]
SLOWLY = 90_000
FINGER = 44  # px


def is_for_fingers(control: Locator) -> bool:
    box = control.bounding_box()
    return box is not None and round(box["height"]) >= FINGER


def test_a_case_is_found_tried_and_replayed_by_touch(installation: Installation, visit: Visits):
    going = hold(installation, "OARLOCK-OLD", count=6)
    phone = visit(OPERATOR, phone=True)
    page = phone.page
    phone.check_page()
    row = page.locator("#cases [data-row-link]", has_text="OARLOCK-OLD")
    expect(page.locator("#preview")).to_be_hidden()
    row.tap()
    expect(page.locator("#preview")).to_be_visible()
    expect(page.locator("#preview h2")).to_contain_text("OARLOCK-OLD")
    phone.check_page()
    fix = page.locator(".preview-actions .primary")
    assert is_for_fingers(fix)
    fix.tap()
    page.wait_for_url("**/cases/**remedy=lookup**")
    phone.check_page()

    value = page.locator("#remedy input[name=value]")
    assert value.evaluate("field => parseFloat(getComputedStyle(field).fontSize)") >= 16  # no zoom
    value.tap()
    page.keyboard.type("TENT-4P")
    send = page.locator("#flow-end .primary")
    assert is_for_fingers(send)
    send.tap()
    page.wait_for_url("**/fixes/*/")
    expect(page.locator(".figures")).to_contain_text(re.compile(r"6\s*will pass"), timeout=SLOWLY)
    phone.check_page()
    for button in page.locator("#flow-end button").all():
        assert is_for_fingers(button), button.inner_text()
    page.locator("#fix-documents [data-row-link]").nth(1).tap()
    expect(page.locator("#document")).to_contain_text("Checks")
    phone.check_page()
    page.get_by_role("button", name="Send canary of 5").tap()
    expect(page.locator("#said")).to_contain_text("The canary of 5 is done", timeout=SLOWLY)
    page.get_by_role("button", name="Replay the other 1").tap()
    expect(page.locator("#said")).to_contain_text("The case is closed", timeout=SLOWLY)
    phone.check_page()
    page.get_by_role("link", name="Back to the case").tap()
    page.get_by_role("link", name="Desk").first.tap()
    page.wait_for_url("**/desk/")
    expect(page.locator("#cases")).not_to_contain_text("OARLOCK-OLD")
    until(lambda: going <= shipped(installation), seconds=90)


def test_several_cases_are_chosen_by_touch(installation: Installation, visit: Visits):
    for code in ("HULL-OLD", "HATCH-OLD"):
        hold(installation, code, count=1)
    phone = visit(OPERATOR, phone=True, dark=True)
    page = phone.page
    for code in ("HULL-OLD", "HATCH-OLD"):
        page.locator("#cases [data-row]", has_text=code).locator("input").tap()
    expect(page.locator("[data-picked-count]")).to_have_text("2")
    phone.check_page()
    page.locator("#bulk").get_by_role("button", name="Skip").tap()
    page.wait_for_url("**/desk/bulk/*/?verb=skip")
    phone.check_page()
    page.locator("#act input[name=reason]").fill("not sold any more")
    page.locator(".flow-end .primary").tap()
    go = page.get_by_role("button", name=re.compile("Skip the 2"))
    expect(go).to_be_visible(timeout=SLOWLY)
    go.tap()
    expect(page.locator("#result h2")).to_contain_text("2 of 2 cases skipped", timeout=SLOWLY)
    phone.check_page()
