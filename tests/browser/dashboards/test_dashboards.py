"""Each role's dashboard in a real browser: drawn, current by itself, without barriers, in both themes, on a
desk and in a hand."""

import re
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser import axe
from tests.browser.conftest import Visit, Visits
from tests.browser.hands import wait_until
from tests.browser.scenery import ADMIN, ENGINEER, OPERATOR, VIEWER, hold
from tests.live import Installation, until

pytestmark = [pytest.mark.browser, pytest.mark.live]

DASHBOARDS = {
    "now": (OPERATOR, "/now/"),
    "flow-map": (ENGINEER, "/flow-map/"),
    "overview": (ADMIN, "/overview/"),
    "home": (VIEWER, "/home/"),
}
PROMISES = {
    "service-levels": (ADMIN, "/service-levels/?customer=harbor"),
    "promise": (ADMIN, "/service-levels/harbor/ingestion_latency/"),
    "what-if": (ADMIN, "/service-levels/harbor/ingestion_latency/what-if/?target=99&limit=5+min"),
    "tier": (ADMIN, "/service-levels/harbor/tier/"),
    "agreed-time": (ADMIN, "/service-levels/agreed/"),
    "expectations": (ADMIN, "/expectations/"),
    "statements": (ADMIN, "/statements/"),
    "alerts": (ADMIN, "/alerts/"),
    "service": (VIEWER, "/service/"),
}
ORDERS = 12


@pytest.fixture(scope="module")
def busy(installation: Installation) -> Installation:
    """Orders that shipped, and three that are held for an item nobody knows."""
    installation.store.tell("orders", count=ORDERS, rate=20, seed=7)
    until(lambda: len(installation.store.effects()["shipments"]) >= ORDERS, seconds=180)
    hold(installation, "CANOE-OLD", count=3)
    return installation


@pytest.fixture(scope="module")
def source() -> str:
    return axe.script_or_skip()


def settled(visit: Visit, path: str) -> Page:
    """The page once its charts are drawn."""
    visit.open(path)
    drawn = "document.querySelectorAll('[data-chart]:not([data-drawn]) [data-plot]').length === 0"
    wait_until(visit.page, drawn)
    return visit.page


@pytest.mark.parametrize("phone", [False, True], ids=["1440", "390"])
@pytest.mark.parametrize("name", [*DASHBOARDS, *PROMISES])
def test_axe_has_nothing_against_a_page(
    busy: Installation, visit: Visits, source: str, name: str, phone: bool
) -> None:
    email, path = {**DASHBOARDS, **PROMISES}[name]
    one = visit(email, phone=phone)
    page = settled(one, path)
    found: list[str] = []
    for theme in ("dark", "light"):
        page.emulate_media(color_scheme=theme, reduced_motion="reduce")
        page.wait_for_timeout(300)
        suffix = f"{'-dark' if theme == 'dark' else ''}{'-390' if phone else ''}"
        one.picture(f"dashboard-{name}{suffix}")
        if axe.is_its_turn(dark=theme == "dark", phone=phone):
            found += [f"{suffix}: {said}" for said in axe.violations(page, source)]
    assert found == []


@pytest.mark.parametrize("name", DASHBOARDS)
def test_a_dashboard_reads_without_scripts(
    busy: Installation, visit: Visits, chromium: Any, name: str
) -> None:
    email, path = DASHBOARDS[name]
    signed_in = visit(email)
    context = chromium.new_context(
        java_script_enabled=False, storage_state=signed_in.context.storage_state()
    )
    page = context.new_page()
    page.goto(signed_in.base + path)
    assert page.locator("[data-panel]").count() >= 2
    assert page.locator(".chart-plot:visible").count() == 0
    for table in page.locator("[data-chart] .chart-rows").all():
        assert table.is_visible()
    context.close()


def test_what_burns_now_is_current_by_itself(busy: Installation, visit: Visits) -> None:
    one = visit(OPERATOR)
    page = settled(one, "/now/")
    row = page.locator("#panel-cases tbody tr").first.locator("[data-label=Documents]")
    before = int(row.inner_text().replace(",", ""))
    hold(busy, "CANOE-OLD", count=2)
    expect(row).to_have_text(str(before + 2), timeout=15_000)
    expect(page.locator("[data-live-on]")).to_be_visible()


def test_a_chart_that_renews_itself_keeps_its_open_table(busy: Installation, visit: Visits) -> None:
    page = settled(visit(OPERATOR), "/now/")
    page.locator("#chart-throughput summary").click()
    page.locator(
        "h1"
    ).click()  # the focus has to be elsewhere: a panel somebody stands in is left alone
    address = page.locator("#panel-pace").get_attribute("hx-get")
    hold(busy, "CANOE-OLD", count=1)
    expect(page.locator("#panel-pace")).not_to_have_attribute(
        "hx-get", address or "", timeout=20_000
    )
    expect(page.locator("#chart-throughput .chart-rows")).to_be_visible()
    assert page.locator("#chart-throughput .main-svg").count() >= 1


def test_nothing_is_asked_while_nobody_can_see_it(busy: Installation, visit: Visits) -> None:
    page = settled(visit(OPERATOR), "/now/")
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.wait_for_timeout(4_000)
    assert any("/now/cases/" in url for url in asked)
    page.evaluate(
        "Object.defineProperty(document, 'hidden', {get: () => true, configurable: true})"
    )
    page.wait_for_timeout(500)
    asked.clear()
    page.wait_for_timeout(4_000)
    assert asked == []


def test_the_end_of_the_session_ends_the_asking_and_says_so(
    busy: Installation, visit: Visits
) -> None:
    one = visit(OPERATOR)
    page = settled(one, "/now/")
    one.context.clear_cookies()
    expect(page.locator("[data-live-off]")).to_be_visible(timeout=15_000)
    assert page.locator("#panel-cases").count() == 1
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.wait_for_timeout(4_000)
    assert asked == []


def test_the_theme_is_the_person_s_and_the_charts_follow(busy: Installation, visit: Visits) -> None:
    page = settled(visit(OPERATOR), "/now/")
    page.get_by_role("button", name="Dark").click()
    page.wait_for_timeout(500)
    stroke = page.locator("#chart-throughput .scatterlayer path.js-line").nth(2)
    rgb = re.findall(r"\d+", stroke.evaluate("line => line.style.stroke"))[:3]
    assert rgb == ["242", "140", "122"]  # --bad of the dark theme: what is held


def test_from_an_order_to_its_trace_and_back(busy: Installation, visit: Visits) -> None:
    one = visit(ENGINEER)
    one.open("/orders/?view=shipped")
    one.page.locator("[data-row-link]").first.click()
    one.page.wait_for_url("**/orders/*/**")
    one.page.get_by_role("link", name="Trace").click()
    one.page.wait_for_url("**/trace/")
    one.check_page()
    assert one.page.locator(".waterfall li").count() >= 3
    one.page.locator(".crumb [data-escape]").click()
    one.page.wait_for_url(re.compile(r"/orders/[0-9a-f-]+/$"))


def test_keys_go_through_what_burns_now_and_stay_there_while_it_renews_itself(
    busy: Installation, visit: Visits
) -> None:
    one = visit(OPERATOR)
    page = settled(one, "/now/")
    page.keyboard.press("j")
    first = page.locator("#panel-cases [data-row-link]").first
    expect(first).to_be_focused()
    address = page.locator("#panel-cases").get_attribute("hx-get")
    hold(busy, "CANOE-OLD", count=1)
    expect(page.locator("#panel-cases")).not_to_have_attribute(
        "hx-get", address or "", timeout=20_000
    )
    expect(first).to_be_focused()
    page.keyboard.press("j")
    page.keyboard.press("k")
    expect(first).to_be_focused()
    target = first.get_attribute("href") or ""
    page.keyboard.press("o")
    page.wait_for_url(f"**{target}*")
    page.go_back()
    expect(first).to_be_focused()
    page.keyboard.press("Enter")
    page.wait_for_url(f"**{target}*")


def test_the_rail_counts_what_waits_while_a_board_is_open(
    busy: Installation, visit: Visits
) -> None:
    page = settled(visit(OPERATOR), "/now/")
    count = page.locator(".rail a[href='/desk/'] .rail-count")
    before = int(count.inner_text())
    hold(busy, "KAYAK-OLD", count=1)
    expect(count).to_have_text(str(before + 1), timeout=20_000)


def test_what_fires_comes_by_itself_and_keeps_who_stands_in_it(
    busy: Installation, visit: Visits
) -> None:
    set_up_a_rule(visit(ENGINEER))
    one = visit(OPERATOR)
    page = settled(one, "/alerts/")
    hold(busy, "PADDLE-OLD", count=1)
    row = page.locator("#panel-firing [data-row-link]")
    expect(row.filter(has_text="PADDLE-OLD")).to_be_visible(timeout=60_000)
    page.keyboard.press("j")
    stands = page.evaluate("document.activeElement.id")
    assert stands.startswith("alert-")
    hold(busy, "TARP-OLD", count=1)
    expect(row.filter(has_text="TARP-OLD")).to_be_visible(timeout=60_000)
    assert page.evaluate("document.activeElement.id") == stands
    page.keyboard.press("h")
    expect(page.locator("#toasts")).to_contain_text("you have it")


def set_up_a_rule(engineer: Visit) -> None:
    """Whatever holds documents is told to the engineer."""
    page = engineer.page
    engineer.open("/alerts/rules/new/cases/")
    page.get_by_label("Name").fill("Everything")
    page.get_by_label("Severity").select_option("4")
    page.get_by_label("Receiver 1", exact=True).select_option(index=1)
    page.keyboard.press("Control+Enter")
    page.wait_for_url("**/alerts/rules/")
