"""Tasks, tokens and exports keep to one partner's schema."""

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django_tenants.utils import schema_context

from integrations.configfile import export
from integrations.domain import receive
from integrations.models import Message, Record
from portal.jobs import lanes, runner
from tests import pipeline
from tests.isolation import planting

pytestmark = pytest.mark.db

TOKEN = "01980000-0000-7000-8000-000000000000"


@pytest.mark.parametrize("schema", ["", "public", "nobody", "pg_catalog", "kestrel; DROP"])
def test_a_task_without_a_partners_schema_does_not_run(db, schema):
    with pytest.raises((ValueError, ValidationError)):
        runner.run(schema, "translate", "1", TOKEN)


def test_a_lane_is_not_woken_for_the_platform(db):
    with schema_context("public"), pytest.raises(ValueError, match="partner's schema"):
        lanes.wake("translate", "1")


def test_a_lane_works_in_its_own_schema_only(planted):
    """Both partners have a document waiting; working off one leaves the other's alone."""
    for partner in planting.PARTNERS:
        with schema_context(partner):
            shop = pipeline.endpoint(planted[partner, "harbor"].customer_id, "store", settings={})
            pipeline.store(shop, pipeline.order(f"new-{partner}"))
    with schema_context("kestrel"):
        receive.receive(planted["kestrel", "harbor"].customer_id)
        assert Record.objects.filter(number="new-kestrel").exists()
        assert not Record.objects.filter(number="new-aurora").exists()
    with schema_context("aurora"):
        assert Message.objects.filter(endpoint__slug="store", state="received").count() == 1


@pytest.mark.parametrize("customer", [None, "harbor"])
def test_an_export_holds_its_own_and_nothing_else(planted, customer):
    own = planted["kestrel", "harbor"]
    with schema_context("kestrel"):
        text = export(customer=own.mark if customer else None).lower()
    assert own.mark in text
    foreign = [one.mark for key, one in planted.items() if key[0] == "aurora"]
    foreign += [planted["kestrel", "maris"].mark] if customer else []
    assert [mark for mark in foreign if mark in text] == []
    assert "webhook_secret: zq" not in text


def test_the_connection_is_back_where_it_was_after_a_task(planted):
    with schema_context("kestrel"):
        before = connection.schema_name
        with pytest.raises(ValueError, match="no partner schema"):
            runner.run("nobody", "translate", "1", TOKEN)
        assert connection.schema_name == before
