"""The desk without a mouse: from the sign-in to the shipped orders every step is a key."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Visits
from tests.browser.hands import enter, focused, go_to, tab_to
from tests.browser.scenery import ENGINEER, OPERATOR, held, hold, number, shipped
from tests.live import Installation, until

pytestmark = [pytest.mark.browser, pytest.mark.live]
SLOWLY = 90_000  # ms: other processes do the work, on a machine that may be busy


def look_at(page: Page, value: str) -> None:
    """The row of the case with that value, and its preview beside it."""
    go_to(page, value)
    expect(page.locator("#preview h2")).to_contain_text(value)


def back(page: Page, to: str | re.Pattern[str]) -> None:
    page.keyboard.press("Escape")
    page.wait_for_url(to)


def test_a_case_is_found_tried_and_replayed_with_keys_alone(
    installation: Installation, visit: Visits
):
    going = hold(installation, "KAYAK-OLD", count=7)
    hold(installation, "KAYAK-OLD", count=2, also="OAR-OLD")
    operator = visit(OPERATOR)
    page = operator.page
    page.wait_for_load_state()

    look_at(page, "KAYAK-OLD")
    expect(page.locator("#cases [data-chosen]")).to_contain_text("KAYAK-OLD")
    page.keyboard.press("o")
    page.wait_for_url("**/cases/*/")
    expect(page.locator("h1")).to_contain_text("KAYAK-OLD")
    back(page, "**/desk/**")
    look_at(page, "KAYAK-OLD")
    page.keyboard.press("r")
    page.wait_for_url("**/cases/**")

    value = page.locator("#remedy input[name=value]")
    enter(value, "TENT-4P")  # T would take the case, were no field at work
    expect(value).to_have_value("TENT-4P")
    page.keyboard.press("Control+Enter")
    page.wait_for_url("**/fixes/*/")
    page.evaluate("window.here = true")
    figures = page.locator(".figures")
    expect(figures).to_contain_text(re.compile(r"7\s*will pass"), timeout=SLOWLY)
    expect(figures).to_contain_text(re.compile(r"2\s*would still fail"))
    assert page.evaluate("window.here"), "the figures came with another page"

    documents, chosen = page.locator("#fix-documents"), page.locator(".fix-groups tr[data-chosen]")
    expect(chosen).to_contain_text("pass")
    page.keyboard.press("]")
    expect(chosen).to_contain_text("OAR-OLD")
    expect(documents.locator(".split-list [data-row]")).to_have_count(2)
    page.keyboard.press("[")
    expect(documents.locator(".split-list [data-row]")).to_have_count(7)
    page.keyboard.press("j")
    second = documents.locator(".split-list .id").nth(1).inner_text()
    expect(page.locator("#document .id").first).to_have_text(second)
    page.keyboard.press("k")
    first = documents.locator(".split-list .id").nth(0).inner_text()
    expect(page.locator("#document .id").first).to_have_text(first)

    page.keyboard.press("Enter")
    expect(page.locator("#said")).to_contain_text("The canary of 5 is done", timeout=SLOWLY)
    page.keyboard.press("Enter")
    expect(page.locator("#said")).to_contain_text("Replayed 7 of 9", timeout=SLOWLY)
    operator.check_page()
    back(page, re.compile(r"/cases/\d+/$"))
    back(page, "**/desk/**")
    expect(page.locator("#cases")).to_contain_text("OAR-OLD")
    expect(page.locator("#cases")).not_to_contain_text("KAYAK-OLD")
    go_to(page, "OAR-OLD")
    until(lambda: going <= shipped(installation), seconds=90)
    assert held(installation, "OAR-OLD") == 2


def test_a_replay_is_undone_with_z_within_its_time(installation: Installation, visit: Visits):
    hold(installation, "PADDLE-OLD", count=2)
    operator = visit(OPERATOR)
    page = operator.page
    look_at(page, "PADDLE-OLD")
    page.keyboard.press("r")
    page.wait_for_url("**/cases/**")
    enter(page.locator("#remedy input[name=value]"), "TENT-4P")
    page.keyboard.press("Enter")
    page.wait_for_url("**/fixes/*/")
    expect(page.locator(".figures")).to_contain_text("will pass", timeout=SLOWLY)
    page.keyboard.press("Enter")  # two are too few for a canary
    undo = page.locator("form[data-until] button")
    expect(undo).to_contain_text("Undo the 2", timeout=SLOWLY)
    left = undo.locator("[data-left]").inner_text()
    expect(undo.locator("[data-left]")).not_to_have_text(left)
    assert left.startswith("9:")
    page.keyboard.press("z")
    expect(page.locator("#said h2")).to_contain_text("Undone at", timeout=SLOWLY)
    # What the warehouse has shipped meanwhile stays; the other orders are cancelled there.
    outcome = re.compile(
        r"[12]\s*(taken back|cancelled at (its|their) target|stays? as (it is|they are))"
    )
    expect(page.locator(".figures")).to_contain_text(outcome)
    back(page, re.compile(r"/cases/\d+/$"))
    back(page, "**/desk/**")
    operator.check_page()


def test_no_key_acts_on_the_case_one_has_just_left(installation: Installation, visit: Visits):
    for code in ("BUOY-OLD", "CLEAT-OLD"):
        hold(installation, code, count=1)
    left, reached = (f"/cases/{number(installation, code)}/" for code in ("BUOY-OLD", "CLEAT-OLD"))
    operator = visit(OPERATOR)
    page = operator.page
    slow = page.context.new_cdp_session(page)
    operator.open(f"/desk/?case={number(installation, 'BUOY-OLD')}")
    slow.send("Network.emulateNetworkConditions", {
        "offline": False, "latency": 800, "downloadThroughput": -1, "uploadThroughput": -1
    })  # fmt: skip
    go_to(page, "CLEAT-OLD")
    expect(page.locator("#preview h2")).to_contain_text("BUOY-OLD")
    for key in "row":
        page.keyboard.press(key)
    expect(page.locator("#preview h2")).to_contain_text("CLEAT-OLD")
    assert left not in page.url
    page.keyboard.press("o")
    page.wait_for_url(f"**{reached}")


def test_next_is_taken_then_waits_and_another_is_skipped_with_a_reason(
    installation: Installation, visit: Visits
):
    hold(installation, "SKIFF-OLD", count=1)
    hold(installation, "MAST-OLD", count=1)
    operator = visit(OPERATOR)
    page = operator.page
    page.keyboard.press("t")
    page.wait_for_url(re.compile(r"/cases/\d+/$"))
    expect(page.locator("#holder")).to_contain_text("Dana Reyes, lease")
    back(page, "**/desk/**")

    look_at(page, "SKIFF-OLD")
    page.keyboard.press("w")
    page.wait_for_url("**remedy=wait**")
    enter(page.locator("#remedy input[name=reason]"), "asked the shop")
    page.keyboard.press("Control+Enter")
    expect(page.locator("#activity")).to_contain_text("asked the shop")
    back(page, "**/desk/**")
    expect(page.locator("#cases tr.divider ~ tr")).to_contain_text(["SKIFF-OLD"])

    look_at(page, "MAST-OLD")
    page.keyboard.press("s")
    page.wait_for_url("**remedy=skip**")
    enter(page.locator("#remedy input[name=reason]"), "a test of the shop")
    page.keyboard.press("Enter")
    page.wait_for_url("**/fixes/*/")
    last = page.locator("#flow-end .primary")
    expect(last).to_have_text("Skip 1", timeout=SLOWLY)
    tab_to(last)  # what ends documents has no key of its own
    page.keyboard.press("Enter")
    expect(page.locator("#said h2")).to_contain_text("Skipped 1 of 1", timeout=SLOWLY)
    assert held(installation, "MAST-OLD") == 0


def test_a_range_is_chosen_with_x_and_goes_to_the_page_of_many(
    installation: Installation, visit: Visits
):
    for code in ("RANGE-A-OLD", "RANGE-B-OLD", "RANGE-C-OLD"):
        hold(installation, code, count=1)
    operator = visit(OPERATOR)
    operator.open("/desk/?q=RANGE-")
    page = operator.page
    bar, picked = page.locator("#bulk"), page.locator("[data-picked-count]")
    expect(bar).to_be_hidden()
    page.keyboard.press("j")
    place = page.locator("#cases [data-row]").first.bounding_box()
    page.keyboard.press("x")
    expect(picked).to_have_text("1")
    expect(bar).to_be_visible()
    assert page.locator("#cases [data-row]").first.bounding_box() == place
    page.keyboard.press("j")
    page.keyboard.press("Shift+X")
    expect(picked).to_have_text("2")
    page.keyboard.press("x")
    expect(picked).to_have_text("1")
    page.keyboard.press("Control+a")
    expect(picked).to_have_text("3")
    page.keyboard.press("w")
    page.wait_for_url("**/desk/bulk/*/?verb=wait")
    operator.check_page()
    expect(page.locator("h1")).to_contain_text("3 cases, 3 documents")
    enter(page.locator("#act input[name=reason]"), "the shop is closed")
    page.keyboard.press("Escape")
    page.keyboard.press("r")
    expect(page.locator("#result")).to_contain_text("3", timeout=SLOWLY)
    undo = page.locator("#result form[data-until] button")
    expect(undo).to_be_visible(timeout=SLOWLY)
    page.keyboard.press("z")
    expect(page.locator("#result h2")).to_contain_text("ndone", timeout=SLOWLY)
    back(page, "**/desk/**")


def test_the_keys_of_the_page_are_shown_and_do_nothing_while_a_field_is_at_work(
    installation: Installation, visit: Visits
):
    hold(installation, "JIB-OLD", count=1)
    operator = visit(OPERATOR)
    operator.open("/desk/?q=JIB-OLD")
    page = operator.page
    page.keyboard.press("?")
    keys = page.locator("dialog[open] .keys-list li")
    for key in ("J", "K", "O", "R", "T", "X", "⇧X", "⌃A", "W", "S", "/"):
        expect(keys.filter(has=page.locator(f"kbd:text-is('{key}')"))).to_have_count(1)
    page.keyboard.press("Escape")
    expect(page.locator("dialog[open]")).to_have_count(0)
    page.keyboard.press("/")
    page.keyboard.type("jrtx?")
    expect(page.locator("input[type=search]")).to_have_value("jrtx?")
    expect(page.locator("dialog[open], [data-row] input:checked")).to_have_count(0)
    assert page.url.endswith("/desk/?q=JIB-OLD")


def test_who_switched_single_keys_off_does_the_same_with_tab_and_enter(
    installation: Installation, visit: Visits
):
    hold(installation, "BOOM-OLD", count=2)
    engineer = visit(ENGINEER)
    page = engineer.page
    page.keyboard.press("?")
    page.locator("dialog a", has_text="Switch single keys off").click()
    switch_keys(page)
    engineer.open("/desk/?q=BOOM-OLD")
    for key in "jkxtrw":
        page.keyboard.press(key)
    assert page.url.endswith("q=BOOM-OLD")
    expect(page.locator("input:checked")).to_have_count(0)
    assert focused(page).startswith("Skip to the work")  # nothing but the page has the focus
    row = page.locator("#cases [data-row-link]")
    tab_to(row)
    page.keyboard.press("Enter")
    page.wait_for_url("**/cases/*/")
    enter(page.locator("#remedy input[name=value]"), "TENT-4P")
    page.keyboard.press("Enter")
    page.wait_for_url("**/fixes/*/")
    expect(page.locator(".figures")).to_contain_text("will pass", timeout=SLOWLY)
    tab_to(page.locator("#flow-end .primary"))
    page.keyboard.press("Enter")
    expect(page.locator("#said h2")).to_contain_text("Replayed 2 of 2", timeout=SLOWLY)
    engineer.open("/you/")
    switch_keys(page)


def switch_keys(page: Page) -> None:
    """On or off, on the page of one's own settings."""
    box = page.locator("input[name=single_keys]")
    tab_to(box)
    page.keyboard.press("Space")
    page.keyboard.press("Enter")
    expect(page.locator("#toasts")).to_contain_text("Your settings are saved")


def test_who_comes_back_from_an_order_stands_on_the_row_they_left_by(
    installation: Installation, visit: Visits
):
    installation.store.tell("orders", count=3, seed=77)
    count = "SELECT count(*) FROM integrations_record WHERE object_type = %s"
    until(lambda: installation.number(count, "order") >= 3, seconds=60)
    operator = visit(OPERATOR)
    page = operator.page
    for leave in (page.go_back, lambda: page.keyboard.press("Escape")):
        operator.open("/orders/")
        row = page.locator("tbody th a[href^='/orders/']").nth(2)
        order, href = row.inner_text(), row.get_attribute("href")
        row.focus()
        page.keyboard.press("Enter")
        page.wait_for_url(f"**{href}**")
        leave()
        page.wait_for_url("**/orders/")
        expect(page.locator(f"a[href='{href}']:focus")).to_have_text(order)
