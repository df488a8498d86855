"""The database's tables, views and procedures, read and written one row or page at a time."""

from typing import Any, Final

from integrations.resources.relations import (
    Procedure,
    Reading,
    Relation,
    RowRefusedError,
    Writing,
    Written,
)
from integrations.transports import sql_relations, sql_rows
from integrations.transports.sql import Database, Transaction
from integrations.transports.sql_errors import SqlRefusal
from portal.core.errors import Permanent

SECONDS: Final = 10  # somebody waits for the answer
# What is published is read in a transaction that cannot write, and tried against each of the other databases.
_NOT_PUBLISHED: Final = frozenset({"mssql", "oracle"})


class Relations:
    """Safe from any thread."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def all(self) -> list[Relation]:
        with self._reading() as transaction:
            return sql_relations.relations(transaction)

    def one(self, name: str) -> Relation | None:
        with self._reading() as transaction:
            return sql_relations.relation(transaction, name)

    def procedures(self) -> list[Procedure]:
        with self._reading() as transaction:
            return sql_relations.procedures(transaction)

    def read(self, reading: Reading) -> list[dict[str, Any]]:
        try:
            with self._reading() as transaction:
                return sql_rows.read(transaction, reading)
        except SqlRefusal as refusal:
            raise RowRefusedError(refusal.words) from refusal

    def write(self, writing: Writing) -> Written:
        self._must_be_published()
        try:
            with self._database.transaction() as transaction:
                return _write(transaction, writing)
        except SqlRefusal as refusal:
            # Somebody else may have been quicker: then what is there is the answer.
            if rows := self.read(writing.look_up):
                return Written(rows[0], is_new=False)
            raise RowRefusedError(refusal.words) from refusal

    def _must_be_published(self) -> None:
        if self._database.dialect in _NOT_PUBLISHED:
            text = "Tables of SQL Server and Oracle are not published; their documents are read and written."
            raise Permanent(text, code="not_supported")

    def _reading(self) -> Any:
        self._must_be_published()
        return self._database.reading(seconds=SECONDS)


def _write(transaction: Transaction, writing: Writing) -> Written:
    if rows := sql_rows.read(transaction, writing.look_up):
        return Written(rows[0], is_new=False)
    if writing.procedure:
        sql_rows.call(transaction, _procedure(transaction, writing.procedure), writing.values)
    else:
        sql_rows.add(transaction, writing.relation, writing.values)
    rows = sql_rows.read(transaction, writing.look_up)
    if not rows:
        raise RowRefusedError("It was taken, but no such row is there: nothing was kept.")
    return Written(rows[0], is_new=True)


def _procedure(transaction: Transaction, name: str) -> Procedure:
    for one in sql_relations.procedures(transaction):
        if one.name == name:
            return one
    raise RowRefusedError(f"There is no procedure {name} any more that the login may call.")
