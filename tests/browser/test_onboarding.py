"""A second shop is brought from nothing to a certificate and a live order, in the browser, on the clock."""

import json
import re
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import requests

from tests.browser.conftest import Visit
from tests.connectors.counterparts import start_process, stop_process
from tests.live import Installation, until

pytestmark = [pytest.mark.browser, pytest.mark.live]

ENGINEER = "eli@kestrelpoint.example"
KEY, SECRET = "ck_outlet", "cs_outlet"
Visits = Callable[..., Visit]


class Shop:
    """A sandbox store that nobody has connected yet."""

    def __init__(self, folder: Path) -> None:
        self.process, line = start_process(
            "sandbox.store", "--state", str(folder / "outlet.sqlite"), "--key", KEY, "--secret", SECRET
        )  # fmt: skip
        self.url = next(word for word in line.split() if word.startswith("http"))

    def tell(self, path: str, **body: object) -> dict:
        answer = requests.post(f"{self.url}/_sandbox/{path}", json=body, timeout=30)
        answer.raise_for_status()
        return answer.json()

    def effects(self) -> dict:
        return requests.get(f"{self.url}/_sandbox/effects", timeout=30).json()


@pytest.fixture
def outlet(tmp_path: Path) -> Iterator[Shop]:
    shop = Shop(tmp_path)
    shop.tell("orders", count=5, seed=3)  # what it sold before anybody connected it
    yield shop
    stop_process(shop.process)


def test_from_nothing_to_a_certificate_and_a_live_order(
    installation: Installation, outlet: Shop, visit: Visits
):
    started = time.monotonic()
    engineer = visit(ENGINEER)
    page = engineer.page
    engineer.open("/onboarding/")
    page.keyboard.press("c")
    page.wait_for_url("**/onboarding/new/")

    page.fill("input[type=search]", "woo")
    page.keyboard.press("Enter")
    page.get_by_role("link", name="WooCommerce", exact=True).click()
    page.wait_for_url("**connector=woocommerce")
    page.select_option("select[name=customer]", label="Harbor Outfitters")
    page.fill("input[name=label]", "Outlet shop")
    engineer.picture("onboarding-1-connector")
    page.get_by_role("button", name="Begin").click()

    page.wait_for_url("**/credentials/")
    page.fill("input[name=url]", outlet.url)
    page.fill("input[name=consumer_key]", KEY)
    page.fill("input[name=consumer_secret]", "not the secret")
    page.get_by_role("button", name="Save and test").click()
    page.get_by_text("The connection does not work yet").wait_for()
    engineer.check_page()
    engineer.picture("onboarding-2-wrong-key")
    page.fill("input[name=consumer_secret]", SECRET)
    page.get_by_role("button", name="Save and test").click()
    page.get_by_text("The connection works").wait_for()
    assert SECRET not in page.content()
    engineer.picture("onboarding-2-credentials")
    page.get_by_role("link", name=re.compile("Go on")).click()

    page.wait_for_url("**/discover/")
    page.get_by_role("button", name=re.compile("Look at what it has")).click()
    page.get_by_text("This is what the system has").wait_for(timeout=60_000)
    engineer.check_page()
    engineer.picture("onboarding-3-discover")
    page.get_by_role("link", name=re.compile("Go on")).click()

    page.wait_for_url("**/flows/")
    engineer.check_page()
    engineer.picture("onboarding-4-flows")
    page.get_by_role("button", name="Use these flows").click()

    page.wait_for_url("**/map/")
    page.get_by_text("Every required field has a source").wait_for()
    engineer.picture("onboarding-5-map")
    page.get_by_role("button", name=re.compile("Go on")).click()

    page.wait_for_url("**/match/")
    engineer.check_page()
    engineer.picture("onboarding-6-match")
    for field in page.locator("#match input").all():
        if not field.input_value():
            field.fill("TENT-2P")
    page.get_by_role("button", name="Save and go on").click()

    page.wait_for_url("**/conformance/")
    engineer.picture("onboarding-7-before")
    page.fill("input[name=sku]", "TENT-2P")
    page.get_by_role("button", name=re.compile("Place the test order")).click()
    page.get_by_text(re.compile(r"All \d+ legs passed")).wait_for(timeout=180_000)
    engineer.check_page()
    engineer.picture("onboarding-7-conformance")
    page.get_by_role("button", name=re.compile("away")).click()
    page.get_by_role("link", name=re.compile("Go on")).click()

    page.wait_for_url("**/live/")
    engineer.picture("onboarding-8-checklist")
    page.get_by_role("button", name=re.compile("Sign off and go live")).click()
    page.get_by_text("is live since").wait_for()
    with page.expect_download() as download:
        page.get_by_role("link", name="Certificate (PDF)").click()
    assert Path(download.value.path()).read_bytes().startswith(b"%PDF")

    placed = outlet.tell("orders", count=1, seed=11)["ids"]
    shipped = until(
        lambda: str(placed[0]) in map(str, outlet.effects()["shipments"]), seconds=90, strict=False
    )
    assert shipped, installation.words()[-3000:]
    page.get_by_text("waiting").wait_for(state="detached", timeout=60_000)
    engineer.check_page()
    engineer.picture("onboarding-8-live")
    assert outlet.effects()["double_effects"] == 0
    assert set(map(str, outlet.effects()["shipments"])) == {str(placed[0])}
    print(json.dumps({"onboarding_seconds": round(time.monotonic() - started, 1)}))
