"""What is stored, written as a file again."""

import pytest
from django_tenants.utils import schema_context

from integrations import configfile
from integrations.models import Endpoint
from tests.integrations.configuration import apply, everything

pytestmark = pytest.mark.db

ENVIRONMENT = {
    "ORCHARDWEB_CONSUMER_KEY": "ck_1",
    "ORCHARDWEB_CONSUMER_SECRET": "cs_1",
    "ORCHARDRNO_AUTH_TOKEN": "Bearer 7",
}


def test_a_written_file_changes_nothing_when_applied(kestrel):
    apply()
    Endpoint.objects.filter(slug="orchardrno").update(
        state="paused", pickup={"time": "14:00", "transit_days": 0}
    )
    written = configfile.export()
    before = everything()
    assert configfile.apply(written.encode(), environment=ENVIRONMENT) == []
    assert everything() == before
    assert "consumer_key: ${ORCHARDWEB_CONSUMER_KEY}" in written
    assert "ck_1" not in written
    assert "  pickup:\n    time: '14:00'\n    transit_days: 0\n" in written


def test_a_written_file_makes_the_same_customer_at_another_partner(kestrel, aurora):
    apply()
    written = configfile.export()
    with schema_context("aurora"):
        configfile.apply(written.encode(), environment=ENVIRONMENT)
        assert configfile.export() == written


def test_a_file_of_one_customer_has_nothing_of_the_others(kestrel):
    apply()
    apply("endpoints:\n  - {slug: marisweb, customer: maris, label: Maris, connector: http}\n")
    written = configfile.export(customer="maris")
    assert "marisweb" in written
    assert "orchard" not in written
    assert "carrier" not in written  # the partner's own table
    assert "orchard" in configfile.export()
