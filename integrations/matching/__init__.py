"""Master data of two systems, item by item: what is surely the same, and what a person decides."""

from integrations.matching.items import Candidate, Item, Kind, Match
from integrations.matching.match import match

__all__ = ["Candidate", "Item", "Kind", "Match", "match"]
