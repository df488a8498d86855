"""What a partner lists, and which of our codes it is (None: none of ours)."""

from typing import NamedTuple

from integrations.matching import Item, Kind


class Pairs(NamedTuple):
    name: str
    kind: Kind
    ours: list[Item]
    theirs: list[tuple[Item, str | None]]
