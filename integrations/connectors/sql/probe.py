"""The live test of an ERP database: login, what its queries and writes meet, and its clock."""

import os
import re
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any, Final

from integrations.connectors import checks
from integrations.connectors.client import Check
from integrations.connectors.sql import polling, specification
from integrations.transports.reach import is_public, permitted
from integrations.transports.sql import Database, Place
from integrations.transports.sql_errors import SqlRefusal
from portal.core import clock, guard
from portal.core.errors import CrossdockError, NeedsCredentials, Permanent

_HERE_REMEDY: Final = (
    "Enter the address of a database server, or have this file allowed for the installation."
)
_HERE: Final = "Does not apply: the database is on this machine."
_SESSION_TLS: Final = {
    "postgresql": (
        "SELECT CASE WHEN ssl THEN version || ', ' || cipher ELSE '' END AS cipher"
        " FROM pg_stat_ssl WHERE pid = pg_backend_pid()"
    ),
    "mysql": "SELECT variable_value AS cipher FROM performance_schema.session_status"
    " WHERE variable_name = 'Ssl_cipher'",
    "mariadb": "SELECT variable_value AS cipher FROM information_schema.session_status"
    " WHERE variable_name = 'Ssl_cipher'",
    "mssql": "SELECT CASE encrypt_option WHEN 'TRUE' THEN 'TLS' ELSE '' END AS cipher"
    " FROM sys.dm_exec_connections WHERE session_id = @@SPID",
    "oracle": "SELECT CASE sys_context('USERENV', 'NETWORK_PROTOCOL') WHEN 'tcps' THEN 'TLS' END AS cipher"
    " FROM dual",
}
_ONE: Final = {"oracle": "SELECT 1 FROM dual"}
_NOW: Final = {
    "mssql": "SELECT SYSUTCDATETIME() AS at",
    "oracle": "SELECT SYS_EXTRACT_UTC(SYSTIMESTAMP) AS at FROM dual",
    "postgresql": "SELECT now() AS at",
    "mysql": "SELECT utc_timestamp() AS at",
    "mariadb": "SELECT utc_timestamp() AS at",
}
_TLS_OPTION: Final = {"mssql": "encrypt=yes", "oracle": "protocol=tcps"}
_TLS_WORDS: Final = ("ssl", "tls", "certificate")
_CALL: Final = re.compile(
    r"\s*(?:CALL|EXECUTE|EXEC|BEGIN)\s+(?:\[?(\w+)\]?\.)?\[?(\w+)", re.IGNORECASE
)
# EXPLAIN runs nothing; SQL Server has none, and Oracle's writes into a table.
_EXPLAINS: Final = frozenset({"postgresql", "mysql", "mariadb", "sqlite"})
_EXPLAINED: Final = re.compile(r"\s*(?:INSERT|UPDATE|DELETE|SELECT|WITH)\b", re.IGNORECASE)
# Whether a procedure is there, and whether the login may call it.
_MAY_CALL: Final = {
    "postgresql": """
SELECT count(*) AS found, coalesce(bool_or(has_function_privilege(p.oid, 'EXECUTE')), false) AS may
FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace
WHERE p.proname = lower(:name) AND (n.nspname = lower(:schema) OR :schema = '')
""",
    "mssql": """
SELECT CASE WHEN OBJECT_ID(p.named) IS NULL THEN 0 ELSE 1 END AS found,
    HAS_PERMS_BY_NAME(p.named, 'OBJECT', 'EXECUTE') AS may
FROM (SELECT CASE WHEN :schema = '' THEN '' ELSE :schema + '.' END + :name AS named) p
""",
    # Oracle tells of none that the login may not call. In front of a name stands an owner or a package.
    "oracle": """
SELECT count(*) AS found, count(*) AS may FROM all_procedures
WHERE (object_name = upper(:name) AND procedure_name IS NULL AND (:schema IS NULL OR owner = upper(:schema)))
    OR (procedure_name = upper(:name) AND object_name = upper(:schema))
""",
}
_SCOPE_REMEDY: Final = (
    "Correct “What is read” and “What is written”, or have the login granted what is missing."
)


def lines(
    database: Database,
    queries: Mapping[str, specification.Query],
    writes: Mapping[str, specification.Write],
) -> Iterator[Check]:
    """Host, TLS, login, each stream and write, and the database's clock."""
    place = database.place
    host = _host(place)
    yield host
    if not host.passed:
        yield from checks.rest("host")
        return
    try:
        database.rows(_ONE.get(database.dialect, "SELECT 1"), {})
    except (CrossdockError, SqlRefusal) as error:
        yield from _no_session(error, place)
        return
    tls = _tls(database, place)
    yield tls
    if tls.passed is False:
        yield from checks.rest("tls")
        return
    yield checks.passed("key", "The database accepts the login.")
    yield _scope(database, queries, writes)
    yield _clock(database)


def _host(place: Place) -> Check:
    if place.host:
        return checks.host(place.host, place.port)[0]
    if refused := _why_not_here(place):
        return checks.failed("host", refused, _HERE_REMEDY)
    # Opening a file that is not there would make an empty database of it.
    if place.file and not os.path.exists(place.file):
        return checks.failed("host", f"There is no file {place.file}.", "Correct the path.")
    return checks.passed("host", "The database is on this machine.")


def _why_not_here(place: Place) -> str:
    """Why what is on this machine is not opened, in a sentence; blank where it may be."""
    try:
        if path := place.file or place.socket:
            guard.must_permit_file(path)
    except Permanent as error:
        return f"{error}."
    return ""


def _no_session(error: CrossdockError | SqlRefusal, place: Place) -> Iterator[Check]:
    """What a session that did not begin says: of TLS, of the login, or of neither."""
    said = str(error)
    refused = isinstance(error, NeedsCredentials)
    if place.host and not refused and any(word in said.lower() for word in _TLS_WORDS):
        remedy = "Ask for a server that offers TLS with a good certificate, or correct sslmode."
        yield checks.failed("tls", f"{said}.", remedy)
        yield from checks.rest("tls")
        return
    if place.host:
        yield checks.untried("tls", "Not known: the database ended the session before it was told.")
    else:
        yield checks.untried("tls", _HERE)
    remedy = "Check user, password and the database's name, and whether it lets our address in."
    if not refused:
        remedy = "The login could not be tried. Try again in a few minutes."
    yield checks.failed("key", f"{said}.", remedy)
    yield from checks.rest("key")


def _tls(database: Database, place: Place) -> Check:
    if not place.host:
        return checks.untried("tls", _HERE)
    statement = _SESSION_TLS.get(database.dialect)
    try:
        rows = database.rows(statement, {}) if statement else []
    except (CrossdockError, SqlRefusal) as error:
        return checks.untried("tls", f"The database does not tell: {error}.")
    cipher = str(rows[0]["cipher"]) if rows and rows[0]["cipher"] else ""
    if cipher:
        return checks.passed("tls", f"The session is encrypted: {cipher}.")
    if statement and is_public(permitted(place.host)):
        text = "The session is not encrypted, and leads over the internet."
        option = _TLS_OPTION.get(database.dialect, "sslmode=require")
        return checks.failed("tls", text, f"Enter ?{option} behind the database's name.")
    return checks.untried("tls", "Not encrypted: the database lies in a network of our own.")


def _scope(
    database: Database,
    queries: Mapping[str, specification.Query],
    writes: Mapping[str, specification.Write],
) -> Check:
    read = {name: _read_fault(database, query) for name, query in queries.items()}
    written = {name: _write_fault(database, write) for name, write in writes.items()}
    may = [_named("reads", read), _named("writes", written)]
    text = f"It {' and '.join(filter(None, may))}." if any(may) else "Nothing can be done."
    faults = [f"Cannot read {name}: {why}." for name, why in read.items() if why]
    faults += [f"Cannot write {name}: {why}." for name, why in written.items() if why]
    if faults:
        return checks.failed("scope", " ".join([*faults, text]), _SCOPE_REMEDY)
    return checks.passed("scope", text)


def _named(verb: str, faults: Mapping[str, str]) -> str:
    good = [name for name, fault in faults.items() if not fault]
    return f"{verb} {', '.join(good)}" if good else ""


def _read_fault(database: Database, query: specification.Query) -> str:
    values = polling.Position.of({}, query).values(overlap=0, limit=1)
    fault = _fault(database, query.select, values)
    return fault or (_fault(database, query.lines, {"keys": ["0"]}) if query.lines else "")


def _write_fault(database: Database, write: specification.Write) -> str:
    statements = [
        *write.create, *(write.cancel or ()), *(write.change or ()),
    ]  # fmt: skip
    fault = _fault(database, write.look_up, {})
    for statement in statements:
        fault = fault or _effect_fault(database, statement.run)
    return fault


def _effect_fault(database: Database, statement: str) -> str:
    """Why a statement would fail, without running it: explained, or its procedure looked up."""
    call = _CALL.match(statement)
    if call and database.dialect in _MAY_CALL:
        return _call_fault(database, schema=call[1] or "", name=call[2])
    if database.dialect in _EXPLAINS and _EXPLAINED.match(statement):
        return _fault(database, f"EXPLAIN {statement}", {})
    return ""


def _call_fault(database: Database, *, schema: str, name: str) -> str:
    try:
        [found] = database.rows(_MAY_CALL[database.dialect], {"name": name, "schema": schema})
    except (CrossdockError, SqlRefusal) as error:
        return str(error)
    if not found["found"]:
        return f"there is no procedure {name}"
    return "" if found["may"] else f"the login may not call {name}"


def _fault(database: Database, statement: str, values: Mapping[str, Any]) -> str:
    try:
        database.rows(statement, values)
    except (CrossdockError, SqlRefusal) as error:
        return str(error)
    return ""


def _clock(database: Database) -> Check:
    statement = _NOW.get(database.dialect)
    if statement is None:
        return checks.untried(
            "clock", "Does not apply: the database has the clock of this machine."
        )
    try:
        [row] = database.rows(statement, {})
    except (CrossdockError, SqlRefusal) as error:
        return checks.untried("clock", f"The database tells no time: {error}.")
    at = row["at"]
    theirs: datetime = at if at.tzinfo else at.replace(tzinfo=UTC)
    return checks.clock_line(theirs, ours=clock.now(), whose="The clock of the database")
