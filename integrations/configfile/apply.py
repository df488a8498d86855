"""Applying a file: checked whole, then written in one transaction, or not at all."""

from collections.abc import Mapping

from django.db import connection, transaction

from integrations.configfile import write
from integrations.configfile.check import faults
from integrations.configfile.shape import shape_faults
from integrations.configfile.stored import load
from integrations.configfile.write_endpoints import write_endpoints
from integrations.yaml_source import RefusedError, read_source


def apply(text: bytes, *, environment: Mapping[str, str]) -> list[str]:
    """Bring the partner of the current schema to what the file says. Returns a line per change.

    `environment` holds the secrets that the file names. What the file does not name stays as it is.
    Raises RefusedError with everything wrong with the file; then nothing has changed.
    """
    source = read_source(text)
    if found := shape_faults(source):
        raise RefusedError(found)
    with transaction.atomic():
        _wait_for_others()
        stored = load()
        if found := faults(source, stored, environment):
            raise RefusedError(found)
        return [
            *write.write_customers(source, stored),
            *write_endpoints(source, stored, environment),
            *write.write_flows(source, stored),
            *write.write_lookups(source, stored),
            *write.write_routes(source, stored),
            *write.write_mappings(source, stored),
        ]


def _wait_for_others() -> None:
    """One file at a time for one partner, so that what was checked is what is written."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_advisory_xact_lock(hashtextextended('configfile/' || current_schema(), 0))"
        )
