"""A customer's pages in German, as a browser shows them: chosen on one's own page, on a phone, with long words."""

import pytest

from tests.browser import axe
from tests.browser.conftest import PARTNER, Visits
from tests.live import Installation

pytestmark = [pytest.mark.browser, pytest.mark.live]

HANNA = "hanna@harboroutfitters.example"
PAGES = ("/home/", "/orders/", "/stock/", "/shipments/", "/returns/", "/trade-invoices/", "/questions/",
         "/questions/ask/", "/notifications/", "/service/", "/bills/", "/you/", "/you/security/")  # fmt: skip


def choose(visit, language):
    visit.open("/you/")
    visit.page.locator("select[name=language]").select_option(language)
    visit.page.locator("main button.primary").click()
    visit.page.wait_for_url("**/you/")


@pytest.mark.parametrize("language", ["de-DE", "en-GB"])
def test_the_login_is_in_the_language_of_the_browser(
    installation: Installation, chromium, language
):
    context = chromium.new_context(locale=language)
    page = context.new_page()
    page.goto(f"http://{PARTNER}.localhost:{installation.port}/login/")
    assert page.locator("html").get_attribute("lang") == language[:2]
    button = "Anmelden" if language == "de-DE" else "Log in"
    assert page.get_by_role("button", name=button, exact=True).is_visible()
    context.close()


def test_a_person_switches_to_german_and_back(installation: Installation, visit: Visits):
    hanna = visit(HANNA)
    choose(hanna, "de")
    assert hanna.page.get_by_role("heading", name="Ihre Einstellungen").is_visible()
    hanna.open("/home/")
    assert hanna.page.locator("html").get_attribute("lang") == "de"
    hanna.check_page()
    hanna.picture("portal-german")
    choose(hanna, "en")
    assert hanna.page.get_by_role("heading", name="Your settings").is_visible()


@pytest.mark.parametrize("phone", [True, False])
def test_long_words_fit_and_pages_pass_what_a_machine_can_check(
    installation: Installation, visit: Visits, phone: bool
):
    source = axe.script_or_skip()
    hanna = visit(HANNA, phone=phone)
    choose(hanna, "de")
    for path in PAGES:
        hanna.open(path)
        assert hanna.page.locator("html").get_attribute("lang") == "de", path
        hanna.check_page()
        assert axe.violations(hanna.page, source) == [], path
    if phone:
        hanna.open("/orders/")
        hanna.picture("portal-german-390")
    choose(hanna, "en")
