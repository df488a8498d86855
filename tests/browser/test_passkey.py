"""Second steps in a real browser: a passkey that signs in alone, and an app whose codes do."""

from collections.abc import Iterator

import pyotp
import pytest
from playwright.sync_api import Browser, BrowserContext, Page

from tests.browser import axe
from tests.browser.conftest import DESKTOP, PHONE, Visit, Visits
from tests.browser.scenery import ENGINEER, OPERATOR, VIEWER
from tests.live import Installation

pytestmark = [pytest.mark.browser, pytest.mark.live]
KEY = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}
OWN = ("/you/security/", "/you/security/app/", "/you/security/passkeys/add/", "/you/security/password/",
       "/you/sessions/")  # fmt: skip
OPEN = ("/login/", "/login/passkey/", "/forgot/", "/reset/none/")


def with_key(page: Page) -> None:
    """Give the browser a device that holds passkeys and knows who is there."""
    debugger = page.context.new_cdp_session(page)
    debugger.send("WebAuthn.enable")
    debugger.send("WebAuthn.addVirtualAuthenticator", {"options": KEY})


def add_passkey(visit: Visit) -> None:
    page = visit.page
    visit.open("/you/security/passkeys/add/")
    page.get_by_label("Name").fill("Work laptop")
    page.get_by_role("button", name="Add a passkey").click()
    page.wait_for_url("**/you/security/codes/")
    visit.check_page()
    assert page.locator(".safe-codes li").count() == 10
    page.get_by_role("link", name="I have kept them").click()
    page.wait_for_url("**/you/security/")


def log_out(page: Page) -> None:
    page.get_by_role("button", name="Log out", exact=True).first.click()
    page.wait_for_url("**/login/")


@pytest.mark.parametrize("email", [ENGINEER, VIEWER])
def test_a_passkey_signs_in_without_a_password(
    installation: Installation, visit: Visits, email: str
):
    one = visit(email)
    with_key(one.page)
    add_passkey(one)
    one.page.get_by_text("Work laptop").wait_for()
    if email == ENGINEER:
        one.picture("security")
    log_out(one.page)
    one.check_page()
    one.page.get_by_role("button", name="Use a passkey").click()
    one.page.wait_for_url(lambda url: "/login/" not in url)
    one.open("/you/sessions/")
    row = one.page.locator("tbody tr[data-chosen]")
    assert row.get_by_text("passkey", exact=True).count() == 1
    used = "SELECT count(*) FROM accounts_passkey WHERE used_at IS NOT NULL AND uses > 0"
    assert installation.number(used) >= 1

    one.open("/you/security/")
    one.page.get_by_role("link", name="Remove Work laptop").click()
    one.page.get_by_role("button", name="Remove the passkey Work laptop").click()
    one.page.wait_for_url("**/you/security/")
    log_out(one.page)
    one.page.get_by_role("button", name="Use a passkey").click()
    one.page.get_by_role("alert").filter(has_text="not accepted").wait_for()
    one.complaints.clear()  # the browser notes that the answer was 422


def test_an_app_is_set_up_and_its_code_asked_for_at_the_next_login(
    installation: Installation, visit: Visits
):
    one = visit(OPERATOR)
    page = one.page
    one.open("/you/security/app/")
    key = page.locator(".safe-key").inner_text().replace(" ", "")
    page.get_by_label("Code of the app").fill(pyotp.TOTP(key).now())
    page.get_by_role("button", name="Add the app").click()
    page.wait_for_url("**/you/security/codes/")
    codes = page.locator(".safe-codes li").all_inner_texts()
    log_out(page)

    page.fill("input[name=username]", OPERATOR)
    page.fill("input[name=password]", installation.password)
    page.keyboard.press("Enter")
    page.wait_for_url("**/login/code/")
    one.check_page()
    one.picture("login-code")
    assert page.evaluate("document.activeElement.name") == "code"
    page.keyboard.type(codes[0])
    page.keyboard.press("Enter")
    page.wait_for_url(lambda url: "/login/" not in url)

    one.open("/you/security/app/remove/")
    page.get_by_role("button", name="Remove your authenticator app").click()
    page.wait_for_url("**/you/security/")


def test_whoever_waves_the_browsers_question_away_is_told_what_to_do(
    installation: Installation, chromium: Browser
):
    context = chromium.new_context(viewport=DESKTOP)
    try:
        page = context.new_page()
        debugger = context.new_cdp_session(page)
        debugger.send("WebAuthn.enable")
        options = {"options": {**KEY, "isUserVerified": False}}
        debugger.send("WebAuthn.addVirtualAuthenticator", options)
        page.goto(f"http://kestrel.localhost:{installation.port}/login/")
        page.get_by_role("button", name="Use a passkey").click()
        page.get_by_text("No passkey was used. Try again, or log in another way.").wait_for()
        assert page.get_by_role("button", name="Use a passkey").is_enabled()
    finally:
        context.close()


@pytest.fixture
def plain(chromium: Browser) -> Iterator[BrowserContext]:
    """A browser without scripts."""
    context = chromium.new_context(viewport=PHONE, java_script_enabled=False)
    yield context
    context.close()


def test_without_scripts_there_is_no_passkey_and_the_rest_works(
    installation: Installation, plain: BrowserContext
):
    page = plain.new_page()
    page.goto(f"http://kestrel.localhost:{installation.port}/login/")
    assert not page.get_by_role("button", name="Use a passkey").is_visible()
    page.fill("input[name=username]", ENGINEER)
    page.fill("input[name=password]", installation.password)
    page.keyboard.press("Enter")
    page.wait_for_url(lambda url: "/login/" not in url)
    page.goto(f"http://kestrel.localhost:{installation.port}/you/security/")
    assert not page.get_by_role("link", name="Add a passkey").is_visible()
    page.get_by_role("link", name="Set up the app").click()
    page.get_by_role("heading", name="Enter the code it shows").wait_for()


@pytest.mark.parametrize("email", [ENGINEER, VIEWER])
def test_the_pages_fit_and_axe_has_nothing_against_them(
    installation: Installation, visit: Visits, email: str
):
    source = axe.script_or_skip()
    found = []
    for dark in (False, True):
        for phone in (False, True):
            one = visit(email, dark=dark, phone=phone)
            for path in OWN:
                one.open(path)
                if axe.is_its_turn(dark=dark, phone=phone):
                    found += [f"{path}: {said}" for said in axe.violations(one.page, source)]
            one.context.clear_cookies()
            for path in OPEN:
                one.page.goto(one.base + path)
                one.check_page()
                if axe.is_its_turn(dark=dark, phone=phone):
                    found += [f"{path}: {said}" for said in axe.violations(one.page, source)]
            one.complaints.clear()  # the browser notes that a void link is answered 404
    assert found == []
