"""Rows of crosswalks: adding, changing, removing one."""

from integrations.models import LookupRow, LookupTable


def put(table: LookupTable, code: str, value: str, *, by: str) -> LookupRow:
    """Say what `code` means from now on. A code that has a row gets the new value."""
    row = LookupRow.objects.filter(table=table, code=code).first() or LookupRow(
        table=table, code=code
    )
    row.value, row.added_by = value, by[:80]
    row.save()
    return row


def remove(row: LookupRow) -> None:
    """The code means nothing any more; the table's default decides."""
    row.delete()
