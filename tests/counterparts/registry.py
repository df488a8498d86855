"""Every counterpart: the module `<name>_install.py` of this folder calls it COUNTERPART.

A flow may need several of them at once: then its system is their names, with commas between.
"""

import importlib
from functools import cache
from pathlib import Path

from tests.counterparts.installing import Counterpart


@cache
def counterparts() -> dict[str, Counterpart]:
    """By name, sorted."""
    modules = sorted(file.stem for file in Path(__file__).parent.glob("*_install.py"))
    found = [importlib.import_module(f"{__package__}.{name}").COUNTERPART for name in modules]
    return {one.name: one for one in sorted(found, key=lambda one: one.name)}


def of(system: str) -> list[Counterpart]:
    """The counterparts that a flow's system names."""
    return [counterparts()[name] for name in system.split(", ")]


def version(system: str) -> str:
    return ", ".join(one.version for one in of(system))
