"""One thing wrong with one document."""

import re
from collections.abc import Iterable
from typing import NamedTuple

_PLAIN_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_-]*")
_PART = re.compile(r"\[(\d+)\]|`([^`]*)`|([^.\[`]+)")
_SHOWN = 120


class Problem(NamedTuple):
    """`code` says what kind, so that equal problems make one case; `path` says where in the body
    (`lines[1].sku`, empty for the whole body); `value` is what stands there, shortened; `text` is
    one plain sentence."""

    code: str
    path: str
    value: str
    text: str


def format_path(parts: Iterable[str | int]) -> str:
    """`["lines", 1, "sku"]` as `lines[1].sku`. A name with a dot goes in backticks."""
    path = ""
    for part in parts:
        if isinstance(part, int):
            path += f"[{part}]"
        else:
            name = part if _PLAIN_NAME.fullmatch(part) else f"`{part}`"
            path += f".{name}" if path else name
    return path


def json_pointer(path: str) -> str:
    """A path as `format_path` writes it, as a JSON pointer (RFC 6901): `lines[1].sku` is `/lines/1/sku`.

    The whole body, whose path is empty, is `/`.
    """
    parts = [next(filter(None, found), "") for found in _PART.findall(path)]
    return "/" + "/".join(part.replace("~", "~0").replace("/", "~1") for part in parts)


def storable(text: str) -> str:
    """`text` with “�” for what no database column holds: NUL characters and half surrogates."""
    return (
        text.replace("\0", "\ufffd").encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    )


def shorten(value: object) -> str:
    """`value` as one line of at most 120 characters, for people."""
    text = value if isinstance(value, str) else repr(value)
    text = " ".join(text.split())
    return text if len(text) <= _SHOWN else text[: _SHOWN - 1] + "…"
