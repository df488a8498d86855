"""Rows that other connections can see: for what runs in threads and processes of its own.

The tests' usual transaction hides its rows from everyone else. Here they are really written, and
removed again afterwards.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager

import psycopg
from django.db import connections
from django_tenants.utils import schema_context
from psycopg import sql

from portal import env
from portal.customers.models import Customer
from tests.people import Site

SCHEMAS = ("kestrel", "aurora")
_OURS = (
    "integrations_%",
    "monitoring_%",
    "customers_%",
    "billing_%",
    "webhooks_%",
    "support_%",
    "audit%",
    "privacy_%",
)
_STAYS = ["billing_metric"]  # a partner opens with it


def owner() -> psycopg.Connection:
    """A connection to the test database that may do everything."""
    name = os.environ["CROSSDOCK_DATABASE_NAME"]
    return psycopg.connect(env.database_url(), dbname=name, autocommit=True)


def site(schema: str) -> Site:
    """The partner with two customers, committed."""
    with schema_context(schema):
        harbor = Customer.objects.create(slug="harbor", name="Harbor Outfitters")
        maris = Customer.objects.create(slug="maris", name="Maris Foods")
    return Site(schema, f"{schema}.localhost", harbor.pk, maris.pk)


@contextmanager
def swept_afterwards() -> Iterator[None]:
    """Whatever is committed inside is gone after it."""
    try:
        yield
    finally:
        connections.close_all()
        _sweep()


def _sweep() -> None:
    with owner() as connection:
        # What is sealed stays, even with whoever owns it; only triggers that are off let it go.
        connection.execute("SET session_replication_role = replica")
        for schema in SCHEMAS:
            found = connection.execute(
                "SELECT tablename FROM pg_tables WHERE schemaname = %s AND tablename LIKE ANY(%s)"
                " AND tablename <> ALL(%s)",
                [schema, list(_OURS), _STAYS],
            ).fetchall()
            tables = sql.SQL(", ").join(sql.Identifier(schema, name) for (name,) in found)
            connection.execute(sql.SQL("TRUNCATE {} CASCADE").format(tables))
        connection.execute("TRUNCATE public.tenants_sentmail")
        connection.execute("DELETE FROM public.jobs_wake WHERE kind <> 'sweep'")
