"""Addresses of a site with the ids of what was planted in them, so that a view is reached and not a 404."""

import re
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from portal.pages import matrix
from tests.isolation.planting import Planted

NOWHERE = {"uuid": "01980000-0000-7000-8000-000000000000", "int": "1", "slug": "nothing",
           "sha256": "0" * 64, "str": "nothing", "day": "2026-04-08"}  # fmt: skip
NAMED = {
    "object_type": "order",
    "direction": "in",
    "period": "2026-04",
    "key": "2026-04",
    "at": "0",
}


class Filled(NamedTuple):
    """One address of a site; `method` is blank where the view takes whatever it takes."""

    path: str
    pattern: str
    method: str


def of(one: Planted) -> dict[str, str]:
    """The values of kinds of places, of one customer."""
    return {
        "uuid": str(one.order_id), "int": str(one.case), "slug": one.endpoint,
        "sha256": one.digest, "str": "2026-04", "day": "2026-04-08",
    }  # fmt: skip


def filled(pattern: str, known: Mapping[str, str]) -> str:
    """The pattern with a value in each place."""
    values = {**NOWHERE, **known}

    def value(found: re.Match[str]) -> str:
        kind, name = found[1] or "str", found[2]
        if name in ("pk", "adjustment", "correction") and kind == "int":
            return "1"
        return NAMED.get(name) or values[kind]

    path = re.sub(r"<(?:(\w+):)?(\w+)>", value, pattern)
    assert "<" not in path, pattern
    return path


def addresses(urlconf: str, planted: Mapping[Any, Planted]) -> Iterator[Filled]:
    """Every address, with what Harbor of Kestrel has. Signing out is left out: the rest needs to be in."""
    known = of(planted["kestrel", "harbor"])
    for address in matrix.addresses(urlconf):
        if address.pattern != "/logout/":
            yield Filled(filled(address.pattern, known), address.pattern, address.method)
