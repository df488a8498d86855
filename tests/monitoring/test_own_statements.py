"""Statements on the customer's own pages."""

import hashlib

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from monitoring.models import StatementEvent, StatementEvidence
from tests.monitoring.statement_scenery import planted, sealed, without_triggers
from tests.monitoring.test_statement_pages import visible
from tests.pages.scenery import page, texts

pytestmark = pytest.mark.db

FILES = ("statement.pdf", "statement.csv", "statement.json", "evidence.csv")
APRIL = "/service/statements/2026-04/"


def approve(*statements):
    for one in statements:
        StatementEvent.objects.create(
            statement=one,
            customer_id=one.customer_id,
            verb="approved",
            text="Approved",
            actor="Ana",
        )


def test_closed_months_are_listed_newest_first(kestrel, viewer):
    approve(*sealed(kestrel.harbor, "2026-03", "2026-04"))
    shown = page(viewer.get("/service/statements/"))
    assert texts(shown, "tbody th") == ["April 2026", "March 2026"]


def test_a_month_nobody_approved_is_not_there_yet(kestrel, viewer):
    planted(kestrel.harbor)
    assert "No month is closed yet" in visible(viewer.get("/service/statements/"))
    assert viewer.get(APRIL).status_code == 404


def test_the_month_reads_in_the_customers_words(kestrel, viewer):
    planted(kestrel.harbor, is_approved=True)
    text = visible(viewer.get(APRIL))
    assert "In April 2026 we kept 4 of 5 promises" in text
    assert "Sealed 1 May 2026, 07:00, Los Angeles time." in text
    assert "Not counted: 40 minutes on 12 Apr: planned work at your ERP." in text
    assert "Check the seal" in text
    for ours in ("SLO", "SLI", "error budget", "fingerprint", "tenant"):
        assert ours not in text


def test_the_months_before_and_after_are_one_click_away(kestrel, viewer):
    approve(*sealed(kestrel.harbor, "2026-03", "2026-04", "2026-05"))
    shown = page(viewer.get(APRIL))
    assert shown.select_one(".pager [rel=prev]")["href"] == "/service/statements/2026-03/"
    assert shown.select_one(".pager [rel=next]")["href"] == "/service/statements/2026-05/"


def test_the_seal_is_checked_in_the_readers_words(kestrel, viewer):
    told = planted(kestrel.harbor, is_approved=True)
    text = visible(viewer.get(f"{APRIL}check/"))
    assert "The seal of April 2026 is intact" in text
    assert "The records behind the figures are as they were" in text
    assert "sha256sum harbor-2026-04.json" in text
    assert told.hash in text


def test_a_broken_seal_is_not_hidden_from_the_customer(kestrel, viewer):
    told = planted(kestrel.harbor, is_approved=True)
    with without_triggers():
        StatementEvidence.objects.filter(statement=told, name="leg-411").update(
            fields={"id": "leg-411", "began": "2026-04-09T20:30:00Z"}
        )
    text = visible(viewer.get(f"{APRIL}check/"))
    assert "The seal of April 2026 is broken" in text
    assert "Evidence cutoff event leg-411 was changed after it was sealed." in text


def test_the_files_are_theirs_to_keep(kestrel, viewer):
    told = planted(kestrel.harbor, is_approved=True)
    body = viewer.get(f"{APRIL}statement.json").content
    assert hashlib.sha256(body).hexdigest() == told.hash
    for file in FILES:
        answer = viewer.get(APRIL + file)
        assert answer.status_code == 200
        assert "harbor-2026-04" in answer["Content-Disposition"]


@pytest.mark.parametrize("path", ["", "check/", *FILES])
def test_another_customers_month_does_not_exist(kestrel, viewer, path):
    planted(kestrel.maris, is_approved=True)
    assert viewer.get(APRIL + path).status_code == 404


def test_the_partners_people_use_their_own_pages(kestrel, engineer):
    planted(kestrel.harbor, is_approved=True)
    assert engineer.get(APRIL).status_code == 403


def queries(client, url):
    client.get(url)
    with CaptureQueriesContext(connection) as caught:
        assert client.get(url).status_code == 200
    return len(caught)


def test_the_list_takes_as_many_queries_for_three_as_for_one(kestrel, viewer):
    approve(*sealed(kestrel.harbor, "2026-02"))
    one = queries(viewer, "/service/statements/")
    approve(*sealed(kestrel.harbor, "2026-03", "2026-04"))
    assert queries(viewer, "/service/statements/") == one


@pytest.mark.parametrize("period", ["2026-99", "x", "2026-04'", "%00"])
def test_what_is_no_month_is_not_found(kestrel, viewer, period):
    assert viewer.get(f"/service/statements/{period}/").status_code in (400, 404)
