"""Credentials at rest and in memory: encrypted in the database, unprintable outside it."""

import hmac
import json
from base64 import urlsafe_b64decode
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any, NoReturn

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

from portal.core.errors import NeedsCredentials
from portal.core.redact import HIDDEN


class Secret:
    """A text that prints as "not shown", compares in constant time and does not pickle.

    Not a kind of `str`, so that joining, encoding or dumping it by accident fails loudly.
    """

    __slots__ = ("_value",)

    def __init__(self, value: str) -> None:
        self._value = value

    def reveal(self) -> str:
        """The text itself: only where it is handed to the other system."""
        return self._value

    def __repr__(self) -> str:
        return HIDDEN

    def __format__(self, _: str) -> str:
        return HIDDEN

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Secret):
            return NotImplemented
        return hmac.compare_digest(self._value.encode(), other._value.encode())

    def __hash__(self) -> int:
        return hash((Secret, self._value))

    def __bool__(self) -> bool:
        return bool(self._value)

    def __copy__(self) -> "Secret":
        return self

    def __deepcopy__(self, _: object) -> "Secret":
        return self

    def __reduce__(self) -> NoReturn:
        raise TypeError("a secret is not pickled: load it where it is used")


def encrypt(values: Mapping[str, Any]) -> bytes:
    """Encrypt JSON values, secrets among them, with the first of SECRET_ENCRYPTION_KEYS."""
    return _vault().encrypt(json.dumps(dict(values), default=_reveal).encode())


def _reveal(value: object) -> str:
    if isinstance(value, Secret):
        return value.reveal()
    raise TypeError(f"{type(value).__name__} is not a JSON value")


def decrypt(token: bytes) -> dict[str, Any]:
    """What `encrypt` was given, with every text wrapped as `Secret`.

    Raises NeedsCredentials (`secret_unreadable`) when none of the keys opens it.
    """
    try:
        opened = _vault().decrypt(bytes(token))
    except InvalidToken:
        raise _unreadable() from None
    return {name: _wrap(value) for name, value in json.loads(opened).items()}


def _wrap(value: Any) -> Any:
    if isinstance(value, str):
        return Secret(value)
    if isinstance(value, list):
        return [_wrap(item) for item in value]
    if isinstance(value, dict):
        return {name: _wrap(item) for name, item in value.items()}
    return value


def rotate(token: bytes) -> bytes:
    """The same values under the first key, whichever key they were under. Errors as `decrypt`."""
    try:
        return _vault().rotate(bytes(token))
    except InvalidToken:
        raise _unreadable() from None


def _unreadable() -> NeedsCredentials:
    return NeedsCredentials(
        "None of the configured keys opens the stored credentials. Put the old key back at the end"
        " of SECRET_ENCRYPTION_KEYS, or enter the credentials again",
        code="secret_unreadable",
    )


def seeds(purpose: str) -> list[bytes]:
    """32 bytes for `purpose` from each of SECRET_ENCRYPTION_KEYS, the one in use first.

    The same purpose and key always give the same bytes, which say nothing about the key (HKDF, RFC 5869).
    """
    keys = settings.SECRET_ENCRYPTION_KEYS
    if not keys:
        raise ImproperlyConfigured("SECRET_ENCRYPTION_KEYS is empty")
    return [_derived(urlsafe_b64decode(key), purpose) for key in keys]


def _derived(secret: bytes, purpose: str) -> bytes:
    hkdf = HKDF(algorithm=SHA256(), length=32, salt=None, info=purpose.encode())
    return hkdf.derive(secret)


def new_key() -> str:
    """A key for SECRET_ENCRYPTION_KEYS."""
    return Fernet.generate_key().decode()


def _vault() -> MultiFernet:
    return _vault_of(tuple(settings.SECRET_ENCRYPTION_KEYS))


@lru_cache(maxsize=4)
def _vault_of(keys: Sequence[str]) -> MultiFernet:
    if not keys:
        raise ImproperlyConfigured("SECRET_ENCRYPTION_KEYS is empty")
    return MultiFernet([_fernet(key, number) for number, key in enumerate(keys, start=1)])


def _fernet(key: str, number: int) -> Fernet:
    try:
        return Fernet(key)
    except ValueError:
        raise ImproperlyConfigured(
            f"SECRET_ENCRYPTION_KEYS: number {number} is not 32 bytes in URL-safe base64"
        ) from None
