"""Working as the owner of the tables, for the few verbs that make or end a schema."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection, transaction

from portal.tenants.rows import is_broken


@contextmanager
def as_owner() -> Iterator[None]:
    """One transaction as whoever connected, who owns the tables. The application's role comes back with its
    end, however it ends.

    A login that owns nothing is refused by the database at the first statement that needs it.
    """
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SELECT current_setting('role')")
            (before,) = cursor.fetchone()
            cursor.execute("SELECT set_config('role', session_user, true)")
        try:
            yield
        finally:
            if not is_broken():
                with connection.cursor() as cursor:
                    cursor.execute("SELECT set_config('role', %s, true)", [before])
