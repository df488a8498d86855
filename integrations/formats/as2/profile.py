"""What two partners agreed on, and the keys and certificates they hold."""

from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, rsa

from integrations.formats.as2.algorithms import CIPHERS, DIGESTS
from integrations.formats.as2.disposition import NotSendable

SYNC: Final = "sync"
ASYNC: Final = "async"
BEFORE: Final = "before"
AFTER: Final = "after"


@dataclass(frozen=True)
class Profile:
    """How messages between `ours` and `theirs` are protected; both are AS2 names.

    `sign`: sha256, sha384 or sha512, sha1 for old partners, or None. `encrypt`: aes128, aes192,
    aes256, 3des for old partners, or None. `compress`: before or after signing, or None.
    `receipt`: sync, async (to `receipt_url`) or None; `receipt_signed`: only a signed one counts.

    `wants_signed` and `wants_encrypted`: what theirs must be. `reads_sha1` and `reads_3des`:
    whether theirs may use what is weak. `their_receipt_url`: where receipts go that they want
    asynchronously, whatever their message says. `dashed`: algorithms are called sha-256, not sha256.
    """

    ours: str
    theirs: str
    sign: str | None = "sha256"
    encrypt: str | None = "aes256"
    compress: str | None = None
    receipt: str | None = SYNC
    receipt_signed: bool = True
    receipt_url: str = ""
    wants_signed: bool = True
    wants_encrypted: bool = True
    reads_sha1: bool = False
    reads_3des: bool = False
    their_receipt_url: str = ""
    dashed: bool = True

    def __post_init__(self) -> None:
        _one_of("sign", self.sign, DIGESTS)
        _one_of("encrypt", self.encrypt, CIPHERS)
        _one_of("compress", self.compress, (BEFORE, AFTER))
        _one_of("receipt", self.receipt, (SYNC, ASYNC))
        if self.receipt == ASYNC and not self.receipt_url:
            raise ValueError("An asynchronous receipt wants receipt_url: where it shall be sent.")

    @property
    def digest(self) -> str:
        """What integrity checks are made with."""
        return self.sign or "sha256"

    def reads_digest(self, name: str) -> bool:
        """Whether a signature of theirs may use it."""
        return name in DIGESTS and (name != "sha1" or self.reads_sha1)

    def reads_cipher(self, name: str) -> bool:
        """Whether a message of theirs may be encrypted with it."""
        return name in CIPHERS and (name != "3des" or self.reads_3des)


@dataclass(frozen=True)
class KeyPair:
    """A private key, which is never shown, and its certificate."""

    key: rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey = field(repr=False)
    certificate: x509.Certificate

    def __post_init__(self) -> None:
        if self.key.public_key() != self.certificate.public_key():
            raise ValueError("The certificate is not the one of this private key.")


@dataclass(frozen=True)
class Agreement:
    """A profile with what it takes. Of pairs and certificates the current one stands first, the next
    after it: both are good while they are valid, which is how certificates are exchanged without a gap.

    `encryption_certificates`: theirs, if they are others than those they sign with.
    """

    profile: Profile
    own: tuple[KeyPair, ...] = ()
    certificates: tuple[x509.Certificate, ...] = ()
    encryption_certificates: tuple[x509.Certificate, ...] = ()

    def signing_pair(self, now: datetime) -> KeyPair:
        """The first of ours that is valid. Raises NotSendable."""
        if not self.own:
            raise NotSendable("no_key", "There is no private key to sign with.")
        good = [pair for pair in self.own if not fault_of(pair.certificate, now)]
        if not good:
            fault = fault_of(self.own[0].certificate, now)
            raise NotSendable("certificate_expired", f"Our certificate cannot sign: it {fault}.")
        return good[0]

    def encryption_certificate(self, now: datetime) -> x509.Certificate:
        """The first of theirs that is valid. Raises NotSendable."""
        known = self.encryption_certificates or self.certificates
        if not known:
            raise NotSendable("certificate", f"There is no certificate of {self.profile.theirs}.")
        good = [certificate for certificate in known if not fault_of(certificate, now)]
        if not good:
            fault = fault_of(known[0], now)
            text = f"The certificate of {self.profile.theirs} cannot be encrypted for: it {fault}."
            raise NotSendable("certificate_expired", text)
        return good[0]


# Our name and theirs, in this order → what was agreed between the two.
FindAgreement = Callable[[str, str], Agreement | None]


def fault_of(certificate: x509.Certificate, now: datetime) -> str:
    """Why it is not valid at `now`, as the end of a sentence; empty if it is."""
    if now > certificate.not_valid_after_utc:
        return f"expired on {_day(certificate.not_valid_after_utc)}"
    if now < certificate.not_valid_before_utc:
        return f"is not valid before {_day(certificate.not_valid_before_utc)}"
    return ""


def fingerprint(certificate: x509.Certificate) -> str:
    """SHA-256 over the certificate, in hexadecimal."""
    return certificate.fingerprint(hashes.SHA256()).hex()


def _day(moment: datetime) -> str:
    return f"{moment.day} {moment:%b %Y}"


def _one_of(name: str, value: str | None, allowed: Collection[str]) -> None:
    if value is not None and value not in allowed:
        raise ValueError(f"{name} is {value!r} and not one of {', '.join(allowed)}.")
