"""Files of a partner that come as attachments of mails: of named senders only, and never answered."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any

import pytest

from integrations.connectors import registry
from integrations.connectors.connection import Connection
from integrations.views.settings_form import SettingsForm
from portal.core.errors import Permanent
from tests.certificate_maker import Authority
from tests.connectors.conformance import connection
from tests.connectors.edi import files as edi
from tests.connectors.x12.harness import interchange
from tests.transports.imap_server import PASSWORD, USER, Mailboxes, mail

NOW = datetime(2026, 3, 3, 16, 5, tzinfo=UTC)
AGREED: dict[str, dict[str, Any]] = {
    "x12": {"own_id": "PORTAL", "partner_id": "NWIND3PL", "usage": "T"},
    "edi": edi.X12,
}
FILES = {"x12": ("945.edi", interchange("945")), "edi": ("850.txt", edi.file_of("850"))}
SERVER = "mx.kestrel.example"


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    return Authority(tmp_path_factory.mktemp("mail-authority"))


@pytest.fixture
def server(authority: Authority) -> Iterator[Mailboxes]:
    made = Mailboxes(authority.certificate("localhost"))
    yield made
    made.close()


@pytest.fixture
def to(server: Mailboxes, authority: Authority) -> Callable[..., Connection]:
    def connect(slug: str, **changed: Any) -> Connection:
        given = {
            "protocol": "mailbox", "host": "localhost", "port": server.port, "user": USER,
            "authority": authority.path.read_text(), "senders": "orders@acme.example",
            **AGREED[slug],
        }  # fmt: skip
        secrets = {"password": PASSWORD}
        return connection(registry.get(slug), settings={**given, **changed}, secrets=secrets)

    return connect


@pytest.fixture
def open_client(to: Callable[..., Connection]) -> Iterator[Any]:
    made: list[Any] = []

    def open_(slug: str, **changed: Any) -> Any:
        connector = registry.get(slug)
        assert connector.client is not None
        made.append(connector.client(to(slug, **changed)))
        return made[-1]

    yield open_
    for client in made:
        client.close()


@pytest.mark.parametrize("slug", AGREED)
def test_an_attachment_is_a_file_and_its_mail_is_moved_once_it_is_stored(
    slug: str, server: Mailboxes, open_client: Any
) -> None:
    name, body = FILES[slug]
    server.inbox.add(mail((name, body), ("logo.png", b"\x89PNG"), ("letter.PDF", b"%PDF")))
    ours = open_client(slug)
    page = ours.fetch("files", {}, now=NOW)
    assert [(d.object_type, d.topic, d.body, d.content_type) for d in page.documents] == [
        ("interchange", name, body, "application/edi-x12")
    ]
    again = open_client(slug).fetch("files", page.cursor, now=NOW)
    assert [d.dedup_key for d in again.documents] == [d.dedup_key for d in page.documents]
    page.after_stored()
    assert (server.count("INBOX"), server.count("Archive")) == (0, 1)


@pytest.mark.parametrize("slug", AGREED)
def test_mails_of_others_and_without_a_file_are_put_aside_and_said(
    slug: str, server: Mailboxes, open_client: Any, to: Any
) -> None:
    server.inbox.add(mail(FILES[slug], sender="thief@evil.example"))
    server.inbox.add(mail(("letter.pdf", b"%PDF")))
    page = open_client(slug).fetch("files", {}, now=NOW)
    assert [d.object_type for d in page.documents] == ["file_note", "file_note"]
    read = registry.get(slug).mapper.read
    found = [read(d.object_type, d.topic, d.body, to(slug)).problems[0] for d in page.documents]
    assert [one.code for one in found] == ["unknown_partner", "malformed_document"]
    assert "thief@evil.example" in found[0].text
    assert "letter.pdf" in found[1].text
    page.after_stored()
    assert server.count("Refused") == 2


def test_a_server_that_is_named_has_to_vouch_for_the_sender(
    server: Mailboxes, open_client: Any
) -> None:
    forged = f"Authentication-Results: {SERVER}; dmarc=fail\r\n".encode()
    proven = f"Authentication-Results: {SERVER}; dmarc=pass header.from=acme.example\r\n".encode()
    for head in (forged, proven):
        server.inbox.add(head + mail(FILES["edi"]))
    page = open_client("edi", vouching_server=SERVER).fetch("files", {}, now=NOW)
    assert [d.object_type for d in page.documents] == ["interchange", "file_note"]


def test_only_names_of_the_pattern_are_taken(server: Mailboxes, open_client: Any) -> None:
    server.inbox.add(mail(("a.edi", b"ISA"), ("a.csv", b"x")))
    page = open_client("edi", file_pattern="*.EDI").fetch("files", {}, now=NOW)
    assert [d.topic for d in page.documents] == ["a.edi"]


@pytest.mark.parametrize("slug", AGREED)
def test_nothing_is_answered_and_nothing_goes(slug: str, open_client: Any, to: Any) -> None:
    split = registry.get(slug).mapper.split
    by_mail = split(FILES[slug][1], to(slug), received=NOW)
    on_server = split(FILES[slug][1], to(slug, protocol="sftp"), received=NOW)
    assert [bool(one.answer) for one in on_server.envelopes] == [True]
    assert [bool(one.answer) for one in by_mail.envelopes] == [False]
    assert [part.body for part in by_mail.parts] == [part.body for part in on_server.parts]
    with pytest.raises(Permanent, match="takes no files of ours"):
        open_client(slug).put_file("855.edi", b"x")


def test_a_partner_by_as2_is_answered_whatever_was_entered_for_mails(to: Any) -> None:
    connector = registry.get("edi")
    by_as2 = to("edi", transport="AS2 messages")
    [envelope] = connector.mapper.split(FILES["edi"][1], by_as2, received=NOW).envelopes
    assert envelope.answer is not None
    assert connector.answers_orders(by_as2)
    assert not connector.answers_orders(to("edi"))


def test_the_connection_test_tells_who_may_send(open_client: Any) -> None:
    def told(**changed: Any) -> dict[str, Any]:
        return {line.name: line.passed for line in open_client("edi", **changed).test_connection()}

    assert told() == {"host": True, "tls": True, "key": True, "scope": True, "clock": None}
    assert told(senders=[])["scope"] is False


@pytest.mark.parametrize("slug", AGREED)
def test_the_form_wants_senders_of_a_mailbox_and_no_host_key(slug: str) -> None:
    form = SettingsForm({"protocol": "mailbox"}, connector=registry.get(slug), settings={})
    assert "host_key" not in form.errors
    assert ("senders" in form.errors) == (slug == "x12")
    assert not {"drop_folder", "pick_up_folder"} & set(form.errors)


@pytest.mark.parametrize("slug", AGREED)
def test_one_mailbox_serves_partners_by_their_folders_and_ids(slug: str, to: Any) -> None:
    account = registry.get(slug).account
    first = account(to(slug))
    assert first == account(to(slug, host="LOCALHOST", drop_folder="elsewhere"))
    assert first != account(to(slug, mail_folder="Other"))
    assert first != account(to(slug, partner_id="ANOTHER"))
