"""SQL databases of other systems: a pool per endpoint, bound parameters, errors by recovery."""

import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any, Final, NamedTuple

from sqlalchemy import (
    URL,
    Connection,
    CursorResult,
    Engine,
    Executable,
    Inspector,
    TextClause,
    bindparam,
    create_engine,
    event,
    inspect,
    make_url,
    text,
)
from sqlalchemy.exc import ArgumentError, DBAPIError, NoSuchModuleError, StatementError
from sqlalchemy.types import NullType, Text, TypeEngine

from integrations.transports import sql_calls, sql_drivers, sql_guard
from integrations.transports.sql_errors import judge
from portal.core import guard
from portal.core.errors import NeedsCredentials
from portal.core.secrets import Secret

CONNECT_SECONDS: Final = 15
STATEMENT_SECONDS: Final = 30
_POOL_SECONDS: Final = 600
_LAST_PORT: Final = 65535
_LONGEST_ORACLE_TEXT: Final = 4000  # characters, whatever they take in bytes
_POSTGRESQL_OPTIONS: Final = (
    f"-c statement_timeout={STATEMENT_SECONDS * 1000} -c lock_timeout=10000 -c timezone=UTC"
)


class Result(NamedTuple):
    """A statement's rows by column name, and how many rows it changed (-1: unknown)."""

    rows: list[dict[str, Any]]
    changed: int


class Place(NamedTuple):
    """A server's host and port, or what it is on this machine: a database's file, or the folder of a
    server's socket. A database in memory is nowhere."""

    host: str = ""
    port: int = 0
    file: str | None = None
    socket: str | None = None


class Transaction:
    """An open transaction. Values are only ever bound, never put into the text."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def run(self, statement: str, values: Mapping[str, Any]) -> Result:
        """One statement with `:name` parameters; no value is NULL, a list goes after IN.

        Raises SqlRefusal when the database refuses it, the recovery errors for all else.
        """
        try:
            clause = text(statement)
            # Without a type of ours the database converts: text into its dates, numbers and JSON.
            clause = clause.bindparams(
                *(
                    bindparam(
                        name,
                        values.get(name),
                        type_=_type_of(values.get(name), self.dialect),
                        expanding=isinstance(values.get(name), list),
                    )
                    for name in clause._bindparams
                )
            )
        except StatementError as error:
            raise judge(error) from error
        if not sql_calls.is_call(statement, self.dialect):
            found, rows = self._execute(clause)
            return Result(rows, found.rowcount)
        rows = self._call(clause) if self.dialect == "mssql" else self._execute(clause)[1]
        return Result(rows, -1)

    def fetch(self, statement: Executable) -> list[dict[str, Any]]:
        """The rows of a statement that SQLAlchemy writes. Errors as of `run`."""
        return self._execute(statement)[1]

    @property
    def dialect(self) -> str:
        """postgresql, mysql, mariadb, mssql, oracle or sqlite."""
        return self._connection.dialect.name

    def quote(self, name: str) -> str:
        """A name as it stands in a statement."""
        return self._connection.dialect.identifier_preparer.quote_identifier(name)

    @contextmanager
    def read_only(self, *, seconds: int) -> Iterator[None]:
        """Nothing can be written inside, before anything else was said in the transaction."""
        with sql_guard.read_only(self._connection, seconds=seconds):
            yield

    def inspector(self) -> Inspector:
        """What tells of tables and views. What it raises is SQLAlchemy's: see `sql_relations`."""
        return inspect(self._connection)

    def _call(self, clause: TextClause) -> list[dict[str, Any]]:
        try:
            return sql_calls.run_to_the_end(self._connection, clause)
        except self._connection.dialect.loaded_dbapi.Error as error:
            raise judge(sql_calls.wrapped(self._connection, clause, error)) from error

    def _execute(self, statement: Executable) -> tuple[CursorResult[Any], list[dict[str, Any]]]:
        try:
            found = self._connection.execute(statement)
            rows = [dict(row) for row in found.mappings()] if found.returns_rows else []
        except (DBAPIError, StatementError) as error:
            raise judge(error) from error
        return found, rows


def _type_of(value: Any, dialect: str) -> TypeEngine[Any]:
    """None, but for a text that Oracle takes as a CLOB only: its procedures want whole documents."""
    is_long = dialect == "oracle" and isinstance(value, str) and len(value) > _LONGEST_ORACLE_TEXT
    return Text() if is_long else NullType()


class Database:
    """One database with its login. Safe from any thread."""

    def __init__(self, url: str, *, password: Secret | None = None, connections: int = 4) -> None:
        self._password = password
        self._url = checked(url)
        sql_drivers.must_be_installed(self._url)
        self._engine = self._make_engine(connections)

    def __repr__(self) -> str:
        return f"Database({self._url.render_as_string()})"

    @property
    def dialect(self) -> str:
        """postgresql, mysql, mariadb, mssql, oracle or sqlite."""
        return self._engine.dialect.name

    @property
    def place(self) -> Place:
        """Where it is, for a look before the first connection."""
        backend = self._url.get_backend_name()
        if backend == "sqlite":
            return Place(file=self._url.database or "")
        if self._is_here():
            return Place(socket=host_of(self._url))
        port = self._url.port or self._url.query.get("port") or sql_drivers.PORTS[backend]
        return Place(host=host_of(self._url), port=int(str(port)))

    @contextmanager
    def transaction(self) -> Iterator[Transaction]:
        """A transaction that is committed at the end and rolled back by any error."""
        try:
            connection = self._engine.connect()
        except DBAPIError as error:
            raise judge(error) from error
        with connection:
            yield Transaction(connection)
            try:
                connection.commit()
            except DBAPIError as error:
                raise judge(error) from error

    @contextmanager
    def reading(self, *, seconds: int) -> Iterator[Transaction]:
        """A transaction in which nothing can be written, and no statement runs longer than that."""
        with self.transaction() as transaction, transaction.read_only(seconds=seconds):
            yield transaction

    def rows(self, statement: str, values: Mapping[str, Any]) -> list[dict[str, Any]]:
        """The rows of one statement in a transaction of its own."""
        with self.transaction() as transaction:
            return transaction.run(statement, values).rows

    def close(self) -> None:
        """Close the idle connections; busy ones end with their transaction."""
        self._engine.dispose()

    def _make_engine(self, connections: int) -> Engine:
        pool: dict[str, Any] = {}
        if self._url.get_backend_name() != "sqlite" or self._url.database:
            pool = {"pool_size": max(1, connections), "max_overflow": 1, "pool_timeout": 30}
        try:
            engine = create_engine(
                self._url, pool_pre_ping=True, pool_recycle=_POOL_SECONDS, **pool
            )
        except (NoSuchModuleError, ModuleNotFoundError) as error:
            raise NeedsCredentials(
                f"The driver for {self._url.drivername} is not installed.", code="bad_address"
            ) from error
        event.listen(engine, "do_connect", self._prepare)
        if self._url.get_backend_name() == "sqlite":
            event.listen(engine, "connect", _keep_to_its_file)
        if begin := sql_drivers.SESSIONS.get(self._url.get_backend_name()):
            event.listen(engine, "connect", lambda made, _: begin(made, STATEMENT_SECONDS))
        return engine

    def _prepare(self, dialect: Any, record: Any, places: Any, named: dict[str, Any]) -> None:
        """Complete the driver's arguments just before it connects."""
        backend = self._url.get_backend_name()
        addresses = () if self._is_here() else guard.permitted_addresses(host_of(self._url))
        if on_this_machine := self.place.file or self.place.socket:
            guard.must_permit_file(on_this_machine)
        if backend == "sqlite":
            named["timeout"] = STATEMENT_SECONDS
            return
        password = self._password.reveal() if self._password else ""
        if backend in sql_drivers.EXTRAS:
            way = sql_drivers.Way(host_of(self._url), addresses[0], password, CONNECT_SECONDS)
            places.clear()
            named.clear()
            if backend == "mssql":
                places.append(sql_drivers.odbc_string(self._url, way))
            else:
                named |= sql_drivers.oracle_arguments(self._url, way)
            return
        if password:
            named["password"] = password
        if backend == "postgresql":
            named |= {"connect_timeout": CONNECT_SECONDS, "options": _POSTGRESQL_OPTIONS}
            named["tcp_user_timeout"] = STATEMENT_SECONDS * 1000
            if not self._is_here():
                # The name stays for the certificate, the connection goes to a judged address.
                named["host"] = ",".join([host_of(self._url)] * len(addresses))
                named["hostaddr"] = ",".join(addresses)
        else:
            named["host"] = addresses[0]
            named |= {"connect_timeout": CONNECT_SECONDS, "read_timeout": STATEMENT_SECONDS}

    def _is_here(self) -> bool:
        return self._url.get_backend_name() == "sqlite" or host_of(self._url).startswith("/")


def _keep_to_its_file(connection: sqlite3.Connection, _: Any) -> None:
    """Statements come from people: none of them opens or writes another file (ATTACH, VACUUM INTO)."""

    def judge_action(action: int, *_: str | None) -> int:
        return sqlite3.SQLITE_DENY if action == sqlite3.SQLITE_ATTACH else sqlite3.SQLITE_OK

    connection.set_authorizer(judge_action)


def host_of(url: URL) -> str:
    """The host, or the folder of a socket."""
    found = url.query.get("host", "")
    return url.host or (found if isinstance(found, str) else "") or "localhost"


def checked(address: str) -> URL:
    """A database address as its parts. NeedsCredentials (`bad_address`) for an unfit one."""
    try:
        url = make_url(address)
    except (ArgumentError, ValueError):
        raise _bad_address(
            "It is no database address such as postgresql://user@host/name."
        ) from None
    if url.password is not None:
        raise _bad_address("It holds a password; enter that in its own field.")
    if url.drivername not in sql_drivers.DRIVERS:
        known = ", ".join(sorted(sql_drivers.DRIVERS))
        raise _bad_address(f"{url.drivername} is not one of {known}.")
    if strange := sql_drivers.strange_option(url):
        raise _bad_address(strange)
    host = url.query.get("host", "")
    if not isinstance(host, str) or "," in host_of(url):
        raise _bad_address("It names more than one host.")
    if not _is_port(url.port if url.port is not None else url.query.get("port", "1")):
        raise _bad_address(f"Its port is no number from 1 to {_LAST_PORT}.")
    if url.get_backend_name() not in ("postgresql", "sqlite") and host_of(url).startswith("/"):
        raise _bad_address("Of this database only a server can be named, not its socket.")
    return url.set(drivername=sql_drivers.DRIVERS[url.drivername])


def _is_port(told: object) -> bool:
    """An address may name its port behind its host, or once among its options."""
    text = str(told)
    return text.isascii() and text.isdigit() and len(text) < 6 and 0 < int(text) <= _LAST_PORT


def _bad_address(why: str) -> NeedsCredentials:
    return NeedsCredentials(f"The database address cannot be used. {why}", code="bad_address")
