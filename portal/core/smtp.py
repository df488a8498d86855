"""A mail server of somebody's own: dialled through the guard, and what it answered."""

import smtplib
import socket
import ssl
from collections.abc import Mapping
from typing import Any, Final, Literal, NamedTuple

from django.core.mail.backends.smtp import EmailBackend

from portal.core.guard import permitted_addresses
from portal.core.redact import redact_text
from portal.core.secrets import Secret

SECONDS: Final = 10.0  # somebody waits for the page
_MOST_SAID: Final = 200
Tls = Literal["starttls", "tls", "none"]


class Server(NamedTuple):
    """Where mails go out: `tls` from the first byte ("tls"), after a plain greeting ("starttls") or never.
    `ehlo` is the name we greet with."""

    host: str
    port: int
    tls: Tls
    user: str
    password: Secret
    ehlo: str


class _Guarded(smtplib.SMTP):
    """Connects to judged addresses only, and remembers what was answered."""

    said = ""
    turned_away: Mapping[str, Any] = {}

    def _get_socket(self, host: str, port: int, timeout: float) -> socket.socket:
        return _dial(host, port, timeout)

    def data(self, msg: Any) -> tuple[int, bytes]:
        code, text = super().data(msg)
        self.said = words(code, text)
        return code, text

    def sendmail(self, *args: Any, **kwargs: Any) -> Any:
        self.turned_away = super().sendmail(*args, **kwargs)
        return self.turned_away


class _GuardedTls(_Guarded):
    """The same with TLS from the first byte."""

    def __init__(self, *args: Any, context: ssl.SSLContext, **kwargs: Any) -> None:
        self._context = context
        super().__init__(*args, **kwargs)

    def _get_socket(self, host: str, port: int, timeout: float) -> socket.socket:
        raw = _dial(host, port, timeout)
        try:
            return self._context.wrap_socket(raw, server_hostname=host)
        except BaseException:
            raw.close()
            raise


def _dial(host: str, port: int, timeout: float) -> socket.socket:
    failure: OSError | None = None
    for address in permitted_addresses(host):
        try:
            return socket.create_connection((address, port), timeout)
        except OSError as error:
            failure = error
    assert failure is not None  # the guard gives at least one address
    raise failure


class Backend(EmailBackend):
    """Django's way of sending, over a server that is given and not in the settings."""

    def __init__(self, server: Server) -> None:
        super().__init__(
            host=server.host, port=server.port, username=server.user, password="",
            use_tls=False, use_ssl=False, timeout=SECONDS,
        )  # fmt: skip
        self.server = server
        self.connection: _Guarded | None = None

    def open(self) -> bool:
        """Connect and sign in. OSError of any kind, Permanent and Retryable of the guard."""
        if self.connection is not None:
            return False
        self.connection = _connected(self.server)
        return True

    @property
    def said(self) -> str:
        """What the server answered to the last mail."""
        return self.connection.said if self.connection else ""

    @property
    def turned_away(self) -> Mapping[str, Any]:
        """Addresses of the last mail that it did not take, with why. The others it took."""
        return self.connection.turned_away if self.connection else {}


def _connected(server: Server) -> _Guarded:
    context = ssl.create_default_context()
    given: dict[str, Any] = {"local_hostname": server.ehlo, "timeout": SECONDS}
    if server.tls == "tls":
        made: _Guarded = _GuardedTls(server.host, server.port, context=context, **given)
    else:
        made = _Guarded(server.host, server.port, **given)
    try:
        if server.tls == "starttls":
            made.starttls(context=context)
        if server.user:
            made.login(server.user, server.password.reveal())
    except BaseException:
        made.close()
        raise
    return made


def words(code: int, text: bytes | str) -> str:
    """A server's answer on one line, without anything that looks like a secret."""
    plain = text.decode("utf-8", "replace") if isinstance(text, bytes) else text
    return redact_text(f"{code} {' '.join(plain.split())}".strip(), most=_MOST_SAID)
