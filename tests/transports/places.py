"""Places where files lie, each real: what the portal opens, and what its partner sees of it."""

import contextlib
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Protocol, TypeVar

from integrations.transports import ftp, ssh
from integrations.transports.bucket import Bucket
from integrations.transports.file_session import FileSession
from integrations.transports.folder import LocalFolder
from integrations.transports.ftps import Ftps
from integrations.transports.s3 import S3
from integrations.transports.sftp import Sftp
from portal.core.secrets import Secret
from tests.certificate_maker import Authority
from tests.connectors.x12.server import Server
from tests.transports import s3_server
from tests.transports.logins import PASSWORD, USER
from tests.transports.s3_server import Store, Stored

ROOT = Path(__file__).resolve().parents[2]


class Place(Protocol):
    """`put` and `body` are the partner's side."""

    def session(self) -> FileSession: ...
    def put(self, path: str, body: bytes) -> None: ...
    def body(self, path: str) -> bytes | None: ...
    def names(self, folder: str) -> list[str]: ...


Session = TypeVar("Session", bound=FileSession)


class Sessions:
    """Those that were opened to a place, to be closed when a test ends."""

    def __init__(self) -> None:
        self._opened: list[FileSession] = []

    def keep(self, session: Session) -> Session:
        self._opened.append(session)
        return session

    def close_sessions(self) -> None:
        while self._opened:
            self._opened.pop().close()


class Disk(Sessions):
    """The partner's side of places whose files lie on a disk."""

    root: Path

    def put(self, path: str, body: bytes) -> None:
        (self.root / path).parent.mkdir(parents=True, exist_ok=True)
        (self.root / path).write_bytes(body)

    def body(self, path: str) -> bytes | None:
        file = self.root / path
        return file.read_bytes() if file.is_file() else None

    def names(self, folder: str) -> list[str]:
        found = self.root / folder
        return sorted(p.name for p in found.iterdir() if p.is_file()) if found.exists() else []


class FolderPlace(Disk):
    def __init__(self, root: Path) -> None:
        super().__init__()
        self.root = root
        for name in ("in", "out"):
            (root / name).mkdir()

    def session(self) -> LocalFolder:
        return self.keep(LocalFolder(str(self.root)))


class SftpPlace(Disk):
    def __init__(self) -> None:
        super().__init__()
        self.server = Server("pw")
        self.root = self.server.root

    def session(self) -> Sftp:
        address = self.server.address
        return self.keep(Sftp(ssh.Login(**address, password=Secret("pw"))))


class S3Place(Sessions):
    """The tests' own store. The partner puts objects straight into it."""

    def __init__(self, prefix: str = "kestrel/files ä") -> None:
        super().__init__()
        self.store = Store()
        self.prefix = prefix

    def session(self, **changed: Any) -> S3:
        return self.keep(S3(self.bucket(**changed), prefix=self.prefix))

    def bucket(self, **changed: Any) -> Bucket:
        usual = {
            "endpoint": self.store.address,
            "region": s3_server.REGION,
            "name": s3_server.BUCKET,
            "key_id": s3_server.KEY_ID,
            "secret": Secret(s3_server.SECRET),
            "plain_because": "a test on this machine",
        }
        return Bucket(**{**usual, **changed})

    def put(self, path: str, body: bytes) -> None:
        self.store.objects[f"{self.prefix}/{path}"] = Stored(body, {}, self.store.clock())

    def body(self, path: str) -> bytes | None:
        found = self.store.objects.get(f"{self.prefix}/{path}")
        return found.body if found else None

    def names(self, folder: str) -> list[str]:
        below = f"{self.prefix}/{folder}/"
        names = [key.removeprefix(below) for key in self.store.objects if key.startswith(below)]
        return sorted(name for name in names if "/" not in name)

    def close(self) -> None:
        self.store.close()


class FtpPlace(Disk):
    """pyftpdlib, of the environment of Python whose interpreter is `python`. `certificate` empty: without TLS."""

    def __init__(self, root: Path, authority: Authority, *arguments: str, **asked: Any) -> None:
        super().__init__()
        self.root = root
        self.authority = authority
        for name in ("in", "out"):
            (root / name).mkdir(exist_ok=True)
        names = asked.pop("names", ("localhost",))
        python = asked.pop("python", sys.executable)
        self.certificate = authority.certificate(*names, **asked) if names else ""
        self.process, self.port = start(root, self.certificate, *arguments, python=python)

    def session(self, **changed: Any) -> Ftps:
        return self.keep(Ftps(self.login(**changed)))

    def login(self, **changed: Any) -> ftp.Login:
        usual = {
            "host": "localhost",
            "port": self.port,
            "user": USER,
            "password": Secret(PASSWORD),
            "authority": self.authority.path.read_text(),
        }
        return ftp.Login(**{**usual, **changed})

    def close(self) -> None:
        self.close_sessions()
        assert self.process.stdin is not None and self.process.stdout is not None
        self.process.stdin.close()
        self.process.wait(10)
        self.process.stdout.close()


def start(
    root: Path, certificate: str, *arguments: str, python: str = sys.executable
) -> tuple[subprocess.Popen[str], int]:
    command = [python, "-m", "tests.transports.ftp_server", str(root), *arguments]
    if certificate:
        command += ["--certificate", certificate]
    process = subprocess.Popen(
        command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
        env={**os.environ, "PYTHONWARNINGS": "ignore"},
    )  # fmt: skip
    assert process.stdout is not None
    line = process.stdout.readline().split()
    assert line[:1] == ["ready"], line
    return process, int(line[1])


@contextlib.contextmanager
def ftp_place(
    root: Path, authority: Authority, *arguments: str, **asked: Any
) -> Iterator[FtpPlace]:
    place = FtpPlace(root, authority, *arguments, **asked)
    try:
        yield place
    finally:
        place.close()
