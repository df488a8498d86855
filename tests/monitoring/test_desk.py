from datetime import timedelta
from decimal import Decimal
from urllib.parse import quote
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from monitoring.models import ExceptionCase
from monitoring.queries import desk
from portal.core import clock
from tests import pipeline
from tests.monitoring.conftest import hold
from tests.pages.scenery import page, texts

pytestmark = pytest.mark.db

EVIL = "<script>alert(1)</script>"


def make(endpoint, title, **fields):
    return ExceptionCase.objects.create(
        customer_id=endpoint.customer_id,
        endpoint=endpoint,
        fingerprint=uuid4(),
        code=fields.pop("code", "unknown_sku"),
        severity=fields.pop("severity", 2),
        title=title,
        customer_title=title,
        object_type="order",
        **fields,
    )


def titles(response):
    return [t.partition(" C-")[0] for t in texts(page(response), "#cases tbody tr td.main")]


def test_severity_goes_first_then_money_then_age(operator, harbor):
    now = clock.now()
    make(harbor.shop, "young", at_risk=5, currency="USD", opened_at=now)
    make(harbor.shop, "old", at_risk=5, currency="USD", opened_at=now - timedelta(hours=2))
    make(harbor.shop, "rich", at_risk=Decimal("900.50"), currency="USD", opened_at=now)
    make(harbor.shop, "severe", severity=1, opened_at=now)
    make(harbor.shop, "waits", severity=1, state="waiting", opened_at=now)
    shown = operator.get("/desk/")
    assert titles(shown) == ["severe", "rich", "old", "young", "waits"]
    assert texts(page(shown), "#cases tr.divider") == [
        "Waiting on others: the reason stands in the case"
    ]


def test_the_desk_says_what_is_at_stake(operator, harbor):
    hold(harbor, "1001", "1002", "1003")
    shown = page(operator.get("/desk/"))
    facts = texts(shown, ".page-facts span")
    assert facts[:3] == ["1 open", "3 documents held", "$384.00 at risk"]
    row = texts(shown, "#cases tbody td")
    assert row[0] == "S2"
    assert "SKU TENT-OLD is not known" in row[1]
    assert "Harbor Outfitters · order · Web shop" in row[1]
    assert row[2:4] == ["3", "384.00"]


def test_the_preview_shows_the_bad_value_and_the_likeliest_remedy(operator, harbor):
    case = hold(harbor, "1001", "1002")
    shown = page(operator.get(f"/desk/?case={case.pk}"))
    assert texts(shown, ".evidence mark") == ['"TENT-OLD"']
    assert (
        shown.select_one(".preview-actions a.primary")["href"] == f"/cases/{case.pk}/?remedy=lookup"
    )
    assert texts(shown, ".preview th")[:2] == ["1001", "1002"]
    assert shown.select_one("#preview").has_attr("data-chosen")


def test_tabs_count_and_filter(operator, harbor):
    make(harbor.shop, "severe", severity=1)
    make(harbor.shop, "plain")
    make(harbor.shop, "waits", state="waiting")
    make(harbor.shop, "done", state="resolved", closed_at=clock.now(), resolution="lookup added")
    make(harbor.shop, "long done", state="resolved", closed_at=clock.now() - timedelta(days=3))
    shown = page(operator.get("/desk/"))
    assert texts(shown, ".bar .tabs a") == ["All open 3", "S1 1", "Waiting 1", "Closed today 1"]
    assert titles(operator.get("/desk/?view=s1")) == ["severe"]
    assert titles(operator.get("/desk/?view=closed")) == ["done lookup added"]


def test_filters_narrow_by_customer_cause_and_endpoint(operator, harbor, maris):
    make(harbor.shop, "ours")
    make(harbor.erp, "at the ERP", code="unavailable")
    make(maris.shop, "theirs")
    assert titles(operator.get("/desk/?customer=maris")) == ["theirs"]
    assert titles(operator.get("/desk/?cause=unavailable")) == ["at the ERP"]
    assert titles(operator.get("/desk/?endpoint=shop")) == ["ours"]
    shown = page(operator.get("/desk/?endpoint=shop"))
    assert texts(shown, "select[data-active] option[selected]") == ["Web shop"]


@pytest.mark.parametrize("text", ["C-{n}", "{n}", "c-{n}", "tent-old", "1002", " 1002 "])
def test_search_finds_a_case_by_its_number_its_value_and_the_orders_it_holds(
    operator, harbor, text
):
    case = hold(harbor, "1001", "1002")
    hold(harbor, "7001", sku="ELSE")
    found = titles(operator.get("/desk/", {"q": text.format(n=case.pk)}))
    assert found == ["SKU TENT-OLD is not known"]


def test_search_for_nothing_known_says_so(operator, harbor):
    hold(harbor, "1001")
    shown = page(operator.get("/desk/?q=no-such"))
    assert texts(shown, "#cases .empty p")[0] == "No case matches."


def test_pages_are_keyset_pages_of_100(operator, harbor):
    for n in range(130):
        make(harbor.shop, f"case {n:03}", at_risk=1000 - n, currency="USD")
    first = operator.get("/desk/")
    assert titles(first)[0] == "case 000"
    assert len(titles(first)) == 100
    older = page(first).select_one(".pager a[rel=next]")["href"]
    second = operator.get(older)
    assert titles(second) == [f"case {n:03}" for n in range(100, 130)]
    newer = page(second).select_one(".pager a[rel=prev]")["href"]
    assert titles(operator.get(newer)) == titles(first)


def test_an_empty_desk_says_when_the_last_case_closed(operator, harbor):
    assert texts(page(operator.get("/desk/")), ".empty p")[0].startswith(
        "Nothing is held. Cases appear"
    )
    make(harbor.shop, "done", state="resolved", closed_at=clock.now())
    assert texts(page(operator.get("/desk/")), ".empty p")[0].startswith(
        "Nothing is held. Last case"
    )


def test_the_desk_asks_the_same_number_of_queries_for_one_and_for_three_cases(operator, harbor):
    hold(harbor, "1001")
    operator.get("/desk/")  # the person's and the site's first look are cached
    with CaptureQueriesContext(connection) as one:
        operator.get("/desk/")
    hold(harbor, "1002", "1004", sku="B")
    hold(harbor, "1003", sku="C")
    with CaptureQueriesContext(connection) as three:
        operator.get("/desk/")
    assert len(three) == len(one), [q["sql"][:200] for q in three]
    assert len(one) < 32


@pytest.mark.parametrize(
    "address", ["/desk/", "/cases/{n}/", "/desk/?q={evil}", "/desk/?customer={evil}"]
)
def test_hostile_values_are_shown_as_text(operator, harbor, address):
    case = hold(harbor, "1<b>", sku=EVIL)
    response = operator.get(address.format(n=case.pk, evil=quote(EVIL)))
    assert [s for s in page(response).find_all("script") if "alert" in s.text] == []
    assert b"&lt;script&gt;alert(1)&lt;/script&gt;" in response.content
    assert b"<script>alert" not in response.content


@pytest.mark.parametrize(
    "query", ["case=x", "case=99999999999999999999", "after=-1", "before=é", "view=zz"]
)
def test_odd_addresses_are_no_errors(operator, harbor, query):
    hold(harbor, "1001")
    assert operator.get(f"/desk/?{query}").status_code == 200


def test_a_viewer_and_a_stranger_see_no_desk(viewer, stranger, harbor):
    case = hold(harbor, "1001")
    assert viewer.get("/desk/").status_code == 403
    assert viewer.get(f"/cases/{case.pk}/").status_code == 403
    assert stranger.get(f"/cases/{case.pk}/").status_code == 404
    assert "TENT-OLD" not in stranger.get("/desk/").content.decode()


def test_nobody_is_let_in_without_signing_in(kestrel, client, harbor):
    response = client.get("/desk/", headers={"host": kestrel.host})
    assert (response.status_code, response["Location"]) == (302, "/login/?next=/desk/")


def test_the_rail_counts_open_cases(harbor):
    assert desk.waiting_count() == 0
    hold(harbor, "1001")
    make(harbor.shop, "done", state="resolved")
    assert desk.waiting_count() == 1


def test_a_case_of_an_unknown_currency_is_shown_as_it_came(operator, harbor):
    pipeline.store(harbor.shop, pipeline.order("1", sku="X-9", currency="USD"))
    pipeline.run(harbor.customer_id)
    case = ExceptionCase.objects.get(value="X-9")
    ExceptionCase.objects.filter(pk=case.pk).update(currency="ZZZ")
    assert texts(page(operator.get("/desk/")), "#cases tbody td.num")[1] == "128.00"
