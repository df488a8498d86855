"""Tables of text as files: CSV and XLSX, read and written."""

from integrations.formats.table_cells import MOST_BYTES, Table, TableError
from integrations.formats.table_csv import read_csv, write_csv
from integrations.formats.table_xlsx import read_xlsx, write_xlsx

__all__ = ["Table", "TableError", "read_table", "write_csv", "write_xlsx"]

_ZIP, _OLD_EXCEL = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"


def read_table(data: bytes, filename: str) -> Table:
    """The table in a file; what it is shows in its first bytes, and `filename` only names it.

    TableError, with the row where there is one, for a file that is none or too large: more than 5 MB,
    200,000 rows or 50 columns.
    """
    if len(data) > MOST_BYTES:
        raise TableError(f"{filename} is larger than 5 MB. Import it in parts.")
    if data.startswith(_OLD_EXCEL):
        raise TableError(
            f"{filename} is an old Excel file or has a password. Save it as .xlsx without one."
        )
    return read_xlsx(data) if data.startswith(_ZIP) else read_csv(data)
