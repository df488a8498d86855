"""How runs went on, as charts on the page of their reconciliation: drawn from what runs kept."""

from datetime import UTC, datetime, timedelta
from unittest.mock import ANY

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from monitoring.models import Reconciliation, ReconRun, ReconVersion
from portal.core import clock
from portal.customers.models import Customer
from tests.pages.scenery import page, texts
from tests.reconciliation.conftest import run

pytestmark = pytest.mark.db
CHANNEL = {"role": "channel", "source": "hub", "endpoint": "shop"}
DAY = timedelta(days=1)


@pytest.fixture(autouse=True)
def at_noon():
    """The charts say when their last run was, so they are looked at on 6 March 2026, a Friday."""
    with clock.freeze(datetime(2026, 3, 6, 12, 0, tzinfo=UTC)):
        yield


@pytest.fixture
def one(house):
    return house.define("inventory", *house.sides, CHANNEL)


def made(one: Reconciliation, *, day: int, light: bool = False, **figures) -> ReconRun:
    """A run of 02:00 UTC on that day of March 2026 that came to its end."""
    at = datetime(2026, 3, day, 2, 0, tzinfo=UTC)
    return ReconRun.objects.create(
        reconciliation=one, version=1, trigger="nightly", state="done", light=light, at=at, began_at=at,
        ended_at=at, figures={"net": "-2", "phantom": 0, "pairs": 50, "oversell": 0, **figures},
    )  # fmt: skip


def three(one: Reconciliation) -> None:
    for day, by_sku, by_value, reno, sea, items, units in (
        (3, "0.960000", "0.900000", None, None, 0, "0"),
        (4, "0.940000", "0.880000", "-2.000000", "0.500000", 1, "4"),
        (5, "0.999990", "0.910000", "-2.500000", "1.000000", 3, "1204.5"),
    ):
        sites = {"RNO1": {"drift": reno}, "SEA2": {"drift": sea}}
        made(one, day=day, by_sku=by_sku, by_value=by_value, sites=sites, oversell=items, oversell_units=units)  # fmt: skip


def table(shown, name: str) -> list[list[str]]:
    return [
        texts(row, "th, td")
        for row in shown.select(f"#chart-{name} .chart-rows :is(thead, tbody) tr")
    ]


def sentence(shown, name: str) -> str:
    return texts(shown, f"#chart-{name} figcaption p")[0]


def look(client, one):
    return page(client.get(f"/reconciliation/{one.pk}/"))


def test_the_match_rate_goes_from_run_to_run_by_item_and_by_value(operator, one):
    three(one)
    shown = look(operator, one)
    # 99.999 % is cut: it is not all of it.
    assert table(shown, "agreement") == [
        [ANY, "by item, %", "by value, %"],
        [ANY, "96 %", "90 %"],
        [ANY, "94 %", "88 %"],
        [ANY, "99.99 %", "91 %"],
    ]
    said = sentence(shown, "agreement")
    assert said.endswith("99.99 % of the pairs agreed, 91.00 % of the worth.")
    assert said.startswith("Thu ")
    times = [row[0] for row in table(shown, "agreement")]
    assert times[0].startswith("Run at, ")
    assert len(set(times)) == 4


def test_drift_has_a_line_for_each_site_from_its_second_day_on(operator, one):
    three(one)
    shown = look(operator, one)
    assert table(shown, "drift") == [
        [ANY, "RNO1, units a day", "SEA2, units a day"],
        [ANY, "−2", "+0.5"],
        [ANY, "−2.5", "+1"],
    ]
    assert sentence(shown, "drift").endswith("RNO1 by −2.5, SEA2 by +1 units a day.")


def test_what_may_be_oversold_is_counted_in_items_and_in_units(operator, one):
    three(one)
    shown = look(operator, one)
    assert [row[1] for row in table(shown, "oversold-items")[1:]] == ["0", "1", "3"]
    assert [row[1] for row in table(shown, "oversold-units")[1:]] == ["0", "4", "1,204.5"]
    assert sentence(shown, "oversold-items").endswith(
        "channels promise more of 3 items than is free."
    )
    assert sentence(shown, "oversold-units").endswith(
        "1,204.5 units are promised that no site has free."
    )


def test_a_site_that_is_compared_no_longer_is_drawn_and_not_said(operator, one):
    three(one)
    made(one, day=6, by_sku="1.000000", sites={"SEA2": {"drift": "-0.060000"}})
    shown = look(operator, one)
    assert sentence(shown, "drift").endswith(": SEA2 by −0.1 units a day.")
    assert table(shown, "drift")[0][1:] == ["SEA2, units a day", "RNO1, units a day"]
    # Of items without a price nothing is known of their worth.
    assert sentence(shown, "agreement").endswith(": 100 % of the pairs agreed.")
    assert table(shown, "agreement")[-1] == [ANY, "100 %", "none"]
    assert texts(shown, ".figures > div") == [
        "100 % of the pairs agree", "−2 units apart in all", "0 in the ERP only", "0 may be oversold"]  # fmt: skip


def test_where_nothing_is_oversold_the_chart_says_so(operator, one):
    for day in (3, 4):
        made(one, day=day, by_sku="1.000000", by_value="1.000000", sites={"RNO1": {"drift": None}})
    shown = look(operator, one)
    assert sentence(shown, "oversold-units").endswith("no channel promises more than is free.")
    assert sentence(shown, "agreement").endswith("100 % of the pairs agreed, 100 % of the worth.")


def test_drift_without_a_day_between_runs_is_not_drawn(operator, one):
    for day in (3, 4):
        made(one, day=day, by_sku="1.000000", sites={"RNO1": {"drift": None}})
    shown = look(operator, one)
    assert (
        sentence(shown, "drift") == "Drift is drawn once two full runs are a day after the first."
    )
    assert not shown.select("#chart-drift [data-plot]")


def test_a_reconciliation_without_channels_has_no_chart_of_what_is_oversold(operator, house):
    one = house.define()
    three(one)
    assert [chart["id"] for chart in look(operator, one).select("[data-chart]")] == [
        "chart-agreement",
        "chart-drift",
    ]


def test_documents_have_a_match_rate_and_nothing_else(operator, house):
    one = house.define("shipments", *house.sides)
    for day in (3, 4):
        made(one, day=day, by_sku="0.500000")
    shown = look(operator, one)
    assert [chart["id"] for chart in shown.select("[data-chart]")] == ["chart-agreement"]
    assert table(shown, "agreement")[1:] == [[ANY, "50 %"], [ANY, "50 %"]]
    assert sentence(shown, "agreement").endswith("50.00 % of the documents agreed.")


def test_one_run_is_no_line_and_light_runs_and_repeats_count_for_none(operator, one):
    said = "How it goes on is drawn from the second full run on."
    section = "section[aria-labelledby=full-runs] > p"
    assert texts(look(operator, one), section) == [f"{said} There is none yet."]
    first = made(one, day=5, by_sku="1.000000", sites={})
    made(one, day=5, by_sku="0.100000", light=True)
    again = made(one, day=5, by_sku="0.100000")
    ReconRun.objects.filter(pk=again.pk).update(trigger="repeat", of=first)
    shown = look(operator, one)
    assert texts(shown, section)[0].startswith(f"{said} The first was Thu ")
    assert not shown.select("[data-chart]") and not shown.select("script[src*=plotly]")


def test_what_only_one_run_has_seen_is_said_to_wait(operator, house):
    house.count({"TENT-2P": -2, "MUG-12": 1})
    one = house.define()
    run(one)
    assert texts(look(operator, one), "#reconciliation .empty p") == [
        "Nothing is open. 2 differences wait for another run to agree."
    ]
    house.count()
    run(one)
    assert texts(look(operator, one), "#reconciliation .empty p") == [
        "Nothing is open: the systems agree."
    ]


def test_real_runs_a_day_apart_are_drawn(operator, house):
    house.count({"TENT-2P": -2})
    one = house.define()
    for days in (2, 1, 0):
        with clock.freeze(clock.now() - days * DAY):
            house.book(-1 if days < 2 else 0)
            run(one)
    shown = look(operator, one)
    # 49 of 50; the ERP comes nearer by one a day: −2, −1, then 0, which is 50 of 50.
    assert [row[1] for row in table(shown, "agreement")[1:]] == ["98 %", "98 %", "100 %"]
    assert [row[1] for row in table(shown, "drift")[1:]] == ["+1", "+1"]


def test_charts_ask_as_often_for_sixty_runs_as_for_two(operator, one):
    three(one)
    address = f"/reconciliation/{one.pk}/"
    operator.get(address)
    with CaptureQueriesContext(connection) as few:
        operator.get(address)
    for day in range(6, 31):
        made(one, day=day, by_sku="1.000000", sites={"RNO1": {"drift": "1.000000"}})
    with CaptureQueriesContext(connection) as many:
        shown = look(operator, one)
    assert len(many) == len(few)
    assert len(table(shown, "agreement")) == 1 + 28


def test_the_runs_of_another_customer_are_not_drawn(
    operator, viewer, stranger, house, one, kestrel
):
    three(one)
    maris = Customer.objects.get(pk=kestrel.maris)
    other = Reconciliation.objects.create(customer=maris, label="Stock of Maris", kind="inventory")
    ReconVersion.objects.create(
        reconciliation=other, version=1, content=one.versions.get().content, actor="E. Ngineer"
    )
    for day in (3, 4):
        made(other, day=day, by_sku="0.123400", sites={"MARIS9": {"drift": "7.000000"}})
    ours, theirs = (operator.get(f"/reconciliation/{x.pk}/").content.decode() for x in (one, other))
    assert "MARIS9" in theirs and "12.34 %" in theirs and "RNO1, units" not in theirs
    assert "MARIS9" not in ours and "12.34 %" not in ours
    assert viewer.get(f"/reconciliation/{one.pk}/").status_code == 403
    assert stranger.get(f"/reconciliation/{one.pk}/").status_code == 404
