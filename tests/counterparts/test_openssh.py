"""Files over SFTP with OpenSSH's server: keys, the pinned host, whole files, claims."""

import getpass
import os
import shutil
import subprocess
import tempfile
import threading
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from integrations.transports import ssh
from integrations.transports.files import Exchange, Folders
from integrations.transports.sftp import Sftp
from portal.core.errors import CrossdockError, NeedsCredentials
from portal.core.secrets import Secret
from tests.counterparts.openssh_install import COUNTERPART, SERVER
from tests.counterparts.running import free_port, running

pytestmark = pytest.mark.counterpart(
    system="openssh", flow="SFTP: key login, pinned host key, whole files, one claim"
)

NOW = datetime(2026, 3, 3, 16, 5, tzinfo=UTC)
FOLDERS = Folders("in", "out", "out/processing", "out/archive")
# Nobody logs in as the one who runs the tests where that is root.
USER = "nobody" if os.getuid() == 0 else getpass.getuser()


class Server:
    """Its folder, as the partner sees it, and sessions of ours with it."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.port = folder, free_port()
        self.files = folder / "files"
        self.sessions: list[Sftp] = []
        for name in ("host", "login", "stranger"):
            make = ("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", str(folder / name))
            subprocess.run(make, check=True)
        for name in ("in", "out"):
            (self.files / name).mkdir(parents=True)
        (folder / "conf").write_text(
            f"Port {self.port}\nListenAddress 127.0.0.1\nHostKey {folder}/host\nPidFile none\n"
            f"UsePAM yes\nStrictModes no\nPasswordAuthentication no\n"
            f"AuthorizedKeysFile {folder}/login.pub\n"
            f"Subsystem sftp internal-sftp\nForceCommand internal-sftp -d {self.files}\n"
        )
        for path in (folder, *folder.rglob("*")):
            shutil.chown(path, USER)

    def session(self, *, key: str = "login", host: str = "host") -> Sftp:
        host_key = (self.folder / f"{host}.pub").read_text()
        secret = Secret((self.folder / key).read_text())
        login = ssh.Login("127.0.0.1", self.port, USER, host_key, private_key=secret)
        self.sessions.append(Sftp(login))
        return self.sessions[-1]

    def exchange(self, worker: str = "0000000a") -> Exchange:
        return Exchange(self.session(), FOLDERS, is_whole=lambda tail: True, worker=worker)

    def drop(self, name: str, body: bytes) -> None:
        (self.files / "out" / name).write_bytes(body)
        shutil.chown(self.files / "out" / name, USER)


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    folder = Path(tempfile.mkdtemp(prefix="openssh-"))
    folder.chmod(0o755)
    made = Server(folder)
    command = [COUNTERPART.program(SERVER), "-D", "-e", "-f", str(folder / "conf")]
    user = USER if os.getuid() == 0 else None
    log = folder / "log"
    with running(command, port=made.port, log=log, env=COUNTERPART.environment, user=user):
        yield made
        for session in made.sessions:
            session.close()
    shutil.rmtree(folder)


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
