"""One of each picture, with numbers made up so that they can be checked by hand."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from portal.core.charts import units
from portal.core.charts.chart import Breach, Chart, HeatMap, Promise, Series
from portal.core.charts.graphs import Edge, Node, graph
from portal.core.charts.proportions import Share, proportion
from portal.core.charts.shown import shown
from portal.core.charts.sparks import spark
from portal.core.charts.waterfalls import Step, waterfall

PACIFIC = ZoneInfo("America/Los_Angeles")
APRIL = date(2026, 4, 1)
MISSED = {8: 84.6, 17: 89.2, 23: 92.4}
NOON = datetime(2026, 4, 8, 19, 0, tzinfo=UTC)  # 12:00 in California
DOCUMENTS = units.counted("documents")


def lollipop() -> Chart:
    days = [(APRIL + timedelta(days=n), MISSED.get(n + 1, 99.6)) for n in range(30)]
    return Chart(
        slug="stock",
        title="The one we missed: stock no older than 60 minutes",
        sentence="Share of each day on which every shop showed stock less than an hour old.",
        kind="lollipop",
        series=[Series(label="In time", points=days)],
        unit=units.PERCENT,
        x_label="Day",
        promise=Promise(value=99.0),
        from_zero=False,
    )


def latency(points: int = 24) -> Chart:
    hours = [NOON + timedelta(hours=n) for n in range(points)]
    return Chart(
        slug="latency",
        title="How long orders took to the ERP",
        sentence="Nineteen of twenty took less than half a minute, but for an hour at noon.",
        kind="line",
        series=[
            Series(label="slowest 1 of 20", points=[(at, 18 + 5 * (n % 3)) for n, at in enumerate(hours)]),
            Series(label="half of them", role="context", dashed=True,
                   points=[(at, None if n == 5 else 4.25) for n, at in enumerate(hours)]),
        ],
        unit=units.SECONDS,
        zone=PACIFIC,
        promise=Promise(value=30, better="less"),
        breaches=[Breach(began=NOON + timedelta(hours=2), ended=NOON + timedelta(hours=3), label="ERP down")],
        now=NOON + timedelta(hours=points),
    )  # fmt: skip


def throughput() -> Chart:
    slots = [NOON + timedelta(minutes=5 * n) for n in range(72)]
    return Chart(
        slug="throughput",
        title="Documents per 5 minutes",
        sentence="6,480 documents came in 6 h; 72 were held.",
        kind="bar",
        series=[
            Series(
                label="Delivered", points=[(at, 60 + 60 * (n % 2)) for n, at in enumerate(slots)]
            ),
            Series(label="Held", role="bad", points=[(at, 1) for at in slots]),
        ],
        unit=DOCUMENTS,
        zone=PACIFIC,
        slot=300,
    )


def heat() -> HeatMap:
    hours = [NOON + timedelta(hours=n) for n in range(24)]
    rows = ["under 1 s", "1 to 5 s", "5 to 15 s", "15 s to 1 min", "1 to 5 min", "5 min to 1 h"]
    cells = [[max(0, (n * 37) % 400 // (4**r)) for n in range(24)] for r in range(6)]
    return HeatMap(
        slug="heat",
        title="How long documents took, hour by hour",
        sentence="Most took less than five seconds all day.",
        columns=hours,
        rows=rows,
        cells=cells,
        unit=DOCUMENTS,
        row_label="Took",
        zone=PACIFIC,
    )


def flows() -> object:
    nodes = [
        Node("shop", "Harbor shop", "/endpoints/1/"),
        Node("edi", "Brightmart EDI", "/endpoints/2/", "warn", "last call failed"),
        Node("erp", "Business Central", "/endpoints/3/", "bad", "no connection since 09:12"),
        Node("rno", "Northwind RNO1", "/endpoints/4/"),
    ]
    edges = [
        Edge("shop", "erp", "orders", 1200, "300 in 15 min", "/flows/1/", "bad"),
        Edge("edi", "erp", "orders", 40, "10 in 15 min", "/flows/2/"),
        Edge("shop", "rno", "orders", 900, "225 in 15 min", "/flows/3/"),
        Edge("rno", "shop", "shipments", 800, "200 in 15 min", "/flows/4/"),
        Edge("rno", "edi", "shipments", 0, "none in 15 min", "/flows/5/"),
    ]
    return graph(nodes, edges)


def trace() -> object:
    def at(seconds: float) -> datetime:
        return NOON + timedelta(seconds=seconds)

    steps = [
        Step("Harbor shop", "order 1009 came in", at(0), at(0.02), "20 ms"),
        Step("Hub", "held: unit CS is not known", at(0.4), at(130), "2 min 10 s", "bad"),
        Step("Business Central", "sent, tried twice", at(131), at(134.2), "3.2 s", "third"),
        Step("Northwind RNO1", "shipped", at(20000), at(20030), "30 s", "third"),
    ]
    return waterfall(steps, say=lambda length: units.SECONDS.say(length.total_seconds()))


def whose() -> object:
    return proportion(
        [
            Share("Warehouse", 51, "third"),
            Share("Us", 34, "us"),
            Share("You", 14, "customer"),
            Share("Nobody", 1, "none"),
        ]
    )


def week_line() -> object:
    weeks = [99.2, 99.6, 99.4, 98.8, 99.1, 99.5, 99.7, None, 99.0, 99.3, 99.4, 98.2]
    return spark(weeks, text="99.2 % twelve weeks ago, 98.2 % now", promise=Promise(value=99))


def context() -> dict[str, object]:
    return {
        "charts": [shown(one) for one in (lollipop(), latency(), throughput(), heat())],
        "graph": flows(),
        "waterfall": trace(),
        "parts": whose(),
        "spark": week_line(),
    }
