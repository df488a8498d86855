"""Names of files that come from other people: which are fit to be used, and how the others are shown."""

import hashlib
import unicodedata
from typing import Final

from portal.core.errors import Permanent

# A claim adds 26 characters behind the name, and a folder takes names of up to 255 bytes.
LONGEST: Final = 200
_LONGEST_PART: Final = 255
_DEEPEST: Final = 16
_SHOWN: Final = 80
# Controls, invisible marks (bidi among them), halves of characters, line and paragraph breaks.
_UNFIT: Final = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp"})


def fault(name: str, *, most: int = LONGEST) -> str:
    """Why `name` may not be used as the name of a file, as words behind “its name”; empty when fit."""
    if name in {"", ".", ".."}:
        return "names a folder, not a file"
    if "/" in name or "\\" in name:
        return "holds a separator of folders"
    if any(unicodedata.category(character) in _UNFIT for character in name):
        return "holds characters nobody can see"
    if name != name.strip():
        return "begins or ends with a space"
    if len(name.encode()) > most:
        return f"is longer than {most} bytes"
    return ""


def parts_of(path: str) -> list[str]:
    """The folders and the file of a path below a root, none for the root itself.

    Raises Permanent (`file_name`) for a path that starts elsewhere, leads out, or is unfit.
    """
    if path.startswith("/"):
        raise _unfit(path, "starts at the root of the machine")
    parts = [part for part in path.split("/") if part != "."]
    if len(parts) > _DEEPEST:
        raise _unfit(path, f"is deeper than {_DEEPEST} folders")
    for part in parts:
        if found := fault(part, most=_LONGEST_PART):
            raise _unfit(path, found)
    return parts


def _unfit(path: str, why: str) -> Permanent:
    return Permanent(f"{shown(path)} cannot be used: it {why}.", code="file_name")


def shown(name: str) -> str:
    """The name as it can be shown to people and stored: what cannot be seen is written out.

    A long one is cut, and ends in what tells it from others that begin alike.
    """
    visible = "".join(
        f"\\u{ord(c):04x}" if unicodedata.category(c) in _UNFIT else c for c in name[:_SHOWN]
    )
    if len(name) <= _SHOWN:
        return visible
    return f"{visible}…{hashlib.sha256(name.encode(errors='surrogatepass')).hexdigest()[:8]}"
