"""An audit trail with a few entries, and somebody who may write past the application."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from django.db import connection

from portal.audit import who
from portal.audit.who import Who
from portal.customers.models import Customer


@contextmanager
def owner() -> Iterator:
    """As whoever owns the tables: triggers and grants hold nobody up."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('role')")
        role = cursor.fetchone()[0]
        cursor.execute("RESET ROLE")
        cursor.execute("SET ROLE crossdock_owner")
        try:
            yield cursor
        finally:
            cursor.execute(f"SET ROLE {role}")


@pytest.fixture
def trail(kestrel):
    """Five entries beside those that the site began with: two customers' and the house's."""
    with who.acting(Who("Ana Ruiz", "Hanna Berg", "the order of Tuesday")):
        harbor = Customer.objects.get(pk=kestrel.harbor)
        harbor.name = "Harbor & Sons"
        harbor.save()
        Customer.objects.create(slug="pier", name="Pier Nine")
    return kestrel
