"""What axe has against the pages of the desk: nothing, in both themes, on a desk and in a hand."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page

from portal.demo.people import PARTNER
from tests.browser import axe
from tests.browser.conftest import Visit, Visits
from tests.browser.desk.scenes import Paths, Scenes
from tests.browser.scenery import ADMIN, VIEWER
from tests.live import Installation

pytestmark = [pytest.mark.browser, pytest.mark.live]
PICTURES = {
    "desk": "desk", "desk-picked": "desk-picked", "case": "case-held", "checked": "case",
    "canary": "case-canary", "done": "case-done", "bulk": "bulk", "question": "question",
    "asked": "questions", "rule": "rule",
}  # fmt: skip


@pytest.fixture(scope="module")
def source() -> str:
    return axe.script_or_skip()


@pytest.fixture(scope="module")
def paths(chromium: Browser, installation: Installation, source: str) -> Iterator[Paths]:
    context = chromium.new_context(viewport={"width": 1440, "height": 1000})
    admin = Visit(context, f"http://{PARTNER}.localhost:{installation.port}")
    admin.sign_in(ADMIN, installation.password)
    scenes = Scenes(installation, admin.page, admin.base)
    scenes.build()
    yield scenes.paths
    context.close()


class Eye:
    """Looks at pages in both themes, and remembers what axe found."""

    def __init__(self, visit: Visit, source: str, *, suffix: str) -> None:
        self.visit, self.source, self.suffix = visit, source, suffix
        self.found: list[str] = []

    def look(self, name: str, path: str) -> None:
        self.visit.open(path)
        self.check(name)

    def check(self, name: str) -> None:
        page: Page = self.visit.page
        for theme in ("dark", "light"):
            page.emulate_media(color_scheme=theme, reduced_motion="reduce")
            suffix = f"{'-dark' if theme == 'dark' else ''}{self.suffix}"
            if axe.is_its_turn(dark=theme == "dark", phone=bool(self.suffix)):
                wrong = axe.violations(page, self.source)
                self.found += [f"{name}{suffix}: {said}" for said in wrong]
            if name in PICTURES:
                self.visit.picture(f"{PICTURES[name]}{suffix}")


@pytest.mark.parametrize("phone", [False, True], ids=["1440", "390"])
def test_axe_has_nothing_against_the_pages_of_the_desk(
    installation: Installation, paths: Paths, source: str, visit: Visits, phone: bool
):
    eye = Eye(visit(ADMIN, phone=phone), source, suffix="-390" if phone else "")
    for name, path in paths.items():
        eye.look(name, path)
    eye.visit.open("/desk/")
    eye.visit.page.locator("#cases tbody input[type=checkbox]").first.check()
    eye.check("desk-picked")
    assert eye.found == []


@pytest.mark.parametrize("phone", [False, True], ids=["1440", "390"])
def test_axe_has_nothing_against_what_a_customer_sees(
    installation: Installation, paths: Paths, source: str, visit: Visits, phone: bool
):
    eye = Eye(visit(VIEWER, phone=phone), source, suffix="-390" if phone else "")
    eye.look("asked", "/questions/")
    eye.look("question", paths["question"])
    assert eye.found == []
