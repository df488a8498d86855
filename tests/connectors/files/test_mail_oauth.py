"""A mailbox whose login carries an access token: for the portal itself, or for a person who says yes."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from integrations.connectors import registry
from integrations.connectors.connection import Authorisation
from integrations.transports import xoauth2
from integrations.transports.oauth import Held
from integrations.views.settings_form import SettingsForm
from portal.core import clock
from portal.core.errors import CrossdockError, NeedsCredentials, Retryable
from portal.core.secrets import Secret
from tests.certificate_maker import Authority
from tests.connectors.files.conftest import agreed
from tests.connectors.files.harness import AGREEMENT
from tests.connectors.files.test_mail import FILE, NOW
from tests.connectors.token_server import SECRET, TokenServer
from tests.transports.imap_server import USER, Mailboxes, mail


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    return Authority(tmp_path_factory.mktemp("mail-authority"))


@pytest.fixture
def tokens() -> Iterator[TokenServer]:
    running = TokenServer()
    yield running
    running.close()


@pytest.fixture
def server(authority: Authority, tokens: TokenServer) -> Iterator[Mailboxes]:
    made = Mailboxes(authority.certificate("localhost"))
    made.tokens = tokens.valid
    made.inbox.add(mail(FILE))
    yield made
    made.close()


@pytest.fixture
def to(server: Mailboxes, tokens: TokenServer, authority: Authority) -> Any:
    def connect(**changed: Any) -> Any:
        given = {
            "protocol": "mailbox", "host": "localhost", "port": server.port, "user": USER,
            "authority": authority.path.read_text(), "senders": "orders@acme.example",
            "agreement": AGREEMENT, "token_url": tokens.token_url, "client_id": "portal",
            "scope": "mail.read",
        }  # fmt: skip
        return agreed(secrets={"client_secret": SECRET}, **{**given, **changed})

    return connect


def failure(client: Any) -> CrossdockError:
    with pytest.raises(CrossdockError) as caught:
        client.fetch("files", {}, now=NOW)
    return caught.value


def test_the_login_carries_a_token_that_was_asked_for(server, tokens, to, open_client) -> None:
    client = open_client(to())
    assert len(client.fetch("files", {}, now=NOW).documents) == 1
    assert server.carried == [f"user={USER}\1auth=Bearer {tokens.token(1)}\1\1"]
    assert tokens.granted[0].form == {"grant_type": "client_credentials", "scope": "mail.read"}
    assert server.commands.count("AUTHENTICATE") == 1


def test_the_next_session_shows_the_same_token(server, tokens, to, open_client) -> None:
    client = open_client(to())
    for _ in range(2):
        client.fetch("files", {}, now=NOW)
        client.close()
    assert (len(server.carried), len(tokens.granted)) == (2, 1)


def test_a_token_that_ended_early_is_renewed_once(server, tokens, to, open_client) -> None:
    client = open_client(to())
    client.fetch("files", {}, now=NOW)
    client.close()
    tokens.valid.clear()
    assert len(client.fetch("files", {}, now=NOW).documents) == 1
    assert len(tokens.granted) == 2


def test_a_token_that_the_server_refuses_is_told_in_its_words_and_not_shown(
    server, tokens, to, open_client
) -> None:
    server.tokens = set()
    error = failure(open_client(to()))
    assert isinstance(error, NeedsCredentials)
    assert "refused the token for orders@kestrel.example" in str(error)
    assert "(status 400, scope mail.read)" in str(error)
    assert tokens.mark not in str(error)
    assert (len(server.carried), server.count("INBOX")) == (1, 1)


def test_a_token_server_that_refuses_is_told_and_the_mailbox_gets_nothing(
    server, tokens, to, open_client
) -> None:
    tokens.refuse(401, error="invalid_client", error_description=f"wrong {SECRET}")
    error = failure(open_client(to()))
    assert isinstance(error, NeedsCredentials)
    assert "invalid_client" in str(error)
    assert SECRET not in str(error)
    assert server.carried == []


def test_a_mail_server_that_is_busy_is_asked_again(server, to, open_client) -> None:
    client = open_client(to())
    server.fault = {"AUTHENTICATE": "NO [UNAVAILABLE] later"}
    assert isinstance(failure(client), Retryable)
    assert len(client.fetch("files", {}, now=NOW).documents) == 1


def test_a_server_that_takes_no_tokens_is_told_and_gets_none(
    server, tokens, to, open_client
) -> None:
    server.tokens = None
    error = failure(open_client(to()))
    assert isinstance(error, NeedsCredentials)
    assert "does not offer XOAUTH2" in str(error)
    assert tokens.granted == []


def test_another_certificate_gets_no_token(server, tokens, to, open_client) -> None:
    assert failure(open_client(to(authority=""))).code == "tls"
    assert (server.carried, tokens.granted) == ([], [])


def test_the_connection_test_names_what_to_look_at(server, tokens, to, open_client) -> None:
    told = {line.name: line for line in open_client(to()).test_connection()}
    assert [told[name].passed for name in ("host", "tls", "key", "scope")] == [True] * 4
    server.tokens = set()
    told = {line.name: line for line in open_client(to()).test_connection()}
    assert (told["tls"].passed, told["key"].passed) == (True, False)
    assert "scope" in told["key"].remedy


class Yes(Authorisation):
    """What a person's yes left behind."""

    def __init__(self, tokens: TokenServer) -> None:
        self.tokens, self.meant = tokens, ""

    def token(self, renew: Any, *, meant: str, refused: Secret | None) -> Held:
        self.meant = meant
        self.tokens.refresh = "refresh-0"
        return Held(renew(Secret("refresh-0")).token, clock.monotonic() + 60)


def test_a_person_who_said_yes_opens_their_own_mailbox(server, tokens, to, open_client) -> None:
    given = {"grant": "authorisation-code", "authorise_url": f"{tokens.url}/authorise"}
    assert "Nobody authorised us" in str(failure(open_client(to(**given))))
    yes = Yes(tokens)
    client = open_client(replace(to(**given), authorisation=yes))
    assert len(client.fetch("files", {}, now=NOW).documents) == 1
    assert tokens.granted[-1].form["grant_type"] == "refresh_token"


@pytest.mark.parametrize("slug", ["csv3pl", "edi", "files", "x12"])
def test_the_yes_is_asked_for_anew_where_another_mailbox_is_meant(slug, to) -> None:
    grants = registry.get(slug).authorises
    given = {"grant": "authorisation-code", "authorise_url": "https://login.example/authorise"}
    transport = {"transport": "files on a server"} if slug == "edi" else {}

    def meant(**changed: Any) -> str:
        found = grants(to(**given, **transport, **changed))
        assert found is not None
        return found.meant

    assert meant() == meant(mail_folder="Other")
    assert len({meant(), meant(user="other@kestrel.example"), meant(host="other.example")}) == 3
    assert grants(to(**given, **transport, protocol="sftp")) is None
    assert grants(to(**transport)) is None


def test_a_password_still_stands_where_no_token_address_is_entered(to) -> None:
    form = SettingsForm({"protocol": "mailbox"}, connector=registry.get("files"), settings={})
    assert not {"token_url", "client_id", "client_secret"} & set(form.errors)
    assert registry.get("files").authorises(to(token_url="")) is None


@pytest.mark.parametrize(
    ("challenge", "reason"),
    [
        (b'{"status":"401","schemes":"Bearer"}', " (status 401)"),
        (b"{}", ""), (b"[1]", ""), (b"\xff", ""), (b"", ""),
        (b'{"status":"t0ken\\u0000 x"}', " (status not shown x)"),
    ],
)  # fmt: skip
def test_what_a_refusal_says_is_read_and_shows_no_token(challenge: bytes, reason: str) -> None:
    talk = xoauth2.Talk("u", Secret("t0ken"))
    assert talk(b"") == b"user=u\1auth=Bearer t0ken\1\1"
    assert talk(challenge) == b""
    assert talk.reason == reason
