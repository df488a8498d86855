"""Has the content changed? One hash answers."""

import json
from hashlib import blake2b
from typing import Any, Final

_IGNORED: Final = ("source_updated_at", "state")
_encode: Final = json.JSONEncoder(
    ensure_ascii=True,
    sort_keys=True,
    separators=(",", ":"),
    check_circular=False,
    allow_nan=False,
).encode


def content_hash(body: dict[str, Any]) -> bytes:
    """16 bytes that are the same for equal content, whatever the order of the keys.

    `source_updated_at` and `state` at the top do not count. ValueError for NaN or infinity.
    """
    counted = {name: value for name, value in body.items() if name not in _IGNORED}
    return blake2b(_encode(counted).encode("ascii"), digest_size=16).digest()
