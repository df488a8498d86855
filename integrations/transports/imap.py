"""A mailbox over IMAP (RFC 3501, RFC 9051) under TLS from the first byte, at a permitted address."""

import imaplib
import re
import socket
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final, NamedTuple, TypeVar

from integrations.transports import dial, tls, xoauth2
from integrations.transports.oauth import Tokens
from portal.core.errors import CrossdockError, NeedsCredentials, Permanent, Retryable
from portal.core.secrets import Secret

T = TypeVar("T")
CONNECT_SECONDS: Final = 15.0
IDLE_SECONDS: Final = 60.0
_MOST_LITERAL: Final = 200 * 1024 * 1024
_SIZE: Final = re.compile(rb"UID (\d+)\b.*?RFC822\.SIZE (\d+)|RFC822\.SIZE (\d+)\b.*?UID (\d+)")
_FOLDER: Final = re.compile(r"[\x20-\x7e]{1,200}")
_LATER: Final = ("[UNAVAILABLE]", "[INUSE]", "[LIMIT]", "[SERVERBUG]")


@dataclass(frozen=True)
class Login:
    """Where to log in and as whom: with a password, or with `tokens`, where there are some (XOAUTH2).
    `authority` and `fingerprint` as in `transports.tls`."""

    host: str
    port: int
    user: str
    password: Secret | None
    authority: str = ""
    fingerprint: str = ""
    tokens: Tokens | None = None


class Waiting(NamedTuple):
    """A mail in a folder: its number there, and its bytes."""

    uid: int
    size: int


class Imap:
    """One session, opened when it is first needed. Safe from several threads, one call at a time."""

    def __init__(self, login: Login) -> None:
        self._login = login
        self._session: _Session | None = None
        self._selected = ""
        self._lock = threading.RLock()

    def __repr__(self) -> str:
        return f"Imap({self._login.user}@{self._login.host})"

    def open(self) -> None:
        """Connect and log in, if that is not done."""
        with self._lock:
            if self._session is None:
                self._session = _log_in(self._login)
                self._selected = ""

    def close(self) -> None:
        """End the session; the next call opens a new one."""
        with self._lock:
            session, self._session = self._session, None
            if session is not None:
                session.end()

    def waiting(self, folder: str) -> list[Waiting]:
        """The mails of a folder that are not marked as deleted, oldest first.

        NeedsCredentials (`folder_missing`) without one.
        """

        def look(session: _Session) -> list[Waiting]:
            self._select(session, folder)
            uids = session.must("SEARCH", None, "UNDELETED")[0] or b""
            found: list[Waiting] = []
            numbers = uids.split()
            for start in range(0, len(numbers), 500):
                some = b",".join(numbers[start : start + 500]).decode()
                found += _sizes(session.must("FETCH", some, "(UID RFC822.SIZE)"))
            return sorted(found)

        return self._do(look)

    def read(self, folder: str, uid: int) -> bytes | None:
        """The mail as it lies there, unmarked; None if it is gone."""

        def fetch(session: _Session) -> bytes | None:
            if self._selected != folder:
                self._select(session, folder)
            parts = session.must("FETCH", str(uid), "(UID BODY.PEEK[])")
            return next((part[1] for part in parts if isinstance(part, tuple)), None)

        return self._do(fetch)

    def move(self, folder: str, uids: Sequence[int], target: str) -> None:
        """Move mails to another folder, which is made if need be. Those that are gone were moved."""
        if not uids:
            return

        def carry(session: _Session) -> None:
            self._ensure(session, target)
            self._select(session, folder)
            some, quoted = ",".join(map(str, uids)), session.name(target)
            if "MOVE" in session.capabilities:
                session.must("MOVE", some, quoted)
                return
            # What is marked already was copied by an earlier try.
            left = (session.must("SEARCH", "UID", some, "UNDELETED")[0] or b"").split()
            if not left:
                return
            some = b",".join(left).decode()
            session.must("COPY", some, quoted)
            session.must("STORE", some, "+FLAGS.SILENT", r"(\Deleted)")
            if (
                "UIDPLUS" in session.capabilities
            ):  # else they stay, marked: EXPUNGE would take others too
                session.must("EXPUNGE", some)

        self._do(carry)

    def ensure(self, folder: str) -> None:
        """Make the folder if it is not there. NeedsCredentials (`folder_missing`) if it cannot be made."""
        self._do(lambda session: self._ensure(session, folder))

    def _ensure(self, session: "_Session", folder: str) -> None:
        quoted = session.name(folder)
        if session.asked("STATUS", quoted, "(MESSAGES)")[0] == "OK":
            return
        answer, words = session.asked("CREATE", quoted)
        if answer != "OK":
            text = f"The mailbox has no folder {folder}, and it cannot be made: {_said(words)}"
            raise NeedsCredentials(text, code="folder_missing")

    def _select(self, session: "_Session", folder: str) -> None:
        answer, words = session.asked("SELECT", session.name(folder))
        if answer != "OK":
            text = f"The mailbox has no folder {folder}, or it may not be read: {_said(words)}"
            raise NeedsCredentials(text, code="folder_missing")
        self._selected = folder

    def _do(self, work: "Callable[[_Session], T]") -> T:
        with self._lock:
            self.open()
            assert self._session is not None
            try:
                return work(self._session)
            except (imaplib.IMAP4.error, OSError, EOFError, ValueError) as error:
                self.close()
                raise _translated(error, self._login) from error


class _Session(imaplib.IMAP4):
    """imaplib's, at a permitted address and under TLS, that reads no more than fits."""

    def __init__(self, login: Login) -> None:
        self._to = login
        super().__init__(login.host, login.port, CONNECT_SECONDS)

    def _create_socket(self, timeout: float | None) -> socket.socket:
        plain = dial.connect(self._to.host, self._to.port, seconds=CONNECT_SECONDS)
        context = tls.context_of(self._to.authority, self._to.fingerprint)
        secured = tls.wrapped(context, plain, host=self._to.host, fingerprint=self._to.fingerprint)
        secured.settimeout(IDLE_SECONDS)
        return secured

    def read(self, size: int) -> bytes:
        if size > _MOST_LITERAL:
            raise self.abort(f"The server wants to send {size} bytes at once")
        return super().read(size)

    def asked(self, verb: str, *arguments: str) -> tuple[str, list[Any]]:
        """What the server says to a command, good or bad."""
        if verb == "SELECT":
            return self.select(arguments[0])
        if verb in {"STATUS", "CREATE"}:
            return self._simple_command(verb, *arguments)  # type: ignore[attr-defined]
        answer, words = self._simple_command("UID", verb, *arguments)  # type: ignore[attr-defined]
        kind = "SEARCH" if verb == "SEARCH" else "FETCH"
        return self._untagged_response(answer, words, kind)  # type: ignore[attr-defined]

    def must(self, verb: str, *arguments: str | None) -> list[Any]:
        """What comes of a command for mails by their UID. IMAP4.error where it is refused."""
        answer, words = self.asked(verb, *(a for a in arguments if a))
        if answer != "OK":
            raise self.error(f"{verb}: {_said(words)}")
        return words

    def name(self, folder: str) -> str:
        """A folder's name as it goes over the wire, with the server's own separator."""
        if not _FOLDER.fullmatch(folder):
            text = "A folder's name has letters, digits and blanks of ASCII only."
            raise Permanent(text, code="file_name")
        return self._quote(folder.replace("/", self._separator))  # type: ignore[attr-defined]

    @property
    def _separator(self) -> str:
        if not hasattr(self, "_separates"):
            answer, words = self.list('""', '""')
            line = words[0] if answer == "OK" else None
            found = re.search(rb'\) "(.)"', line) if isinstance(line, bytes) else None
            self._separates = found[1].decode() if found else "/"
        return self._separates

    def end(self) -> None:
        try:
            self.logout()
        except (imaplib.IMAP4.error, OSError):
            self.shutdown()


def _log_in(login: Login) -> _Session:
    if not (login.user and (login.password or login.tokens)):
        raise NeedsCredentials("User and password are not both set.")
    try:
        session = _Session(login)
    except (imaplib.IMAP4.error, OSError, EOFError) as error:
        raise _translated(error, login) from error
    try:
        _authenticate(session, login)
    except CrossdockError:
        session.end()
        raise
    except imaplib.IMAP4.abort as error:
        session.shutdown()
        raise _translated(error, login) from error
    except imaplib.IMAP4.error as error:
        session.end()
        words = _said([error])
        if any(code in words for code in _LATER):
            raise Retryable(f"{login.host} cannot take the login now: {words}") from None
        raise NeedsCredentials(f"{login.host} refused the login: {words}") from None
    except OSError as error:
        session.shutdown()
        raise _translated(error, login) from error
    return session


def _authenticate(session: _Session, login: Login) -> None:
    # imaplib keeps the last commands for its own messages; SASL keeps the password out of them.
    if login.tokens:
        _with_token(session, login.user, login.tokens)
    elif login.password:
        said = f"\0{login.user}\0{login.password.reveal()}".encode()
        session.authenticate("PLAIN", lambda _: said)
    answer, words = session.capability()
    if answer == "OK" and words[0]:
        session.capabilities = tuple(words[0].decode("ascii", "replace").upper().split())


def _with_token(session: _Session, user: str, tokens: Tokens) -> None:
    """A refusal of a token that was here already may mean that it ended early: it is renewed, once."""
    if "AUTH=XOAUTH2" not in session.capabilities:
        raise NeedsCredentials("The mail server takes no OAuth tokens: it does not offer XOAUTH2.")
    while True:
        held, was_here = tokens.current()
        talk = xoauth2.Talk(user, held.token)
        try:
            session.authenticate("XOAUTH2", talk)
            return
        except imaplib.IMAP4.abort:
            raise
        except imaplib.IMAP4.error as error:
            words = talk.hushed(_said([error]))
            if any(code in words for code in _LATER):
                raise Retryable(f"The mail server takes no login now: {words}") from None
            tokens.drop(held)
            if not was_here:
                text = f"The mail server refused the token for {user}: {words}"
                raise NeedsCredentials(f"{text}{talk.reason}") from None


def _sizes(lines: Sequence[Any]) -> list[Waiting]:
    found = []
    for line in lines:
        match = _SIZE.search(line) if isinstance(line, bytes) else None
        if match:
            uid, size = (match[1], match[2]) if match[1] else (match[4], match[3])
            found.append(Waiting(int(uid), int(size)))
    return found


def _said(words: Sequence[Any]) -> str:
    """A server's answer as it can be shown: one line, cut."""
    texts = (w.decode("utf-8", "replace") if isinstance(w, bytes) else str(w) for w in words if w)
    return " ".join(" ".join(texts).split())[:200]


def _translated(error: BaseException, login: Login) -> CrossdockError:
    if broken := tls.fault(error, login.host):
        return broken
    if isinstance(error, imaplib.IMAP4.error) and not isinstance(error, imaplib.IMAP4.abort):
        return Retryable(f"{login.host} refused it: {_said([error])}")
    return dial.lost(login.host, login.port, error)
