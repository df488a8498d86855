"""An engineer sets up who is told; somebody is, says so from the mail on a phone, and nobody is told again."""

import email
import re
from collections.abc import Iterator
from email import policy
from pathlib import Path

import pytest

from tests import live
from tests.browser import axe
from tests.browser.conftest import PHONE, Visit, Visits
from tests.browser.scenery import ENGINEER, hold
from tests.live import Installation, until

pytestmark = [pytest.mark.browser, pytest.mark.live]
PAGES = ("/alerts/", "/alerts/sent/", "/alerts/rules/", "/alerts/rules/new/cases/", "/alerts/channels/",
         "/alerts/channels/new/webhook/", "/alerts/on-call/", "/alerts/on-call/new/")  # fmt: skip


@pytest.fixture(scope="module")
def post(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder into which every mail is written."""
    return tmp_path_factory.mktemp("post")


@pytest.fixture(scope="module")
def installation(tmp_path_factory: pytest.TempPathFactory, post: Path) -> Iterator[Installation]:
    folder = tmp_path_factory.mktemp("alerts")
    with live.running(folder, CROSSDOCK_EMAIL_URL=f"file://{post}") as made:
        made.wait_for_catalogue()
        yield made


def mails(post: Path, subject: str) -> list[str]:
    """The texts of the mails with these words in their subject."""
    found = []
    for file in sorted(post.iterdir()):
        mail = email.message_from_bytes(file.read_bytes(), policy=policy.default)
        body = mail.get_body(("plain",))
        if subject in str(mail["subject"]) and body:
            found.append(str(body.get_content()))
    return found


def set_up(visit: Visit) -> None:
    """A rota of one, and a rule that tells whoever is on call: with keys, as far as there are some."""
    page = visit.page
    visit.open("/alerts/")
    page.get_by_role("link", name="On call", exact=True).click()
    page.wait_for_url("**/alerts/on-call/")
    page.keyboard.press("n")
    page.wait_for_url("**/alerts/on-call/new/")
    page.get_by_label("Name").fill("Days")
    page.get_by_label("Place 1").select_option(index=1)
    page.get_by_label("First on").fill("2026-01-05")
    page.keyboard.press("Control+Enter")
    page.wait_for_url(re.compile(r"/alerts/on-call/\d+/$"))
    visit.open("/alerts/rules/")
    page.keyboard.press("n")
    page.wait_for_url("**/alerts/rules/new/cases/")
    page.get_by_label("Name").fill("Everything")
    page.get_by_label("Severity").select_option("4")
    page.get_by_label("Receiver 1", exact=True).select_option(label="Days")
    page.keyboard.press("Control+Enter")
    page.wait_for_url("**/alerts/rules/")
    visit.check_page()


def test_who_is_told_says_so_from_the_mail_and_the_desk_knows(
    installation: Installation, visit: Visits, post: Path
):
    engineer = visit(ENGINEER)
    set_up(engineer)
    hold(installation, "OLD-ALERT", count=2)
    until(lambda: mails(post, "OLD-ALERT"), seconds=60)
    [told] = mails(post, "OLD-ALERT")
    [link] = [word for word in told.split() if "/ack/" in word]

    page = engineer.page
    page.keyboard.press("g")
    page.keyboard.press("a")
    page.wait_for_url("**/alerts/")
    row = page.locator("tbody tr").filter(has_text="OLD-ALERT")
    row.get_by_text("nobody", exact=True).wait_for()
    engineer.picture("alerts")

    assert page.context.browser is not None
    phone = page.context.browser.new_context(viewport=PHONE, java_script_enabled=False)
    try:
        theirs = phone.new_page()
        theirs.goto(link)
        button = theirs.get_by_role("button", name="I have it")
        box = button.bounding_box()
        assert box is not None
        assert box["height"] >= 44
        page.reload()
        row.get_by_text("nobody", exact=True).wait_for()  # looking changed nothing
        button.click()
        theirs.get_by_text("Nobody is told again").wait_for()
        theirs.goto(link)
        theirs.get_by_text("the link works once").wait_for()
    finally:
        phone.close()
    page.reload()
    row.wait_for()
    assert row.get_by_text("nobody", exact=True).count() == 0
    assert row.get_by_role("button").count() == 0
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    page.wait_for_url("**/cases/**")
    page.get_by_text("Acknowledged").first.wait_for()


def test_the_pages_fit_both_themes_and_widths(installation: Installation, visit: Visits):
    for dark in (False, True):
        for phone in (False, True):
            one = visit(ENGINEER, dark=dark, phone=phone)
            for path in PAGES:
                one.open(path)
                suffix = f"{'-dark' if dark else ''}{'-390' if phone else ''}"
                one.picture(f"alerts{path.replace('/', '-').rstrip('-')}{suffix}")


def test_axe_has_nothing_against_them(installation: Installation, visit: Visits):
    source = axe.script_or_skip()
    found = []
    for dark in (False, True):
        one = visit(ENGINEER, dark=dark)
        for path in PAGES:
            one.open(path)
            found += [f"{path}: {said}" for said in axe.violations(one.page, source)]
    assert found == []
