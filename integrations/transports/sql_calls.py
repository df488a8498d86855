"""Procedures of SQL Server and Oracle, whose answers have to be read to their end."""

import re
from typing import Any, Final

from sqlalchemy import Connection, TextClause
from sqlalchemy.exc import DBAPIError

_CALL: Final = {
    "mssql": re.compile(r"\s*EXEC(?:UTE)?\s", re.IGNORECASE),
    "oracle": re.compile(r"\s*(?:BEGIN|DECLARE|CALL)\s", re.IGNORECASE),
}


def is_call(statement: str, dialect: str) -> bool:
    """Whether it calls something whose count of rows means nothing."""
    found = _CALL.get(dialect)
    return found is not None and found.match(statement) is not None


def run_to_the_end(connection: Connection, clause: TextClause) -> list[dict[str, Any]]:
    """Run a batch of SQL Server and go through all it answers; the rows of the first answer that has some.

    What a procedure raises behind its first INSERT or SELECT comes with a later answer: whoever reads
    only the first one takes a refusal for a success. The errors are the driver's.
    """
    compiled = clause.compile(dialect=connection.dialect)
    values = compiled.params
    cursor = connection.connection.cursor()
    try:
        cursor.execute(str(compiled), [values[name] for name in compiled.positiontup or ()])
        found: list[dict[str, Any]] = []
        while True:
            if cursor.description is not None:
                names = [one[0] for one in cursor.description]
                rows = [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
                found = found or rows
            if not cursor.nextset():  # type: ignore[attr-defined]  # pyodbc's has it
                return found
    finally:
        cursor.close()


def wrapped(connection: Connection, clause: TextClause, error: Exception) -> DBAPIError:
    """An error of the driver as SQLAlchemy raises those of its own statements. A lost connection is used no
    more."""
    dialect = connection.dialect
    is_lost = bool(dialect.is_disconnect(error, None, None))  # type: ignore[arg-type]
    if is_lost:
        connection.invalidate(error)
    return DBAPIError(str(clause), None, error, connection_invalidated=is_lost)
