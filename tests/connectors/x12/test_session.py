"""The SFTP session with a warehouse: kept, opened anew, its host key and its login."""

import io
import socket
from typing import Any

import paramiko
import pytest

from integrations.connectors.edi_files.client import FilesClient
from integrations.transports import ssh
from integrations.transports.ssh import HostKey
from portal.core.errors import NeedsCredentials, Permanent, Retryable
from tests.connectors.x12.server import USER, Server
from tests.connectors.x12.test_files import FILE, pick_up


def test_the_session_is_kept_between_calls(client: FilesClient, server: Server) -> None:
    for number in range(5):
        client.put_file(f"940_{number}.edi", FILE)
        pick_up(client)
    assert server.listener.sessions == 1


def test_a_session_that_the_server_ended_is_opened_anew(
    client: FilesClient, server: Server
) -> None:
    client.put_file("940_1.edi", FILE)
    for transport in server.listener.transports:
        transport.close()
    client._session._session.get_channel().get_transport().join(5)
    client.put_file("940_2.edi", FILE)
    assert server.names("in") == ["940_1.edi", "940_2.edi"]


def test_a_server_that_is_away_is_tried_again_later(client: FilesClient, server: Server) -> None:
    server.listener.close()
    with pytest.raises(Retryable) as caught:
        client.put_file("940.edi", FILE)
    assert not caught.value.uncertain


def test_a_wrong_host_key_is_told_before_any_login(open_client: Any, server: Server) -> None:
    server.listener.show_wrong_key(True)
    client = open_client()
    with pytest.raises(NeedsCredentials) as caught:
        client.put_file("940.edi", FILE)
    assert caught.value.code == "host_key_changed"
    checks = list(client.test_connection())
    assert [c.passed for c in checks] == [True, None, False, None, None]
    assert "shows another host key" in checks[2].text


def test_a_missing_host_key_is_told_and_nothing_is_sent(open_client: Any, server: Server) -> None:
    with pytest.raises(NeedsCredentials) as caught:
        open_client(host_key="").put_file("940.edi", FILE)
    assert caught.value.code == "host_key_missing"
    assert server.listener.sessions == 0


@pytest.mark.parametrize("prefix", ["", "sftp.example.com ", "[sftp.example.com]:2222,10.0.0.1 "])
def test_a_host_key_line_may_name_hosts_and_have_a_comment(server: Server, prefix: str) -> None:
    key = HostKey.parse(f"{prefix}{server.host_key_line} root@sftp")
    assert key == HostKey("ecdsa-sha2-nistp256", server.key.asbytes())


def test_a_private_key_logs_in_and_another_is_refused(open_client: Any, server: Server) -> None:
    right, wrong = paramiko.ECDSAKey.generate(), paramiko.ECDSAKey.generate()
    server.listener.account.keys.append(right)
    open_client(secrets={"private_key": pem(right)}).put_file("940.edi", FILE)
    assert server.names("in") == ["940.edi"]
    with pytest.raises(NeedsCredentials) as caught:
        open_client(secrets={"private_key": pem(wrong)}).put_file("941.edi", FILE)
    assert caught.value.code == "auth_expired"
    assert f"private key of {USER}" in str(caught.value)


@pytest.mark.parametrize("text", ["no key at all", "-----BEGIN RSA PRIVATE KEY-----\nAAAA\n"])
def test_an_unreadable_private_key_is_told(open_client: Any, text: str) -> None:
    with pytest.raises(NeedsCredentials) as caught:
        open_client(secrets={"private_key": text}).put_file("940.edi", FILE)
    assert "cannot be read" in str(caught.value)


def test_no_credentials_at_all_are_told(open_client: Any) -> None:
    with pytest.raises(NeedsCredentials) as caught:
        open_client(secrets={}).put_file("940.edi", FILE)
    assert "Neither a private key nor a password" in str(caught.value)


def test_a_login_that_is_cut_off_is_no_verdict_on_the_key(
    open_client: Any, server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    def cut(transport: paramiko.Transport, *_: Any) -> list[str]:
        transport.close()
        raise paramiko.AuthenticationException("Authentication failed: saw EOF")

    monkeypatch.setattr(paramiko.Transport, "auth_password", cut)
    with pytest.raises(Retryable):
        open_client().put_file("940.edi", FILE)


def test_a_missing_folder_opens_one_case_for_the_endpoint(open_client: Any) -> None:
    with pytest.raises(NeedsCredentials) as caught:
        open_client(drop_folder="nowhere").put_file("940.edi", FILE)
    assert caught.value.code == "folder_missing"


def test_an_address_that_is_not_allowed_is_never_called(open_client: Any) -> None:
    with pytest.raises(Permanent) as caught:
        open_client(host="10.1.2.3").put_file("940.edi", FILE)
    assert caught.value.code == "address_refused"


def test_a_server_that_says_nothing_is_given_up(
    open_client: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ssh, "CONNECT_SECONDS", 0.3)
    silent = socket.create_server(("127.0.0.1", 0))
    with silent, pytest.raises(Retryable):
        open_client(port=silent.getsockname()[1]).put_file("940.edi", FILE)


def test_a_connection_test_leaves_nothing_behind(client: FilesClient, server: Server) -> None:
    before = sorted(server.root.rglob("*"))
    checks = list(client.test_connection())
    assert [(c.name, c.passed) for c in checks] == [
        ("host", True),
        ("tls", None),
        ("key", True),
        ("scope", True),
        ("clock", True),
    ]
    assert sorted(server.root.rglob("*")) == before


def pem(key: paramiko.PKey) -> str:
    text = io.StringIO()
    key.write_private_key(text)
    return text.getvalue()


def test_a_file_name_that_is_not_utf8_is_named_and_ends_nothing_else(
    open_client: Any, server: Server
) -> None:
    def with_latin_1(files: Any, path: str) -> list[paramiko.SFTPAttributes]:
        entry = paramiko.SFTPAttributes()
        entry.filename, entry.st_mode, entry.st_size = "Gr\xfcn.edi".encode("latin-1"), 0o100644, 1
        return [entry]

    plain = server.listener.files.list_folder
    client = open_client()
    server.listener.files.list_folder = with_latin_1
    with pytest.raises(Permanent) as caught:
        pick_up(client)
    assert caught.value.code == "file_name"
    server.listener.files.list_folder = plain
    server.put("945.edi", FILE)
    assert len(pick_up(client).documents) == 1
