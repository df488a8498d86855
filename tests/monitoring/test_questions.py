from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from monitoring.models import ExceptionCase
from portal.core import clock
from tests import pipeline
from tests.monitoring.conftest import hold
from tests.pages.scenery import page, texts

pytestmark = pytest.mark.db


def test_a_customer_reads_their_cases_in_their_words(viewer, harbor):
    hold(harbor, "1001", "1002")
    shown = page(viewer.get("/questions/"))
    assert texts(shown, "h1") == ["We are looking into one thing"]
    assert texts(shown, ".questions h2") == ["Item TENT-OLD is not in your item list"]
    assert texts(shown, ".questions p") == ["2 orders affected"]
    assert texts(shown, ".questions .status") == ["we are on it"]


def test_no_cause_codes_paths_or_endpoint_internals_reach_a_customer(viewer, harbor):
    hold(harbor, "1001")
    text = str(page(viewer.get("/questions/")).main)  # the head holds random tokens
    for inner in ("unknown_sku", "lines[0]", "lookup", "S2", "Web shop", "C-"):
        assert inner not in text


def test_a_customer_never_reads_of_another_customers_case(viewer, harbor, maris):
    hold(maris, "9001", sku="MARIS-ONLY")
    shown = viewer.get("/questions/")
    assert b"MARIS-ONLY" not in shown.content
    assert texts(page(shown), "h1") == ["Nothing is in question"]


def test_what_was_solved_lately_has_a_tab(viewer, harbor):
    case = hold(harbor, "1001")
    ExceptionCase.objects.filter(pk=case.pk).update(state="resolved", closed_at=clock.now())
    old = hold(harbor, "1002", sku="OLD-1")
    long_ago = clock.now() - timedelta(days=31)
    ExceptionCase.objects.filter(pk=old.pk).update(state="resolved", closed_at=long_ago)
    assert texts(page(viewer.get("/questions/")), ".tabs a")[-2:] == ["Open 0", "Solved 1"]
    shown = page(viewer.get("/questions/?view=solved"))
    assert texts(shown, ".questions h2") == ["Item TENT-OLD is not in your item list"]
    assert texts(shown, ".questions .status")[0].startswith("solved ")


def test_hostile_values_are_text_for_customers_too(viewer, harbor):
    hold(harbor, "1001", sku="<img src=x>")
    shown = viewer.get("/questions/")
    assert b"<img src=x>" not in shown.content
    assert texts(page(shown), ".questions h2") == ["Item <img src=x> is not in your item list"]


def test_questions_are_for_customers(operator, stranger, client, kestrel, harbor):
    hold(harbor, "1001")
    assert operator.get("/questions/").status_code == 403
    assert stranger.get("/questions/").status_code == 403
    assert client.get("/questions/", headers={"host": kestrel.host}).status_code == 302


def test_questions_ask_the_same_number_of_queries_for_one_and_for_three(viewer, harbor):
    hold(harbor, "1001")
    viewer.get("/questions/")
    with CaptureQueriesContext(connection) as one:
        viewer.get("/questions/")
    hold(harbor, "1002", sku="B")
    hold(harbor, "1003", sku="C")
    with CaptureQueriesContext(connection) as three:
        viewer.get("/questions/")
    assert len(three) == len(one)


def test_questions_come_in_pages_of_100(viewer, harbor):
    pipeline.store(harbor.shop, *[pipeline.order(str(n), sku=f"X{n:03}") for n in range(103)])
    pipeline.run(harbor.customer_id)
    first = page(viewer.get("/questions/"))
    assert len(first.select(".questions li")) == 100
    older = first.select_one(".pager a[rel=next]")["href"]
    assert len(page(viewer.get(older)).select(".questions li")) == 3
