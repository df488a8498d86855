"""Which rows whom: database roles and row-level security.

Three roles share one database. The owner creates tables. The application's role owns nothing. The
customer role may read the tables listed by the models' `customer_may_read`, and of them only the rows
of the customer that the request set; without a setting it sees none. The setting names the schema
too: customers are numbered anew in every schema, and number 1 of one partner is not number 1 of another.
"""

from collections.abc import Iterator
from contextlib import contextmanager

from django.apps import apps
from django.db import connection
from django.db.models import Model
from psycopg import sql

from portal.env import APP_ROLE, CUSTOMER_ROLE
from portal.tenants.current import current_schema

SETTING = "crossdock.customer"  # schema/customer id
OWN_ROWS = """
    CREATE POLICY own_rows ON {table} FOR SELECT TO {customer} USING ({column} =
        CASE WHEN split_part(current_setting({setting}, true), '/', 1) = {name}
        THEN nullif(split_part(current_setting({setting}, true), '/', 2), '')::bigint END)
"""


@contextmanager
def limited_to_customer(customer_id: int) -> Iterator[None]:
    """Run the block under the customer role; only `customer_id`'s rows exist in it."""
    _become(CUSTOMER_ROLE, f"{current_schema()}/{customer_id}")
    try:
        yield
    finally:
        lift_limit()


def lift_limit() -> None:
    """Be the application again. Inside a customer's request only for ending their own session."""
    if connection.connection is not None and not connection.connection.closed:
        _become(APP_ROLE, "")


def _become(role: str, customer: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT set_config('{SETTING}', %s, false), set_config('role', %s, false)",
            [customer, role],
        )


def create_roles() -> None:
    """Create the two roles once per server, and let whoever connects become them."""
    with connection.cursor() as cursor:
        for role in (APP_ROLE, CUSTOMER_ROLE):
            cursor.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [role])
            if cursor.fetchone() is None:
                cursor.execute(sql.SQL("CREATE ROLE {} NOLOGIN").format(sql.Identifier(role)))
        cursor.execute(
            sql.SQL("GRANT {app}, {customer} TO CURRENT_USER; GRANT {customer} TO {app}").format(
                app=sql.Identifier(APP_ROLE), customer=sql.Identifier(CUSTOMER_ROLE)
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


def readable_models() -> list[type[Model]]:
    """The models a customer's person may read, each with the column that names the customer."""
    return [model for model in apps.get_models() if getattr(model, "customer_may_read", None)]


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
