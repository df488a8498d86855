"""CMS envelopes: a content under a key of its own, and that key under the recipient's certificate."""

import secrets
from collections.abc import Sequence
from typing import Any, Final, NamedTuple

from asn1crypto import cms
from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.decrepit.ciphers.algorithms import TripleDES
from cryptography.hazmat.primitives import padding as blocks
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

from integrations.formats.as2.algorithms import BY_CMS, CIPHERS, DIGESTS
from integrations.formats.as2.disposition import (
    DECRYPTION_FAILED,
    INSUFFICIENT_SECURITY,
    NotSendable,
    NotTaken,
)
from integrations.formats.as2.profile import KeyPair, Profile
from integrations.formats.as2.structures import (
    BROKEN,
    content_of,
    identifier_of,
    names_certificate,
    reading,
)

_MOST_RECIPIENTS: Final = 32
# One text for everything that fails with a key of ours: which step it was helps those who guess.
_FAILED: Final = "The message cannot be decrypted with our key."


class Decrypted(NamedTuple):
    """`cipher` as a profile names it; `certificate`: the one of ours it was encrypted for."""

    content: bytes
    cipher: str
    certificate: x509.Certificate


def encrypt(content: bytes, certificate: x509.Certificate, *, cipher: str) -> bytes:
    """An envelope as DER for one recipient with an RSA key. Raises NotSendable."""
    recipient = certificate.public_key()
    if not isinstance(recipient, rsa.RSAPublicKey):
        raise NotSendable("certificate", "Only certificates with an RSA key can be encrypted for.")
    used = CIPHERS[cipher]
    key, start = secrets.token_bytes(used.key), secrets.token_bytes(used.block)
    padder = blocks.PKCS7(used.block * 8).padder()
    encryptor = Cipher(_algorithm(cipher, key), modes.CBC(start)).encryptor()
    padded = padder.update(content) + padder.finalize()
    recipient_info = cms.KeyTransRecipientInfo(
        {
            "version": "v0",
            "rid": cms.RecipientIdentifier("issuer_and_serial_number", identifier_of(certificate)),
            "key_encryption_algorithm": {"algorithm": "rsaes_pkcs1v15"},
            "encrypted_key": recipient.encrypt(key, padding.PKCS1v15()),
        }
    )
    enveloped = cms.EnvelopedData(
        {
            "version": "v0",
            "recipient_infos": [cms.RecipientInfo("ktri", recipient_info)],
            "encrypted_content_info": {
                "content_type": "data",
                "content_encryption_algorithm": {"algorithm": used.cms, "parameters": start},
                "encrypted_content": encryptor.update(padded) + encryptor.finalize(),
            },
        }
    )
    return cms.ContentInfo({"content_type": "enveloped_data", "content": enveloped}).dump()


def decrypt(der: bytes, pairs: Sequence[KeyPair], profile: Profile) -> Decrypted:
    """Open an envelope with whichever of our keys it is for. Raises NotTaken."""
    with reading(DECRYPTION_FAILED, "The encrypted message"):
        _, enveloped = content_of(der)
        info = enveloped["encrypted_content_info"]
        algorithm = info["content_encryption_algorithm"]
        named = algorithm["algorithm"].native
        cipher = BY_CMS.get(named, named)
        if not profile.reads_cipher(cipher):
            text = f"The message is encrypted with {cipher}, which is not agreed on."
            raise NotTaken(INSUFFICIENT_SECURITY, text)
        recipient, pair = _recipient(list(enveloped["recipient_infos"]), pairs)
        start, locked = algorithm["parameters"].native, info["encrypted_content"].native
    # A key that does not open is one by chance from here on (RFC 3218 §2.3.2): the content is decrypted
    # either way, so that the time it takes says nothing of the key.
    length = CIPHERS[cipher].key
    try:
        key = _content_key(recipient, pair)
    except (*BROKEN, UnsupportedAlgorithm):
        key = b""
    if len(key) != length:
        key = secrets.token_bytes(length)
    try:
        content = _opened(cipher, key, start, locked)
    except (*BROKEN, UnsupportedAlgorithm):
        raise NotTaken(DECRYPTION_FAILED, _FAILED, inside=True) from None
    return Decrypted(content, cipher, pair.certificate)


def _recipient(recipients: list[Any], pairs: Sequence[KeyPair]) -> tuple[Any, KeyPair]:
    if len(recipients) > _MOST_RECIPIENTS:
        raise NotTaken(DECRYPTION_FAILED, f"The message has {len(recipients)} recipients.")
    for recipient in recipients:
        for pair in pairs:
            if recipient.name == "ktri" and names_certificate(
                recipient.chosen["rid"], pair.certificate
            ):
                return recipient.chosen, pair
    text = "The message is encrypted for another certificate than ours."
    raise NotTaken(DECRYPTION_FAILED, text)


def _content_key(recipient: Any, pair: KeyPair) -> bytes:
    if not isinstance(pair.key, rsa.RSAPrivateKey):
        raise NotTaken(
            DECRYPTION_FAILED, "Our key is no RSA key, so nothing can be decrypted with it."
        )
    algorithm = recipient["key_encryption_algorithm"]
    if algorithm["algorithm"].native == "rsaes_oaep":
        scheme: padding.AsymmetricPadding = _oaep(algorithm["parameters"])
    elif algorithm["algorithm"].native == "rsaes_pkcs1v15":
        scheme = padding.PKCS1v15()
    else:
        raise NotTaken(DECRYPTION_FAILED, "The message's key is encrypted in an unknown way.")
    return pair.key.decrypt(recipient["encrypted_key"].native, scheme)


def _oaep(parameters: Any) -> padding.OAEP:
    digest = parameters["hash_algorithm"]["algorithm"].native
    mask = parameters["mask_gen_algorithm"]["parameters"]["algorithm"].native
    if digest not in DIGESTS or mask not in DIGESTS:
        raise NotTaken(DECRYPTION_FAILED, "The message's key is encrypted in an unknown way.")
    return padding.OAEP(padding.MGF1(DIGESTS[mask]), DIGESTS[digest], None)


def _opened(cipher: str, key: bytes, start: bytes, locked: bytes) -> bytes:
    used = CIPHERS[cipher]
    decryptor = Cipher(_algorithm(cipher, key), modes.CBC(start)).decryptor()
    unpadder = blocks.PKCS7(used.block * 8).unpadder()
    return unpadder.update(decryptor.update(locked) + decryptor.finalize()) + unpadder.finalize()


def _algorithm(cipher: str, key: bytes) -> Any:
    return TripleDES(key) if cipher == "3des" else algorithms.AES(key)
