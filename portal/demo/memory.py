"""What an installation remembers between starts: ports, keys and the password, made on the first one."""

import json
import os
import secrets
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import NamedTuple

from portal.demo import ports

PORTS = ("store", "store_control", "warehouse", "sftp", "sink", "sink_control")


class KeyPair(NamedTuple):
    """An SSH key: the private part as OpenSSH writes it, the public part as one line."""

    private: str
    public: str


def make_key() -> KeyPair:
    """A new Ed25519 key."""
    from cryptography.hazmat.primitives import serialization as form
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

    key = Ed25519PrivateKey.generate()
    private = key.private_bytes(form.Encoding.PEM, form.PrivateFormat.OpenSSH, form.NoEncryption())
    public = key.public_key().public_bytes(form.Encoding.OpenSSH, form.PublicFormat.OpenSSH)
    return KeyPair(private.decode(), public.decode())


@dataclass
class Memory:
    """One installation's ports by name, and its credentials."""

    ports: dict[str, int] = field(
        default_factory=lambda: {name: ports.find_free() for name in PORTS}
    )
    password: str = field(default_factory=lambda: secrets.token_urlsafe(9))
    consumer_key: str = field(default_factory=lambda: f"ck_{secrets.token_hex(20)}")
    consumer_secret: str = field(default_factory=lambda: f"cs_{secrets.token_hex(20)}")
    webhook_secret: str = field(default_factory=lambda: secrets.token_urlsafe(24))
    maris_secret: str = field(default_factory=lambda: secrets.token_urlsafe(24))
    login_key: KeyPair = field(default_factory=make_key)
    host_key: KeyPair = field(default_factory=make_key)


def recall(path: Path) -> Memory:
    """What the file holds, with new ports for those that somebody else has taken meanwhile."""
    memory = _read(path) if path.exists() else Memory()
    for name, port in memory.ports.items():
        if not ports.is_free(port):
            memory.ports[name] = ports.find_free()
    write_privately(path, json.dumps(asdict(memory), indent=1))
    return memory


def _read(path: Path) -> Memory:
    kept = json.loads(path.read_text())
    for name in ("login_key", "host_key"):
        kept[name] = KeyPair(*kept[name])
    return Memory(**kept)


def write_privately(path: Path, text: str) -> None:
    """Replace the file with one that only its owner may read."""
    partial = path.with_name(f"{path.name}.new")
    with os.fdopen(os.open(partial, os.O_CREAT | os.O_WRONLY | os.O_TRUNC, 0o600), "w") as file:
        file.write(text)
    partial.replace(path)
