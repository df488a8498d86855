"""A small mail server on loopback: TLS either way, users with passwords, and answers that a test plans."""

import base64
import email
import email.policy
import socketserver
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from email.message import EmailMessage
from threading import Thread
from typing import Any, NamedTuple


class Taken(NamedTuple):
    """A mail as it came: the envelope, who had signed in, whether over TLS, and the mail."""

    sender: str
    to: list[str]
    user: str
    was_tls: bool
    mail: EmailMessage


class MailServer(socketserver.ThreadingTCPServer):
    """`answers`: {verb: the answer instead of the usual one}, such as {"DATA": "554 no"}; of RCPT also by
    address. `users`: who may sign in; without any it asks nobody to."""

    daemon_threads = True
    allow_reuse_address = True

    def __init__(self, *, certificate: str = "", tls_at_once: bool = False) -> None:
        super().__init__(("127.0.0.1", 0), _Talk)
        self.context: ssl.SSLContext | None = None
        if certificate:
            self.context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            self.context.load_cert_chain(certificate)
        self.tls_at_once = tls_at_once
        self.users: dict[str, str] = {}
        self.answers: dict[str, str] = {}
        self.taken: list[Taken] = []
        self.greeted_by: list[str] = []

    @property
    def port(self) -> int:
        return int(self.server_address[1])

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Whoever tests it hangs up when they like."""


class _Talk(socketserver.StreamRequestHandler):
    server: MailServer

    def handle(self) -> None:
        self.was_tls, self.user, self.sender, self.to = False, "", "", []
        if self.server.tls_at_once:
            self._secure()
        self._say(self.server.answers.get("CONNECT", "220 mail.test ready"))
        while line := self.rfile.readline():
            verb, _, rest = line.decode().strip().partition(" ")
            if self._answer(verb.upper(), rest) is False:
                return

    def _secure(self) -> None:
        assert self.server.context is not None
        self.connection = self.server.context.wrap_socket(self.connection, server_side=True)
        self.rfile, self.wfile = self.connection.makefile("rb"), self.connection.makefile("wb", 0)
        self.was_tls = True

    def finish(self) -> None:
        super().finish()
        self.connection.close()

    def _say(self, text: str) -> None:
        self.wfile.write(text.encode() + b"\r\n")

    def _answer(self, verb: str, rest: str) -> bool | None:
        if verb != "RCPT" and (planned := self.server.answers.get(verb)):
            if planned == "HANGUP":
                return False
            return self._say(planned)
        return getattr(self, f"_{verb.lower()}", self._unknown)(rest)  # type: ignore[no-any-return]

    def _ehlo(self, name: str) -> None:
        self.server.greeted_by.append(name)
        offers = ["mail.test"]
        if self.server.context and not self.was_tls:
            offers.append("STARTTLS")
        if self.server.users and (self.was_tls or not self.server.context):
            offers.append("AUTH PLAIN")
        for offer in offers[:-1]:
            self._say(f"250-{offer}")
        self._say(f"250 {offers[-1]}")

    def _starttls(self, _: str) -> None:
        if self.server.context is None:
            return self._say("502 no TLS here")
        self._say("220 go ahead")
        self._secure()
        return None

    def _auth(self, rest: str) -> None:
        _, user, password = base64.b64decode(rest.removeprefix("PLAIN ")).decode().split("\0")
        if self.server.users.get(user) != password:
            return self._say("535 5.7.8 Authentication failed")
        self.user = user
        return self._say("235 welcome")

    def _mail(self, rest: str) -> None:
        if self.server.users and not self.user:
            return self._say("530 5.7.0 Authentication required")
        self.sender = rest.partition("<")[2].partition(">")[0]
        return self._say("250 ok")

    def _rcpt(self, rest: str) -> None:
        address = rest.partition("<")[2].partition(">")[0]
        answer = self.server.answers.get(address) or self.server.answers.get("RCPT") or "250 ok"
        if answer.startswith("250"):
            self.to.append(address)
        self._say(answer)

    def _data(self, _: str) -> None:
        self._say("354 go on")
        lines = []
        while (line := self.rfile.readline()) not in (b".\r\n", b""):
            lines.append(line.removeprefix(b".") if line.startswith(b"..") else line)
        mail = email.message_from_bytes(b"".join(lines), policy=email.policy.default)
        planned = self.server.answers.get("TAKEN", "250 2.0.0 queued as 4711")
        if planned.startswith("250"):
            self.server.taken.append(
                Taken(self.sender, self.to, self.user, self.was_tls, mail)  # type: ignore[arg-type]
            )
        self._say(planned)

    def _rset(self, _: str) -> None:
        self.to = []
        self._say("250 ok")

    def _quit(self, _: str) -> bool:
        self._say("221 bye")
        return False

    def _unknown(self, _: str) -> None:
        self._say("502 what?")


@contextmanager
def serving(**options: Any) -> Iterator[MailServer]:
    """One that answers while the block runs."""
    with MailServer(**options) as server:
        thread = Thread(target=server.serve_forever, args=(0.01,), daemon=True)
        thread.start()
        try:
            yield server
        finally:
            server.shutdown()
            thread.join()
