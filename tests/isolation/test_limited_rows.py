"""What the database itself refuses to staff who work for some customers, whatever a page might ask."""

from contextlib import contextmanager

import psycopg
import pytest
from django.apps import apps
from django.db import DatabaseError, connection, models, transaction
from django.test.utils import isolate_apps
from django_tenants.utils import schema_context

from portal.env import APP_ROLE, LIMITED_ROLE
from portal.tenants import limited, limited_tables
from portal.tenants.limited import limit_of, limited_to_customers, partner_models
from portal.tenants.rows import beyond_limit
from portal.tenants.schemas import fingerprint
from tests.isolation.test_rows import rows_of, said, tables

pytestmark = [pytest.mark.db, pytest.mark.long]

ME = 4_711


@contextmanager
def working_for(planted, *customers, person=ME):
    """In Kestrel's schema as somebody who works for these customers."""
    ids = tuple(planted["kestrel", one].customer_id for one in customers)
    with schema_context("kestrel"), limited_to_customers(ids, person_id=person):
        yield


def by_table():
    return {model._meta.db_table: model for model in partner_models()}


def outcome(statement, *values) -> str:
    """What the database said to it: "done", or the name of what it refused it for. Nothing stays."""
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement, values)
            transaction.set_rollback(True)
    except DatabaseError as error:
        return type(error.__cause__).__name__
    return "done"


def of_maris(planted) -> dict[str, list[tuple[str, str]]]:
    """By table what is Maris's and nobody else's: where each row stands, and the row. A row that was written
    stands elsewhere."""
    found = {}
    with working_for(planted, "maris"):
        theirs = {table: read(table) for table in by_table()}
    with working_for(planted):
        shared = {table: set(read(table) or ()) for table in theirs}
    for table, rows in theirs.items():
        found[table] = [row for row in rows or () if row not in shared[table]]
    return found


def read(table) -> list[tuple[str, str]] | None:
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(
                f'SELECT t.ctid::text, t::text FROM kestrel."{table}" AS t ORDER BY t.ctid'
            )
            return cursor.fetchall()
    except DatabaseError:
        return None


def test_somebody_decided_about_every_table():
    assert limited.undecided() == []


def test_every_decision_is_about_a_table_there_is():
    decided = {
        table
        for about in (
            limited_tables.THROUGH, limited_tables.OWN, limited_tables.HOLDING,
            limited_tables.FOR_ALL, limited_tables.READ_ONLY, limited_tables.HIDDEN,
            limited_tables.OPEN, limited_tables.CLOSED,
        )
        for table in about
    }  # fmt: skip
    assert decided - set(by_table()) == set()


@isolate_apps("tests")
def test_a_model_that_nobody_decided_about_is_named_and_closed():
    class Unheard(models.Model):
        text = models.TextField()

        class Meta:
            app_label = "tests"

    class Customers(models.Model):
        customer_id = models.BigIntegerField()

        class Meta:
            app_label = "tests"

    assert limit_of(Unheard) is None
    assert "= ANY" in limit_of(Customers).seen


def test_tables_that_name_a_customer_are_found_from_the_models():
    named = {m._meta.db_table for m in partner_models() if limited.customer_column(m)}
    assert len(named) >= 40
    assert {"customers_customer", "integrations_message", "accounts_person", "monitoring_leg",
            "customers_customergroup_members", "billing_account"} <= named  # fmt: skip


def test_who_works_for_harbor_reads_no_row_of_maris_in_any_table(planted):
    own, other = planted["kestrel", "harbor"], planted["kestrel", "maris"]
    with working_for(planted, "harbor"):
        found = {table: rows_of(table, "kestrel") for table in tables("kestrel")}
    told = {table: "\n".join(rows).lower() for table, rows in found.items() if rows}
    assert [table for table, text in told.items() if said(other.mark, text)] == []
    assert sum(said(own.mark, text) for text in told.values()) > 70
    assert [t for t, rows in found.items() if rows is None and t != "django_migrations"] == [
        "integrations_payload", "integrations_removedpayload"
    ]  # fmt: skip


def test_who_works_for_both_reads_what_the_application_reads(planted):
    with schema_context("kestrel"):
        every = {table: rows_of(table, "kestrel") for table in by_table()}
    with working_for(planted, "harbor", "maris"):
        theirs = {table: rows_of(table, "kestrel") for table in by_table()}
    apart = {
        *limited_tables.OWN, *limited_tables.HIDDEN, *limited_tables.CLOSED,
        "accounts_limit",
    }  # fmt: skip
    assert {t for t in every if sorted(every[t]) != sorted(theirs[t] or [])} - apart == set()


def test_what_is_hidden_tells_nothing_and_what_is_ones_own_is_seen_by_its_person_only(planted):
    with schema_context("kestrel"), connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO monitoring_savedview (name, query, made_by, person_id)"
            " SELECT 'mine', 'view=s1', 'me', min(id) FROM accounts_person RETURNING person_id"
        )
        (person,) = cursor.fetchone()
    with working_for(planted, "harbor", "maris"):
        assert [rows_of(table, "kestrel") for table in limited_tables.HIDDEN] == [[]] * 10
        assert [rows_of(table, "kestrel") for table in limited_tables.OWN] == [[]] * 10
    with working_for(planted, "harbor", person=person):
        (row,) = rows_of("monitoring_savedview", "kestrel")
        assert "mine" in row


@pytest.mark.parametrize("verb", ["update", "delete"])
def test_who_works_for_harbor_changes_no_row_of_maris_in_any_table(planted, verb):
    before = of_maris(planted)
    assert sum(bool(rows) for rows in before.values()) > 70
    changed, did = [], 0
    for table, model in by_table().items():
        limit = limit_of(model)
        column = model._meta.local_concrete_fields[-1].column
        theirs = f' WHERE "{limit.shared}" IS NOT NULL' if limit.shared else ""
        statement = (
            f'UPDATE kestrel."{table}" SET "{column}" = "{column}"{theirs}'
            if verb == "update"
            else f'DELETE FROM kestrel."{table}"{theirs}'
        )
        with transaction.atomic():
            with working_for(planted, "harbor"):
                did += outcome_that_stays(statement) == "done"
            after = of_maris_in(planted, table)
            if after != before[table]:
                changed.append(table)
            transaction.set_rollback(True)
    assert changed == []
    assert did > 60


def outcome_that_stays(statement) -> str:
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)
    except DatabaseError as error:
        return type(error.__cause__).__name__
    return "done"


def of_maris_in(planted, table):
    with working_for(planted, "maris"):
        theirs = read(table) or []
    with working_for(planted):
        shared = set(read(table) or ())
    return [row for row in theirs if row not in shared]


def writable(model) -> bool:
    limit = limit_of(model)
    return limit is not None and limit.granted == limited.WRITE


def test_nobody_limited_writes_a_row_of_another_customer_or_of_all(planted):
    other = planted["kestrel", "maris"].customer_id
    allowed = []
    with working_for(planted, "harbor"):
        for table, model in by_table().items():
            column = limited.customer_column(model)
            if not column or not writable(model):
                continue
            for value in (other, None):
                said_to_it = outcome(
                    f'INSERT INTO kestrel."{table}" ("{column}") VALUES (%s)', value
                )
                if said_to_it != "InsufficientPrivilege":
                    allowed.append((table, value, said_to_it))
    assert allowed == []


def test_a_row_of_ones_own_is_not_made_another_customers_or_everybodys(planted):
    other = planted["kestrel", "maris"].customer_id
    allowed, tried = [], 0
    with working_for(planted, "harbor"):
        for table, model in by_table().items():
            column = limited.customer_column(model)
            if not column or not writable(model) or not has_own(table, column):
                continue
            for value in (other, None):
                found = outcome(
                    f'UPDATE kestrel."{table}" SET "{column}" = %s WHERE "{column}" IS NOT NULL',
                    value,
                )
                tried += 1
                if found not in ("InsufficientPrivilege", "RestrictViolation"):
                    allowed.append((table, value, found))
    assert tried > 60
    assert allowed == []


def has_own(table, column) -> bool:
    with connection.cursor() as cursor:
        cursor.execute(f'SELECT count("{column}") FROM kestrel."{table}"')
        return cursor.fetchone()[0] > 0


def test_nothing_is_hung_on_a_row_of_another_customer(planted):
    """What belongs to a row by its column, under Maris's row: refused for whose it is before anything else
    that may be wrong with it."""
    allowed, tried = [], 0
    for table, column in limited_tables.THROUGH.items():
        owner = owner_of(table, column)
        with working_for(planted, "maris"), connection.cursor() as cursor:
            cursor.execute(f'SELECT "{owner[1]}" FROM kestrel."{owner[0]}" LIMIT 1')
            (theirs,) = cursor.fetchone()
        with working_for(planted, "harbor"):
            found = outcome(f'INSERT INTO kestrel."{table}" ("{column}") VALUES (%s)', theirs)
        tried += 1
        if found != "InsufficientPrivilege":
            allowed.append((table, found))
    assert tried > 40
    assert allowed == []


def owner_of(table, column) -> tuple[str, str]:
    model = by_table()[table]
    field = next(f for f in model._meta.local_concrete_fields if f.column == column)
    return field.related_model._meta.db_table, field.target_field.column


def test_what_is_for_all_is_read_and_changed_by_nobody_limited(planted):
    told = {}
    with working_for(planted, "harbor", "maris"):
        for table in {**limited_tables.FOR_ALL, **limited_tables.READ_ONLY}:
            column = by_table()[table]._meta.local_concrete_fields[-1].column
            assert rows_of(table, "kestrel") is not None
            for statement in (
                f'INSERT INTO kestrel."{table}" DEFAULT VALUES',
                f'UPDATE kestrel."{table}" SET "{column}" = "{column}"',
                f'DELETE FROM kestrel."{table}"',
            ):
                told[statement] = outcome(statement)
    assert len(told) == 75  # 25 tables, three verbs
    assert {statement for statement in told if told[statement] != "InsufficientPrivilege"} == set()


def test_a_row_for_all_customers_says_so_when_it_is_changed(planted):
    with schema_context("kestrel"), connection.cursor() as cursor:
        cursor.execute(
            'INSERT INTO integrations_lookuptable (name, "default", default_value)'
            " VALUES ('units', 'hold', '') RETURNING id"
        )
        (shared,) = cursor.fetchone()
        cursor.execute(
            "INSERT INTO integrations_lookuprow (table_id, code, value, added_by, added_at)"
            " VALUES (%s, 'EA', 'PC', '', now())", [shared],
        )  # fmt: skip
    with working_for(planted, "harbor"):
        assert any("units" in row for row in rows_of("integrations_lookuptable", "kestrel"))
        assert any("EA" in row for row in rows_of("integrations_lookuprow", "kestrel"))
        for statement in (
            "UPDATE integrations_lookuptable SET name = 'mine' WHERE id = %s",
            "DELETE FROM integrations_lookuptable WHERE id = %s",
            "INSERT INTO integrations_lookuprow (table_id, code, value, added_by) VALUES (%s, 'X', 'Y', '')",
        ):
            assert outcome(statement, shared) == "InsufficientPrivilege"
        with connection.cursor() as cursor:
            for statement in ("DELETE FROM integrations_lookuprow WHERE table_id = %s",
                              "UPDATE integrations_lookuprow SET value = 'Z' WHERE table_id = %s"):  # fmt: skip
                cursor.execute(statement, [shared])
                assert cursor.rowcount == 0


@pytest.mark.parametrize("schema", ["aurora", "public"])
def test_who_is_limited_reads_nothing_of_another_schema(planted, schema):
    ids = tuple(one.customer_id for one in planted.values())
    with schema_context("kestrel"):
        everything = tables(schema)
        with limited_to_customers(ids, person_id=ME):
            found = {table: rows_of(table, schema) for table in everything}
    read_there = {table for table, rows in found.items() if rows}
    needed = {*limited_tables.PUBLIC_READ, *limited_tables.PUBLIC_WRITE}
    assert read_there - (needed if schema == "public" else set()) == set()


def test_without_a_customer_nothing_of_anybody_is_seen(planted):
    marks = [one.mark for one in planted.values()]
    with working_for(planted):
        for table in tables("kestrel"):
            text = "\n".join(rows_of(table, "kestrel") or ()).lower()
            assert [mark for mark in marks if said(mark, text)] == [], table


def test_the_application_sees_every_row_there_is(planted):
    """Unlimited staff and lanes work as it: its policy lets everything through."""
    with schema_context("kestrel"):
        seen = {table: rows_of(table, "kestrel") for table in by_table()}
        with connection.cursor() as cursor:
            cursor.execute("SELECT set_config('role', 'none', false)")
        try:
            owned = {table: rows_of(table, "kestrel") for table in by_table()}
        finally:
            with connection.cursor() as cursor:
                cursor.execute("SELECT set_config('role', %s, false)", [APP_ROLE])
    assert seen == owned
    assert sum(map(len, owned.values())) > 300


def test_beyond_the_limit_one_is_the_application_and_then_limited_again(planted):
    with working_for(planted, "harbor"), connection.cursor() as cursor:
        with beyond_limit():
            cursor.execute("SELECT count(*) FROM customers_customer")
            assert cursor.fetchone() == (2,)
        cursor.execute("SELECT current_user::text, (SELECT count(*) FROM customers_customer)")
        assert cursor.fetchone() == (LIMITED_ROLE, 1)


def test_sums_of_traffic_are_noted_by_the_limited_as_by_anybody(planted):
    """The trigger of events runs as whoever writes them."""
    own = planted["kestrel", "harbor"]
    with working_for(planted, "harbor"), connection.cursor() as cursor:
        cursor.execute("SELECT coalesce(sum(sent), 0) FROM integrations_trafficdelta")
        (before,) = cursor.fetchone()
        cursor.execute(
            "INSERT INTO integrations_messageevent (message_id, from_state, to_state, actor, cause)"
            " SELECT id, 'sending', 'confirmed', '', '' FROM integrations_message"
            " WHERE direction = 'out' AND customer_id = %s LIMIT 1", [own.customer_id],
        )  # fmt: skip
        cursor.execute("SELECT coalesce(sum(sent), 0) FROM integrations_trafficdelta")
        assert cursor.fetchone()[0] == before + 1


def test_a_changed_decision_makes_every_schema_stale(monkeypatch):
    now = fingerprint()
    monkeypatch.setattr(limited_tables, "FOR_ALL", {**limited_tables.FOR_ALL, "accounts_role": ""})
    assert fingerprint() == now  # a reason is no decision
    monkeypatch.setattr(limited_tables, "OPEN", {})
    assert fingerprint() != now


def test_no_function_of_ours_that_runs_as_the_owner_can_be_called_by_the_limited(planted):
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT p.proname FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace"
            " WHERE n.nspname = 'kestrel' AND p.prosecdef"
            " AND has_function_privilege(%s, p.oid, 'EXECUTE')",
            [LIMITED_ROLE],
        )
        assert cursor.fetchall() == []


def test_a_refusal_of_the_database_is_known_as_one(planted):
    with (
        working_for(planted, "harbor"),
        pytest.raises(DatabaseError) as told,
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute("UPDATE monitoring_team SET name = 'mine'")
    assert limited.is_refusal(told.value)
    assert not limited.is_refusal(psycopg.errors.InsufficientPrivilege("somewhere else"))
    assert apps.get_model("monitoring", "Team")
