"""What a person does at a page with the keyboard alone."""

import time

from playwright.sync_api import Locator, Page

FURTHEST = 120  # controls of a page that Tab passes


def wait_until(page: Page, expression: str, *, seconds: float = 30) -> None:
    """Until an expression holds. Playwright's own way evaluates text in the page, which the page's content
    policy refuses from the second time on."""
    ends = time.monotonic() + seconds
    while not page.evaluate(expression):
        assert time.monotonic() < ends, f"{expression} did not come true"
        page.wait_for_timeout(50)


def focused(page: Page) -> str:
    return str(page.evaluate("document.activeElement.innerText ?? ''"))


def go_to(page: Page, text: str) -> None:
    """Down with J, then up with K, until the row with that text has the focus."""
    page.wait_for_load_state()
    rows = page.locator("[data-rows] [data-row]").count()
    for key in "j" * rows + "k" * rows:
        page.keyboard.press(key)
        if text in focused(page):
            return
    raise AssertionError(f"neither J nor K came to {text}")


def tab_to(control: Locator) -> None:
    """Tab until the control has the focus."""
    for _ in range(FURTHEST):
        if control.evaluate("control => control === document.activeElement"):
            return
        control.page.keyboard.press("Tab")
    raise AssertionError(f"Tab never came to {control}")


def enter(control: Locator, text: str) -> None:
    """Tab to a field and type over what stands there."""
    tab_to(control)
    control.page.keyboard.press("Control+a")
    control.page.keyboard.type(text)
