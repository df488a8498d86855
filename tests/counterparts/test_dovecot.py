"""Mails with attachments on Dovecot, a mail server that we did not write."""

import imaplib
import ssl
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest

from integrations.connectors import registry
from portal.core import guard
from portal.core.errors import NeedsCredentials
from tests.certificate_maker import Authority
from tests.connectors.conformance import connection
from tests.counterparts.dovecot_server import PASSWORD, USER, Dovecot
from tests.transports.imap_server import mail

pytestmark = pytest.mark.counterpart(system="dovecot", flow="files that come by mail (IMAP)")

NOW = datetime(2026, 3, 3, 16, 5, tzinfo=UTC)
AGREEMENT = "incoming: {stock: {name: stock*.csv, object: inventory, profile: {format: delimited}}}"
CONNECTOR = registry.get("files")


@pytest.fixture(autouse=True)
def _loopback() -> None:
    guard.set_allowed_networks(lambda: ["127.0.0.0/8", "::1"])


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    return Authority(tmp_path_factory.mktemp("authority"))


@pytest.fixture(scope="module", params=[".", "/"], ids=["maildir", "fs"])
def dovecot(request: pytest.FixtureRequest, authority: Authority) -> Iterator[Dovecot]:
    made = Dovecot(authority, separator=request.param)
    yield made
    made.close()


@pytest.fixture
def theirs(dovecot: Dovecot, authority: Authority) -> Iterator[imaplib.IMAP4_SSL]:
    """Another program at the same mailbox, which is emptied first."""
    trusted = ssl.create_default_context(cafile=str(authority.path))
    with imaplib.IMAP4_SSL("localhost", dovecot.port, ssl_context=trusted) as session:
        session.authenticate("PLAIN", lambda _: f"\0{USER}\0{PASSWORD}".encode())
        for folder in ("INBOX", "Kept", "Refused"):
            if session.select(folder)[0] == "OK":
                session.uid("STORE", "1:*", "+FLAGS", "\\Deleted")
                session.expunge()
        yield session


def client(dovecot: Dovecot, authority: Authority, **changed: Any) -> Any:
    given = {
        "protocol": "mailbox", "host": "localhost", "port": dovecot.port, "user": USER,
        "authority": authority.path.read_text(), "senders": "@acme.example",
        "agreement": AGREEMENT, "mail_archive": "Kept", "largest_file": 5,
    }  # fmt: skip
    password = changed.pop("password", PASSWORD)
    to = connection(CONNECTOR, settings={**given, **changed}, secrets={"password": password})
    return CONNECTOR.client(to)


def count(session: imaplib.IMAP4_SSL, folder: str) -> int:
    session.select(folder)
    return len(session.search(None, "ALL")[1][0].split())


def test_files_are_taken_their_mails_kept_and_the_others_put_aside(
    dovecot, authority, theirs
) -> None:
    large = b"a,b\n" + b"1,2\n" * 500_000
    for raw in (
        mail(("stock-1.csv", b"a,b\n1,2\n")),
        mail(("stöck.csv", b"x")),
        mail(("stock-2.csv", large)),
        mail(("stock.csv", b"x"), sender="thief@evil.example"),
    ):
        theirs.append("INBOX", "", imaplib.Time2Internaldate(NOW), raw)
    ours = client(dovecot, authority)
    page = ours.fetch("files", {}, now=NOW)
    files = {d.topic: d.body for d in page.documents if d.object_type == "interchange"}
    assert files == {"stock:stock-1.csv": b"a,b\n1,2\n", "stock:stock-2.csv": large}, (
        dovecot.words()
    )
    assert len([d for d in page.documents if d.object_type == "file_note"]) == 2
    assert count(theirs, "INBOX") == 4
    page.after_stored()
    assert [count(theirs, f) for f in ("INBOX", "Kept", "Refused")] == [0, 2, 2]
    again = ours.fetch("files", page.cursor, now=NOW)
    assert again.documents == []
    ours.close()


def test_a_folder_within_a_folder_is_made(dovecot, authority, theirs) -> None:
    theirs.append("INBOX", "", imaplib.Time2Internaldate(NOW), mail(("stock.csv", b"x")))
    ours = client(dovecot, authority, mail_archive="Files/Stored")
    ours.fetch("files", {}, now=NOW).after_stored()
    ours.close()
    assert count(theirs, "INBOX") == 0
    separator = dovecot_separator(theirs)
    assert count(theirs, f"Files{separator}Stored") >= 1


def dovecot_separator(session: imaplib.IMAP4_SSL) -> str:
    return session.list('""', '""')[1][0].split(b'"')[1].decode()


def test_the_connection_test_and_a_wrong_password(dovecot, authority, theirs) -> None:
    ours = client(dovecot, authority)
    told = {line.name: line.passed for line in ours.test_connection()}
    assert told == {"host": True, "tls": True, "key": True, "scope": True, "clock": None}
    ours.close()
    wrong = client(dovecot, authority, password="wrong")
    with pytest.raises(NeedsCredentials):
        wrong.fetch("files", {}, now=NOW)
