"""What the database itself refuses to change."""

import pytest
from django.db import connection

from tests.people import Site

pytestmark = pytest.mark.db


def test_tables_are_on_both_sides_and_only_partners_meter_messages(kestrel: Site) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT table_schema FROM information_schema.tables WHERE table_name = 'billing_usagefact'"
            " AND table_schema IN ('public', 'kestrel') ORDER BY 1"
        )
        assert cursor.fetchall() == [("kestrel",), ("public",)]
        cursor.execute(
            "SELECT DISTINCT trigger_schema FROM information_schema.triggers"
            " WHERE trigger_name = 'note_to_meter' ORDER BY 1"
        )
        assert cursor.fetchall() == [("aurora",), ("kestrel",)]
