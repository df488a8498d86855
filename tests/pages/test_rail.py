"""The rail renews itself beside the page: what waits, in one query, and nothing while nothing changed."""

import pytest
from bs4 import BeautifulSoup
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests import pipeline
from tests.monitoring.desk import make
from tests.pages.scenery import page, texts

pytestmark = pytest.mark.db


@pytest.fixture
def shop(kestrel):
    return pipeline.endpoint(kestrel.harbor, "shop", label="Web shop")


def asked(client, path: str) -> str:
    return page(client.get(path)).select_one("#rail-entries")["hx-get"]


def test_it_is_asked_again_and_says_what_waits_now(operator, shop):
    url = asked(operator, "/now/")
    assert operator.get(url).status_code == 204
    make(shop, "one")
    soup = BeautifulSoup(operator.get(url).content, "html.parser")
    assert texts(soup, "a[href='/desk/'] .rail-count") == ["1"]
    assert [one["href"] for one in soup.select("[aria-current=page]")] == ["/now/"]
    assert operator.get(soup.select_one("#rail-entries")["hx-get"]).status_code == 204


def test_it_costs_the_one_query_of_the_rail_and_who_asks(operator, shop):
    """Session, person and role are asked for every page."""
    url = asked(operator, "/now/")
    for title in ("one", "two", "three"):
        with CaptureQueriesContext(connection) as seen:
            operator.get(url)
        rail = [one for one in seen.captured_queries if "UNION ALL" in one["sql"]]
        tables = [one for one in seen.captured_queries if "monitoring_" in one["sql"]]
        assert (len(rail), tables) == (1, rail)
        make(shop, title)


def test_the_answer_of_the_desk_brings_the_rail(operator, shop):
    url = page(operator.get("/desk/")).select_one("#pulse")["hx-get"]
    make(shop, "one")
    soup = BeautifulSoup(operator.get(url).content, "html.parser")
    found = soup.select_one("#rail-entries")
    assert found["hx-swap-oob"] == "true"
    assert texts(found, "a[href='/desk/'] .rail-count") == ["1"]
    assert texts(found, "[aria-current=page]") == ["Desk 1"]


def test_a_stranger_is_shown_no_rail(kestrel, client, stranger):
    assert client.get("/rail/?at=/now/", HTTP_HOST=kestrel.host).status_code == 302
    assert stranger.get("/rail/?at=/now/", HTTP_HOST=kestrel.host).status_code == 302
