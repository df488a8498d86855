"""Logging in over FTP with TLS: to a permitted address, its certificate checked, data protected.

Explicit TLS (RFC 4217) only. Without TLS goes what a setting gives a reason for, and nothing else.
"""

import ftplib
import socket
import ssl
from contextlib import suppress
from dataclasses import dataclass
from typing import Final

from integrations.transports import dial, tls
from integrations.transports.tls import fingerprint_of
from portal.core.errors import CrossdockError, NeedsCredentials, Permanent, Retryable
from portal.core.secrets import Secret

CONNECT_SECONDS: Final = 15.0
IDLE_SECONDS: Final = 60.0
_GOODBYE_SECONDS: Final = 5.0
_CHUNK: Final = 64 * 1024
_LOWEST_DATA_PORT: Final = 1024
_MOST_LINES: Final = 500
_PASSWORD_CODES: Final = frozenset({"430", "530", "532"})


@dataclass(frozen=True)
class Login:
    """Where to log in and as whom.

    The server's certificate is checked for the host's name against the public authorities, or
    against `authority` (PEM) alone; with `fingerprint` (SHA-256) it has to be that one, whoever
    issued it. `plain_because` says why this server is used without TLS.
    """

    host: str
    port: int
    user: str
    password: Secret | None
    authority: str = ""
    fingerprint: str = ""
    plain_because: str = ""


def fingerprint_fault(text: str) -> str:
    """Why `text` is no fingerprint of a certificate, as a sentence; empty when it is one."""
    return (
        ""
        if fingerprint_of(text)
        else "A SHA-256 fingerprint has 64 digits from 0 to 9 and A to F."
    )


def authority_fault(text: str) -> str:
    """Why `text` is no certificate of an authority, as a sentence; empty when it is one."""
    try:
        ssl.create_default_context(cadata=text)
    except (ssl.SSLError, ValueError, TypeError):
        return "A certificate in PEM form is wanted: -----BEGIN CERTIFICATE-----."
    return ""


def log_in(login: Login) -> "Control":
    """A session with the server that was meant, which accepted the login.

    Raises NeedsCredentials (`auth_expired`, `host_key_changed` for another certificate than the
    pinned one), Permanent (`tls`, `address_refused`), Retryable.
    """
    control = Control(login)
    try:
        control.greet()
        if not login.plain_because:
            control.secure()
        control.enter()
    except CrossdockError:
        control.close()
        raise
    except (OSError, EOFError, ftplib.Error) as error:
        control.close()
        raise translated(error, login) from error
    return control


class Control(ftplib.FTP_TLS):
    """The control connection, and data connections to the same machine."""

    sock: ssl.SSLSocket | socket.socket  # type: ignore[assignment]

    def __init__(self, login: Login) -> None:
        super().__init__(
            context=tls.context_of(login.authority, login.fingerprint), timeout=CONNECT_SECONDS
        )
        self._login = login

    def greet(self) -> None:
        """Connect and wait until the server is ready."""
        self.host, self.port = self._login.host, self._login.port
        self.sock = dial.connect(self.host, self.port, seconds=CONNECT_SECONDS)
        self.af = self.sock.family
        self._listen()
        self.welcome = self.getresp()
        if not self.welcome.startswith("2"):
            raise Retryable(f"{self.host} is not ready yet: {said(self.welcome)}")

    def secure(self) -> None:
        """Go on under TLS, with the server that was meant."""
        try:
            self.voidcmd("AUTH TLS")
        except ftplib.error_perm as error:
            text = f"{self.host} offers no TLS, so no password was sent: {said(error)}"
            raise Permanent(text, code="tls") from error
        # What came in clear text behind the answer is dropped with the old reader.
        self.sock = self._wrap(self.sock, resumed=None)
        self._listen()

    def enter(self) -> None:
        """Log in, protect data connections and transfer bytes as they are."""
        login = self._login
        if not (login.user and login.password):
            raise NeedsCredentials("User and password are not both set.")
        self._send_login(login.user, login.password.reveal())
        if not login.plain_because:
            self._protect()
        self.voidcmd("TYPE I")
        with suppress(ftplib.error_perm):
            self.sendcmd("OPTS UTF8 ON")  # some servers want to be asked
        self.timeout = IDLE_SECONDS
        self.sock.settimeout(IDLE_SECONDS)

    def fetch(self, command: str, *, most: int, start: int = 0) -> bytes:
        """What `command` transfers, up to `most` bytes; the connection is over if there were more."""
        connection, _ = self.ntransfercmd(command, rest=start or None)
        body = bytearray()
        with connection:
            while len(body) <= most and (chunk := connection.recv(_CHUNK)):
                body += chunk
        if len(body) > most:
            self.close()
        else:
            self.voidresp()
        return bytes(body[:most])

    def store(self, command: str, body: bytes) -> None:
        """Transfer `body`."""
        connection, _ = self.ntransfercmd(command)
        with connection:
            connection.sendall(body)
            if isinstance(connection, ssl.SSLSocket):
                # The end is said under TLS too; not every server answers that.
                connection.settimeout(_GOODBYE_SECONDS)
                with suppress(OSError):
                    connection.unwrap()
        self.voidresp()

    def ntransfercmd(  # type: ignore[override]
        self, cmd: str, rest: int | str | None = None
    ) -> tuple[socket.socket, int | None]:
        """A data connection, under TLS when the session is."""
        connection, size = ftplib.FTP.ntransfercmd(self, cmd, rest)
        if not isinstance(self.sock, ssl.SSLSocket):
            return connection, size
        # Many servers refuse a data connection that does not resume the control connection's TLS
        # session: it proves that both are one client.
        return self._wrap(connection, resumed=self.sock.session), size

    def makepasv(self) -> tuple[str, int]:
        """The server's own address, whatever it says, and the port it says.

        A server could name any machine in its answer to PASV and have us call that.
        """
        peer = self.sock.getpeername()
        if self.af == socket.AF_INET6:
            _, port = ftplib.parse229(self.sendcmd("EPSV"), peer)
        else:
            _, port = ftplib.parse227(self.sendcmd("PASV"))
        if port < _LOWEST_DATA_PORT:
            text = f"{self.host} wants data at port {port}, which belongs to other services."
            raise Permanent(text, code="refused")
        return peer[0], port

    def getmultiline(self) -> str:
        """One answer, which may have many lines but not endlessly many."""
        lines = [self.getline()]
        code, more = lines[0][:3], lines[0][3:4] == "-"
        while more:
            if len(lines) > _MOST_LINES:
                raise ftplib.error_proto("the answer does not end")
            lines.append(self.getline())
            more = lines[-1][:3] != code or lines[-1][3:4] == "-"
        return "\n".join(lines)

    def _listen(self) -> None:
        # Names are whatever the server's people made them: no byte of an answer may end the session.
        self.file = self.sock.makefile("r", encoding="utf-8", errors="surrogateescape")

    def _send_login(self, user: str, password: str) -> None:
        try:
            answer = self.sendcmd(f"USER {user}")
            if answer.startswith("3"):
                answer = self.sendcmd(f"PASS {password}")
        except ftplib.error_reply as error:
            raise translated(error, self._login) from error
        except ftplib.Error as error:
            if str(error)[:3] not in _PASSWORD_CODES:
                raise
            words = said(error).replace(password, "…")
            text = f"{self.host} refused the password of {user}: {words}"
            raise NeedsCredentials(text) from None
        except ValueError:
            raise NeedsCredentials("User or password holds a line break.") from None
        if not answer.startswith("2"):
            raise NeedsCredentials(f"{self.host} wants more than a password: {said(answer)}")

    def _protect(self) -> None:
        try:
            self.voidcmd("PBSZ 0")
            self.voidcmd("PROT P")
        except ftplib.error_perm as error:
            text = f"{self.host} does not encrypt what is transferred: {said(error)}"
            raise Permanent(text, code="tls") from error

    def _wrap(self, plain: socket.socket, *, resumed: ssl.SSLSession | None) -> ssl.SSLSocket:
        return tls.wrapped(
            self.context,
            plain,
            host=self.host,
            fingerprint=self._login.fingerprint,
            resumed=resumed,
        )


def translated(
    error: BaseException, login: Login, *, path: str = "", at_work: bool = False
) -> CrossdockError:
    """What `error` means: the server's answer about `path`, a broken TLS, or a lost connection."""
    if isinstance(error, ftplib.error_temp | ftplib.error_perm):
        return _about(said(error), login, path)
    if broken := tls.fault(error, login.host):
        return broken
    return dial.lost(login.host, login.port, error, uncertain=at_work)


def _about(answer: str, login: Login, path: str) -> CrossdockError:
    code, where = answer[:3], path or login.host
    if code in _PASSWORD_CODES:
        return NeedsCredentials(f"{login.host} refused the login: {answer}")
    if code in {"521", "522", "534", "535", "536"}:
        return Permanent(f"{login.host} refuses how data is protected: {answer}", code="tls")
    if code == "550":
        text = f"The server has no {where}, or the login may not use it: {answer}"
        return NeedsCredentials(text, code="folder_missing")
    if code == "552":
        return Retryable(f"There is no room on the server for {where}: {answer}")
    if code == "553":
        return Permanent(f"The server does not take the name {where}: {answer}", code="file_name")
    if code.startswith("4"):
        return Retryable(f"The server could not do it with {where}: {answer}")
    return Permanent(f"The server refuses it with {where}: {answer}", code="refused")


def said(answer: object) -> str:
    """A server's answer as it can be shown: one line, cut."""
    words = " ".join(str(answer).split())[:200]
    return words.encode(errors="replace").decode()
