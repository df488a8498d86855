"""An OpenSSH server that runs for the tests: its keys, its one login, and the folder that login sees."""

import getpass
import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from integrations.transports import ssh
from integrations.transports.files import Exchange, Folders
from integrations.transports.sftp import Sftp
from portal.core.secrets import Secret
from tests.counterparts.openssh_install import COUNTERPART, SERVER
from tests.counterparts.running import free_port, running

FOLDERS = Folders("in", "out", "out/processing", "out/archive")
# Nobody logs in as the one who runs the tests where that is root.
USER = "nobody" if os.getuid() == 0 else getpass.getuser()


class Server:
    """Its folder, as the partner sees it, and sessions of ours with it."""

    def __init__(self, folder: Path, folders: Sequence[str] = ("in", "out")) -> None:
        self.folder, self.port = folder, free_port()
        self.files = folder / "files"
        self.sessions: list[Sftp] = []
        for name in ("host", "login", "stranger"):
            make = ("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", str(folder / name))
            subprocess.run(make, check=True)
        for name in folders:
            (self.files / name).mkdir(parents=True)
        (folder / "conf").write_text(
            f"Port {self.port}\nListenAddress 127.0.0.1\nHostKey {folder}/host\nPidFile none\n"
            f"UsePAM yes\nStrictModes no\nPasswordAuthentication no\n"
            f"AuthorizedKeysFile {folder}/login.pub\n"
            f"Subsystem sftp internal-sftp\nForceCommand internal-sftp -d {self.files}\n"
        )
        for path in (folder, *folder.rglob("*")):
            shutil.chown(path, USER)

    def host_key(self, name: str = "host") -> str:
        return (self.folder / f"{name}.pub").read_text()

    def private_key(self, name: str = "login") -> str:
        return (self.folder / name).read_text()

    def session(self, *, key: str = "login", host: str = "host") -> Sftp:
        secret = Secret(self.private_key(key))
        login = ssh.Login("127.0.0.1", self.port, USER, self.host_key(host), private_key=secret)
        self.sessions.append(Sftp(login))
        return self.sessions[-1]

    def exchange(self, worker: str = "0000000a") -> Exchange:
        return Exchange(self.session(), FOLDERS, is_whole=lambda tail: True, worker=worker)

    def drop(self, name: str, body: bytes) -> None:
        (self.files / "out" / name).write_bytes(body)
        shutil.chown(self.files / "out" / name, USER)


@contextmanager
def openssh(folders: Sequence[str] = ("in", "out")) -> Iterator[Server]:
    """A server of its own, with these folders in what its login sees."""
    folder = Path(tempfile.mkdtemp(prefix="openssh-"))
    folder.chmod(0o755)
    made = Server(folder, folders)
    command = [COUNTERPART.program(SERVER), "-D", "-e", "-f", str(folder / "conf")]
    user = USER if os.getuid() == 0 else None
    log = folder / "log"
    with running(command, port=made.port, log=log, env=COUNTERPART.environment, user=user):
        yield made
        for session in made.sessions:
            session.close()
    shutil.rmtree(folder)
