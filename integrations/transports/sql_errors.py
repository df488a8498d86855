"""What a database's error means: by code, since drivers sort the same error differently."""

from typing import Any, Final

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
    return " ".join(redact_text(str(text), most=_LONGEST).split())[:_LONGEST]
