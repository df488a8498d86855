"""Charts in a real browser, under the real content policy."""

import re
from collections.abc import Iterator
from itertools import pairwise

import pytest
from playwright.sync_api import Browser, Page

from tests.browser import axe, chromium
from tests.charts import site

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium.launched() as made:
        yield made


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    with site.running() as url:
        yield url


@pytest.fixture
def opened(browser: Browser, address: str) -> Iterator:
    pages: list[tuple[Page, list[str]]] = []

    def open_page(
        *, width: int = 1440, dark: bool = False, script: bool = True, path: str = "/"
    ) -> Page:
        context = browser.new_context(
            viewport={"width": width, "height": 900}, has_touch=width < 600, java_script_enabled=script,
            color_scheme="dark" if dark else "light",
        )  # fmt: skip
        page, complaints = context.new_page(), []
        page.on("console", lambda said: complaints.append(said.text))
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.goto(address + path)
        if script:
            page.wait_for_function("document.querySelectorAll('[data-drawn]').length === 4")
        pages.append((page, complaints))
        return page

    yield open_page
    said = [complaint for _, complaints in pages for complaint in complaints]
    for page, _ in pages:
        page.context.close()
    assert said == []


RED = {"light": (165, 41, 28), "dark": (242, 140, 122)}


def colours(page: Page) -> set[tuple[int, ...]]:
    found = page.evaluate(
        "[...document.querySelectorAll('#chart-stock .shapelayer path')].map(p => p.style.stroke)"
    )
    return {tuple(int(n) for n in re.findall(r"\d+", one)[:3]) for one in found}


@pytest.mark.parametrize("dark", [False, True])
@pytest.mark.parametrize("width", [1440, 390])
def test_all_charts_are_drawn_in_the_page_s_colours_and_nothing_is_refused(
    opened, dark, width
) -> None:
    page = opened(width=width, dark=dark)
    assert RED["dark" if dark else "light"] in colours(page)
    assert page.evaluate("document.documentElement.scrollWidth") == width
    assert page.locator(".modebar-container .modebar-btn").count() == 0
    assert page.locator("details[open]").count() == 0


def test_a_switch_of_the_theme_colours_the_charts_anew(opened) -> None:
    page = opened()
    page.evaluate("document.documentElement.dataset.theme = 'dark'")
    page.wait_for_timeout(300)
    assert RED["dark"] in colours(page)
    page.evaluate("document.documentElement.dataset.theme = 'light'")
    page.emulate_media(color_scheme="dark")
    page.wait_for_timeout(300)
    assert RED["light"] in colours(page)


def test_without_scripts_every_table_is_open_and_no_empty_picture_stands_there(opened) -> None:
    page = opened(script=False)
    assert page.locator(".chart-plot:visible").count() == 0
    assert page.locator(".chart-rows:visible").count() == 4
    assert page.get_by_text("84.6 %").first.is_visible()


def test_the_pointer_is_told_the_value_the_time_and_nothing_else(opened) -> None:
    page = opened()
    box = page.locator("#chart-stock-plot .points path").nth(7).bounding_box()
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    assert page.locator("#chart-stock-plot .hoverlayer").text_content() == "84.6 %, 8 Apr"


def test_the_table_opens_by_the_keyboard(opened) -> None:
    page = opened()
    summary = page.locator("#chart-stock summary")
    summary.focus()
    page.keyboard.press("Enter")
    assert page.locator("#chart-stock .chart-rows").is_visible()


def test_a_narrower_window_draws_the_charts_narrower_with_fewer_words(opened) -> None:
    page = opened()
    wide = page.locator("#chart-throughput .xtick").count()
    page.set_viewport_size({"width": 320, "height": 800})
    page.wait_for_timeout(400)
    assert page.evaluate("document.documentElement.scrollWidth") == 320
    page.set_viewport_size({"width": 220, "height": 800})
    page.wait_for_timeout(400)
    assert 2 <= page.locator("#chart-throughput .xtick").count() < wide


def test_the_names_of_two_ticks_never_touch(opened) -> None:
    page = opened(width=390)
    boxes = [tick.bounding_box() for tick in page.locator("#chart-latency .xtick text").all()]
    edges = sorted((box["x"], box["x"] + box["width"]) for box in boxes)
    assert all(left[1] < right[0] for left, right in pairwise(edges))


@pytest.mark.parametrize("dark", [False, True])
def test_a_machine_finds_no_barrier(opened, dark) -> None:
    source = axe.script_or_skip()
    found = axe.violations(opened(dark=dark), source)
    assert found == []
