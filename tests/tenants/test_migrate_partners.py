"""`manage.py migrate_partners`: which schemas it touches, side by side, and what stops whom."""

import pytest
from django.apps import apps

from tests.tenants.conftest import Premises, until

pytestmark = [pytest.mark.db, pytest.mark.long]
CASES = sorted(
    model._meta.db_table
    for model in apps.get_app_config("monitoring").get_models(include_auto_created=True)
)


def unmigrate(premises: Premises, schema: str, *, tables_stay: bool = False) -> None:
    """Put a schema back to before the exception cases. With its tables there, it cannot be migrated."""
    premises.owner.execute(f"DELETE FROM {schema}.django_migrations WHERE app = 'monitoring'")
    if not tables_stay:
        drop(premises, schema)
    premises.owner.execute(
        "UPDATE tenants_partner SET schema_fingerprint = 'older' WHERE schema_name = %s", [schema]
    )


def drop(premises: Premises, schema: str) -> None:
    premises.owner.execute(
        f"DROP TABLE {', '.join(f'{schema}.{table}' for table in CASES)} CASCADE"
    )
    premises.owner.execute(f"DROP FUNCTION {schema}.keep_sealed, {schema}.keep_sealed_evidence")


def tables(premises: Premises, schema: str) -> list[tuple]:
    return premises.rows(
        "SELECT tablename FROM pg_tables WHERE schemaname = %s AND tablename LIKE 'monitoring%%'"
        " ORDER BY 1", schema,
    )  # fmt: skip


def test_an_unchanged_schema_is_not_looked_at(premises):
    with premises.owner.transaction():
        for table in ("django_migrations", "integrations_message"):
            premises.owner.execute(f"LOCK TABLE kestrel.{table} IN ACCESS EXCLUSIVE MODE")
        code, lines, complaint = premises.manage("migrate_partners")
    assert (code, lines) == (0, ["aurora: unchanged", "kestrel: unchanged"]), complaint


def test_a_schema_that_has_to_wait_does_not_keep_the_next_one_waiting(premises):
    for schema in ("kestrel", "aurora"):
        unmigrate(premises, schema)
    with premises.owner.transaction():
        premises.owner.execute("LOCK TABLE kestrel.django_migrations IN ACCESS EXCLUSIVE MODE")
        running = premises.start("migrate_partners", "--processes", "2")
        until(lambda: tables(premises, "aurora") == [(table,) for table in CASES])
        assert premises.waiting() == 1
        assert tables(premises, "kestrel") == []
    out, complaint = running.communicate(timeout=60)
    assert running.returncode == 0, complaint
    assert out.splitlines() == ["aurora: migrated", "kestrel: migrated"]
    assert tables(premises, "kestrel") == [(table,) for table in CASES]


def test_a_schema_that_fails_is_named_and_the_others_are_migrated(premises):
    unmigrate(premises, "kestrel", tables_stay=True)
    unmigrate(premises, "aurora")
    code, lines, complaint = premises.manage("migrate_partners", "--processes", "1")
    assert code == 1
    assert lines[:2] == [
        "aurora: migrated",
        'kestrel: failed ProgrammingError: relation "monitoring_bulkaction" already exists',
    ]
    assert "1 schemas were not migrated; the others were." in complaint

    drop(premises, "kestrel")
    code, lines, complaint = premises.manage("migrate_partners")
    assert (code, lines) == (0, ["aurora: unchanged", "kestrel: migrated"]), complaint


def test_a_migrated_schema_keeps_its_rows_to_their_customers(premises):
    unmigrate(premises, "kestrel")
    assert premises.manage("migrate_partners")[0] == 0
    policies = (
        "SELECT policyname FROM pg_policies WHERE schemaname = %s AND tablename = %s ORDER BY 1"
    )
    found = premises.rows(policies, "kestrel", "monitoring_exceptioncase")
    assert found == [("everything",), ("limited_rows",), ("own_rows",)]
