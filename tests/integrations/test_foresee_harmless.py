"""A dry run leaves nothing behind, holds nobody up, and takes its documents in chunks."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from integrations.domain import changes, configuration, foresee
from integrations.domain.problems import ProblemsOpened
from integrations.models import LookupRow
from monitoring.models import ExceptionCase
from portal.core import events
from portal.customers.models import Customer
from tests.integrations.foreseeing import again, foreseen, held, row
from tests.monitoring.conftest import hold
from tests.pages.scenery import HELD_ROWS

pytestmark = pytest.mark.db


def everything() -> dict[str, list]:
    """Every row of the partner, of every table."""
    found = {}
    with connection.cursor() as cursor:
        cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'kestrel'")
        for (name,) in cursor.fetchall():
            cursor.execute(f'SELECT t::text FROM "{name}" t ORDER BY 1')
            found[name] = [line for (line,) in cursor.fetchall()]
        cursor.execute("SELECT t::text FROM public.jobs_wake t ORDER BY 1")
        found["jobs_wake"] = [line for (line,) in cursor.fetchall()]
    return found


def test_nothing_has_changed_afterwards_and_nobody_was_told(harbor, sink):
    hold(harbor, "1001", "1002")
    before = everything()
    foreseen(harbor, change=row(harbor, "TENT-OLD"))
    foreseen(harbor)  # and where they are held again
    assert everything() == before
    assert sink.taken == []
    assert ExceptionCase.objects.count() == 1


def test_a_drafted_configuration_is_not_remembered(harbor):
    hold(harbor, "1001")
    before = configuration.live(harbor.customer_id)
    foreseen(harbor, change=row(harbor, "TENT-OLD"))
    after = configuration.live(harbor.customer_id)
    assert after.lookups["sku"].rows == {"TENT-2P": "TENT-2P"}
    assert after.version == before.version
    assert Customer.objects.get(pk=harbor.customer_id).config_version == before.version


def test_the_next_change_gets_the_number_of_the_draft_and_nothing_else_of_it(harbor):
    hold(harbor, "1001")
    foreseen(harbor, change=row(harbor, "TENT-OLD"))
    row(harbor, "STOVE-X")()
    assert set(configuration.of(harbor.customer_id).lookups["sku"].rows) == {"TENT-2P", "STOVE-X"}


def test_no_lane_is_woken(harbor, django_capture_on_commit_callbacks):
    hold(harbor, "1001")
    with django_capture_on_commit_callbacks() as callbacks:
        foreseen(harbor, change=row(harbor, "TENT-OLD"))
    assert callbacks == []


def test_nobody_hears_of_the_problems_of_a_dry_run(harbor):
    hold(harbor, "1001")
    heard = []
    with events.isolated():
        events.subscribe(ProblemsOpened)(heard.append)
        foreseen(harbor)
    assert heard == []


def test_chunks_hear_nothing_of_each_other_and_are_told_as_they_are_done(harbor, monkeypatch):
    monkeypatch.setattr(foresee, "CHUNK", 2)
    hold(harbor, "1001", "1002", "1003")
    ids, heard = held(), []
    found = foresee.foresee(
        harbor.customer_id, ids, change=row(harbor, "TENT-OLD"), release=again,
        progress=lambda done, of: heard.append((done, of)),
    )  # fmt: skip
    assert [one.message_id for one in next(found)] == ids[:2]
    assert heard == [(2, 3)]
    assert LookupRow.objects.filter(code="TENT-OLD").count() == 0
    assert [one.message_id for one in next(found)] == ids[2:]
    assert heard == [(2, 3), (3, 3)]


def test_documents_of_one_object_stay_in_one_chunk(harbor, monkeypatch):
    monkeypatch.setattr(foresee, "CHUNK", 2)
    late, early = "2026-03-02T15:00:00Z", "2026-03-02T13:00:00Z"
    rows = [*HELD_ROWS, ["source_updated_at", "source_updated_at"]]
    harbor.shop.mappings.update(rows=rows)
    changes.touch(harbor.customer_id)
    hold(harbor, "1001", source_updated_at=late)
    hold(harbor, "1002", "1003")
    hold(harbor, "1001", source_updated_at=early, quantity="9")
    found = foreseen(harbor, change=row(harbor, "TENT-OLD"))
    assert [one.text for one in found] == [
        "becomes an order, goes to Erp",
        "is outdone by a later document",
        "becomes an order, goes to Erp",
        "becomes an order, goes to Erp",
    ]


def test_of_two_documents_that_say_the_same_one_goes(harbor):
    rows = [*HELD_ROWS, ["source_updated_at", "source_updated_at"]]
    harbor.shop.mappings.update(rows=rows)
    changes.touch(harbor.customer_id)
    hold(harbor, "1001", source_updated_at="2026-03-02T15:00:00Z")
    hold(harbor, "1001", source_updated_at="2026-03-02T13:00:00Z")
    found = foreseen(harbor, change=row(harbor, "TENT-OLD"))
    assert [(one.text, one.targets) for one in found] == [
        ("becomes an order, goes to Erp", ("Erp",)),
        ("says nothing new", ()),
    ]


def test_a_chunk_that_takes_too_long_is_made_smaller(harbor, monkeypatch):
    monkeypatch.setattr(foresee, "LOCKED_AT_MOST_SECONDS", 0)
    hold(harbor, "1001", "1002", "1003", "1004", "1005")
    found = foresee.foresee(
        harbor.customer_id, held(), change=row(harbor, "TENT-OLD"), release=again
    )
    assert [[one.verdict for one in chunk] for chunk in found] == [["pass"]] * 5


def test_the_configuration_is_built_once_for_all_chunks(harbor, monkeypatch):
    monkeypatch.setattr(foresee, "CHUNK", 1)
    hold(harbor, "1001", "1002", "1003")
    with CaptureQueriesContext(connection) as seen:
        found = foreseen(harbor, change=row(harbor, "TENT-OLD"))
    assert [one.verdict for one in found] == ["pass"] * 3
    assert sum('FROM "integrations_flow"' in query["sql"] for query in seen) == 1
