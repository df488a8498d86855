"""What the database itself refuses, whatever a page might ask by mistake."""

import pytest
from django.apps import apps
from django.db import ProgrammingError, connection, models, transaction
from django_tenants.utils import schema_context

from integrations.models import Message
from portal.customers.models import Customer
from portal.env import CUSTOMER_ROLE
from portal.tenants.rows import callable_functions, limited_to_customer, readable_models

pytestmark = [pytest.mark.db, pytest.mark.long]

READABLE = {"billing_account", "billing_invoice", "billing_usagefact", "customers_customer", "integrations_record", "integrations_recordevent",
            "integrations_reservation", "integrations_resource", "integrations_toldpayment",
            "monitoring_notificationchoice",
            "monitoring_casequestion", "monitoring_exceptioncase", "monitoring_statement",
            "monitoring_statementadjustment", "monitoring_statementevent",
            "monitoring_statementevidence", "webhooks_webhookevent",
            "support_consent", "support_ledgerentry", "support_supportaccess"}  # fmt: skip
CALLABLE = ["own_agreed_time", "own_case_notes", "own_colleagues", "own_held_orders",
            "own_invitations", "own_motion",
            "own_promise_days", "own_promise_windows"]  # fmt: skip


def tables(schema: str) -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = %s ORDER BY 1", [schema])
        return [row[0] for row in cursor.fetchall()]


def rows_of(table: str, schema: str) -> list[str] | None:
    """Every row as text; None when the database refuses the table."""
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(f'SELECT t::text FROM "{schema}"."{table}" AS t')
            return [row[0] for row in cursor.fetchall()]
    except ProgrammingError as error:
        if "permission denied" not in str(error):
            raise
        return None


def said(mark: str, text: str) -> bool:
    """Whether a mark stands in rows as text, or in their bytes, which PostgreSQL shows in hex."""
    return mark in text or mark.encode().hex() in text


def refused(statement: str) -> bool:
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)
    except ProgrammingError as error:
        return "permission denied" in str(error)
    return False


def test_a_customer_reads_these_tables_and_of_them_only_their_rows(planted):
    own, other = planted["kestrel", "harbor"], planted["kestrel", "maris"]
    with schema_context("kestrel"):
        everything = tables("kestrel")
        with limited_to_customer(own.customer_id):
            found = {table: rows_of(table, "kestrel") for table in everything}
    assert len(everything) > 25
    assert {table for table, rows in found.items() if rows is not None} == READABLE
    for table in READABLE:
        text = "\n".join(found[table]).lower()
        assert said(own.mark, text), table
        assert not said(other.mark, text), table


def test_a_customer_writes_nothing_anywhere(planted):
    own = planted["kestrel", "harbor"]
    allowed = []
    with schema_context("kestrel"):
        everything = tables("kestrel")
        with limited_to_customer(own.customer_id):
            for table in everything:
                column = columns(table)[0]
                for statement in (
                    f'INSERT INTO kestrel."{table}" DEFAULT VALUES',
                    f'UPDATE kestrel."{table}" SET "{column}" = "{column}"',
                    f'DELETE FROM kestrel."{table}"',
                    f'TRUNCATE kestrel."{table}"',
                ):
                    if not refused(statement):
                        allowed.append(statement)
    assert allowed == []


def columns(table: str) -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT attname FROM pg_attribute WHERE attrelid = %s::regclass AND attnum > 0"
            " AND NOT attisdropped ORDER BY attnum",
            [f'kestrel."{table}"'],
        )
        return [row[0] for row in cursor.fetchall()]


@pytest.mark.parametrize("schema", ["aurora", "public"])
def test_a_customer_reads_no_row_of_another_schema(planted, schema):
    own = planted["kestrel", "harbor"]
    numbered_alike = planted["aurora", "harbor"]
    with schema_context("aurora"):
        # The same number at the other partner: only the schema tells the two apart.
        Customer.objects.filter(pk=numbered_alike.customer_id).update(name="zqsamenumber")
        assert rows_of("customers_customer", "aurora")
    with schema_context("kestrel"):
        everything = tables(schema)
        for customer_id in (own.customer_id, numbered_alike.customer_id):
            with limited_to_customer(customer_id):
                found = {table: rows_of(table, schema) for table in everything}
            assert {table: rows for table, rows in found.items() if rows} == {}


def test_without_a_customer_the_role_sees_no_row(planted):
    with schema_context("kestrel"), limited_to_customer(0):
        assert all(rows_of(table, "kestrel") == [] for table in READABLE)


def test_the_limit_ends_with_its_block(planted):
    with schema_context("kestrel"):
        with limited_to_customer(planted["kestrel", "harbor"].customer_id):
            pass
        with connection.cursor() as cursor:
            cursor.execute("SELECT current_user")
            assert cursor.fetchone()[0] != CUSTOMER_ROLE
        assert Customer.objects.count() == 2


def test_the_application_owns_no_table(planted):
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_user")
        (role,) = cursor.fetchone()
        cursor.execute("SELECT count(*) FROM pg_tables WHERE tableowner = %s", [role])
        assert cursor.fetchone()[0] == 0


def test_what_customers_may_read_is_named_by_the_models():
    assert {model._meta.db_table for model in readable_models()} == READABLE


def own_held(schema):
    with connection.cursor() as cursor:
        cursor.execute(f'SELECT t::text FROM "{schema}".own_held_orders() AS t')
        return [row[0] for row in cursor.fetchall()]


def hold_unknown(planted):
    """A held order that is in nobody's hub, for everyone."""
    for one in planted.values():
        with schema_context(one.schema):
            Message.objects.filter(pk=one.message_id).update(business_key=f"shop/{one.mark}")


def test_a_customer_is_told_of_its_own_held_orders_and_of_nobody_elses(planted):
    hold_unknown(planted)
    own, other = planted["kestrel", "harbor"], planted["kestrel", "maris"]
    with schema_context("kestrel"), limited_to_customer(own.customer_id):
        (told,) = own_held("kestrel")
    assert own.mark in told
    assert other.mark not in told
    with schema_context("kestrel"), limited_to_customer(other.customer_id):
        (told,) = own_held("kestrel")
    assert other.mark in told


def test_held_orders_of_another_schema_or_of_no_customer_are_told_to_nobody(planted):
    hold_unknown(planted)
    with schema_context("kestrel"):
        with limited_to_customer(planted["aurora", "harbor"].customer_id):
            assert own_held("aurora") == []
        with limited_to_customer(0):
            assert own_held("kestrel") == []


def test_what_is_told_of_a_held_order_is_these_columns(planted):
    hold_unknown(planted)
    own = planted["kestrel", "harbor"]
    with (
        schema_context("kestrel"),
        limited_to_customer(own.customer_id),
        connection.cursor() as cursor,
    ):
        cursor.execute("SELECT * FROM own_held_orders()")
        assert [column.name for column in cursor.description] == [
            "customer_id", "id", "business_key", "came_at", "amount", "currency",
        ]  # fmt: skip


def own_notes(schema):
    with connection.cursor() as cursor:
        cursor.execute(f'SELECT t::text FROM "{schema}".own_case_notes() AS t')
        return [row[0] for row in cursor.fetchall()]


def test_a_customer_is_told_what_was_written_for_them_and_nothing_else(planted):
    own, other = planted["kestrel", "harbor"], planted["kestrel", "maris"]
    with schema_context("kestrel"), limited_to_customer(own.customer_id):
        (told,) = own_notes("kestrel")
    assert f"For them: {own.mark}" in told
    with schema_context("kestrel"), limited_to_customer(other.customer_id):
        (told,) = own_notes("kestrel")
    assert f"For them: {other.mark}" in told


def test_what_was_written_for_another_schemas_customer_or_for_none_is_told_to_nobody(planted):
    with schema_context("kestrel"):
        with limited_to_customer(planted["aurora", "harbor"].customer_id):
            assert own_notes("aurora") == []
        with limited_to_customer(0):
            assert own_notes("kestrel") == []


def test_what_is_told_of_a_case_is_these_columns(planted):
    with (
        schema_context("kestrel"),
        limited_to_customer(planted["kestrel", "harbor"].customer_id),
        connection.cursor() as cursor,
    ):
        cursor.execute("SELECT * FROM own_case_notes()")
        assert [column.name for column in cursor.description] == [
            "customer_id", "case_number", "at", "text",
        ]  # fmt: skip


def test_a_customer_may_call_a_few_functions_of_ours(planted):
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT p.proname FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace"
            " WHERE n.nspname = 'kestrel' AND p.prosecdef"
            " AND has_function_privilege(%s, p.oid, 'EXECUTE')",
            [CUSTOMER_ROLE],
        )
        assert sorted(row[0] for row in cursor.fetchall()) == CALLABLE
    assert sorted(function.name for function in callable_functions()) == CALLABLE


PROMISES = {
    "own_promise_windows": ["customer_id", "objective_id", "sli", "content", "begins", "ends"],
    "own_promise_days": ["customer_id", "objective_id", "day", "remark"],
    "own_agreed_time": ["customer_id", "sli", "kind", "text", "begins_at", "ends_at", "recurs"],
}
FIGURES = ["total", "planned", "allowed", "missed_us", "missed_customer", "missed_third_party", "used",
           "share", "pending", "percentile", "slowest", "excused_minutes", "causes", "measured_at"]  # fmt: skip


@pytest.mark.parametrize("function", PROMISES)
def test_a_customer_reads_their_own_promises_and_nobody_elses(planted, function):
    own, other = planted["kestrel", "harbor"], planted["kestrel", "maris"]
    with (
        schema_context("kestrel"),
        limited_to_customer(own.customer_id),
        connection.cursor() as cursor,
    ):
        cursor.execute(f"SELECT * FROM {function}()")
        names = [column.name for column in cursor.description]
        text = str(cursor.fetchall()).lower()
    figures = [] if function == "own_agreed_time" else FIGURES
    assert names == PROMISES[function] + figures
    assert own.mark in text
    assert other.mark not in text
    assert "works" not in text or text.count("works") == 1  # of three times, the one agreed on


@pytest.mark.parametrize("function", PROMISES)
def test_promises_of_another_schema_or_of_no_customer_are_told_to_nobody(planted, function):
    with schema_context("kestrel"):
        with limited_to_customer(0), connection.cursor() as cursor:
            cursor.execute(f"SELECT * FROM {function}()")
            assert cursor.fetchall() == []
        with (
            limited_to_customer(planted["kestrel", "harbor"].customer_id),
            connection.cursor() as cursor,
        ):
            cursor.execute("SELECT set_config(%s, %s, false)", ["crossdock.customer", "aurora/1"])
            cursor.execute(f"SELECT * FROM {function}()")
            assert cursor.fetchall() == []


def test_no_foreign_key_crosses_schemas():
    """What lives in public only is never referred to from a partner's schema."""
    public = {"tenants", "jobs", "django_q", "console"}
    crossing = [
        f"{model.__name__}.{field.name}"
        for model in apps.get_models()
        for field in model._meta.get_fields()
        if isinstance(field, models.ForeignKey)
        and field.related_model is not None
        and (field.related_model._meta.app_label in public) != (model._meta.app_label in public)
    ]
    assert crossing == []


TEXTS = (models.CharField, models.TextField, models.JSONField)
FIXED = {"slug", "connector", "object_type", "direction", "latency", "level", "currency",
         "time_zone", "code", "state", "default", "content_type", "functional_id", "action",
         "acknowledgement", "from_state", "to_state", "channel", "extensions", "pickup",
         "cutoff_kind", "remedy", "purpose", "schedule", "profile", "rhythm", "lag", "period", "hash",
         "previous", "key", "signature", "sli", "tier", "recurs",
         "burning", "language"}  # fmt: skip


def test_every_text_of_a_customer_was_planted(planted):
    """A field that nobody planted could leak unseen; a new one must be planted or be a fixed word."""
    bare = []
    with schema_context("kestrel"):
        for model in apps.get_models():
            if model._meta.app_label not in ("integrations", "monitoring", "customers"):
                continue
            for field in model._meta.concrete_fields:
                if not isinstance(field, TEXTS) or field.name in FIXED or field.choices:
                    continue
                values = " ".join(map(str, model.objects.values_list(field.name, flat=True)))
                if "zqkestrel" not in values.lower() and "breaker" not in field.name:
                    bare.append(f"{model.__name__}.{field.name}")

    assert bare == []
