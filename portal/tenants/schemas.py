"""Bringing schemas up to date: one, or every partner's."""

import hashlib
import multiprocessing
import os
from collections.abc import Iterator
from concurrent.futures import Future, ProcessPoolExecutor, as_completed
from typing import NamedTuple

from django.core.management import call_command
from django.db import connection, connections
from django.db.migrations.loader import MigrationLoader
from django_tenants.utils import get_public_schema_name, schema_context

from portal.core import clock
from portal.tenants import limited
from portal.tenants.models import Partner
from portal.tenants.rows import (
    OWN_FUNCTION,
    OWN_ROWS,
    callable_functions,
    create_roles,
    protect_schema,
    readable_models,
)


class Outcome(NamedTuple):
    """What happened to one schema: `migrated`, `unchanged` or `failed` with the reason. `trouble` is its kind
    without its words."""

    schema: str
    result: str
    reason: str = ""
    trouble: str = ""


def fingerprint() -> str:
    """A digest of every migration on disk, and of whose rows customers and limited staff may see."""
    graph = MigrationLoader(None, ignore_no_migrations=True).graph
    names = sorted(f"{app}.{name}" for app, name in graph.nodes)
    readable = sorted(f"{m._meta.db_table}.{m.customer_may_read}" for m in readable_models())  # type: ignore[attr-defined]
    functions = sorted("|".join(function) for function in callable_functions())
    limits = [limited.statements("any"), limited.public_statements()]
    told = [*names, *readable, OWN_ROWS, *functions, OWN_FUNCTION, *limits]
    return hashlib.sha256("\n".join(told).encode()).hexdigest()


def migrate_public() -> None:
    """Create the roles and bring the public schema up to date."""
    create_roles()
    call_command("migrate_schemas", schema_name=get_public_schema_name(), verbosity=0)
    with schema_context(get_public_schema_name()):
        protect_schema(get_public_schema_name())
        _execute(limited.public_statements())


def migrate_schema(schema: str) -> None:
    """Bring one partner's schema up to date and renew its grants and row policies."""
    call_command("migrate_schemas", schema_name=schema, verbosity=0)
    with schema_context(schema):
        protect_schema(schema)
        _execute(limited.statements(schema))
    Partner.objects.filter(schema_name=schema).update(
        schema_fingerprint=fingerprint(), migrated_at=clock.now(), migration_failed_at=None,
        migration_trouble="",
    )  # fmt: skip


def _execute(statements: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statements)


def migrate_partners(*, processes: int | None = None) -> Iterator[Outcome]:
    """Migrate every partner whose schema differs; a failed one does not stop the others."""
    partners = Partner.living().order_by("pk")
    current = fingerprint()
    stale = []
    for partner in partners:
        if partner.schema_fingerprint == current:
            yield Outcome(partner.schema_name, "unchanged")
        else:
            stale.append(partner.schema_name)
    if not stale:
        return
    connections.close_all()  # a forked child must not share our connection
    forking = multiprocessing.get_context("fork")  # a child starts with Django ready
    with ProcessPoolExecutor(processes or os.cpu_count(), mp_context=forking) as pool:
        running = {pool.submit(_migrate_or_report, schema): schema for schema in stale}
        for done in as_completed(running):
            outcome = _outcome(running[done], done)
            if outcome.result == "failed":
                _remember(outcome)
            yield outcome


def _outcome(schema: str, done: Future[Outcome]) -> Outcome:
    if error := done.exception():  # its process was killed
        return Outcome(schema, "failed", f"{type(error).__name__}: {error}", _kind_of(error))
    return done.result()


def _kind_of(error: BaseException) -> str:
    """What kind of error, without its words: those of a database may quote a row."""
    state = getattr(error.__cause__ or error, "sqlstate", None)
    return f"{type(error).__name__} {state}" if state else type(error).__name__


def _remember(outcome: Outcome) -> None:
    """The console shows which schema stayed behind; the words are the command's to tell."""
    Partner.objects.filter(schema_name=outcome.schema).update(
        migration_failed_at=clock.now(), migration_trouble=outcome.trouble[:200]
    )


def _migrate_or_report(schema: str) -> Outcome:
    try:
        migrate_schema(schema)
    except Exception as error:  # the edge of a batch: one schema must not stop the rest
        connection.close()
        words = f"{type(error).__name__}: {error}".strip()
        return Outcome(schema, "failed", words, _kind_of(error))
    return Outcome(schema, "migrated")
