"""Processor time of a rig's processes, from Linux' /proc: where the milliseconds of an order go."""

import os
from pathlib import Path
from typing import NamedTuple

from benchmarks.rig import Rig

_TICKS = os.sysconf("SC_CLK_TCK")


class _Process(NamedTuple):
    id: int
    parent: int
    session: int
    own: float  # seconds, user and system
    with_dead_children: float


def seconds(one: Rig) -> dict[str, float]:
    """Seconds used so far by each of the rig's processes, their children in, and by PostgreSQL."""
    with one.database() as connection:
        known = {process.id: process for process in map(_read, _folders()) if process}
        backend = known.get(connection.info.backend_pid)
    used = {
        name: sum(p.with_dead_children for p in known.values() if p.session == started.pid)
        for name, started in one.processes.items()
    }
    if backend:  # a server on another machine has its own processors
        used["postgres"] = _server(known, backend.parent)
    return used


def per_order(before: dict[str, float], after: dict[str, float], orders: int) -> dict[str, float]:
    """Milliseconds of processor time an order, by process, and their sum."""
    spent = {name: round(1000 * (after[name] - before.get(name, 0)) / orders, 3) for name in after}
    return {**spent, "all": round(sum(spent.values()), 3)}


def _server(known: dict[int, _Process], postmaster: int) -> float:
    children = sum(process.own for process in known.values() if process.parent == postmaster)
    return children + known[postmaster].with_dead_children


def _folders() -> list[Path]:
    return [folder for folder in Path("/proc").iterdir() if folder.name.isdigit()]


def _read(folder: Path) -> _Process | None:
    try:
        # The name in brackets may hold blanks; what follows it does not.
        fields = (folder / "stat").read_text().rpartition(")")[2].split()
    except OSError:  # it ended meanwhile
        return None
    times = [int(ticks) / _TICKS for ticks in fields[11:15]]
    return _Process(int(folder.name), int(fields[1]), int(fields[3]), sum(times[:2]), sum(times))
