"""Logging in over SSH: to a permitted address, with a pinned host key, by key or password."""

import base64
import binascii
import io
import socket
import struct
from contextlib import suppress
from dataclasses import dataclass
from itertools import pairwise
from typing import Final, NamedTuple

import paramiko
from paramiko.pkey import UnknownKeyType

from integrations.transports import dial
from portal.core.errors import NeedsCredentials, Retryable
from portal.core.secrets import Secret

CONNECT_SECONDS: Final = 15.0
_KEEP_ALIVE_SECONDS: Final = 30
_KEY_CLASSES: Final = (paramiko.Ed25519Key, paramiko.ECDSAKey, paramiko.RSAKey)
_SIGNATURES_OF_KEY: Final = {"ssh-rsa": ("rsa-sha2-512", "rsa-sha2-256")}


@dataclass(frozen=True)
class Login:
    """Where to log in and as whom. `host_key` is one OpenSSH line, with or without host names."""

    host: str
    port: int
    user: str
    host_key: str
    password: Secret | None = None
    private_key: Secret | None = None


class HostKey(NamedTuple):
    """A server's public key: its type and its bytes."""

    kind: str
    blob: bytes

    @classmethod
    def parse(cls, line: str) -> "HostKey":
        """From `[host] type base64 [comment]`. NeedsCredentials (`host_key_missing`) for others."""
        words = line.split()
        for kind, encoded in pairwise(words):
            if kind.startswith(("ssh-", "ecdsa-")):
                with suppress(binascii.Error, ValueError):
                    return cls(kind, base64.b64decode(encoded, validate=True))
        raise NeedsCredentials(
            "The host key is not an OpenSSH public key line such as `ssh-ed25519 AAAA…`.",
            code="host_key_missing",
        )

    @property
    def algorithms(self) -> tuple[str, ...]:
        return _SIGNATURES_OF_KEY.get(self.kind, (self.kind,))


def host_key_fault(line: str) -> str:
    """Why `line` is no public key a server can show, as a sentence; empty when it is one."""
    try:
        pinned = HostKey.parse(line)
        # paramiko fills a key that was cut with zeros: only what it writes back is what was meant.
        whole = _public_key(pinned).asbytes() == pinned.blob
    except NeedsCredentials as error:
        return str(error)
    except (paramiko.SSHException, UnknownKeyType, ValueError, IndexError, struct.error):
        whole = False
    return "" if whole else "The host key is damaged: it is no public key of the kind it names."


def _public_key(pinned: HostKey) -> paramiko.PKey:
    return paramiko.PKey.from_type_string(pinned.kind, pinned.blob)


def private_key_fault(text: str) -> str:
    """Why `text` is no key to log in with, as a sentence without it; empty when it is one."""
    try:
        _private_key(Secret(text))
    except NeedsCredentials as error:
        return str(error)
    return ""


def connect(login: Login) -> socket.socket:
    """The TCP connection alone. Raises Retryable, or Permanent for an address that is refused."""
    return dial.connect(login.host, login.port, seconds=CONNECT_SECONDS)


def log_in(login: Login) -> paramiko.Transport:
    """A session whose server is the pinned one and accepted the login.

    Raises NeedsCredentials: `host_key_changed`, `host_key_missing`, `auth_expired`. paramiko's own
    errors about a broken connection pass through.
    """
    pinned = HostKey.parse(login.host_key)
    key = _private_key(login.private_key)
    transport = paramiko.Transport(connect(login))
    try:
        _greet(transport, pinned)
        _authenticate(transport, login, key)
    except BaseException:
        transport.close()
        raise
    transport.set_keepalive(_KEEP_ALIVE_SECONDS)
    return transport


def _greet(transport: paramiko.Transport, pinned: HostKey) -> None:
    transport.banner_timeout = transport.handshake_timeout = CONNECT_SECONDS
    transport.auth_timeout = transport.channel_timeout = CONNECT_SECONDS
    options = transport.get_security_options()
    # The pinned kind first: a server with several keys then shows the one we know.
    first = [kind for kind in pinned.algorithms if kind in options.key_types]
    options.key_types = (*first, *(kind for kind in options.key_types if kind not in first))
    transport.start_client(timeout=CONNECT_SECONDS)
    shown = transport.get_remote_server_key()
    if shown.asbytes() != pinned.blob:
        raise NeedsCredentials(
            f"The server shows another host key ({shown.get_name()}, {shown.fingerprint}) than the"
            " one that was pinned. Ask the warehouse whether its key was changed.",
            code="host_key_changed",
        )


def _authenticate(transport: paramiko.Transport, login: Login, key: paramiko.PKey | None) -> None:
    try:
        if key is not None:
            transport.auth_publickey(login.user, key)
        elif login.password:
            transport.auth_password(login.user, login.password.reveal())
        else:
            raise NeedsCredentials("Neither a private key nor a password is set.")
    except paramiko.AuthenticationException as error:
        if not transport.is_active() or "timeout" in str(error).lower():
            raise EOFError("the login was cut off") from error  # that is no verdict on the key
        offered = "private key" if key is not None else "password"
        raise NeedsCredentials(f"{login.host} refused the {offered} of {login.user}.") from error


def _private_key(secret: Secret | None) -> paramiko.PKey | None:
    if not secret:
        return None
    text = secret.reveal().strip() + "\n"
    for kind in _KEY_CLASSES:
        try:
            return kind.from_private_key(io.StringIO(text))
        except paramiko.PasswordRequiredException:
            raise NeedsCredentials(
                "The private key has a pass phrase. Enter one without."
            ) from None
        except (paramiko.SSHException, ValueError, IndexError):
            continue
    raise NeedsCredentials("The private key cannot be read: an OpenSSH or PEM key is wanted.")


def lost(login: Login, error: BaseException, *, uncertain: bool = False) -> Retryable:
    """The error for a server that cannot be reached or, `uncertain`, went away at work."""
    return dial.lost(login.host, login.port, error, uncertain=uncertain)
