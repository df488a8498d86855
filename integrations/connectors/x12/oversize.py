"""Files that are larger than an endpoint takes: one note for each, for a person. Pure."""

import json
from collections.abc import Mapping
from datetime import datetime
from hashlib import sha256
from typing import Final

from integrations.canonical.problem import Problem
from integrations.connectors.inbound import Received

NOTE: Final = "file_note"
MEGABYTE: Final = 1024 * 1024

Known = Mapping[str, str]  # file name → dedup key of its note


def notes(
    sizes: Mapping[str, int], known: Known, *, largest: int, now: datetime
) -> tuple[list[Received], dict[str, str]]:
    """The notes of the files that have none yet, and which note each file has now."""
    fresh = [_note(name, sizes[name], largest, now) for name in sizes if name not in known]
    keys = {name: known[name] for name in sizes if name in known}
    names = [name for name in sizes if name not in known]
    return fresh, keys | {n: str(note.dedup_key) for n, note in zip(names, fresh, strict=True)}


def problem(body: bytes) -> Problem:
    """What a note says, in words."""
    note = json.loads(body)
    name, size, largest = note["file"], note["bytes"], note["largest"]
    text = (
        f"The file has {size / MEGABYTE:.1f} MB; at most {largest / MEGABYTE:g} MB are read. Ask the"
        " sender for smaller files or raise “Largest file” of the endpoint: it is then picked up by"
        " itself. Move it out of the folder if nobody needs it"
    )
    return Problem("too_large", "", name, text)


def _note(name: str, size: int, largest: int, now: datetime) -> Received:
    body = json.dumps({"file": name, "bytes": size, "largest": largest}).encode()
    # With the time, as a file may leave and come back as it was.
    key = f"{NOTE}:{sha256(name.encode()).hexdigest()[:32]}:{now:%Y%m%dT%H%M%S}"
    return Received(NOTE, name[:60], body, key)
