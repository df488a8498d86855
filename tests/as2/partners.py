"""Two partners with keys and certificates, and what they agreed on."""

import datetime as dt
from collections.abc import Callable
from dataclasses import replace
from functools import cache
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.x509.oid import NameOID

from integrations.formats.as2 import (
    Agreement,
    Built,
    Document,
    KeyPair,
    Profile,
    Received,
    Refused,
    build,
    receive,
)

NOW = dt.datetime(2026, 11, 30, 12, 0, tzinfo=dt.UTC)
DAY = dt.timedelta(days=1)
ID = "<order-1@north.example>"
RECEIPT_ID = "<receipt-1@south.example>"
EDI = Document(b"ISA*00*~GS*PO~\r\nST*850*0001~\n", "order 1.edi", "application/edi-x12")


def pair(name: str, *, days: int = 100, curve: bool = False, around: dt.datetime = NOW) -> KeyPair:
    """A key of its own for each name; its certificate is over `days` after `around` (negative: it ran out)."""
    return _pair(name, days, curve, around)


@cache
def _pair(name: str, days: int, curve: bool, around: dt.datetime) -> KeyPair:
    key: Any = (
        ec.generate_private_key(ec.SECP256R1())
        if curve
        else rsa.generate_private_key(public_exponent=65537, key_size=2048)
    )
    named = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    made = (
        x509.CertificateBuilder()
        .subject_name(named)
        .issuer_name(named)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(around - 400 * DAY)
        .not_valid_after(around + days * DAY)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
    )
    return KeyPair(key, made.sign(key, hashes.SHA256()))


def profile(**changes: Any) -> Profile:
    """What NORTH, who sends here, agreed on with SOUTH."""
    return replace(Profile("NORTH", "SOUTH CO"), **changes)


def north(**changes: Any) -> Agreement:
    """The sender's side."""
    return Agreement(profile(**changes), (pair("north"),), (pair("south").certificate,))


def south(**changes: Any) -> Agreement:
    """The receiver's side: it takes whatever is not said to be wanted."""
    given = {"wants_signed": False, "wants_encrypted": False, **changes}
    own = replace(Profile("SOUTH CO", "NORTH"), **given)
    return Agreement(own, (pair("south"),), (pair("north").certificate,))


def send(document: Document = EDI, agreement: Agreement | None = None, **changes: Any) -> Built:
    """A message from north to south."""
    return build(document, agreement or north(**changes), message_id=ID, now=NOW)


def take(
    built: Built, agreement: Agreement | None = None, *, body: bytes | None = None, **rest: Any
) -> Received | Refused:
    """What south makes of a message, maybe with another body than it was sent with."""
    known = agreement or south()
    given = {"now": NOW, "receipt_id": RECEIPT_ID, **rest}
    return receive(built.headers, built.body if body is None else body, knows(known), **given)


def knows(agreement: Agreement) -> Callable[[str, str], Agreement | None]:
    """Somebody who has this one agreement."""
    names = (agreement.profile.ours, agreement.profile.theirs)
    return lambda ours, theirs: agreement if (ours, theirs) == names else None
