"""The SFTP server: one user, one folder, everything else out of reach."""

import base64
import os
import socket
import threading
from pathlib import Path

import paramiko
from paramiko import SFTPAttributes, SFTPHandle, SFTPServer, SFTPServerInterface
from paramiko.common import (
    AUTH_FAILED,
    AUTH_SUCCESSFUL,
    OPEN_FAILED_ADMINISTRATIVELY_PROHIBITED,
    OPEN_SUCCEEDED,
)
from paramiko.sftp import SFTP_FAILURE, SFTP_NO_SUCH_FILE, SFTP_OK


class Account:
    """Who may log in, and the folder that person sees as /."""

    def __init__(
        self, root: Path, user: str, *, password: str | None, keys: list[paramiko.PKey]
    ) -> None:
        self.root, self.user, self.password, self.keys = root, user, password, keys


class _Door(paramiko.ServerInterface):
    def __init__(self, account: Account) -> None:
        self.account = account

    def get_allowed_auths(self, username: str) -> str:
        kinds = [("publickey", self.account.keys), ("password", self.account.password)]
        return ",".join(name for name, offered in kinds if offered)

    def check_auth_password(self, username: str, password: str) -> int:
        known = self.account.password and (username, password) == (
            self.account.user,
            self.account.password,
        )
        return AUTH_SUCCESSFUL if known else AUTH_FAILED

    def check_auth_publickey(self, username: str, key: paramiko.PKey) -> int:
        known = username == self.account.user and key in self.account.keys
        return AUTH_SUCCESSFUL if known else AUTH_FAILED

    def check_channel_request(self, kind: str, chanid: int) -> int:
        if kind == "session":
            return OPEN_SUCCEEDED
        return OPEN_FAILED_ADMINISTRATIVELY_PROHIBITED


class _Handle(SFTPHandle):
    def stat(self) -> SFTPAttributes:
        return SFTPAttributes.from_stat(os.fstat(self.readfile.fileno()))  # type: ignore[attr-defined]

    def chattr(self, attr: SFTPAttributes) -> int:
        return SFTP_OK


class _Files(SFTPServerInterface):
    """The account's folder, without the warehouse's own books in .state."""

    def __init__(self, server: _Door, *args: object, **named: object) -> None:
        super().__init__(server, *args, **named)
        self.root = server.account.root

    def _path(self, name: str) -> Path:
        inside = self.canonicalize(name).lstrip("/")
        if any(part == ".state" for part in Path(inside).parts):
            raise FileNotFoundError(name)
        return self.root / inside

    def list_folder(self, path: str) -> list[SFTPAttributes] | int:
        try:
            entries = [entry for entry in os.scandir(self._path(path)) if entry.name != ".state"]
            return [_attributes(entry) for entry in entries if os.path.lexists(entry.path)]
        except OSError as error:
            return SFTPServer.convert_errno(error.errno or 0)

    def stat(self, path: str) -> SFTPAttributes | int:
        try:
            return SFTPAttributes.from_stat(os.stat(self._path(path)))
        except OSError as error:
            return SFTPServer.convert_errno(error.errno or 2)

    lstat = stat

    def open(self, path: str, flags: int, attr: SFTPAttributes) -> SFTPHandle | int:
        try:
            number = os.open(self._path(path), flags, 0o644)
        except OSError as error:
            return SFTPServer.convert_errno(error.errno or 2)
        mode = "rb+" if flags & os.O_RDWR else "wb" if flags & os.O_WRONLY else "rb"
        stream = os.fdopen(number, mode)
        handle = _Handle(flags)
        handle.readfile = stream  # type: ignore[attr-defined]
        handle.writefile = stream  # type: ignore[attr-defined]
        return handle

    def remove(self, path: str) -> int:
        return self._change(lambda: os.remove(self._path(path)))

    def rename(self, oldpath: str, newpath: str) -> int:
        """As SFTP 3 says: an existing target is an error."""
        try:
            if self._path(newpath).exists():
                return SFTP_FAILURE
        except FileNotFoundError:
            return SFTP_NO_SUCH_FILE
        return self.posix_rename(oldpath, newpath)

    def posix_rename(self, oldpath: str, newpath: str) -> int:
        return self._change(lambda: os.replace(self._path(oldpath), self._path(newpath)))

    def mkdir(self, path: str, attr: SFTPAttributes) -> int:
        return self._change(lambda: os.mkdir(self._path(path)))

    def rmdir(self, path: str) -> int:
        return self._change(lambda: os.rmdir(self._path(path)))

    def chattr(self, path: str, attr: SFTPAttributes) -> int:
        return SFTP_OK

    def _change(self, act) -> int:
        try:
            act()
        except OSError as error:
            return SFTPServer.convert_errno(error.errno or 2)
        return SFTP_OK


def _attributes(entry: os.DirEntry[str]) -> SFTPAttributes:
    try:
        return SFTPAttributes.from_stat(entry.stat(), entry.name)
    except FileNotFoundError:
        # Renamed away by another session between listing and asking.
        attributes = SFTPAttributes()
        attributes.filename = entry.name
        return attributes


class SftpListener:
    """One loopback port. `outage` refuses connections and cuts those that are open."""

    def __init__(self, account: Account, host_key: paramiko.PKey, port: int) -> None:
        self.account, self.host_key, self.port = account, host_key, port
        self.wrong_key: paramiko.PKey | None = None
        self.transports: list[paramiko.Transport] = []
        self.socket: socket.socket | None = None
        self.timer: threading.Timer | None = None

    def open(self) -> None:
        listening = socket.create_server(("127.0.0.1", self.port), backlog=64)
        self.port = listening.getsockname()[1]
        self.socket = listening
        threading.Thread(target=self._accept, args=(listening,), daemon=True).start()

    def _accept(self, listening: socket.socket) -> None:
        while True:
            try:
                client, _ = listening.accept()
            except OSError:
                return
            client.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            transport = paramiko.Transport(client)
            transport.add_server_key(self.wrong_key or self.host_key)
            transport.set_subsystem_handler("sftp", SFTPServer, sftp_si=_Files)
            self.transports = [t for t in self.transports if t.is_active()] + [transport]
            # With an event the key exchange goes on in the transport's own thread.
            transport.start_server(event=threading.Event(), server=_Door(self.account))

    def close(self) -> None:
        if self.socket is not None:
            self.socket.shutdown(socket.SHUT_RDWR)
            self.socket.close()
            self.socket = None
        for transport in self.transports:
            transport.close()

    def outage(self, seconds: float) -> None:
        """Refuse connections for so many seconds; 0 ends an outage at once."""
        if self.timer is not None:
            self.timer.cancel()
            self.timer = None
        if seconds > 0:
            self.close()
            self.timer = threading.Timer(seconds, self.open)
            self.timer.daemon = True
            self.timer.start()
        elif self.socket is None:
            self.open()

    def show_wrong_key(self, wrong: bool) -> None:
        self.wrong_key = paramiko.ECDSAKey.generate() if wrong else None


def host_key(path: Path) -> paramiko.PKey:
    """The key in the file; a missing file is filled with a new ECDSA key."""
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        paramiko.ECDSAKey.generate().write_private_key_file(str(path))
    return paramiko.PKey.from_path(path)


def authorized_keys(path: Path) -> list[paramiko.PKey]:
    """Public keys of an OpenSSH authorized_keys file, one a line."""
    lines = [line.split() for line in path.read_text().splitlines() if line.strip()]
    keys = [(parts[0], parts[1]) for parts in lines if not parts[0].startswith("#")]
    return [_public_key(kind, encoded) for kind, encoded in keys]


def _public_key(kind: str, encoded: str) -> paramiko.PKey:
    return paramiko.PKey.from_type_string(kind, base64.b64decode(encoded))
