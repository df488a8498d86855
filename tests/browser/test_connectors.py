"""The catalogue of connectors as an engineer reads it, and a form whose fields fold away."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page

from tests.browser import axe
from tests.browser.conftest import Visit
from tests.live import Installation

pytestmark = [pytest.mark.browser, pytest.mark.live]

ENGINEER = "eli@kestrelpoint.example"
PAGES = ("/connectors/", "/connectors/edi/", "/connectors/sql/", "/endpoints/harborerp/")
Visits = Callable[..., Visit]


def test_the_catalogue_is_in_order_on_a_phone_in_the_dark_and_on_a_desk(
    installation: Installation, visit: Visits
):
    source = axe.script_or_skip()
    found: list[str] = []
    for one in (visit(ENGINEER, dark=True, phone=True), visit(ENGINEER)):
        for path in PAGES:
            one.open(path)
            found += [f"{path}: {said}" for said in axe.violations(one.page, source)]
    assert found == []


SMALL = """() => [...document.querySelectorAll(
    "main :is(.rows a, .crumb a, summary), .fold-bar .brand")]
  .filter((one) => one.checkVisibility() && one.getBoundingClientRect().height < 44)
  .map((one) => `${one.tagName} ${one.textContent.trim().slice(0, 30)}`)"""


def test_a_finger_hits_what_stands_in_lists_and_no_page_moves_sideways(
    installation: Installation, visit: Visits
):
    admin = visit("ada@kestrelpoint.example", phone=True)
    found = []
    for path in (*PAGES, "/endpoints/", "/people/", "/flows/", "/audit/", "/roles/"):
        admin.open(path)
        admin.check_page()
        found += [f"{path}: {said}" for said in admin.page.evaluate(SMALL)]
        root = "document.documentElement"
        if admin.page.evaluate(f"{root}.scrollWidth > {root}.clientWidth"):
            found.append(f"{path} moves sideways")
    assert found == []


def begin(one: Visit, connector: str) -> Page:
    """An endpoint's onboarding as far as its settings."""
    one.open(f"/onboarding/new/?connector={connector}")
    one.page.select_option("select[name=customer]", label="Harbor Outfitters")
    one.page.fill("input[name=label]", f"Trial of {connector}")
    one.page.get_by_role("button", name="Begin").click()
    one.page.wait_for_url("**/credentials/")
    one.check_page()
    return one.page


def shown(page: Page) -> set[str]:
    rows = page.locator(".field-row:not([hidden])").locator("input, select, textarea")
    return {str(control.get_attribute("name")) for control in rows.all()}


def test_fields_that_mean_nothing_beside_the_others_fold_away(
    installation: Installation, visit: Visits
):
    engineer = visit(ENGINEER, phone=True)
    page = begin(engineer, "edi")
    assert {"protocol", "host", "host_key", "drop_folder", "x12_version"} <= shown(page)
    assert not {"fingerprint", "as2_url", "edifact_version", "site"} & shown(page)
    assert page.locator("[name=usage] option").all_inner_texts() == ["production (P)", "test (T)"]

    page.select_option("[name=protocol]", label="FTPS server")
    assert {"fingerprint", "authority"} <= shown(page)
    assert "host_key" not in shown(page)

    # What hangs on the protocol goes with it.
    page.select_option("[name=transport]", label="AS2 messages")
    there = shown(page)
    assert {"as2_url", "as2_receipt_signed"} <= there
    assert not {"protocol", "host", "fingerprint", "drop_folder", "as2_receipt_url"} & there
    page.select_option("[name=as2_receipt]", label="posted later")
    assert "as2_receipt_url" in shown(page)

    page.select_option("[name=syntax]", label="EDIFACT")
    page.get_by_role("button", name="Save and test").click()
    page.locator(".error-summary").wait_for()
    engineer.complaints.clear()  # the browser notes that the answer was 422
    first = page.locator(".error-summary a").first
    assert first.inner_text() == "Our id"
    refused = shown(page)
    assert {"as2_own_id", "edifact_version", "as2_receipt_url"} <= refused
    assert not {"host", "x12_version"} & refused


def test_what_most_leave_as_it_is_opens_by_the_keyboard_and_for_an_error(
    installation: Installation, visit: Visits
):
    engineer = visit(ENGINEER, phone=True)
    page = begin(engineer, "edi")
    fold, inside = page.locator("details.fold"), page.locator("[name=delimiters]")
    assert not inside.is_visible()
    fold.locator("summary").focus()
    page.keyboard.press("Enter")
    assert inside.is_visible()
    assert not page.locator("[name=as2_takes]").is_visible()  # as the partner uses a server
    inside.fill("abc")
    page.keyboard.press("Shift+Tab")
    fold.locator("summary").click()
    assert not inside.is_visible()

    page.get_by_role("button", name="Save and test").click()
    page.locator(".error-summary").wait_for()
    engineer.complaints.clear()  # the browser notes that the answer was 422
    assert inside.is_visible()
    page.locator(".error-summary a", has_text="Delimiters").click()
    assert inside.evaluate("control => control === document.activeElement")


def test_a_fold_is_gone_where_nothing_in_it_applies(installation: Installation, visit: Visits):
    page = begin(visit(ENGINEER), "rest")
    assert not page.locator("details.fold").is_visible()
    page.fill("[name=token_url]", "https://login.example.com/token")
    assert page.locator("details.fold").is_visible()


def test_a_mailbox_asks_for_what_a_mailbox_needs(installation: Installation, visit: Visits):
    page = begin(visit(ENGINEER), "files")
    page.select_option("[name=protocol]", label="mailbox")
    there = shown(page)
    assert {"host", "user", "password", "fingerprint", "authority", "senders"} <= there
    assert not {"private_key", "host_key", "bucket", "region", "root", "pick_up_folder"} & there
    page.select_option("[name=protocol]", label="bucket")
    assert {"user", "password", "url", "bucket", "region", "plain_because"} <= shown(page)
    assert not {"host", "port", "senders", "mail_folder"} & shown(page)


def test_tokens_are_asked_about_only_where_there_is_an_address_for_them(
    installation: Installation, visit: Visits
):
    page = begin(visit(ENGINEER), "http")
    asked = {"grant", "client_id", "client_secret", "scope", "client_identifies"}
    assert not asked & shown(page)
    page.fill("[name=token_url]", "https://login.example.com/token")
    assert asked <= shown(page)
    assert "authorise_url" not in shown(page)
    page.select_option("[name=grant]", label="a person who says yes")
    assert "authorise_url" in shown(page)
    page.fill("[name=token_url]", "")
    assert not {"authorise_url", *asked} & shown(page)
