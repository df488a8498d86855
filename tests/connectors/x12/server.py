"""An SFTP server in the test's own process, over a folder of its own, that can fail on request."""

import tempfile
import threading
import time
from pathlib import Path
from typing import Any

import paramiko
from paramiko import SFTP_FAILURE, SFTP_PERMISSION_DENIED, SFTPServer

from sandbox.warehouse.sftp import Account, SftpListener, _Door, _Files

USER = "portal"


class FailingFiles(_Files):
    """The account's folder, with `fault` for whoever lists a folder."""

    fault = ""
    listener: "Listener"

    def list_folder(self, path: str):
        # Read once: whoever sleeps must not wake up with the next test's fault.
        fault = self.fault
        if fault == "403":
            return SFTP_PERMISSION_DENIED
        if fault == "500":
            return SFTP_FAILURE
        if fault == "no answer":
            time.sleep(1.5)
        if fault == "cut off":
            for transport in self.listener.transports:
                transport.close()
        return super().list_folder(path)


class Listener(SftpListener):
    """One loopback port; the files' class carries the fault."""

    def __init__(self, account: Account, key: paramiko.PKey) -> None:
        super().__init__(account, key, 0)
        self.files = type("Files", (FailingFiles,), {"listener": self})
        self.sessions = 0

    def _accept(self, listening) -> None:
        while True:
            try:
                client, _ = listening.accept()
            except OSError:
                return
            self.sessions += 1
            transport = paramiko.Transport(client)
            transport.add_server_key(self.wrong_key or self.host_key)
            transport.set_subsystem_handler("sftp", SFTPServer, sftp_si=self.files)
            self.transports.append(transport)
            transport.start_server(event=threading.Event(), server=_Door(self.account))


class Server:
    """A warehouse's SFTP server: `root` holds in/ and out/, as its own people see them."""

    def __init__(self, password: str, keys: list[paramiko.PKey] | None = None) -> None:
        self._folder = tempfile.TemporaryDirectory(prefix="sftp-")
        self.root = Path(self._folder.name)
        for name in ("in", "out"):
            (self.root / name).mkdir()
        self.key = paramiko.ECDSAKey.generate()
        account = Account(self.root, USER, password=password, keys=keys or [])
        self.listener = Listener(account, self.key)
        self.listener.open()

    @property
    def port(self) -> int:
        return self.listener.port

    @property
    def host_key_line(self) -> str:
        return f"{self.key.get_name()} {self.key.get_base64()}"

    @property
    def address(self) -> dict[str, Any]:
        """What a person enters to reach it."""
        return {
            "host": "127.0.0.1",
            "port": self.port,
            "user": USER,
            "host_key": self.host_key_line,
        }

    def fail(self, fault: str) -> None:
        self.listener.files.fault = fault

    def names(self, folder: str) -> list[str]:
        found = self.root / folder
        return sorted(p.name for p in found.iterdir() if p.is_file()) if found.exists() else []

    def put(self, name: str, body: bytes, folder: str = "out") -> Path:
        path = self.root / folder / name
        path.write_bytes(body)
        return path

    def close(self) -> None:
        self.listener.close()
        self._folder.cleanup()
