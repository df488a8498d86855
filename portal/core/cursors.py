"""A cursor for documents: their bytes go to the database as they are."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import psycopg
from django.db import connection
from django.db.backends.utils import CursorWrapper


@contextmanager
def binary_cursor() -> Iterator[CursorWrapper]:
    """A cursor of the current connection that takes `%b`: a value in PostgreSQL's own binary form.

    Django's cursor writes every value into the statement as text. For an array of documents that costs
    forty times the processor time here, and as much again where the text is read.
    """
    with connection.cursor():  # it points the session at the partner's schema
        bare: Any = psycopg.Cursor(connection.connection)
    wrapped = connection.make_debug_cursor if connection.queries_logged else connection.make_cursor
    with wrapped(bare) as cursor:
        yield cursor
