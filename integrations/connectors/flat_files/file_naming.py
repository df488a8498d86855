"""Names of the files that are written, by a pattern such as {type}_{number}_{time}_{sequence}.csv. Pure.

Every name has the sequence, a number that an endpoint never uses twice in a thousand million files: so no
two files have one name, and what was written before is known by it when a delivery is tried again.
"""

import re
from datetime import datetime
from typing import Final

USUAL: Final = "{type}_{time}_{sequence}.csv"
PLACES: Final = ("type", "number", "date", "time", "sequence")
_PLACE: Final = re.compile(r"\{([^{}]*)\}")
_FIT: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*")
_UNFIT: Final = re.compile(r"[^A-Za-z0-9-]+")
_UNFINISHED: Final = (".tmp", ".part", ".filepart")
_LONGEST: Final = 60
_LONGEST_NUMBER: Final = 40


def complaint(pattern: str) -> str:
    """Why a pattern cannot be used, in a sentence; empty when it can."""
    found = _PLACE.findall(pattern)
    for name in found:
        if name not in PLACES:
            known = ", ".join(f"{{{place}}}" for place in PLACES)
            return f"There is no {{{name[:20]}}}. There are: {known}."
        if found.count(name) > 1:
            return f"{{{name}}} stands there twice."
    if "sequence" not in found:
        return "It needs {sequence}: two files must not have one name."
    if len(pattern) > _LONGEST:
        return f"It may have {_LONGEST} characters at most."
    if not _FIT.fullmatch(_PLACE.sub("x", pattern)):
        return "It begins with a letter or digit, and has only letters, digits, . _ and -."
    if pattern.lower().endswith(_UNFINISHED):
        return "Such an ending means a file that is not finished."
    return ""


def name(pattern: str, *, object_type: str, number: str, now: datetime, sequence: int) -> str:
    """The name of one file. What a number has that a name cannot is a hyphen."""
    said = {
        "type": object_type,
        "number": _UNFIT.sub("-", number).strip("-")[:_LONGEST_NUMBER] or "file",
        "date": f"{now:%Y%m%d}",
        "time": f"{now:%Y%m%dT%H%M%S}",
        "sequence": f"{sequence:09d}",
    }
    return _PLACE.sub(lambda place: said[place[1]], pattern)
