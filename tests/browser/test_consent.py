"""An operator asks to see what a customer sees; the customer allows it, watches, ends it, and reads what was looked
at. In a real browser, at 390 and 1440 px, in both themes."""

import re

import pytest
from playwright.sync_api import Page, expect

from portal.demo.people import PARTNER
from tests.browser import axe
from tests.browser.conftest import DESKTOP, PHONE, Visit, Visits
from tests.browser.scenery import ADMIN, OPERATOR, VIEWER
from tests.live import Installation

pytestmark = [pytest.mark.browser, pytest.mark.live]
WHY = "Order 1042 is missing on your page, you wrote on Tuesday"
_OWNER = """UPDATE accounts_person SET role_id = (SELECT id FROM accounts_role WHERE slug = 'owner')
    WHERE email = %s RETURNING id"""


@pytest.fixture(scope="module")
def hanna(installation: Installation) -> str:
    """She looks after Harbor's side."""
    installation.rows(_OWNER, VIEWER)
    return VIEWER


@pytest.fixture(scope="module")
def source() -> str:
    return axe.script_or_skip()


def looked_over(one: Visit, source: str, name: str) -> list[str]:
    """Pictures of a page at both widths and in both themes, and what is wrong with it."""
    found: list[str] = []
    page = one.page
    for width, size in ((1440, DESKTOP), (390, PHONE)):
        page.set_viewport_size(size)
        for theme in ("dark", "light"):
            page.emulate_media(color_scheme=theme, reduced_motion="reduce")
            page.wait_for_timeout(300)
            one.check_page()
            if axe.is_its_turn(dark=theme == "dark", phone=width == 390):
                found += [f"{name} {width}: {said}" for said in axe.violations(page, source)]
            one.picture(f"{name}-{width}{'-dark' if theme == 'dark' else ''}")
    page.set_viewport_size(DESKTOP)
    return found


def choose_person(page: Page) -> None:
    page.locator("#customer").select_option("harbor")
    page.get_by_role("button", name="Choose").click()
    page.locator("[name=person]").select_option(label="Hanna Berg, Customer owner")
    page.locator("[name=reason]").fill(WHY)
    page.locator("[name=minutes]").select_option("15")


def test_nobody_looks_before_the_customer_says_so_and_the_customer_reads_of_all_of_it(
    installation: Installation, hanna: str, visit: Visits, source: str
):
    wrong: list[str] = []
    dana, owner = visit(OPERATOR), visit(hanna)
    dana.open("/support/")
    choose_person(dana.page)
    wrong += looked_over(dana, source, "support-ask")
    dana.page.get_by_role("button", name="Ask").click()
    expect(dana.page.get_by_text("waits for")).to_be_visible()

    owner.open("/privacy/")
    expect(
        owner.page.get_by_text(re.compile("Dana Reyes asks to see what Hanna Berg"))
    ).to_be_visible()
    wrong += looked_over(owner, source, "consent-asked")
    owner.page.get_by_role("button", name="Allow for 15 min").click()
    expect(owner.page.get_by_text("Dana Reyes may look now")).to_be_visible()

    dana.open("/support/")
    dana.page.get_by_role("button", name="Begin").click()
    banner = dana.page.get_by_label("Acting for somebody else")
    expect(banner).to_contain_text("You act as Hanna Berg of")
    expect(banner).to_contain_text(WHY)
    dana.open("/orders/")
    dana.open("/stock/")
    dana.open("/orders/")
    wrong += looked_over(dana, source, "acting")
    refused = dana.page.goto(f"{dana.base}/you/security/")
    assert refused is not None
    assert refused.status == 403
    expect(dana.page.get_by_text("theirs alone")).to_be_visible()
    dana.check_page()
    dana.picture("acting-refused")
    dana.complaints = [one for one in dana.complaints if "403" not in one]

    owner.open("/privacy/")
    expect(owner.page.get_by_text("Dana Reyes sees what Hanna Berg sees")).to_be_visible()
    owner.page.get_by_role("button", name="End now").click()
    dana.page.goto(f"{dana.base}/orders/")
    dana.page.wait_for_url("**/support/")
    expect(dana.page.get_by_text("Hanna Berg ended it")).to_be_visible()

    owner.open("/privacy/?check=1")
    row = owner.page.locator(".privacy-rows tbody tr")
    expect(row).to_contain_text("Orders ×2")
    expect(row).to_contain_text(WHY)
    expect(owner.page.get_by_text("rows are as they were written")).to_be_visible()
    wrong += looked_over(owner, source, "consent-ledger")
    with owner.page.expect_download() as file:
        owner.page.get_by_role("link", name="All of it as a file").click()
    assert WHY in file.value.path().read_text(encoding="utf-8-sig")

    owner.page.get_by_label("Never").check()
    owner.page.get_by_role("button", name="Save").click()
    expect(
        owner.page.get_by_text("Nobody may look. Who asks is refused at once.").first
    ).to_be_visible()
    dana.open("/support/?customer=harbor")
    expect(dana.page.get_by_text("allows nobody to act")).to_be_visible()
    assert dana.page.locator("[name=reason]").count() == 0
    assert wrong == []


def test_the_audit_log_is_read_narrowed_and_checked(
    installation: Installation, hanna: str, visit: Visits, source: str
):
    ada = visit(ADMIN)
    ada.open("/audit/")
    wrong = looked_over(ada, source, "audit")
    ada.open("/audit/?kind=endpoint")
    assert ada.page.locator("tbody tr").count() > 0
    ada.page.get_by_role("button", name="Check the chain").click()
    expect(ada.page.get_by_text("entries are as they were written")).to_be_visible()
    wrong += looked_over(ada, source, "audit-checked")
    told = installation.manage("audit_check", "--partner", PARTNER)
    assert "are as they were written. Head: " in told.stdout, told.stderr
    assert wrong == []
