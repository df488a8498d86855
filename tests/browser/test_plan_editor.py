"""A partner builds a graduated plan in the browser, sees what it comes to, tries it and publishes it."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser import axe
from tests.browser.conftest import Visit
from tests.live import Installation, until

pytestmark = [pytest.mark.browser, pytest.mark.live]

ADMIN = "ada@kestrelpoint.example"
Visits = Callable[..., Visit]
_DOCUMENTS = (
    "SELECT coalesce(sum(times), 0) FROM billing_usagefact WHERE kind = 'document' AND free = ''"
    " AND properties->>'object_type' = 'order'"
)


@pytest.fixture
def used(installation: Installation) -> None:
    """Orders that were delivered and counted."""
    installation.store.tell("orders", count=12, seed=7)
    until(lambda: installation.number(_DOCUMENTS) >= 12, seconds=120)


def begin(visit: Visit, name: str) -> None:
    visit.open("/plans/")
    visit.page.keyboard.press("n")
    visit.page.wait_for_url("**/plans/new/")
    visit.page.fill("[name=name]", name)
    visit.page.keyboard.press("Control+Enter")
    visit.page.wait_for_url("**/edit/")


def write_tiers(page: Page) -> None:
    """First 10 free, then 0.40 to 1,000, then 0.25: the cursor is in the new charge."""
    page.keyboard.press("Escape")
    page.keyboard.press("c")
    name = page.locator("[name='charges[1].name']")
    expect(name).to_be_focused()
    page.keyboard.type("Orders")
    page.locator("[name='charges[1].metric']").select_option("orders")
    page.locator("[name='charges[1].model']").select_option("graduated")
    expect(page.locator("[name='charges[1].terms.tiers[0].unit_amount']")).to_be_visible()
    for at, (up_to, each) in enumerate((("10", "0"), ("1,000", "0.40"))):
        page.get_by_role("button", name="Add tier").click()
        field = page.locator(f"[name='charges[1].terms.tiers[{at}].up_to']")
        expect(field).to_be_focused()
        page.keyboard.type(up_to)
        page.fill(f"[name='charges[1].terms.tiers[{at}].unit_amount']", each)
    page.fill("[name='charges[1].terms.tiers[2].unit_amount']", "0.25")


def test_a_graduated_plan_is_built_tried_and_published(
    installation: Installation, used: None, visit: Visits
) -> None:
    admin = visit(ADMIN)
    page = admin.page
    begin(admin, "Order desk")
    page.fill("[name='charges[0].terms.amount']", "460")
    expect(page.locator("#plan-pays")).to_have_text("460.00")
    write_tiers(page)
    page.fill("[name='usage.orders']", "1,210")
    expect(page.locator("#plan-pays")).to_have_text("908.50")  # 460 + 990 × 0.40 + 210 × 0.25
    expect(page.locator("#plan-live figure svg.main-svg").first).to_be_visible()
    assert page.locator(".plan-tiers tbody th").all_inner_texts() == ["0", "10", "1,000"]
    admin.check_page()
    admin.picture("plan-editor")

    page.fill("[name='charges[1].terms.tiers[1].up_to']", "5")
    said = page.locator("#at-charges-1-terms-tiers-1-up_to-said")
    expect(said).to_contain_text("It ends at 5, and the tier before it at 10.")
    expect(page.locator("#plan-says")).to_contain_text("1 thing keeps it from being saved")
    page.fill("[name='charges[1].terms.tiers[1].up_to']", "1,000")
    expect(said).to_be_empty()

    page.locator("[name=scope]").select_option("everyone")
    page.get_by_role("button", name="Save and work it out").click()
    expect(page.locator("#history .plan-sentence")).to_be_visible(timeout=30_000)
    admin.check_page()
    admin.picture("plan-history")

    page.get_by_role("button", name="Publish…").click()
    page.wait_for_url("**/publish/")
    expect(page.locator("main")).to_contain_text("first 10 free, then 0.40 to 1,000, then 0.25")
    admin.picture("plan-publish")
    page.fill("[name=note]", "The first prices of the order desk")
    page.keyboard.press("Control+Enter")
    page.wait_for_url("**/plans/order-desk/")
    expect(page.locator("main")).to_contain_text("v1: The first prices of the order desk")
    expect(page.locator("h1 ~ .status")).to_have_text("sold")
    admin.check_page()
    admin.picture("plan")


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_the_pages_fit_a_phone_and_both_themes(visit: Visits, dark: bool) -> None:
    small, large = visit(ADMIN, phone=True, dark=dark), visit(ADMIN, dark=dark)
    for one in (small, large):
        for path in (
            "",
            "monitoring-professional/",
            "monitoring-professional/edit/",
            "examples/",
            "metrics/",
            "new/",
        ):
            one.open(f"/plans/{path}")
        one.open("/plans/monitoring-professional/edit/")
        one.picture(
            f"plan-editor-{'390' if one is small else '1440'}-{'dark' if dark else 'light'}"
        )


def test_nothing_keeps_anybody_out(visit: Visits) -> None:
    source = axe.script_or_skip()
    admin = visit(ADMIN)
    for path in (
        "",
        "monitoring-professional/",
        "monitoring-professional/edit/",
        "examples/",
        "metrics/",
        "new/",
    ):
        admin.open(f"/plans/{path}")
        assert axe.violations(admin.page, source) == [], path
