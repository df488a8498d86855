"""Staff who work for some customers only: a third database role, and what it sees and changes.

The limited role may do what the application may, with the rows of its customers. The rule is written
once: a table with a column `customer_id` is limited by it (a model whose column has another name says
so in `limited_by`), and `limited_tables` says of every other table what it goes by. Rows that name no
customer are for all customers: they are seen, and changed by nobody who is limited.

The setting is “schema/{ids}/person”: customers are numbered anew in every schema.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import NamedTuple

import psycopg
from django.apps import apps
from django.conf import settings
from django.db import DatabaseError
from django.db.models import Model

from portal.env import APP_ROLE, LIMITED_ROLE
from portal.tenants import limited_tables as tables
from portal.tenants.current import current_schema
from portal.tenants.rows import SETTING, become, lift_limit

# As subqueries they are worked out once for a statement and not for every row.
CUSTOMERS = """((SELECT CASE WHEN split_part(current_setting({setting}, true), '/', 1) = {name}
    THEN nullif(split_part(current_setting({setting}, true), '/', 2), '')::bigint[] END)::bigint[])"""
HERE = "(SELECT split_part(current_setting({setting}, true), '/', 1) = {name})"
PERSON = """(SELECT CASE WHEN split_part(current_setting({setting}, true), '/', 1) = {name}
    THEN nullif(split_part(current_setting({setting}, true), '/', 3), '')::bigint END)"""
EVERYTHING = """
    ALTER TABLE {table} ENABLE ROW LEVEL SECURITY;
    DROP POLICY IF EXISTS everything ON {table};
    CREATE POLICY everything ON {table} TO {app} USING (true) WITH CHECK (true);
    DROP POLICY IF EXISTS limited_rows ON {table};
    DROP POLICY IF EXISTS limited_view ON {table};
"""
ROWS = "CREATE POLICY limited_rows ON {table} TO {limited} USING ({seen}) WITH CHECK ({theirs});"
# What belongs to a row for all customers is seen with it. Changing it would pass where nothing is written.
VIEW = """
    CREATE POLICY limited_view ON {table} FOR SELECT TO {limited} USING ({seen});
    CREATE POLICY limited_rows ON {table} TO {limited} USING ({theirs}) WITH CHECK ({theirs});
"""
SHARED_STAY = """
    DROP TRIGGER IF EXISTS limited_shared ON {table};
    CREATE TRIGGER limited_shared BEFORE UPDATE OR DELETE ON {table} FOR EACH ROW
        WHEN (OLD.{column} IS NULL AND current_user = {role}) EXECUTE FUNCTION {schema}.limited_shared();
"""
REFUSE = """
    CREATE OR REPLACE FUNCTION {schema}.limited_shared() RETURNS trigger LANGUAGE plpgsql AS $refuse$ BEGIN
        RAISE EXCEPTION 'This is for all customers.' USING ERRCODE = 'insufficient_privilege',
            TABLE = TG_TABLE_NAME;
    END $refuse$;
"""
READ, WRITE = "SELECT", "SELECT, INSERT, UPDATE, DELETE"


class Limit(NamedTuple):
    """How a table is limited: what is seen, what is changed, and what is granted.

    `shared`: the column that is empty where a row is for all customers. `closed_rows`: no policy.
    """

    seen: str = ""
    theirs: str = ""
    granted: str = WRITE
    shared: str = ""


@contextmanager
def limited_to_customers(customer_ids: tuple[int, ...], *, person_id: int) -> Iterator[None]:
    """Run the block under the limited role: of all customers' rows only these customers' exist in it."""
    ids = ",".join(str(int(one)) for one in sorted(customer_ids))
    become(LIMITED_ROLE, f"{current_schema()}/{{{ids}}}/{int(person_id)}")
    try:
        yield
    finally:
        lift_limit()


def is_refusal(error: BaseException) -> bool:
    """Whether the database refused it because of whose row it is, or whose it would have been."""
    return isinstance(error, DatabaseError) and isinstance(
        error.__cause__, psycopg.errors.InsufficientPrivilege
    )


def partner_models() -> list[type[Model]]:
    """The models with a table in every partner's schema."""
    labels = {
        config.label for config in apps.get_app_configs() if config.name in settings.TENANT_APPS
    }
    found = apps.get_models(include_auto_created=True)
    return [
        m for m in found
        if m._meta.app_label in labels and m._meta.managed and not m._meta.proxy
    ]  # fmt: skip


def undecided() -> list[str]:
    """The tables nobody decided about: closed to whoever is limited."""
    return sorted(m._meta.db_table for m in partner_models() if limit_of(m) is None)


def customer_column(model: type[Model]) -> str:
    """The column by which a model's rows are a customer's; blank where it has none."""
    if named := getattr(model, "limited_by", ""):
        return str(named)
    columns = {field.column for field in model._meta.local_concrete_fields}
    return "customer_id" if "customer_id" in columns else ""


def limit_of(model: type[Model]) -> Limit | None:
    """What holds for a model's table; None where nobody decided."""
    table = model._meta.db_table
    if column := customer_column(model):
        return _by_customer(model, column)
    if table in tables.THROUGH:
        return _through(model)
    if table in tables.OWN:
        mine = f'{{row}}."{tables.OWN[table]}" = {PERSON}'
        return Limit(mine, mine)
    if table in tables.HOLDING:
        holder, column = tables.HOLDING[table]
        seen = (
            f'EXISTS (SELECT FROM {{schema}}."{holder}" WHERE "{holder}"."{column}" = {{row}}."id")'
        )
        return Limit(seen, "false", granted=READ)
    return _fixed(table)


def _fixed(table: str) -> Limit | None:
    if table in tables.FOR_ALL:
        return Limit(HERE, "false", granted=READ)
    if table in tables.HIDDEN:
        return Limit("false", "false")
    if table in tables.OPEN:
        return Limit(HERE, HERE)
    return Limit(granted="") if table in tables.CLOSED else None


def _by_customer(model: type[Model], column: str) -> Limit:
    table = model._meta.db_table
    theirs = f'{{row}}."{column}" = ANY ({CUSTOMERS})'
    granted = READ if table in tables.READ_ONLY else WRITE
    if not _may_be_empty(model, column):
        return Limit(theirs, theirs, granted)
    shared = f'{{row}}."{column}" IS NULL AND {HERE}'
    return Limit(f"({shared} OR {theirs})", theirs, granted, shared=column)


def _may_be_empty(model: type[Model], column: str) -> bool:
    return any(f.null for f in model._meta.local_concrete_fields if f.column == column)


def _through(model: type[Model]) -> Limit:
    """Seen with the row it belongs to, whose own limit holds inside the subquery as well."""
    field = next(
        field
        for field in model._meta.local_concrete_fields
        if field.column == tables.THROUGH[model._meta.db_table]
    )
    owner: type[Model] = field.related_model  # type: ignore[assignment]
    name, key = owner._meta.db_table, field.target_field.column  # type: ignore[attr-defined]
    found = f'SELECT FROM {{schema}}."{name}" WHERE "{name}"."{key}" = {{row}}."{field.column}"'
    above = limit_of(owner)
    if above is None or above.seen == above.theirs:
        return Limit(f"EXISTS ({found})", f"EXISTS ({found})")
    theirs = above.theirs.replace("{row}", f'"{name}"')
    return Limit(f"EXISTS ({found})", f"EXISTS ({found} AND {theirs})")


def statements(schema: str) -> str:
    """The SQL that grants and limits everything in a partner's `schema`. Safe to repeat."""
    about = {
        "schema": f'"{schema}"', "app": APP_ROLE, "limited": LIMITED_ROLE,
        "role": f"'{LIMITED_ROLE}'", "setting": f"'{SETTING}'", "name": f"'{schema}'",
    }  # fmt: skip
    texts = [
        "SET CONSTRAINTS ALL IMMEDIATE;",  # a table with keys still to be checked cannot be altered
        "GRANT USAGE ON SCHEMA {schema} TO {limited};",
        "GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA {schema} TO {limited};",
        "REVOKE ALL ON ALL TABLES IN SCHEMA {schema} FROM {limited};",
        REFUSE,
    ]
    found = [text.format(**about) for text in texts]
    for model in partner_models():
        if limit := limit_of(model):
            found += _of_table(model._meta.db_table, limit, about)
    return "".join([*found, "SET CONSTRAINTS ALL DEFERRED;"])


def _of_table(table: str, limit: Limit, about: Mapping[str, str]) -> Iterator[str]:
    names = {**about, "row": f'"{table}"', "table": f'{about["schema"]}."{table}"'}
    if not limit.granted:
        return
    yield f"GRANT {limit.granted} ON {names['table']} TO {LIMITED_ROLE};"
    yield EVERYTHING.format(**names)
    seen, theirs = limit.seen.format(**names), limit.theirs.format(**names)
    if limit.shared and limit.granted == WRITE:
        yield SHARED_STAY.format(**names, column=f'"{limit.shared}"')
    apart = limit.seen != limit.theirs and not limit.shared
    yield (VIEW if apart else ROWS).format(**names, seen=seen, theirs=theirs)


def public_statements() -> str:
    """The SQL that gives the limited role what it needs of the platform's schema, and nothing else."""
    read, write = (
        ", ".join(f'public."{table}"' for table in found)
        for found in (tables.PUBLIC_READ, tables.PUBLIC_WRITE)
    )
    return f"""GRANT USAGE ON SCHEMA public TO {LIMITED_ROLE};
        REVOKE ALL ON ALL TABLES IN SCHEMA public FROM {LIMITED_ROLE};
        GRANT {READ} ON {read} TO {LIMITED_ROLE}; GRANT {WRITE} ON {write} TO {LIMITED_ROLE};
        GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO {LIMITED_ROLE};"""
