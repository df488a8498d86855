"""Signing what was sealed, and checking it without the secret: Ed25519 (RFC 8032)."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Protocol

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

SEED_BYTES = 32


@dataclass(frozen=True, slots=True)
class Signature:
    """`key`: the public key, 64 hex digits. `value`: the signature, 128 hex digits."""

    key: str
    value: str


class Signer(Protocol):
    """Whoever holds the installation's key. The same words get the same signature."""

    def sign(self, words: bytes) -> Signature: ...


class SeedSigner:
    """Signs with the key that grows from a seed of 32 bytes. ValueError for another length."""

    def __init__(self, seed: bytes) -> None:
        self._private = Ed25519PrivateKey.from_private_bytes(seed)
        self.key = self._private.public_key().public_bytes_raw().hex()

    def sign(self, words: bytes) -> Signature:
        return Signature(self.key, self._private.sign(words).hex())


def problem(signature: Signature, words: bytes, *, trusted: Collection[str]) -> str:
    """What is wrong with the signature under `words`, in a sentence; empty when nothing is.

    `trusted`: the public keys that may have signed.
    """
    if not _fits(signature, words):
        return "The signature does not fit: what was signed is not what stands here."
    if signature.key not in trusted:
        return (
            f"It is signed with the key {signature.key[:16]}…, which is none of this installation."
        )
    return ""


def _fits(signature: Signature, words: bytes) -> bool:
    try:
        public = Ed25519PublicKey.from_public_bytes(bytes.fromhex(signature.key))
        public.verify(bytes.fromhex(signature.value), words)
    except (InvalidSignature, ValueError):
        return False
    return True
