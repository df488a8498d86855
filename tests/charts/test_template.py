"""The page of a chart: a sentence for everybody, a table that is open without scripts, nothing inline."""

import json
import re
from dataclasses import replace

import pytest
from bs4 import BeautifulSoup
from django.template import engines
from django.template.loader import render_to_string

from portal.core import plotly_script
from portal.core.charts.chart import Series
from portal.core.charts.shown import shown
from tests.charts import gallery

pytestmark = pytest.mark.pure

HOSTILE = "</script><img src=x onerror=alert(1)>"


def rendered(chart, **more) -> BeautifulSoup:
    return BeautifulSoup(
        render_to_string("components/chart.html", {"chart": shown(chart), **more}), "html.parser"
    )


def test_the_picture_has_its_sentence_and_the_table_its_rows_without_a_script() -> None:
    page = rendered(gallery.lollipop())
    picture = page.select_one("[role=img]")
    assert picture["aria-label"].endswith("showed stock less than an hour old.")
    assert page.select_one("details").has_attr("open")
    assert page.select_one("summary").text == "Show as table"
    rows = [[cell.text for cell in row.select("th, td")] for row in page.select("tbody tr")]
    assert len(rows) == 30
    assert rows[7] == ["8 Apr", "84.6 %"]
    assert [head["scope"] for head in page.select("thead th")] == ["col", "col"]


def test_the_figure_in_the_page_is_the_figure() -> None:
    page = rendered(gallery.throughput())
    figure = json.loads(page.select_one("script[type='application/json']").string)
    assert figure == json.loads(json.dumps(shown(gallery.throughput())["figure"]))


def test_a_name_cannot_leave_its_place() -> None:
    chart = replace(
        gallery.throughput(),
        title=HOSTILE,
        sentence=HOSTILE,
        series=[
            Series(label=HOSTILE, points=[(gallery.NOON, 1)]),
            Series(label="b", points=[(gallery.NOON, 1)]),
        ],
    )
    page = rendered(chart)
    assert page.select("img") == []
    assert len(page.select("script")) == 1
    assert HOSTILE in page.select_one("thead").text


def test_a_chart_without_points_says_what_that_means_and_draws_nothing() -> None:
    chart = replace(gallery.throughput(), series=[Series(label="a", points=[])])
    page = rendered(chart, empty="No document has come yet.")
    assert page.select_one("figcaption p").text == "No document has come yet."
    assert page.select("[data-plot], details, script") == []


@pytest.mark.parametrize(
    ("name", "context"),
    [
        ("spark", {"spark": gallery.week_line()}),
        ("proportion", {"parts": gallery.whose(), "title": "Whose time"}),
        ("flow_graph", {"graph": gallery.flows(), "title": "Flows"}),
        ("waterfall", {"waterfall": gallery.trace(), "title": "Order 1009"}),
    ],
)
def test_a_small_picture_says_what_it_shows_and_needs_no_script(name: str, context) -> None:
    html = render_to_string(f"components/{name}.html", context)
    page = BeautifulSoup(html, "html.parser")
    assert page.select_one("[role=img], [role=group], ol")["aria-label"]
    assert not re.search(r"<script|\sstyle=", html)


def test_the_nodes_and_flows_of_a_graph_are_links_with_their_rates() -> None:
    html = render_to_string("components/flow_graph.html", {"graph": gallery.flows(), "title": "x"})
    page = BeautifulSoup(html, "html.parser")
    links = [link["href"] for link in page.select("a")]
    assert {"/endpoints/1/", "/flows/1/", "/flows/5/"} <= set(links)
    assert len(page.select("path")) == 5
    said = page.find("a", href="/flows/2/").find_parent("li").select_one(".flow-rate").text
    assert said == "10 in 15 min"


def test_only_a_page_with_charts_loads_plotly_and_does_so_last() -> None:
    tag = engines["django"].from_string("{% load charts %}{% chart_scripts %}").render()
    page = BeautifulSoup(tag, "html.parser")
    plotly, ours = page.select("script")
    assert plotly["src"] == f"/static/{plotly_script.name()}"
    assert plotly.has_attr("defer")
    assert (ours["type"], ours["src"]) == ("module", "/static/js/charts.js")
    assert "plotly-" not in render_to_string("base.html", {"brand": {"name": "K"}})
