"""That limits stand on every table costs the application nothing: its plans are what they were without."""

import psycopg
import pytest
from django.db import connection, transaction

from integrations.domain import deliver, receive
from portal.env import APP_ROLE
from portal.tenants.limited import partner_models
from tests import pipeline
from tests.integrations.test_pipeline import sink
from tests.pages.scenery import business, page

__all__ = ["sink"]

pytestmark = pytest.mark.db

_VERBS = ("select", "with", "insert", "update", "delete")


def asked_by(work) -> list[tuple[str, object]]:
    """Every statement that `work` asks of the database, once each, with values it was asked with."""
    found: dict[str, object] = {}

    def note(execute, statement, values, many, context):
        text = statement if isinstance(statement, str) else statement.as_string(None)
        if text.lstrip().lower().startswith(_VERBS) and not many and "set_config" not in text:
            found.setdefault(text, values)
        return execute(statement, values, many, context)

    with connection.execute_wrapper(note):
        work()
    return list(found.items())


def plans(statements) -> dict[str, str]:
    """By statement its plan, where no table is too small for an index."""
    told = {}
    bare = connection.connection
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
    for text, values in statements:
        kind = psycopg.Cursor if "%b" in text else psycopg.ClientCursor
        with kind(bare) as cursor:
            cursor.execute(f"EXPLAIN (COSTS OFF) {text}", values)
            told[text] = "\n".join(row[0] for row in cursor.fetchall())
    return told


def without_limits() -> None:
    """As the tables were before: no row security on any."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SELECT set_config('role', 'none', false)")
        for model in partner_models():
            cursor.execute(f'ALTER TABLE "{model._meta.db_table}" DISABLE ROW LEVEL SECURITY')
        cursor.execute("SELECT set_config('role', %s, false)", [APP_ROLE])


def differing(asked) -> dict[str, tuple[str, str]]:
    """Statements whose plan is another without limits: (with, without). The limits stand again afterwards."""
    limited = plans(asked)
    with transaction.atomic():
        without_limits()
        free = plans(asked)
        transaction.set_rollback(True)
    return {text: (limited[text], free[text]) for text in free if limited[text] != free[text]}


def work_through(kestrel, sink, operator) -> None:
    """Orders come in, go to the hub, out to the ERP; one is held; people look at desk, orders and overview."""
    place = business(kestrel.harbor)
    place.erp.settings = {"url": sink.url}
    place.erp.save()
    pipeline.store(place.shop, *[pipeline.order(f"10{n}") for n in range(5)], {"number": "broken"})
    receive.receive(kestrel.harbor)
    deliver.deliver(place.erp.pk)
    for address in ("/desk/", "/desk/?q=1001", "/orders/", "/orders/?q=1001"):
        page(operator.get(address))


def test_plans_of_the_application_are_the_same_with_limits_and_without(kestrel, sink, operator):
    asked = asked_by(lambda: work_through(kestrel, sink, operator))
    assert len(asked) > 60
    assert sum("integrations_message" in text for text, _ in asked) > 15
    odd = differing(asked)
    # Once more: the database may have counted its tables anew between the two plans.
    odd = differing([one for one in asked if one[0] in odd])
    told = "\n\n".join(f"{t}\n{a}\n--\n{b}" for t, (a, b) in odd.items())
    # On a table with limits PostgreSQL asks no statistics of values for an operator that might leak them. What
    # it then guesses may make another plan than what it knows; an index it takes all the same.
    assert all("@>" in text and "Seq Scan" not in plan for text, (plan, _) in odd.items()), told
