"""Which rows whom: database roles and row-level security.

Four roles share one database. The owner creates tables. The application's role owns nothing. The
customer role may read the tables listed by the models' `customer_may_read`, and of them only the rows
of the customer that the request set; without a setting it sees none. The setting names the schema
too: customers are numbered anew in every schema, and number 1 of one partner is not number 1 of another.

The limited role is for staff who work for some customers only: see `portal.tenants.limited`.

Of a table it may not read it may still be given some columns of its own rows: by the function that a
model names in `customer_may_call`, which runs as the owner and has the row limit inside.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import NamedTuple

from django.apps import apps
from django.db import connection
from django.db.models import Model
from psycopg import sql
from psycopg.pq import TransactionStatus

from portal.env import APP_ROLE, CUSTOMER_ROLE, LIMITED_ROLE
from portal.tenants.current import current_schema

SETTING = "crossdock.customer"  # schema/customer id
OWN_CUSTOMER = """
    CASE WHEN split_part(current_setting({setting}, true), '/', 1) = {name}
        THEN nullif(split_part(current_setting({setting}, true), '/', 2), '')::bigint END
"""
OWN_ROWS = f"""
    CREATE POLICY own_rows ON {{table}} FOR SELECT TO {{customer}} USING ({{column}} = {OWN_CUSTOMER})
"""
OWN_FUNCTION = f"""
    CREATE FUNCTION {{function}}() RETURNS TABLE ({{columns}}) LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path = {{schema}}, pg_temp
    AS $own$ SELECT own.* FROM ({{select}}) AS own WHERE own.customer_id = {OWN_CUSTOMER} $own$
"""


class OwnFunction(NamedTuple):
    """Columns of a customer's own rows. `select` has a `customer_id` first, and `columns` types it."""

    name: str
    columns: str
    select: str


@contextmanager
def limited_to_customer(customer_id: int) -> Iterator[None]:
    """Run the block under the customer role; only `customer_id`'s rows exist in it."""
    become(CUSTOMER_ROLE, f"{current_schema()}/{customer_id}")
    try:
        yield
    finally:
        lift_limit()


def lift_limit() -> None:
    """Be the application again. Inside a customer's request only for ending their own session."""
    if connection.connection is None or connection.connection.closed or is_broken():
        return
    become(APP_ROLE, "")


@contextmanager
def beyond_limit() -> Iterator[None]:
    """Be the application for one verb that has checked whose rows it touches; then whoever it was."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT current_setting('role'), current_setting('{SETTING}', true)")
        role, customer = cursor.fetchone()
    lift_limit()
    try:
        yield
    finally:
        if not is_broken():
            become(role, customer or "")


def is_broken() -> bool:
    """Whether the transaction failed: its rollback brings back who one was before it, and nothing can be
    asked until then."""
    bare = connection.connection
    failed = bool(bare and bare.info.transaction_status == TransactionStatus.INERROR)
    return failed or connection.needs_rollback


def become(role: str, customer: str) -> None:
    """Work as `role` with `customer` as the setting, until it is set again."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT set_config('{SETTING}', %s, false), set_config('role', %s, false)",
            [customer, role],
        )


def create_roles() -> None:
    """Create the three roles once per server, and let whoever connects become them."""
    with connection.cursor() as cursor:
        for role in (APP_ROLE, CUSTOMER_ROLE, LIMITED_ROLE):
            cursor.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [role])
            if cursor.fetchone() is None:
                cursor.execute(sql.SQL("CREATE ROLE {} NOLOGIN").format(sql.Identifier(role)))
        cursor.execute(
            sql.SQL("GRANT {app}, {limits} TO CURRENT_USER; GRANT {limits} TO {app}").format(
                app=sql.Identifier(APP_ROLE),
                limits=sql.SQL(", ").join(map(sql.Identifier, (CUSTOMER_ROLE, LIMITED_ROLE))),
            )
        )


def protect_schema(schema: str) -> None:
    """Grant and limit everything in `schema` as the models say. Safe to repeat."""
    names = {
        "schema": sql.Identifier(schema),
        "app": sql.Identifier(APP_ROLE),
        "customer": sql.Identifier(CUSTOMER_ROLE),
    }
    statements = [
        "GRANT USAGE ON SCHEMA {schema} TO {app}, {customer}",
        "GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA {schema} TO {app}",
        "GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA {schema} TO {app}",
        "REVOKE ALL ON ALL TABLES IN SCHEMA {schema} FROM {customer}",
    ]
    with connection.cursor() as cursor:
        for text in statements:
            cursor.execute(sql.SQL(text).format(**names))
        if schema == "public":
            return
        for model in readable_models():
            for statement in _row_policy(model, names, schema=schema):
                cursor.execute(statement)
        for function in callable_functions():
            for statement in _own_function(function, names, schema=schema):
                cursor.execute(statement)


def readable_models() -> list[type[Model]]:
    """The models a customer's person may read, each with the column that names the customer."""
    return [model for model in apps.get_models() if getattr(model, "customer_may_read", None)]


def callable_functions() -> list[OwnFunction]:
    """The functions a customer's person may call, as the models name them."""
    named = [getattr(model, "customer_may_call", None) for model in apps.get_models()]
    return [function for function in named if function]


def _own_function(
    function: OwnFunction, names: dict[str, sql.Identifier], *, schema: str
) -> list[sql.Composed]:
    parts = {
        **names,
        "function": sql.SQL("{}.{}").format(names["schema"], sql.Identifier(function.name)),
        "columns": sql.SQL(function.columns),
        "select": sql.SQL(function.select),
        "setting": sql.Literal(SETTING),
        "name": sql.Literal(schema),
    }
    texts = [
        "DROP FUNCTION IF EXISTS {function}()",
        OWN_FUNCTION,
        "REVOKE ALL ON FUNCTION {function}() FROM PUBLIC",
        "GRANT EXECUTE ON FUNCTION {function}() TO {customer}",
    ]
    return [sql.SQL(text).format(**parts) for text in texts]


def _row_policy(
    model: type[Model], names: dict[str, sql.Identifier], *, schema: str
) -> list[sql.Composed]:
    parts = {
        **names,
        "table": sql.SQL("{}.{}").format(names["schema"], sql.Identifier(model._meta.db_table)),
        "column": sql.Identifier(model.customer_may_read),  # type: ignore[attr-defined]
        "setting": sql.Literal(SETTING),
        "name": sql.Literal(schema),
    }
    texts = [
        "ALTER TABLE {table} ENABLE ROW LEVEL SECURITY",
        "DROP POLICY IF EXISTS everything ON {table}",
        "CREATE POLICY everything ON {table} TO {app} USING (true) WITH CHECK (true)",
        "DROP POLICY IF EXISTS own_rows ON {table}",
        OWN_ROWS,
        "GRANT SELECT ON {table} TO {customer}",
    ]
    return [sql.SQL(text).format(**parts) for text in texts]
