"""Files that come as attachments of mails: stored before their mail is moved, once, and from whom may send."""

import base64
import io
import time
import zipfile
from collections.abc import Iterator
from datetime import UTC, datetime
from email.message import EmailMessage
from typing import Any

import pytest

from integrations.transports import mails
from portal.core import guard
from portal.core.errors import NeedsCredentials, Permanent, Retryable
from tests.certificate_maker import Authority
from tests.connectors.files.conftest import CONNECTOR, agreed
from tests.connectors.files.harness import AGREEMENT, STOCK
from tests.transports.imap_server import PASSWORD, USER, Mailboxes, mail

NOW = datetime(2026, 3, 3, 16, 5, tzinfo=UTC)
FILE = ("stock.csv", STOCK.encode())


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    return Authority(tmp_path_factory.mktemp("mail-authority"))


@pytest.fixture(params=[(), ("MOVE",), ("MOVE", "UIDPLUS")], ids=["move", "uidplus", "plain"])
def any_server(request: pytest.FixtureRequest, authority: Authority) -> Iterator[Mailboxes]:
    made = Mailboxes(authority.certificate("localhost"), lacks=request.param)
    yield made
    made.close()


@pytest.fixture
def server(authority: Authority) -> Iterator[Mailboxes]:
    made = Mailboxes(authority.certificate("localhost"))
    yield made
    made.close()


@pytest.fixture
def to(authority: Authority):
    def connect(server: Mailboxes, *, password: str = PASSWORD, **settings: Any):
        given = {
            "protocol": "mailbox", "host": "localhost", "port": server.port, "user": USER,
            "authority": authority.path.read_text(), "senders": "orders@acme.example",
            "agreement": AGREEMENT, "mail_archive": "Kept/Stored",
        }  # fmt: skip
        return agreed(secrets={"password": password}, **{**given, **settings})

    return connect


def test_a_file_is_read_stored_and_only_then_is_its_mail_moved(any_server, to, open_client) -> None:
    any_server.inbox.add(mail(FILE, ("logo.png", b"\x89PNG")))
    client = open_client(to(any_server))
    page = client.fetch("files", {}, now=NOW)
    assert [(d.object_type, d.topic, d.body) for d in page.documents] == [
        ("interchange", "stock:stock.csv", STOCK.encode())
    ]
    assert any_server.count("INBOX") == 1, "nothing is stored yet"
    died = open_client(to(any_server)).fetch("files", page.cursor, now=NOW)
    assert [d.dedup_key for d in died.documents] == [d.dedup_key for d in page.documents]
    page.after_stored()
    assert any_server.count("Kept.Stored") == 1
    assert client.fetch("files", page.cursor, now=NOW).documents == []
    page.after_stored()  # once more: it was moved already
    assert any_server.count("Kept.Stored") == 1


def test_the_same_mail_delivered_twice_has_the_same_keys_and_another_has_others(
    server, to, open_client
) -> None:
    first = mail(FILE, id="<1@acme.example>")
    server.inbox.add(first)
    server.inbox.add(b"Received: from a by b\r\n" + first)
    server.inbox.add(mail(FILE, id="<2@acme.example>"))
    server.inbox.add(mail(("stock.csv", b"other"), id="<1@acme.example>"))
    page = open_client(to(server)).fetch("files", {}, now=NOW)
    keys = [document.dedup_key for document in page.documents]
    assert keys[0] == keys[1]
    assert len(set(keys)) == 3
    assert all(len(key) <= 120 for key in keys)


def packed() -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("stock.csv", "0" * 50_000_000)
    return made.getvalue()


def forwarded() -> bytes:
    made = EmailMessage()
    made["From"] = "orders@acme.example"
    made.set_content("See below.")
    inner = EmailMessage()
    inner["From"] = "other@acme.example"
    inner.set_content("Orders")
    inner.add_attachment(b"x", maintype="text", subtype="csv", filename="stock.csv")
    made.add_attachment(inner)
    return made.as_bytes()


def nest(levels: int) -> bytes:
    inside = "Content-Type: text/plain; name=stock.csv\r\n\r\nx"
    for level in range(levels):
        inside = f'Content-Type: multipart/mixed; boundary="b{level}"\r\n\r\n--b{level}\r\n{inside}\r\n--b{level}--'
    return f"From: orders@acme.example\r\n{inside}".encode()


def broken() -> bytes:
    return mail(FILE).replace(base64.b64encode(STOCK.encode())[:20], b"####")


@pytest.mark.parametrize(
    ("raw", "code", "said"),
    [
        (mail(FILE, sender="thief@evil.example"), "unknown_partner", "thief@evil.example"),
        (mail(FILE, sender='"orders@acme.example" <thief@evil.example>'), "unknown_partner", "thief@evil.example"),
        (mail(FILE, sender="orders@acme.example.evil.example"), "unknown_partner", "evil.example"),
        (b"From: orders@acme.example\r\n" + mail(FILE, sender="thief@evil.example"), "unknown_partner", "nobody named"),
        (b"Subject: none\r\n\r\nx", "unknown_partner", "nobody named"),
        (mail(("stock.zip", packed())), "malformed_document", "is an archive"),
        (mail(("../../stock.csv", b"x")), "file_name", "cannot be used"),
        (mail(("stock\u202evsc.csv", b"x")), "file_name", "\\u202e"),
        (mail(("..\\stock.csv", b"x")), "file_name", "cannot be used"),
        (mail(("stock.csv", b"x" * 1_100_000)), "too_large", "stock.csv"),
        (mail(("stock.csv", b"x" * 3_000_000)), "too_large", "larger than"),
        (mail(("notes.txt", b"x")), "malformed_document", "no file that is looked for"),
        (forwarded(), "malformed_document", "another mail"),
        (nest(30), "malformed_document", "deeper"),
        (nest(3000), "malformed_document", "deeper"),
        (broken(), "malformed_document", "cannot be read"),
    ],
)  # fmt: skip
def test_what_is_not_taken_is_named_put_aside_whole_and_told_of_once(
    server, to, open_client, raw: bytes, code: str, said: str
) -> None:
    server.inbox.add(raw)
    connection = to(server, largest_file=1)
    client = open_client(connection)
    page = client.fetch("files", {}, now=NOW)
    [note] = page.documents
    native = CONNECTOR.mapper.read(note.object_type, note.topic, note.body, connection)
    [problem] = native.problems
    assert problem.code == code
    assert said in problem.text
    again = open_client(connection).fetch("files", {}, now=NOW)
    assert [d.dedup_key for d in again.documents] == [note.dedup_key]
    page.after_stored()
    assert (server.count("INBOX"), server.count("Refused")) == (0, 1)
    assert server.folders["Refused"].mails[1] == raw


def test_what_is_good_on_a_mail_is_taken_and_what_is_not_is_told(server, to, open_client) -> None:
    server.inbox.add(mail(FILE, ("more.zip", b"PK\x03\x04")))
    page = open_client(to(server)).fetch("files", {}, now=NOW)
    assert [d.object_type for d in page.documents] == ["interchange", "file_note"]
    page.after_stored()
    assert server.count("Refused") == 1


def test_a_mail_that_is_put_back_and_taken_then_settles_what_was_told(
    server, to, open_client
) -> None:
    server.inbox.add(mail(FILE, sender="new@acme.example"))
    first = open_client(to(server)).fetch("files", {}, now=NOW)
    first.after_stored()
    server.inbox.add(server.folders["Refused"].mails.pop(1))
    allowed = to(server, senders="orders@acme.example\n@ACME.example\n")
    second = open_client(allowed).fetch("files", first.cursor, now=NOW)
    assert [d.object_type for d in second.documents] == ["interchange"]
    assert list(second.outdone) == [first.documents[0].dedup_key]


def test_a_page_is_bounded_and_the_rest_follows(server, to, open_client) -> None:
    for n in range(45):
        server.inbox.add(mail(("stock.csv", f"{n}".encode()), id=f"<{n}@acme.example>"))
    client = open_client(to(server))
    sizes, cursor, more = [], {}, True
    while more:
        page = client.fetch("files", cursor, now=NOW)
        page.after_stored()
        sizes.append(len(page.documents))
        cursor, more = page.cursor, page.more
    assert sizes == [20, 20, 5]


def test_without_allowed_senders_nobody_is_allowed(server, to, open_client) -> None:
    server.inbox.add(mail(FILE))
    page = open_client(to(server, senders="")).fetch("files", {}, now=NOW)
    assert [d.object_type for d in page.documents] == ["file_note"]


def test_peeking_moves_nothing(server, to, open_client) -> None:
    server.inbox.add(mail(FILE))
    assert [d.topic for d in open_client(to(server)).peek("files", most=5)] == ["stock:stock.csv"]
    assert server.count("INBOX") == 1
    assert not {"UID MOVE", "UID STORE", "UID COPY"} & set(server.commands)


SERVER = "mx.kestrel.example"


@pytest.mark.parametrize(
    ("headers", "taken"),
    [
        ((f"{SERVER}; dmarc=pass header.from=acme.example",), True),
        ((f"{SERVER} 1; spf=pass smtp.mailfrom=a@acme.example; dkim=none",), True),
        ((f"{SERVER}; dkim=pass (2048-bit) header.d=acme.example",), True),
        ((f"{SERVER}; dkim=pass header.d=evil.example; spf=pass smtp.mailfrom=evil.example",), False),
        ((f"{SERVER}; dkim=fail header.d=acme.example; dmarc=fail",), False),
        ((f"{SERVER}; spf=pass smtp.mailfrom=notacme.example",), False),
        ((f"{SERVER}; none",), False),
        (("mx.evil.example; dmarc=pass",), False),
        (("mx.evil.example; dmarc=fail", f"{SERVER}; dmarc=pass"), True),
        ((f"{SERVER}; dmarc=fail", f"{SERVER}; dmarc=pass"), False),
        ((f"{SERVER}; x=y (dmarc=pass); dmarc=fail",), False),
        ((), False),
    ],
)  # fmt: skip
def test_a_server_that_is_named_has_to_vouch_for_the_sender(
    server, to, open_client, headers: tuple[str, ...], taken: bool
) -> None:
    lines = "".join(f"Authentication-Results: {value}\r\n" for value in headers)
    server.inbox.add(lines.encode() + mail(FILE))
    page = open_client(to(server, vouching_server=SERVER)).fetch("files", {}, now=NOW)
    assert [d.object_type for d in page.documents] == ["interchange" if taken else "file_note"]


def test_the_connection_test_says_what_is_good_and_what_is_not(
    server, to, open_client, authority
) -> None:
    def told(**changed: Any) -> dict[str, Any]:
        return {line.name: line.passed for line in open_client(to(server, **changed)).test_connection()}  # fmt: skip

    assert told() == {"host": True, "tls": True, "key": True, "scope": True, "clock": None}
    assert told(password="wrong") == {"host": True, "tls": True, "key": False, "scope": None, "clock": None}  # fmt: skip
    assert told(authority="")["tls"] is False
    assert told(fingerprint="ab" * 32)["tls"] is False
    assert told(host="127.0.0.1")["tls"] is False, "the certificate is for localhost"
    assert told(port=1)["host"] is False
    assert told(mail_folder="Nowhere")["scope"] is False
    server.refuses_folders = True
    assert told(mail_refused="Elsewhere")["scope"] is False


def test_an_expired_certificate_gets_no_password_and_its_mails_stay(
    authority, to, open_client
) -> None:
    expired = Mailboxes(authority.certificate("localhost", days=-2))
    expired.inbox.add(mail(FILE))
    with pytest.raises(Permanent) as caught:
        open_client(to(expired)).fetch("files", {}, now=NOW)
    assert caught.value.code == "tls"
    assert "expired" in str(caught.value)
    assert (expired.commands, expired.count("INBOX")) == ([], 1)
    expired.close()


@pytest.mark.parametrize(
    ("fault", "error"),
    [
        ({"UID SEARCH": "cut off"}, Retryable),
        ({"UID FETCH": "NO [SERVERBUG] later"}, Retryable),
        ({"UID FETCH": "cut off"}, Retryable),
        ({"AUTHENTICATE": "NO [UNAVAILABLE] later"}, Retryable),
        ({"AUTHENTICATE": "NO [AUTHENTICATIONFAILED] no"}, NeedsCredentials),
        ({"SELECT": "NO gone"}, NeedsCredentials),
    ],
)
def test_a_fault_becomes_the_error_that_names_its_recovery_and_loses_nothing(
    server, to, open_client, fault: dict[str, str], error: type[Exception]
) -> None:
    server.inbox.add(mail(FILE))
    client = open_client(to(server))
    server.fault = fault
    with pytest.raises(error) as caught:
        client.fetch("files", {}, now=NOW)
    assert PASSWORD not in f"{caught.value}"
    assert len(client.fetch("files", {}, now=NOW).documents) == 1


def test_a_move_that_fails_leaves_the_mail_to_be_read_again_with_its_key(
    server, to, open_client
) -> None:
    server.inbox.add(mail(FILE))
    client = open_client(to(server))
    page = client.fetch("files", {}, now=NOW)
    server.fault = {"UID MOVE": "cut off"}
    with pytest.raises(Retryable):
        page.after_stored()
    again = client.fetch("files", page.cursor, now=NOW)
    assert [d.dedup_key for d in again.documents] == [d.dedup_key for d in page.documents]


def test_a_mailbox_inside_is_not_called_and_none_without_tls(server, to, open_client) -> None:
    guard.set_allowed_networks(list)
    with pytest.raises(Permanent) as refused:
        open_client(to(server)).fetch("files", {}, now=NOW)
    assert refused.value.code == "address_refused"


def test_a_mailbox_takes_no_files_of_ours(server, to, open_client) -> None:
    with pytest.raises(Permanent):
        open_client(to(server)).put_file("orders_1.csv", b"x")


def test_no_secret_is_in_any_representation(server, to, open_client) -> None:
    client = open_client(to(server))
    client.fetch("files", {}, now=NOW)
    shown = f"{client!r} {vars(client)!r} {vars(client._mailbox)!r} {client._mailbox.session!r}"
    assert PASSWORD not in shown


@pytest.mark.parametrize(
    "raw",
    [b"", b"\xff\xfe\x00", b"\r\n" * 99, b"From: " + b"a@b," * 100_000, b"Content-Type: " + b";x=\"" * 50_000,
     b"Content-Type: multipart/mixed\r\n\r\n--", b"From: =?utf-8?b?@@@?=\r\n\r\n", b"From: <@\r\n\r\n"],
)  # fmt: skip
def test_no_bytes_make_a_mail_that_raises(raw: bytes) -> None:
    found = mails.read(raw, largest=1_000)
    assert not mails.is_allowed(found.sender, ["@acme.example"])


@pytest.mark.parametrize(
    ("header", "sender"),
    [
        ("orders@acme.example", "orders@acme.example"),
        ("<Orders@acme.example>", "orders@acme.example"),
        ("(x (y)) orders@acme.example (z)", "orders@acme.example"),
        ("Ö Dept. <orders@acme.example> (ACME)", "orders@acme.example"),
        ('"ACME, Inc. <x@acme.example>" <orders@acme.example>', "orders@acme.example"),
        ("=?utf-8?q?orders=40acme=2Eexample?= <x@evil.example>", "x@evil.example"),
        ('"x\\" <orders@acme.example>" <x@evil.example>', "x@evil.example"),
        ("x@evil.example (orders@acme.example)", "x@evil.example"),
        # What one reader takes for this sender and another for that one is nobody.
        ("orders@acme.example (<x@evil.example>", ""),
        ("orders@acme.example)x@evil.example", ""),
        ("orders@acme.example <x@evil.example>", ""),
        ("<orders@acme.example> <x@evil.example>", ""),
        ("<@evil.example:orders@acme.example>", ""),
        ("evil: orders@acme.example;", ""),
        ("orders@acme.example, x@evil.example", ""),
        ("orders@acme.example,", ""),
        ('"orders@acme.example"@evil.example', ""),
        ("orders@[acme.example]", ""),
        ("orders@acme.example x@evil.example", ""),
    ],
)
def test_a_sender_is_one_address_in_a_form_all_read_alike(header: str, sender: str) -> None:
    raw = f"From: {header}\r\nMessage-ID: <1@x>\r\n\r\nx".encode()
    assert mails.read(raw, largest=10).sender == sender


def test_a_sender_that_is_hard_to_read_takes_no_time() -> None:
    began = time.monotonic()
    for bad in ('"' * 3999, "(" * 3999, "a" * 3999, " " * 3990 + "@", "()" * 1999, "a@" * 1999):
        assert mails.read(f"From: {bad}\r\n\r\n".encode(), largest=10).sender == ""
    assert time.monotonic() - began < 2


def test_names_of_files_are_read_however_they_are_encoded() -> None:
    made = mail(("stöck-Größe.csv", b"x"))
    assert [a.name for a in mails.read(made, largest=9).attachments] == ["stöck-Größe.csv"]
    old = b'From: a@b.example\r\nContent-Type: text/csv; name="=?utf-8?q?st=C3=B6ck.csv?="\r\n\r\nx'
    assert [a.name for a in mails.read(old, largest=9).attachments] == ["stöck.csv"]
