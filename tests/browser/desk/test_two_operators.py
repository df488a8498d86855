"""Two people at one desk: each sees what the other does, and neither gets into the other's way."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Visits
from tests.browser.hands import enter, go_to
from tests.browser.scenery import ENGINEER, OPERATOR, hold, number
from tests.live import Installation

pytestmark = [pytest.mark.browser, pytest.mark.live]
SOON = 10_000  # ms: the desk asks every 3 s
SLOWLY = 90_000


def test_both_take_next_and_each_gets_another_case(installation: Installation, visit: Visits):
    for code in ("SAIL-OLD", "KEEL-OLD"):
        hold(installation, code, count=1)
    both = visit(OPERATOR), visit(ENGINEER)
    for one in both:
        one.open("/desk/")
    for one in both:
        one.page.keyboard.press("t")
    for one in both:
        one.page.wait_for_url(re.compile(r"/cases/\d+/$"))
    assert both[0].page.url.rsplit("/", 2)[1] != both[1].page.url.rsplit("/", 2)[1]
    expect(both[0].page.locator("#holder")).to_contain_text("Dana Reyes, lease")
    expect(both[1].page.locator("#holder")).to_contain_text("Eli Novak, lease")
    for one in both:
        one.page.get_by_role("button", name="Release").click()
        expect(one.page.locator("#holder")).not_to_contain_text("lease")


def test_the_case_of_another_can_be_read_and_not_acted_on(
    installation: Installation, visit: Visits
):
    hold(installation, "RUDDER-OLD", count=1)
    case = number(installation, "RUDDER-OLD")
    watching, working = visit(OPERATOR), visit(ENGINEER)
    watching.open(f"/desk/?case={case}")
    row = watching.page.locator(f"#case-{case}")
    expect(row).to_contain_text("free")
    watching.page.evaluate("window.here = true")
    working.open(f"/cases/{case}/")
    working.page.keyboard.press("t")

    expect(row).to_contain_text("Eli Novak", timeout=SOON)
    expect(watching.page.locator("#preview")).to_contain_text("Eli Novak", timeout=SOON)
    expect(watching.page.locator("#preview-actions, .preview-actions")).not_to_contain_text(
        "Preview"
    )
    assert watching.page.evaluate("window.here"), "the name came with another page"

    watching.open(f"/cases/{case}/")
    act = watching.page.locator("#flow-end [data-acts]")
    expect(act).to_be_disabled()
    expect(watching.page.locator("#flow-end [data-acts-note]")).to_have_text("held by Eli Novak")
    watching.page.keyboard.press("r")
    expect(watching.page).to_have_url(re.compile(rf"/cases/{case}/$"))
    working.page.get_by_role("button", name="Release").click()
    expect(working.page.locator("#holder")).not_to_contain_text("lease")


def test_a_new_case_is_announced_and_no_row_jumps(installation: Installation, visit: Visits):
    hold(installation, "TILLER-OLD", count=1)
    page = visit(OPERATOR).page
    go_to(page, "TILLER-OLD")
    first = number(installation, "TILLER-OLD")
    place = page.locator(f"#case-{first}").bounding_box()
    rows = page.locator("#cases [data-row]")
    shown = rows.count()
    hold(installation, "ANCHOR-OLD", count=9)
    expect(page.locator("#new-rows a")).to_have_text(re.compile(r"^\d new, show$"), timeout=5_000)
    assert rows.count() == shown
    assert page.locator(f"#case-{first}").bounding_box() == place
    page.locator("#new-rows a").click()
    expect(page.locator("#cases")).to_contain_text("ANCHOR-OLD")


def test_a_case_that_another_closes_is_struck_through_where_it_stands(
    installation: Installation, visit: Visits
):
    hold(installation, "WINCH-OLD", count=1)
    case = number(installation, "WINCH-OLD")
    watching, working = visit(OPERATOR), visit(ENGINEER)
    row = watching.page.locator(f"#case-{case}")
    order = watching.page.locator("#cases [data-row]").evaluate_all(
        "rows => rows.map(row => row.id)"
    )
    working.open(f"/cases/{case}/?remedy=lookup")
    enter(working.page.locator("#remedy input[name=value]"), "TENT-4P")
    working.page.keyboard.press("Enter")
    working.page.wait_for_url("**/fixes/*/")
    expect(working.page.locator(".figures")).to_contain_text("will pass", timeout=SLOWLY)
    working.page.keyboard.press("Enter")
    expect(working.page.locator("#said h2")).to_contain_text("The case is closed", timeout=SLOWLY)

    expect(row).to_have_attribute("data-gone", "", timeout=SOON)
    expect(row.locator("[data-row-link]")).to_have_css("text-decoration-line", "line-through")
    expect(row).to_contain_text("TENT-4P")
    after = watching.page.locator("#cases [data-row]").evaluate_all(
        "rows => rows.map(row => row.id)"
    )
    assert after == order
    watching.page.keyboard.press("j")
    watching.page.keyboard.press("j")
    expect(row).to_have_count(0)
