"""A partner changes its colour, logo and name, sees it in the previews while writing, publishes it, and finds it on the
desk, in the portal, on the login page, in a mail and on paper."""

import email
import io
import re
from collections.abc import Iterator
from email.message import Message
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect
from pypdf import PdfReader

from portal.demo.people import PARTNER
from tests import live
from tests.brand.logos import svg
from tests.browser import axe, scenery
from tests.browser.conftest import DESKTOP, Visit, Visits
from tests.browser.scenery import ADMIN, OPERATOR, VIEWER
from tests.live import Installation

pytestmark = [pytest.mark.browser, pytest.mark.live]
YELLOW, USED = "#ffd400", "rgb(125, 103, 7)"  # #7d6707 in the light theme
UNKNOWN = "TENT-OLD"
_INVOICE = """
from django_tenants.utils import schema_context
with schema_context("kestrel"):
    from billing.domain import final, runs
    from billing.models import Account, Invoice
    runs.start(Account.objects.get(slug="harbor").open_from, by="Fay Lindt")
    runs.finish()
    for one in Invoice.objects.filter(account__slug="harbor", number=None):
        final.finalise(one.pk, seen=one.hash, by="Fay Lindt")
    print(Invoice.objects.filter(account__slug="harbor").latest("pk").pk)
"""


@pytest.fixture(scope="module")
def mails(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("mails")


@pytest.fixture(scope="module")
def installation(tmp_path_factory: pytest.TempPathFactory, mails: Path) -> Iterator[Installation]:
    folder = tmp_path_factory.mktemp("brand")
    with live.running(folder, CROSSDOCK_EMAIL_URL=f"file://{mails}") as made:
        made.wait_for_catalogue()
        yield made


@pytest.fixture(scope="module")
def source() -> str:
    return axe.script_or_skip()


def write(page: Page, label: str, text: str) -> None:
    page.get_by_label(label, exact=True).fill(text)


def accent(page: Page) -> str:
    return str(
        page.evaluate("getComputedStyle(document.querySelector('.button.primary')).backgroundColor")
    )


def fetched(page: Page, address: str) -> bytes:
    """A file as this person gets it."""
    numbers = page.evaluate(
        "async address => [...new Uint8Array(await (await fetch(address)).arrayBuffer())]", address
    )
    return bytes(numbers)


def check(one: Visit, source: str, name: str) -> None:
    """Both themes, with a picture of each."""
    found = []
    for theme in ("dark", "light"):
        one.page.emulate_media(color_scheme=theme, reduced_motion="reduce")
        one.page.wait_for_timeout(800)
        one.picture(f"{name}-dark" if theme == "dark" else name)
        found += [f"{theme}: {said}" for said in axe.violations(one.page, source)]
    assert found == []


def the_mail(folder: Path, subject: str) -> Message:
    """Alerts of the installation may stand beside it."""
    found = [email.message_from_bytes(file.read_bytes()) for file in folder.iterdir()]
    [one] = [mail for mail in found if mail["Subject"] == subject]
    return one


def test_a_brand_is_changed_seen_while_written_published_and_found_on_every_surface(
    visit: Visits, installation: Installation, mails: Path, chromium: Browser, source: str
) -> None:
    scenery.hold(installation, UNKNOWN, count=1)
    case = scenery.number(installation, UNKNOWN)
    one = visit(ADMIN)
    page = one.page
    one.open("/brand/")
    write(page, "Name", "Arden")
    write(page, "Your colour", YELLOW)
    said = page.locator("#brand-said")
    expect(said).to_contain_text("draft saved")
    desk = page.frame_locator("iframe[title='Desk, light']")
    expect(desk.locator(".rail .brand")).to_contain_text("Arden")
    expect(desk.locator(".page-actions .button.primary")).to_have_css("background-color", USED)
    logo = {"name": "logo.svg", "mimeType": "image/svg+xml"}
    page.get_by_label("Logo", exact=True).set_input_files(
        [{**logo, "buffer": svg("<script>alert(1)</script>")}]
    )
    expect(said).to_contain_text("Logo: The logo holds a script.")
    page.get_by_label("Logo", exact=True).set_input_files([{**logo, "buffer": svg()}])
    expect(page.locator(".brand-uploaded img")).to_be_visible()
    expect(desk.locator(".rail .brand img")).to_be_visible()
    write(page, "E-mail", "help@arden.example")
    write(page, "Imprint", "# Arden LLC\n\n14 Quay Street")
    write(page, "Foot of documents", "Arden LLC, Register 42")
    page.get_by_role("link", name="Customer's portal").click()
    portal = page.frame_locator("iframe[title='Customer\\'s portal, dark']")
    expect(portal.locator(".site-foot")).to_contain_text("Questions? help@arden.example")
    one.check_page()
    check(one, source, "brand-portal")
    page.get_by_role("link", name="Desk", exact=True).last.click()
    check(one, source, "brand")

    page.get_by_role("button", name="Publish…").click()
    expect(page.locator("h1")).to_have_text(re.compile(r"Publish version \d"))
    expect(page.locator(".bullets")).to_contain_text("The colour is #ffd400, was #0e5a68")
    one.check_page()
    page.get_by_role("button", name="Publish version").click()
    expect(page.get_by_role("button", name=re.compile("^Undo version 2"))).to_be_visible()
    expect(page.locator(".rail .brand img")).to_have_attribute("alt", "Arden")
    one.open("/desk/")
    assert accent(page) == USED
    one.picture("branded-desk")

    theirs = visit(VIEWER, phone=True)
    theirs.open("/orders/")
    expect(theirs.page.locator(".brand img")).to_have_attribute("alt", "Arden")
    expect(theirs.page.locator(".site-foot")).to_contain_text("help@arden.example")
    theirs.picture("branded-portal-390")

    context = chromium.new_context(viewport=DESKTOP)
    login = Visit(context, one.base)
    login.open("/login/")
    assert login.page.title() == "Log in · Arden"
    assert accent(login.page) == USED
    login.picture("branded-login")
    login.page.get_by_role("link", name="Imprint").click()
    expect(login.page.locator("main")).to_contain_text("14 Quay Street")
    context.close()

    asking = visit(OPERATOR)
    asking.open(f"/cases/{case}/ask/")
    asking.page.locator("#ask input[name=email]").fill("jo@harbor.example")
    asking.page.get_by_role("button", name=re.compile("^Ask ")).click()
    expect(asking.page.locator(".notice")).to_contain_text("Sent to jo@harbor.example")
    sent = the_mail(mails, "Arden has a question for you")
    kinds = {part.get_content_type(): part for part in sent.walk()}
    assert kinds["image/png"]["Content-ID"] == "<logo>"
    assert "#7d6707" in str(kinds["text/html"].get_payload(decode=True))

    made = installation.manage("shell", "-c", _INVOICE)
    address = f"/invoices/{made.stdout.split()[-1]}/invoice.pdf"
    pdf = fetched(page, address)
    assert "Arden LLC, Register 42" in PdfReader(io.BytesIO(pdf)).pages[0].extract_text()

    one.open("/brand/")
    page.locator("body").press("z")
    expect(page.locator(".rail .brand")).to_contain_text("Kestrel Point")
    assert fetched(page, address) == pdf


def test_a_phone_has_all_of_it(visit: Visits, source: str) -> None:
    one = visit(ADMIN, phone=True)
    one.open("/brand/?view=portal")
    check(one, source, "brand-390")
    one.page.get_by_role("link", name="Previews").click()
    one.page.wait_for_timeout(800)
    one.picture("brand-previews-390")


def test_without_scripts_a_draft_is_saved_and_seen(
    visit: Visits, installation: Installation, chromium: Browser
) -> None:
    context = chromium.new_context(java_script_enabled=False, viewport=DESKTOP)
    try:
        plain = Visit(context, f"http://{PARTNER}.localhost:{installation.port}")
        plain.page.goto(f"{plain.base}/login/")
        plain.page.fill("input[name=username]", ADMIN)
        plain.page.fill("input[name=password]", installation.password)
        plain.page.press("input[name=password]", "Enter")
        plain.page.goto(f"{plain.base}/brand/?view=login")
        write(plain.page, "Heading", "Welcome to Arden")
        plain.page.get_by_role("button", name="Save draft").click()
        frame = plain.page.frame_locator("iframe[title='Login, light']")
        expect(frame.locator("h1")).to_have_text("Welcome to Arden")
    finally:
        context.close()
