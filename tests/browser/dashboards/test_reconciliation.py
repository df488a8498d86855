"""Reconciliations in a real browser: made, run and seen by a person; their charts and the books of a run,
without barriers, in both themes, on a desk and in a hand."""

import json
import re
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser import axe
from tests.browser.conftest import Visit, Visits
from tests.browser.dashboards.test_dashboards import settled
from tests.browser.scenery import ENGINEER, OPERATOR
from tests.live import Installation, until

pytestmark = [pytest.mark.browser, pytest.mark.live]
ORDERS = 6
NIGHTS = 14
CHARTS = ["Match rate", "Drift", "Oversell risk, items", "Oversell risk, units"]
_RUN = """INSERT INTO monitoring_reconrun (reconciliation_id, version, trigger, light, state, step, at,
    began_at, ended_at, trouble, counts, figures, digest, actor)
    VALUES (%s, 1, 'nightly', false, 'done', 5, %s, %s, %s, '', '{}', %s, '', '') RETURNING id"""
_ASTRAY = """UPDATE integrations_record SET order_id = NULL,
    body = body || '{"order_number": "9999", "issued_on": "2026-01-05"}'
    WHERE id = (SELECT min(id::text)::uuid FROM integrations_record WHERE object_type = 'invoice')
    RETURNING id"""


@pytest.fixture(scope="module")
def source() -> str:
    return axe.script_or_skip()


@pytest.fixture(scope="module")
def shipping(installation: Installation) -> Installation:
    """Orders that shipped and were invoiced, one of them under a number nobody knows."""
    installation.store.tell("orders", count=ORDERS, rate=20, seed=7)
    until(lambda: len(installation.store.effects()["shipments"]) >= ORDERS, seconds=180)
    billed = "SELECT count(*) FROM integrations_record WHERE object_type = 'invoice'"
    until(lambda: installation.number(billed) >= ORDERS, seconds=120)
    installation.rows(_ASTRAY)
    return installation


def make(visit: Visit, kind: str, label: str) -> str:
    """A reconciliation of the customer's usual systems. Returns its address."""
    visit.open("/reconciliation/new/")
    page = visit.page
    page.get_by_label("Customer").select_option(label="Harbor Outfitters")
    page.get_by_label("Compare").select_option(value=kind)
    page.get_by_label("Name").fill(label)
    page.get_by_label("Name").press("Enter")
    page.wait_for_url(re.compile(r"/reconciliation/\d+/$"))
    return page.url.removeprefix(visit.base)


def compare(page: Page) -> None:
    """Compare now, and wait until the run's page has its figures."""
    page.get_by_role("button", name="Compare now").click()
    page.wait_for_url("**/runs/*/")
    expect(page.locator("#run .figures")).to_be_visible(timeout=60_000)


def nights(installation: Installation, address: str) -> None:
    """The full runs of two weeks: one site drifts away, a shop promises more and more."""
    one = int(address.strip("/").rpartition("/")[2])
    began = datetime.now(UTC).replace(hour=2, minute=0, second=0, microsecond=0)
    for night in range(NIGHTS, 0, -1):
        at = began - timedelta(days=night)
        installation.rows(_RUN, one, at, at, at, json.dumps(_figures(NIGHTS - night)))


def _figures(night: int) -> dict[str, Any]:
    drift = {"RNO1": -0.5 - night / 4, "HVN2": 0.5, "ATL3": 0.2}
    return {
        "by_sku": f"{1 - night / 400:.6f}", "by_value": f"{1 - night / 250:.6f}", "net": f"-{night}",
        "phantom": 0, "pairs": 50, "agreed": 50, "oversell": night // 4,
        "oversell_units": str(night // 4 * 9),
        "sites": {site: {"net": "0", "drift": f"{slope:.6f}" if night else None}
                  for site, slope in drift.items()},
    }  # fmt: skip


@pytest.fixture(scope="module")
def made() -> dict[str, str]:
    return {}


def address_of(made: dict[str, str], visit: Visit, kind: str, label: str) -> str:
    if kind not in made:
        made[kind] = make(visit, kind, label)
    return made[kind]


def pictures(one: Visit, source: str, name: str, *, phone: bool) -> list[str]:
    """What axe has against the page in both themes, each with its picture."""
    found: list[str] = []
    for theme in ("dark", "light"):
        one.page.emulate_media(color_scheme=theme, reduced_motion="reduce")
        one.page.wait_for_timeout(300)
        suffix = f"{'-dark' if theme == 'dark' else ''}{'-390' if phone else ''}"
        one.picture(f"{name}{suffix}")
        if axe.is_its_turn(dark=theme == "dark", phone=phone):
            found += [f"{suffix}: {said}" for said in axe.violations(one.page, source)]
    return found


def compared(shipping: Installation, visit: Visits, made: dict[str, str]) -> str:
    """The address of the stock comparison, made, with its nights, and compared once, by whoever asks first."""
    if "inventory" not in made:
        one = visit(ENGINEER)
        address = address_of(made, one, "inventory", "Stock of Harbor")
        one.open(address)
        expect(one.page.get_by_text("There is none yet.")).to_be_visible()
        nights(shipping, address)
        one.open(address)
        compare(one.page)
    return made["inventory"]


def test_a_person_makes_one_and_compares_now(
    shipping: Installation, visit: Visits, made: dict[str, str]
) -> None:
    assert compared(shipping, visit, made)


@pytest.mark.parametrize("phone", [False, True], ids=["1440", "390"])
def test_axe_has_nothing_against_the_charts_of_a_reconciliation(
    shipping: Installation, visit: Visits, source: str, made: dict[str, str], phone: bool
) -> None:
    one = visit(OPERATOR, phone=phone)
    page = settled(one, compared(shipping, visit, made))
    assert page.locator("[data-chart] h3").all_inner_texts() == CHARTS
    assert page.locator("[data-chart] .main-svg").count() >= len(CHARTS)
    page.locator("#full-runs").scroll_into_view_if_needed()
    assert pictures(one, source, "reconciliation", phone=phone) == []
    page.locator("#chart-drift summary").click()
    # Every night but the first, and the run of today.
    assert page.locator("#chart-drift tbody tr").count() == NIGHTS - 1 + 1
    assert one.page.evaluate("document.documentElement.scrollWidth") <= (390 if phone else 1440)


@pytest.mark.parametrize("phone", [False, True], ids=["1440", "390"])
def test_books_are_compared_and_their_ages_seen(
    shipping: Installation, visit: Visits, source: str, made: dict[str, str], phone: bool
) -> None:
    one = visit(ENGINEER, phone=phone)
    one.open(address_of(made, one, "financial", "Invoices of Harbor"))
    compare(one.page)
    one.check_page()
    expect(one.page.locator("#ageing tbody th")).to_have_text(
        ["Shipped, no invoice", "Invoiced, nothing shipped"]
    )
    expect(one.page.locator(".fact-line dd")).to_have_text([str(ORDERS - 1)])
    expect(one.page.locator("#run tbody").last).to_contain_text("names no order we know")
    assert pictures(one, source, "books", phone=phone) == []
