"""Platform staff open a partner, look after it and see it off; a partner erases a person's data."""

import tarfile
import time
from collections.abc import Callable

import pytest
from playwright.sync_api import Browser, expect

from tests.browser import axe
from tests.browser.conftest import DESKTOP, Visits
from tests.live import Installation

pytestmark = [pytest.mark.browser, pytest.mark.live]

PAT, ADMIN = "pat@platform.example", "ada@kestrelpoint.example"


def until(holds: Callable[[], object], *, seconds: float) -> None:
    deadline = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < deadline, "it did not happen"
        time.sleep(0.3)


def pictures(visit: Visits, paths: dict[str, str], email: str, site: str) -> None:
    """Each page in both themes and widths; axe finds nothing."""
    source = axe.script_or_skip()
    found: list[str] = []
    for dark, phone in ((False, False), (True, False), (False, True), (True, True)):
        one = visit(email, site=site, dark=dark, phone=phone)
        for name, path in paths.items():
            one.open(path)
            if axe.is_its_turn(dark=dark, phone=phone):
                found += [f"{path}: {said}" for said in axe.violations(one.page, source)]
            one.picture(f"{name}{'-dark' if dark else ''}{'-390' if phone else ''}")
    assert found == []


def test_a_partner_from_its_opening_to_its_end(
    visit: Visits, installation: Installation, chromium: Browser, tmp_path
):
    staff = visit(PAT, site="platform")
    staff.open("/partners/open/")
    staff.picture("console-open")
    for field, text in {
        "name": "Heron Systems", "slug": "heron", "admin_name": "Ana Ruiz",
        "admin_email": "ana@heron.example",
    }.items():  # fmt: skip
        staff.page.fill(f"[name={field}]", text)
    staff.page.click("text=Open >> nth=-1")
    staff.page.wait_for_url("**/partners/openings/*/")
    staff.picture("console-opening")
    until(
        lambda: (
            "/partners/heron/" in staff.page.url
            or staff.page.locator("text=Go to Heron Systems").count()
        ),
        seconds=60,
    )
    until(lambda: _fleet_has_counted(staff), seconds=90)
    names = {
        "console-partners": "/partners/", "console-partner": "/partners/kestrel/",
        "console-fleet": "/fleet/", "console-schemas": "/fleet/schemas/", "console-tiers": "/tiers/",
        "console-tier": "/tiers/new/", "console-retention": "/retention/",
        "console-suspend": "/partners/heron/suspend/",
    }  # fmt: skip
    pictures(visit, names, PAT, "platform")

    staff.open("/partners/heron/suspend/")
    staff.page.fill("[name=reason]", "bills are not paid")
    staff.page.click("button:text('Suspend')")
    guest = chromium.new_context(viewport=DESKTOP).new_page()
    answer = guest.goto(f"http://heron.localhost:{installation.port}/login/")
    assert answer is not None and answer.status == 503
    expect(guest.locator("h1")).to_have_text("Closed for now")
    guest.screenshot(path=".artifacts/console-closed.png")

    staff.open("/partners/heron/archive/")
    staff.page.fill("[name=reason]", "they left")
    staff.page.click("button:text('Archive')")
    staff.page.click("button:text('Export now')")
    expect(staff.page.locator("a:text('Download')")).to_be_visible(timeout=60_000)
    staff.picture("console-exported")
    with staff.page.expect_download() as downloading:
        staff.page.click("a:text('Download')")
    file = tmp_path / "heron.tar"
    downloading.value.save_as(file)
    with tarfile.open(file) as archive:
        assert archive.getnames()[-1] == "manifest.json"

    staff.page.click("text=Delete for good")
    staff.page.fill("[name=typed]", "Heron Systems")
    staff.page.fill("[name=reason]", "contract ended")
    staff.picture("console-delete")
    staff.page.click("button:text('Delete')")
    expect(staff.page.locator(".page-head .status")).to_have_text("deleted")
    answer = guest.goto(f"http://heron.localhost:{installation.port}/login/")
    assert answer is not None and answer.status == 404


def _fleet_has_counted(staff) -> bool:
    staff.page.goto(f"{staff.base}/fleet/")
    return "nothing counted yet" not in staff.page.content()


def test_a_persons_data_is_found_shown_and_erased(visit: Visits):
    admin = visit(ADMIN)
    admin.open("/erasure/")
    admin.page.fill("[name=name]", "Reno Outpost")
    admin.page.fill("[name=email]", "nobody@erase.example")
    admin.page.fill("[name=reason]", "letter 12")
    admin.page.click("button:text('Look for them')")
    expect(admin.page.locator(".page-head .status")).to_have_text("found", timeout=90_000)
    found = admin.page.url.removeprefix(admin.base)
    pictures(visit, {"keeping": "/keeping/", "hold": "/keeping/holds/", "erasures": "/erasure/",
                     "erasure-found": found}, ADMIN, "kestrel")  # fmt: skip
