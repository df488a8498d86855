"""The desk keeps itself current: 204 as long as nothing changed, else what did, and nothing more."""

from datetime import timedelta

import pytest
from bs4 import BeautifulSoup
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from integrations.models import Message
from monitoring.domain import closing, leases, states
from monitoring.models import ExceptionCase, SavedView
from portal import env
from portal.core import clock
from tests import pipeline
from tests.monitoring.conftest import hold
from tests.monitoring.desk import NOON, make, titles
from tests.pages.scenery import page, texts

pytestmark = pytest.mark.db


def asks(shown) -> str:
    """The address that a page, or the news of it, asks next."""
    return BeautifulSoup(shown.content, "html.parser").select_one("#pulse")["hx-get"]


def news(answer) -> BeautifulSoup:
    """What came, with its rows out of their templates, whose text is no text to a parser."""
    assert answer.status_code == 200
    plain = answer.content.replace(b"<template>", b"").replace(b"</template>", b"")
    return BeautifulSoup(plain, "html.parser")


def rows(answer) -> list[str]:
    return [row["id"] for row in news(answer).select("tr[hx-swap-oob=true]")]


def new(answer) -> str:
    return " ".join(texts(news(answer), "#new-rows"))


def test_as_long_as_nothing_changes_there_is_no_answer(operator, harbor):
    hold(harbor, "1001")
    address = asks(operator.get("/desk/"))
    answer = operator.get(address)
    assert (answer.status_code, answer.content) == (204, b"")


def test_the_pulse_takes_one_query_beside_those_that_know_the_person(operator, harbor):
    for n in range(40):
        make(harbor.shop, f"case {n}")
    address = asks(operator.get("/desk/"))
    with CaptureQueriesContext(connection) as asked:
        assert operator.get(address).status_code == 204
    ours = [q["sql"] for q in asked if "monitoring_" in q["sql"]]
    assert len(ours) == 1


def test_a_new_case_waits_behind_a_line_and_the_figures_tell_of_it(operator, harbor):
    make(harbor.shop, "old")
    address = asks(operator.get("/desk/"))
    pipeline.store(harbor.shop, pipeline.order("1001", sku="TENT-OLD"))
    pipeline.run(harbor.customer_id)
    answer = operator.get(address)
    assert new(answer) == "1 new, show"
    assert news(answer).select_one("#new-rows a")["href"] == "/desk/"
    assert rows(answer) == []
    assert texts(news(answer), "#desk-facts[hx-swap-oob] span")[:2] == [
        "2 open",
        "1 documents held",
    ]
    assert texts(news(answer), "#desk-tabs[hx-swap-oob] a")[0] == "All open 2"
    assert operator.get(asks(answer)).status_code == 204


def test_only_cases_of_the_view_and_its_filters_are_new(operator, harbor, maris, ben):
    address = asks(operator.get("/desk/?view=waiting&customer=maris"))
    make(maris.shop, "not waiting")
    make(harbor.shop, "another's", state="waiting")
    assert operator.get(address).status_code == 204
    case = make(maris.shop, "theirs")
    states.wait(case.pk, on="customer", reason="asked", actor="Ana")
    assert new(operator.get(address)) == "1 new, show"


def test_of_a_long_list_only_what_began_since_is_new(operator, harbor):
    with clock.freeze(NOON) as now:
        for n in range(130):
            make(harbor.shop, f"case {n}", at_risk=1000 - n, began_at=NOON - timedelta(hours=1))
        make(harbor.shop, "just opened, page 2", began_at=NOON - timedelta(seconds=2))
        address = asks(operator.get("/desk/"))
        assert operator.get(address).status_code == 204
        make(harbor.shop, "was on its way", began_at=NOON - timedelta(seconds=1))
        now.move(3)
        make(harbor.shop, "opened", began_at=NOON + timedelta(seconds=2))
        assert new(operator.get(address)) == "2 new, show"


def test_a_shown_case_that_somebody_takes_changes_in_its_place(operator, harbor, ben):
    make(harbor.shop, "one")
    two = make(harbor.shop, "two")
    address = asks(operator.get("/desk/"))
    leases.take(two.pk, ben)
    answer = operator.get(address)
    assert rows(answer) == [f"case-{two.pk}"]
    assert texts(news(answer), f"#case-{two.pk} td.holder") == ["Engineer"]
    link = news(answer).select_one(f"#row-{two.pk}")
    assert link["href"] == link["hx-get"] == f"/desk/?case={two.pk}"
    assert news(answer).select_one("input[name=case]")["form"] == "bulk"
    assert operator.get(asks(answer)).status_code == 204


def test_a_lease_that_runs_out_frees_the_row_without_any_event(operator, harbor, ben):
    with clock.freeze(NOON) as now:
        case = make(harbor.shop, "one")
        leases.take(case.pk, ben)
        address = asks(operator.get("/desk/"))
        now.move(299)
        assert operator.get(address).status_code == 204
        now.move(2)
        answer = operator.get(address)
    assert texts(news(answer), f"#case-{case.pk} td.holder") == ["free"]


def test_documents_that_join_a_case_change_its_row(operator, harbor):
    case = hold(harbor, "1001")
    address = asks(operator.get("/desk/"))
    hold(harbor, "1002")
    answer = operator.get(address)
    assert rows(answer) == [f"case-{case.pk}"]
    assert texts(news(answer), f"#case-{case.pk} td.docs") == ["2"]
    assert texts(news(answer), f"#case-{case.pk} td.risk") == ["256.00"]  # 2 × 128.00


def test_a_case_that_ends_stays_struck_through_with_its_outcome(operator, harbor):
    case = hold(harbor, "1001")
    address = asks(operator.get("/desk/"))
    closing.close([case.pk], cause="Lookup added", actor="Ben")
    row = news(operator.get(address)).select_one(f"#case-{case.pk}")
    assert row.has_attr("data-gone")
    assert row.has_attr("data-leaves")
    assert row.select_one(".outcome").text == "Lookup added"


def test_news_of_an_older_page_keep_its_place(operator, harbor, ben):
    for n in range(120):
        make(harbor.shop, f"case {n:03}", at_risk=1000 - n)
    older = page(operator.get("/desk/")).select_one(".pager a[rel=next]")["href"]
    second = operator.get(older)
    assert len(titles(second)) == 20
    case = ExceptionCase.objects.get(title="case 110")
    leases.take(case.pk, ben)
    link = news(operator.get(asks(second))).select_one(f"#row-{case.pk}")["href"]
    assert titles(operator.get(link)) == titles(second)


def test_it_is_seen_within_five_seconds_of_failing(operator, harbor):
    """Three seconds to the next question, which finds the case as soon as it is there."""
    script = (env.ROOT / "static/js/live.js").read_text()
    assert "const EVERY_MS = 3000;" in script
    address = asks(operator.get("/desk/"))
    pipeline.store(harbor.shop, pipeline.order("1001", sku="TENT-OLD"))
    pipeline.run(harbor.customer_id)
    assert Message.objects.get().state == "held"
    assert new(operator.get(address)) == "1 new, show"


def test_news_ask_as_many_queries_for_a_hundred_rows_as_for_one(operator, harbor, ben):
    SavedView.objects.create(name="Ours", query="customer=harbor", made_by="Ana")
    counts = []
    for total in (1, 3, 100):
        while ExceptionCase.objects.count() < total:
            make(harbor.shop, "case")
        address = asks(operator.get("/desk/"))
        with transaction.atomic():
            ExceptionCase.objects.update(documents=total)
        with CaptureQueriesContext(connection) as asked:
            counts.append((len(rows(operator.get(address))), len(asked)))
    assert [found for found, _ in counts] == [1, 3, 100]
    assert len({asked for _, asked in counts}) == 1, counts


def test_nobody_elses_cases_come_with_the_news(stranger, operator, harbor):
    case = make(harbor.shop, "Kestrel's own")
    address = asks(operator.get("/desk/"))
    answer = stranger.get(address.replace(f"{case.pk}:", f"{case.pk}:0"))
    assert b"Kestrel's own" not in answer.content
    assert b"Kestrel&#x27;s own" not in answer.content
