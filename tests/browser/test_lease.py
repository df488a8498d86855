"""Two people at one case: whoever lost it hears of it at once, and can do nothing by mistake."""

from collections.abc import Callable

import pytest

from tests.browser.conftest import Visit
from tests.live import Installation, until

pytestmark = [pytest.mark.browser, pytest.mark.live]

OPERATOR = "dana@kestrelpoint.example"
ADMIN = "ada@kestrelpoint.example"
CASE = "SELECT coalesce(max(number), 0) FROM monitoring_exceptioncase WHERE value = 'PADDLE-OLD'"
RUN_OUT = "UPDATE monitoring_lease SET until = now() - interval '1 second' RETURNING id"


def test_a_lost_lease_is_said_at_once_and_nothing_acts_any_more(
    installation: Installation, visit: Callable[..., Visit]
):
    installation.store.tell(
        "orders", count=2, unknown_sku=2, unknown_sku_code="PADDLE-OLD", seed=41
    )
    until(lambda: installation.number(CASE) > 0, seconds=60)
    address = f"/cases/{installation.number(CASE)}/"
    dana = visit(OPERATOR)
    dana.open(address)
    dana.page.keyboard.press("t")
    dana.page.locator("#holder", has_text="Dana Reyes, lease 5 min").wait_for()
    with dana.page.expect_response("**/beat/") as kept:
        dana.page.locator("#holder").dispatch_event("beat")
    assert kept.value.status == 200
    assert dana.page.locator("button[form=remedy]").is_enabled()

    assert len(installation.rows(RUN_OUT)) == 1
    ada = visit(ADMIN)
    ada.open(address)
    ada.page.keyboard.press("t")
    ada.page.locator("#holder", has_text="lease 5 min").wait_for()
    dana.page.locator("#holder").dispatch_event("beat")
    told = "now: your lease had ended."
    dana.page.locator("#urgent", has_text=told).wait_for(state="attached")
    assert dana.page.locator("button[form=remedy]").is_disabled()
    assert told in dana.page.locator("[data-acts-note]").inner_text()
    assert dana.page.locator("#holder button").count() == 0
