"""Files that an endpoint leaves where they are, too large or named unfit: one note for each. Pure."""

import json
from collections.abc import Mapping
from datetime import datetime
from hashlib import sha256
from typing import Any, Final, Protocol

from integrations.canonical.problem import Problem
from integrations.connectors.inbound import Received

NOTE: Final = "file_note"
MEGABYTE: Final = 1024 * 1024


class Left(Protocol):
    """What a look into the folder left there: name → bytes, and name → why it is unfit."""

    @property
    def too_large(self) -> Mapping[str, int]: ...
    @property
    def unfit(self) -> Mapping[str, str]: ...


Known = Mapping[str, str]  # file name → dedup key of its note


def notes(
    found: Left, known: Known, *, largest: int, now: datetime
) -> tuple[list[Received], dict[str, str]]:
    """The notes of the files that have none yet, and which note each file has now."""
    left: dict[str, dict[str, Any]] = {
        **{name: {"bytes": size, "largest": largest} for name, size in found.too_large.items()},
        **{name: {"unfit": why} for name, why in found.unfit.items()},
    }
    fresh = {name: _note(name, said, now) for name, said in left.items() if name not in known}
    keys = {name: known[name] for name in left if name in known}
    return list(fresh.values()), keys | {n: str(note.dedup_key) for n, note in fresh.items()}


def problem(body: bytes) -> Problem:
    """What a note says, in words."""
    note = json.loads(body)
    name = note["file"]
    if "unfit" in note:
        text = (
            f"The name of the file {note['unfit']}, so it was not picked up. Ask the sender to name"
            " their files otherwise, and rename this one or move it out of the folder"
        )
        return Problem("file_name", "", name, text)
    size, largest = note["bytes"], note["largest"]
    text = (
        f"The file has {size / MEGABYTE:.1f} MB; at most {largest / MEGABYTE:g} MB are read. Ask the"
        " sender for smaller files or raise “Largest file” of the endpoint: it is then picked up by"
        " itself. Move it out of the folder if nobody needs it"
    )
    return Problem("too_large", "", name, text)


def _note(name: str, said: Mapping[str, Any], now: datetime) -> Received:
    body = json.dumps({"file": name, **said}).encode()
    # With the time, as a file may leave and come back as it was.
    key = f"{NOTE}:{sha256(name.encode()).hexdigest()[:32]}:{now:%Y%m%dT%H%M%S}"
    return Received(NOTE, name[:60], body, key)
