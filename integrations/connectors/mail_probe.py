"""The live test of a mailbox."""

from collections.abc import Iterator
from typing import Final

from integrations.connectors import checks
from integrations.connectors.client import Check
from integrations.connectors.connection import Connection
from integrations.connectors.mailbox import entered, wants_tokens
from integrations.transports.mailbox import Mailbox
from portal.core.errors import CrossdockError, NeedsCredentials

_AT_LOGIN: Final = "Check user and password; some servers want a password made for programs."
_WITH_OAUTH: Final = (
    "Check the client, its secret and the scope, and whether the program may open this user's mailbox over"
    " IMAP; a person may have to say yes anew."
)
_LATER: Final = "Try again in a few minutes; if it stays, ask whoever runs the mail server."


def lines(mailbox: Mailbox, connection: Connection) -> Iterator[Check]:
    """Host, certificate, login, and the folders: the one that mails come to, and those they are moved to."""
    host = entered(connection, "host")
    if not host:
        yield checks.failed("host", "No host is entered.", "Enter one such as imap.example.com.")
        yield from checks.rest("host")
        return
    line, found = checks.host(host, int(connection.settings["port"]))
    yield line
    if found is None:
        yield from checks.rest("host")
        return
    error = _of_login(mailbox)
    yield _tls(error)
    if error and error.code in {"tls", "host_key_changed"}:
        yield from checks.rest("tls")
        return
    if error:
        remedy = _LATER
        if isinstance(error, NeedsCredentials):
            remedy = _WITH_OAUTH if wants_tokens(connection) else _AT_LOGIN
        yield checks.failed("key", f"{error}", remedy)
        yield from checks.rest("key")
        return
    yield checks.passed("key", "The login is accepted.")
    yield _folders(mailbox) if connection.settings.get("senders") else _nobody()
    yield checks.untried("clock", "Does not apply: a mailbox tells no time.")


def _of_login(mailbox: Mailbox) -> CrossdockError | None:
    try:
        mailbox.session.close()
        mailbox.session.open()
    except CrossdockError as error:
        return error
    return None


def _tls(error: CrossdockError | None) -> Check:
    if error and error.code in {"tls", "host_key_changed"}:
        remedy = "Check the port, usually 993, and the certificate, or enter its authority or fingerprint."
        return checks.failed("tls", f"{error}", remedy)
    if error and not isinstance(error, NeedsCredentials):
        return checks.untried("tls", "Not known: the login came to no end.")
    return checks.passed("tls", "The certificate is the one that was meant, and all is encrypted.")


def _nobody() -> Check:
    remedy = "Enter the addresses that files may come from, such as orders@acme.com or @acme.com."
    return checks.failed("scope", "Nobody may send files: no sender is entered.", remedy)


def _folders(mailbox: Mailbox) -> Check:
    folders, count = mailbox.folders, 0
    try:
        count = len(mailbox.session.waiting(folders.arrive))
        for folder in (folders.archive, folders.refused):
            mailbox.session.ensure(folder)
    except CrossdockError as error:
        remedy = "Correct the folder's name, or ask for the right to it."
        return checks.failed("scope", f"{error}", remedy)
    return checks.passed("scope", f"{folders.arrive} can be read; {count} mails wait there.")
