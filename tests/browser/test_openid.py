"""A partner's admin sets a provider up, and people of the partner log in by it, in a real browser."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, Page

from tests.browser import axe
from tests.browser.conftest import DESKTOP, PHONE, Visits
from tests.browser.scenery import ADMIN, OPERATOR
from tests.live import Installation
from tests.openid.provider import LocalProvider

pytestmark = [pytest.mark.browser, pytest.mark.live]
NEW = "new.hand@kestrelpoint.example"


@pytest.fixture(scope="module")
def local() -> Iterator[LocalProvider]:
    provider = LocalProvider()
    provider.start()
    yield provider
    provider.stop()


@pytest.fixture
def fresh(chromium: Browser) -> Iterator[BrowserContext]:
    """A browser that has never been here."""
    context = chromium.new_context(viewport=DESKTOP)
    yield context
    context.close()


def set_up(page: Page, local: LocalProvider) -> None:
    """From the empty list to the button on the login page."""
    page.get_by_role("link", name="New provider").first.click()
    page.get_by_label("Name", exact=True).fill("Kestrel ID")
    page.get_by_label("Issuer").fill(local.issuer)
    page.get_by_label("Client ID").fill("portal")
    page.get_by_label("Client secret").fill("a-secret-of-the-test")
    page.get_by_label("Mail domains").fill("kestrelpoint.example")
    page.get_by_label("Lets new people in").check()
    page.get_by_role("button", name="Save").click()
    page.get_by_role("heading", name="Kestrel ID", exact=True).wait_for()
    page.get_by_role("button", name="Try it").click()
    page.get_by_text("It answers, and its description is in order.").wait_for()
    page.get_by_label("Claim", exact=True).fill("groups")
    page.get_by_label("Value", exact=True).fill("operators")
    page.get_by_label("Role").select_option(label="Operator")
    page.get_by_role("button", name="Add the rule").click()
    page.get_by_label("Claims").fill('{"groups": ["operators"]}')
    page.get_by_role("button", name="Show it").click()
    page.locator("#preview .notice b").get_by_text("Operator").wait_for()
    page.get_by_role("button", name="Switch on").click()
    page.get_by_role("button", name="Switch off").wait_for()


def log_in(page: Page, subject: str) -> None:
    """By the button, and signed in there."""
    page.get_by_role("link", name="Log in with Kestrel ID").click()
    page.get_by_placeholder("sub").fill(subject)
    page.get_by_role("button", name="Authorize").click()


def test_a_provider_is_set_up_and_people_log_in_by_it(
    installation: Installation, visit: Visits, local: LocalProvider, fresh: BrowserContext
):
    one = visit(ADMIN)
    one.open("/sign-in/")
    one.picture("sign-in-empty")
    set_up(one.page, local)
    one.picture("sign-in-provider")

    local.knows("dana", email=OPERATOR, email_verified=True, name="Dana Reyes")
    local.knows("new", email=NEW, email_verified=True, name="New Hand", groups=["operators"])
    local.knows("liar", email=ADMIN, email_verified=False, groups=["operators"])
    base = f"http://kestrel.localhost:{installation.port}"
    page = fresh.new_page()

    page.goto(f"{base}/login/?next=/orders/")
    log_in(page, "dana")
    page.wait_for_url(f"{base}/orders/")
    page.goto(f"{base}/you/sessions/")
    page.locator("tbody tr[data-chosen]").get_by_text("Kestrel ID", exact=True).wait_for()
    page.get_by_role("button", name="Log out", exact=True).first.click()
    page.wait_for_url("**/login/")

    log_in(page, "new")
    page.wait_for_url(f"{base}/desk/**")
    page.get_by_role("button", name="Log out", exact=True).first.click()
    page.wait_for_url("**/login/")

    log_in(page, "liar")
    page.get_by_role("alert").get_by_text("has not checked").wait_for()
    page.screenshot(path=".artifacts/login-with-refused.png")
    assert page.url.startswith(f"{base}/login/with/kestrel-id/back/")
    page.goto(f"{base}/orders/")
    assert "/login/" in page.url

    made = installation.rows(
        "SELECT r.slug FROM accounts_person p JOIN accounts_role r ON r.id = p.role_id WHERE email = %s",
        NEW,
    )
    assert made == [("operator",)]
    one.page.reload()
    one.page.locator("#people").get_by_text("New Hand").wait_for()

    look(one.base, visit, one.page.url)


def look(base: str, visit: Visits, address: str) -> None:
    """The pages fit a window and a phone, light and dark, and axe has nothing against them."""
    source = axe.script_or_skip()
    path = address.removeprefix(base).partition("#")[0].partition("?")[0]
    found = []
    for dark in (False, True):
        for phone in (False, True):
            seen = visit(ADMIN, dark=dark, phone=phone)
            kind = f"{'dark' if dark else 'light'}-{PHONE['width'] if phone else DESKTOP['width']}"
            for name, where in (
                ("list", "/sign-in/"),
                ("provider", path),
                ("form", f"{path}edit/"),
            ):
                seen.open(where)
                if axe.is_its_turn(dark=dark, phone=phone):
                    found += [f"{where}: {said}" for said in axe.violations(seen.page, source)]
                seen.picture(f"sign-in-{name}-{kind}")
            seen.context.clear_cookies()
            seen.page.goto(f"{base}/login/")
            seen.check_page()
            if axe.is_its_turn(dark=dark, phone=phone):
                found += [f"/login/: {said}" for said in axe.violations(seen.page, source)]
            seen.picture(f"login-with-{kind}")
    assert found == []
