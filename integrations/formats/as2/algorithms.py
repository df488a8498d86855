"""Digests and ciphers by the names a profile, a header and a CMS structure give them."""

import base64
import hashlib
import hmac
from typing import Final, NamedTuple

from cryptography.hazmat.primitives import hashes

DIGESTS: Final[dict[str, hashes.HashAlgorithm]] = {
    "sha1": hashes.SHA1(),  # noqa: S303 - only where a profile allows it
    "sha256": hashes.SHA256(),
    "sha384": hashes.SHA384(),
    "sha512": hashes.SHA512(),
}


class Cipher(NamedTuple):
    """`cms` is its name in asn1crypto, `key` and `block` are in bytes."""

    cms: str
    key: int
    block: int


CIPHERS: Final = {
    "aes128": Cipher("aes128_cbc", 16, 16),
    "aes192": Cipher("aes192_cbc", 24, 16),
    "aes256": Cipher("aes256_cbc", 32, 16),
    "3des": Cipher("tripledes_3key", 24, 8),
}
BY_CMS: Final = {cipher.cms: name for name, cipher in CIPHERS.items()}


class Mic(NamedTuple):
    """A message integrity check: `digest` is base64, `algorithm` one of DIGESTS, or as it was written."""

    digest: str
    algorithm: str

    def equals(self, other: "Mic") -> bool:
        """The same algorithm, however spelled, and the same digest."""
        same = hmac.compare_digest(_decoded(self.digest), _decoded(other.digest))
        return same and digest_name(self.algorithm) == digest_name(other.algorithm)


def mic_of(content: bytes, digest: str) -> Mic:
    """The check over exactly these bytes."""
    return Mic(base64.b64encode(digest_of(content, digest)).decode(), digest)


def digest_of(content: bytes, digest: str) -> bytes:
    """The digest by one of the names of DIGESTS."""
    return hashlib.new(digest, content, usedforsecurity=True).digest()


def digest_name(written: str) -> str:
    """`SHA-256`, `sha256` and `sha2-256` as `sha256` (RFC 3851 and RFC 5751 differ); others as they are."""
    plain = written.strip(" \t\"'").lower().replace("_", "-")
    plain = plain.removeprefix("rsa-").replace("sha2-", "sha").replace("-", "")
    return plain if plain in DIGESTS else written.strip()


def spelled(digest: str, *, dashed: bool) -> str:
    """A digest's name as RFC 5751 writes it (`sha-256`), or as RFC 3851 did (`sha256`)."""
    return digest.replace("sha", "sha-") if dashed else digest


def _decoded(digest: str) -> bytes:
    try:
        return base64.b64decode("".join(digest.split()), validate=True)
    except ValueError:
        return digest.encode()
