"""An admin invites somebody, who opens the letter's link on a phone and lands where their work begins; then a
role is changed with the arrows and Space. In a real browser, in both themes."""

import email
import re
from collections.abc import Iterator
from email import policy
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from portal.demo.people import PARTNER
from tests import live
from tests.browser import axe
from tests.browser.conftest import PHONE, Visit, Visits
from tests.browser.hands import enter, tab_to
from tests.browser.scenery import ADMIN
from tests.live import Installation

pytestmark = [pytest.mark.browser, pytest.mark.live]
MIRA, PASSWORD = "mira@kestrelpoint.example", "four odd words here"


@pytest.fixture(scope="module")
def mails(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("mails")


@pytest.fixture(scope="module")
def installation(tmp_path_factory: pytest.TempPathFactory, mails: Path) -> Iterator[Installation]:
    """One whose mails are files."""
    folder = tmp_path_factory.mktemp("invitation")
    with live.running(folder, CROSSDOCK_EMAIL_URL=f"file://{mails}") as made:
        yield made


@pytest.fixture(scope="module")
def source() -> str:
    return axe.script_or_skip()


def link_to(address: str, mails: Path) -> str:
    """The link in the newest letter to an address."""
    letters = [email.message_from_bytes(one.read_bytes(), policy=policy.default)
               for one in sorted(mails.iterdir(), key=lambda file: file.stat().st_mtime)]  # fmt: skip
    theirs = [one for one in letters if one["To"] == address]
    body = theirs[-1].get_body(("plain",))
    assert body is not None
    found = re.search(r"http://\S+/join/\S+", body.get_content())
    assert found is not None
    return found[0]


def in_both_themes(page: Page, source: str) -> list[str]:
    found: list[str] = []
    for theme in ("dark", "light"):
        page.emulate_media(color_scheme=theme, reduced_motion="reduce")
        page.wait_for_timeout(300)
        found += [f"{page.url} {theme}: {said}" for said in axe.violations(page, source)]
    return found


def invite(page: Page) -> None:
    """By keys alone, from the list of people."""
    page.locator("body").press("n")
    page.wait_for_url("**/people/invite/")
    enter(page.get_by_label("Email"), MIRA)
    enter(page.get_by_label("Name"), "Mira Brandt")
    page.get_by_label("Role", exact=True).select_option(label="Operator")
    page.get_by_label("Name").press("Control+Enter")
    expect(page.locator(".toast")).to_contain_text("Invited Mira Brandt")


def test_an_invitation_leads_from_the_letter_to_the_first_page(
    visit: Visits, chromium: Browser, installation: Installation, mails: Path, source: str
) -> None:
    admin = visit(ADMIN)
    admin.open("/people/")
    invite(admin.page)
    admin.check_page()
    expect(admin.page.locator(".people-invited tbody th")).to_contain_text(MIRA)
    problems = in_both_themes(admin.page, source)
    admin.picture("people")

    link = link_to(MIRA, mails)
    context = chromium.new_context(viewport=PHONE, has_touch=True)
    mira = Visit(context, f"http://{PARTNER}.localhost:{installation.port}")
    mira.page.goto(link)
    mira.check_page()
    expect(mira.page.locator("h1")).to_have_text("Ada Marsh invites you to Kestrel Point")
    problems += in_both_themes(mira.page, source)
    mira.picture("join-390")
    mira.page.get_by_label("Password").fill(PASSWORD)
    mira.page.get_by_label("The same again").fill(PASSWORD)
    mira.page.get_by_role("button", name="Come in").click()
    mira.page.wait_for_url("**/desk/")
    assert mira.complaints == []

    answer = mira.page.goto(link)
    assert answer is not None
    assert answer.status == 410
    expect(mira.page.locator("main")).to_contain_text("It was used already")
    context.close()

    admin.open("/people/?q=mira")
    expect(admin.page.locator("[data-rows] tbody")).to_contain_text("active")
    expect(admin.page.locator(".people-invited")).to_have_count(0)
    assert problems == []


def test_a_role_is_changed_with_the_arrows_and_space(visit: Visits, source: str) -> None:
    admin = visit(ADMIN)
    page = admin.page
    admin.open("/roles/")
    page.locator("tr", has_text="desk.view").locator("input").first.focus()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("End")
    page.keyboard.press("Home")
    expect(page.get_by_label("Finance: Resolve, replay and skip")).to_be_focused()
    page.keyboard.press("Space")
    expect(page.locator("[data-changes]")).to_have_text("(1)")
    problems = in_both_themes(page, source)
    admin.picture("roles-matrix")
    page.keyboard.press("Control+Enter")
    expect(page.locator("h1")).to_have_text("Change 1 role?")
    expect(page.locator(".role-diff")).to_contain_text("Gains Resolve, replay and skip")
    admin.check_page()
    problems += in_both_themes(page, source)
    admin.picture("roles-review")
    page.locator("body").press("Control+Enter")
    expect(page.locator(".toast")).to_contain_text("1 role is as you said")
    expect(page.get_by_label("Finance: Resolve, replay and skip")).to_be_checked()
    assert problems == []


def test_the_matrix_is_one_stop_of_the_tab_key(visit: Visits) -> None:
    page = visit(ADMIN).page
    page.goto(page.url.replace(page.url.split("/", 3)[3], "roles/"))
    tab_to(page.locator("[data-matrix] input").first)
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.closest('[data-matrix]') === null")


PAGES = {
    "invite": "/people/invite/", "person": "/people/2/", "roles-customers": "/roles/?side=customers",
    "role": "/roles/2/", "role-new": "/roles/new/",
}  # fmt: skip


@pytest.mark.parametrize("phone", [False, True], ids=["desk", "phone"])
def test_everybody_can_use_the_pages_of_people(visit: Visits, source: str, phone: bool) -> None:
    one = visit(ADMIN, phone=phone)
    found: list[str] = []
    for name, address in {"people-page": "/people/", "roles": "/roles/", **PAGES}.items():
        one.open(address)
        found += in_both_themes(one.page, source)
        one.picture(f"{name}{'-390' if phone else ''}")
    assert found == []
