"""A real Chromium against a whole installation."""

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page

from portal import env
from portal.demo.people import PARTNER
from tests import live
from tests.browser.chromium import launched
from tests.live import Installation

DESKTOP = {"width": 1440, "height": 1000}
PHONE = {"width": 390, "height": 844}
README = {
    "desk",
    "case",
    "journey",
    "admin-overview-dark",
    "customer-order-390",
    "invoice",
    "own-bill",
    "plan-editor",
}


@pytest.fixture(scope="module")
def installation(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    with live.running(tmp_path_factory.mktemp("browser")) as made:
        made.wait_for_catalogue()
        yield made


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    with launched() as browser:
        yield browser


class Visit:
    """Somebody signed in at a site. Whatever the console complains of fails the test at the end."""

    def __init__(self, context: BrowserContext, base: str) -> None:
        self.context, self.base = context, base
        self.page: Page = context.new_page()
        self.complaints: list[str] = []
        self.page.on("console", self._hear)
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))

    def _hear(self, message: ConsoleMessage) -> None:
        if message.type in ("error", "warning"):
            self.complaints.append(f"{self.page.url}: {message.text}")

    def sign_in(self, email: str, password: str) -> None:
        self.page.goto(f"{self.base}/login/")
        self.page.fill("input[name=username]", email)
        self.page.fill("input[name=password]", password)
        self.page.press("input[name=password]", "Enter")
        self.page.wait_for_url(lambda url: "/login/" not in url)

    def open(self, path: str) -> None:
        answer = self.page.goto(self.base + path)
        assert answer is not None
        assert answer.status == 200, path
        self.check_page()

    def check_page(self) -> None:
        """What every page owes: one heading, a way past the navigation, nothing wider than the window."""
        assert self.page.locator("h1").count() == 1, self.page.url
        assert self.page.locator("a.skip").count() == 1, self.page.url
        wider = self.page.evaluate(
            "document.documentElement.scrollWidth - document.documentElement.clientWidth"
        )
        assert wider <= 0, f"{self.page.url} is {wider} px too wide"

    def picture(self, name: str) -> None:
        # Hiding the caret would take an inline style, which the page forbids.
        self.page.screenshot(path=_folder_of(name) / f"{name}.png", caret="initial")


def _folder_of(name: str) -> Path:
    """docs/images for the README's pictures when they are to be renewed, else a folder nobody keeps."""
    renewed = os.environ.get("CROSSDOCK_SCREENSHOTS") == "1" and name in README
    folder = env.ROOT / ("docs/images" if renewed else ".artifacts")
    folder.mkdir(parents=True, exist_ok=True)
    return folder


Visits = Callable[..., Visit]


@pytest.fixture
def visit(chromium: Browser, installation: Installation) -> Iterator[Visits]:
    """Sign somebody of the partner in: `visit("dana@…", dark=True, phone=True)`."""
    visits: list[Visit] = []

    def sign_in(
        email: str, *, dark: bool = False, phone: bool = False, site: str = PARTNER
    ) -> Visit:
        context = chromium.new_context(
            viewport=PHONE if phone else DESKTOP,
            has_touch=phone,
            color_scheme="dark" if dark else "light",
        )
        one = Visit(context, f"http://{site}.localhost:{installation.port}")
        one.sign_in(email, installation.password)
        visits.append(one)
        return one

    yield sign_in
    complaints = [complaint for one in visits for complaint in one.complaints]
    for one in visits:
        one.context.close()
    assert complaints == []
