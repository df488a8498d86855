"""What makes two failures at two partners the same one, without saying what was in either. No Django."""

import hmac
import re
from collections.abc import Collection
from hashlib import sha256
from typing import Final, NamedTuple

OTHER: Final = "other"
_INDEX: Final = re.compile(r"\[\d+\]|/\d+(?=/|$)")


class Shape(NamedTuple):
    """A failure without its document: a code of ours, a connector, an object type, and where in the document,
    without line numbers. Never a value."""

    code: str
    connector: str
    object_type: str
    path: str


def shape_of(path: str) -> str:
    """A path with all lines alike: lines[3].sku and lines[7].sku are lines[].sku."""
    return _INDEX.sub("[]", path)


def fingerprint(shape: Shape, *, salt: bytes) -> str:
    """32 hex digits. Without the salt nobody can try which path it stands for: paths may hold the names of
    fields that only one customer has."""
    said = "\x1f".join([shape.code, shape.connector, shape.object_type, shape_of(shape.path)])
    return hmac.new(salt, said.encode(), sha256).hexdigest()[:32]


def known(word: str, words: Collection[str]) -> str:
    """`word` where it is one of ours, else “other”: nothing that came in with a document gets through."""
    return word if word in words else OTHER
