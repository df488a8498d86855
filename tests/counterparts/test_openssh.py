"""Files over SFTP with OpenSSH's server: keys, the pinned host, whole files, claims."""

import threading
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest

from portal.core.errors import CrossdockError, NeedsCredentials
from tests.counterparts.openssh_running import Server, openssh

pytestmark = pytest.mark.counterpart(
    system="openssh", flow="SFTP: key login, pinned host key, whole files, one claim"
)

NOW = datetime(2026, 3, 3, 16, 5, tzinfo=UTC)


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    with openssh() as made:
        yield made


def test_a_file_goes_all_the_way(server: Server) -> None:
    server.drop("945 ä.edi", b"12 END")
    ours = server.exchange()
    found = ours.pick_up({}, now=NOW)
    assert [(file.name, file.body) for file in found.files] == [("945 ä.edi", b"12 END")]


def test_what_we_put_appears_whole_under_its_name(server: Server) -> None:
    body = bytes(range(256)) * 4096  # a megabyte, in many packets
    session = server.session()
    session.write("in/aside.tmp", body)
    assert session.move("in/aside.tmp", "in/940.edi")
    assert (server.files / "in" / "940.edi").read_bytes() == body
    assert not (server.files / "in" / "aside.tmp").exists()


def test_of_two_rivals_one_gets_the_file(server: Server) -> None:
    server.drop("rivals.edi", b"1 END")
    won: list[Any] = []
    sessions = [server.session() for _ in range(2)]
    threads = [
        threading.Thread(target=lambda s=one: won.append(s.move("out/rivals.edi", "in/taken.edi")))
        for one in sessions
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    assert sorted(won) == [False, True]


def test_another_key_is_refused(server: Server) -> None:
    with pytest.raises(NeedsCredentials):
        server.session(key="stranger").entries("out")


def test_another_host_key_than_the_pinned_one_is_not_spoken_to(server: Server) -> None:
    with pytest.raises(CrossdockError) as caught:
        server.session(host="stranger").entries("out")
    assert caught.value.code == "host_key_changed"


def test_a_folder_that_is_missing_is_said(server: Server) -> None:
    with pytest.raises(NeedsCredentials) as caught:
        server.session().entries("nowhere")
    assert caught.value.code == "folder_missing"
