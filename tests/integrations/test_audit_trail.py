import pytest
from auditlog.models import LogEntry

from tests import pipeline

pytestmark = pytest.mark.db


def test_a_changed_endpoint_is_in_the_trail_without_its_secrets(kestrel):
    endpoint = pipeline.endpoint(kestrel.harbor, "shop", settings={"url": "http://old.example"})
    endpoint.settings = {"url": "http://new.example"}
    endpoint.secrets = b"other bytes that nobody may read"
    endpoint.save()
    entry = LogEntry.objects.get_for_object(endpoint).first()
    assert "http://new.example" in str(entry.changes)
    assert "nobody may read" not in str(entry.changes)


def test_health_figures_are_no_changes(kestrel):
    endpoint = pipeline.endpoint(kestrel.harbor, "shop", settings={})
    endpoint.last_error = "it did not answer"
    endpoint.save()
    endpoint.refresh_from_db()
    entries = LogEntry.objects.get_for_object(endpoint)
    assert [e.get_action_display() for e in entries] == ["create"], entries[0].changes
