"""The ledger is added to only, and whatever is done to it is seen by the customer."""

import pytest
from django.db import DatabaseError, connection, transaction

from portal.support.domain import deciding, ledger, states
from portal.support.models import LedgerEntry
from portal.tenants.rows import limited_to_customer
from tests.audit.conftest import owner
from tests.support.conftest import ask

pytestmark = pytest.mark.db


@pytest.fixture
def rows(house):
    access = ask(house)
    deciding.grant(house.hanna, access.pk)
    states.begin(access)
    states.end(access, how="enough")
    return list(LedgerEntry.objects.order_by("number"))


@pytest.mark.parametrize(
    "verb", ["UPDATE support_ledgerentry SET at = now()", "DELETE FROM support_ledgerentry"]
)
def test_the_application_cannot_change_it(rows, verb):
    with (
        pytest.raises(DatabaseError, match="added to, never changed"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(verb)


@pytest.mark.parametrize(
    ("change", "number", "said"),
    [
        ('UPDATE {} SET said = said || \'{{"why": "x"}}\' WHERE number = 2', 2, "was changed"),
        ("UPDATE {} SET at = at + interval '1 hour' WHERE number = 3", 3, "was changed"),
        ("UPDATE {} SET kind = 'refused' WHERE number = 2", 2, "was changed"),
        ("DELETE FROM {} WHERE number = 2", 2, "is missing"),
        ("DELETE FROM {} WHERE number = 1", 1, "is missing"),
        ("UPDATE {} SET number = number + 10 WHERE number = 4", 4, "is missing"),
    ],
)
def test_what_the_owner_of_the_table_does_is_seen(house, rows, change, number, said):
    assert ledger.check(house.site.harbor).flaw is None
    with owner() as cursor:
        cursor.execute(change.format("kestrel.support_ledgerentry"))
    flaw = ledger.check(house.site.harbor).flaw
    assert flaw.number == number
    assert said in flaw.sentence


def test_a_customer_reads_its_own_rows_by_the_database_itself(house, rows):
    seen = {}
    for customer_id in (house.site.harbor, house.site.maris):
        with limited_to_customer(customer_id), connection.cursor() as cursor:
            for table in ("ledgerentry", "supportaccess", "consent"):
                cursor.execute(f"SELECT count(*) FROM support_{table}")
                seen[customer_id, table] = cursor.fetchone()[0]
    assert seen[house.site.harbor, "ledgerentry"] == 4
    assert seen[house.site.harbor, "supportaccess"] == 1
    assert {n for (customer, _), n in seen.items() if customer == house.site.maris} == {0}


@pytest.mark.parametrize("table", ["support_handover", "audit_mark", "auditlog_logentry"])
def test_what_is_not_for_customers_is_closed_to_them(house, table):
    with (
        pytest.raises(DatabaseError, match="permission denied"),
        transaction.atomic(),
        limited_to_customer(house.site.harbor),
        connection.cursor() as cursor,
    ):
        cursor.execute(f"SELECT count(*) FROM {table}")
