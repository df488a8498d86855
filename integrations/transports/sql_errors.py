"""What a database's error means: by code, since drivers sort the same error differently."""

import re
from typing import Any, Final, NamedTuple

from sqlalchemy.exc import DBAPIError, StatementError

from portal.core.errors import CrossdockError, NeedsCredentials, Permanent, Retryable
from portal.core.redact import redact_text

# SQLSTATE classes and codes (PostgreSQL), error numbers (MySQL), result names (SQLite).
_LONGEST: Final = 300  # characters of a database's own words
_LOGIN_STATES: Final = ("28", "3D000")
_LATER_STATES: Final = ("08", "53", "57P", "58", "40", "55P03", "57014", "XX000")
_LOGIN: Final = frozenset({"1044", "1045", "1049", "1698", "SQLITE_AUTH"})
_FORBIDDEN: Final = frozenset({"42501", "1142", "1143", "1370", "SQLITE_PERM", "SQLITE_READONLY"})
_LATER: Final = frozenset(
    {"1040", "1203", "1205", "1213", "2002", "2003", "2006", "2013", "2055"}
    | {"1969", "3024", "SQLITE_INTERRUPT"}  # it ran too long
    | {"SQLITE_BUSY", "SQLITE_LOCKED", "SQLITE_CANTOPEN", "SQLITE_IOERR", "SQLITE_FULL"}
)
_TOO_LONG: Final = frozenset({"57014", "1969", "3024", "SQLITE_INTERRUPT"})
# SQL Server's numbers mean other things to MySQL, so they are judged apart. Its own for a login or a database
# that is not there, for a right that is missing, and for what may go well later; 1205 is a deadlock.
_MSSQL_LOGIN: Final = frozenset(
    {"4060", "4064", "18452", "18456", "18470", "18486", "18487", "18488"}
)
_MSSQL_FORBIDDEN: Final = frozenset({"229", "230", "262", "297"})
_MSSQL_LATER: Final = frozenset({"1204", "1205", "1222", "3960", "9002", "40197", "40501", "40613"})
_MSSQL_LATER_STATES: Final = ("08", "40", "HYT")
_MSSQL_NO_DRIVER: Final = ("IM00", "01000")
_ORACLE_LOGIN: Final = frozenset(
    {"ORA-01005", "ORA-01017", "ORA-01045", "ORA-12505", "ORA-12514", "ORA-28000", "ORA-28001"}
    | {"DPY-4001", "DPY-6001", "DPY-6003"}
)
_ORACLE_FORBIDDEN: Final = frozenset({"ORA-01031", "ORA-01720", "ORA-41900"})
_ORACLE_LATER: Final = frozenset(
    {"ORA-00018", "ORA-00020", "ORA-00054", "ORA-00060", "ORA-01013", "ORA-01033", "ORA-01034"}
    | {"ORA-01089", "ORA-02049", "ORA-03113", "ORA-03114", "ORA-03135", "ORA-04068", "ORA-08177"}
    | {"ORA-12170", "ORA-12516", "ORA-12519", "ORA-12520", "ORA-12528", "ORA-12541", "ORA-30006"}
    | {"DPY-1001", "DPY-4011", "DPY-4024", "DPY-6005", "DPY-6000"}
)
_ORACLE_TOO_LONG: Final = frozenset({"ORA-01013", "ORA-12170", "DPY-4024"})
_ODBC: Final = re.compile(r"\((-?\d{1,10})\) \(SQL\w+\)")
_ODBC_WHO: Final = re.compile(r"^(?:\[[^\]]*\]\s*)+")
_ORACLE: Final = re.compile(r"\b(?:ORA|DPY|DPI)-\d{4,5}\b")
_RAISED: Final = re.compile(r"^ORA-20\d{3}: ")
# A refused start of a session has no SQLSTATE, only the server's words.
_LOGIN_WORDS: Final = (
    "authentication failed",
    "no password supplied",
    "no pg_hba.conf entry",
    "does not exist",
    "is not permitted to log in",
)


class SqlRefusal(Exception):
    """The database ran the statement and said no. `codes` are its names for it, `words` its own."""

    def __init__(self, codes: tuple[str, ...], words: str) -> None:
        super().__init__(words)
        self.codes, self.words = codes, words


def judge(error: DBAPIError | StatementError) -> CrossdockError | SqlRefusal:
    """The error to raise for what SQLAlchemy raised."""
    if not isinstance(error, DBAPIError) or error.orig is None:
        return Permanent(redact_text(str(error)), code="statement_invalid")
    if family := _family(error.orig):
        return _judged(family, error)
    codes, words = _codes(error.orig), _words(error.orig)
    if _names(codes, _LOGIN, _LOGIN_STATES):
        return NeedsCredentials(f"The database refused the login: {words}")
    if _names(codes, _FORBIDDEN, ()):
        return NeedsCredentials(f"The login may not do this: {words}", code="forbidden")
    lost = error.connection_invalidated or not codes
    if lost and any(sign in words for sign in _LOGIN_WORDS):
        return NeedsCredentials(f"The database refused the login: {words}")
    if lost or _names(codes, _LATER, _LATER_STATES):
        late = not _TOO_LONG.isdisjoint(codes) or "timeout" in words
        code = "timeout" if late else "unavailable"
        uncertain = bool(error.connection_invalidated)
        return Retryable(f"The database did not do it: {words}", code=code, uncertain=uncertain)
    return SqlRefusal(codes, words)


class _Family(NamedTuple):
    """What a driver that is judged apart said, and what its codes mean."""

    codes: tuple[str, ...]
    words: str
    login: frozenset[str]
    login_states: tuple[str, ...]
    forbidden: frozenset[str]
    later: frozenset[str]
    later_states: tuple[str, ...]
    too_long: tuple[str, ...]
    no_driver: tuple[str, ...] = ()


def _family(original: Any) -> _Family | None:
    arguments: tuple[Any, ...] = getattr(original, "args", ())
    text = str(arguments[-1]) if arguments else ""
    is_odbc = len(arguments) == 2 and isinstance(arguments[0], str) and len(arguments[0]) == 5
    if is_odbc and text.startswith("["):
        return _odbc(arguments[0], text)
    # Others may speak of an Oracle behind them; what Oracle says begins with its code.
    if getattr(original, "sqlstate", None) or len(arguments) != 1 or not _ORACLE.match(text):
        return None
    head = text.partition("\nORA-06512")[0]
    codes = tuple(dict.fromkeys(_ORACLE.findall(head)))
    words = _RAISED.sub("", head.partition("\nHelp: ")[0])
    return _Family(
        codes, _cut(words), _ORACLE_LOGIN, (), _ORACLE_FORBIDDEN, _ORACLE_LATER, (),
        tuple(_ORACLE_TOO_LONG),
    )  # fmt: skip


def _odbc(state: str, text: str) -> _Family:
    """Several messages stand behind each other; the first one is what happened."""
    found = _ODBC.search(text)
    first = text[: found.start()] if found else text
    codes = (found[1], state) if found and found[1] != "0" else (state,)
    return _Family(
        codes, _cut(_ODBC_WHO.sub("", first)), _MSSQL_LOGIN, ("28",), _MSSQL_FORBIDDEN, _MSSQL_LATER,
        _MSSQL_LATER_STATES, ("HYT00",), _MSSQL_NO_DRIVER,
    )  # fmt: skip


def _judged(said: _Family, error: DBAPIError) -> CrossdockError | SqlRefusal:
    codes, words = said.codes, said.words
    if said.no_driver and codes[-1].startswith(said.no_driver):
        return NeedsCredentials(
            f"The database's driver does not begin: {words}", code="bad_address"
        )
    if _names(codes, said.login, said.login_states):
        return NeedsCredentials(f"The database refused the login: {words}")
    if _names(codes, said.forbidden, ()):
        return NeedsCredentials(f"The login may not do this: {words}", code="forbidden")
    if error.connection_invalidated or _names(codes, said.later, said.later_states):
        late = not set(said.too_long).isdisjoint(codes)
        uncertain = bool(error.connection_invalidated)
        code = "timeout" if late else "unavailable"
        return Retryable(f"The database did not do it: {words}", code=code, uncertain=uncertain)
    return SqlRefusal(codes, words)


def _names(codes: tuple[str, ...], exact: frozenset[str], states: tuple[str, ...]) -> bool:
    return any(code in exact or bool(states and code.startswith(states)) for code in codes)


def _codes(original: Any) -> tuple[str, ...]:
    arguments = getattr(original, "args", ())
    number = arguments[0] if arguments and isinstance(arguments[0], int) else None
    name = getattr(original, "sqlite_errorname", None)
    # SQLITE_IOERR_READ is an SQLITE_IOERR: the general name stands first in the special one.
    general = "_".join(name.split("_")[:2]) if name else None
    found = (getattr(original, "sqlstate", None), number, name, general)
    return tuple(dict.fromkeys(str(code) for code in found if code is not None))


def _words(original: Any) -> str:
    primary = getattr(getattr(original, "diag", None), "message_primary", None)
    arguments: tuple[object, ...] = getattr(original, "args", ())
    text = primary or (arguments[1] if len(arguments) > 1 else str(original))
    return _cut(str(text))


def _cut(text: str) -> str:
    return " ".join(redact_text(text, most=_LONGEST).split())[:_LONGEST]
