"""Which processes belong together, and ending them the hard way. Reads /proc, so Linux only."""

import contextlib
import os
import signal
from pathlib import Path
from typing import NamedTuple


class Process(NamedTuple):
    id: int
    parent: int
    group: int
    command: str


def everyone() -> list[Process]:
    found = []
    for folder in Path("/proc").iterdir():
        if folder.name.isdigit():
            with contextlib.suppress(OSError, ValueError):
                found.append(_read(folder))
    return found


def _read(folder: Path) -> Process:
    # The second word is the name in brackets and may hold anything.
    after_name = (folder / "stat").read_text().rpartition(")")[2].split()
    command = (folder / "cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
    return Process(int(folder.name), int(after_name[1]), int(after_name[2]), command.strip())


def of_group(leader: int) -> list[Process]:
    """The processes of a group that still run (a dead one has no command), its leader first."""
    found = [p for p in everyone() if p.group == leader and p.command]
    return sorted(found, key=lambda p: (p.id != leader, p.id))


def children_of(parent: int) -> list[Process]:
    return [p for p in everyone() if p.parent == parent]


def kill(*ids: int) -> None:
    """kill -9; one that is gone already is fine."""
    for one in ids:
        with contextlib.suppress(ProcessLookupError):
            os.kill(one, signal.SIGKILL)
