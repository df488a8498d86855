"""What goes into a match, and what comes out."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal, NamedTuple

Kind = Literal["sku", "uom", "carrier", "site"]


@dataclass(frozen=True, slots=True)
class Item:
    """One article, unit, carrier or site as one system lists it.

    `extra` holds what else is known. Read are, of an article: gtin, ean, upc, barcode (text or a
    list of texts), mpn, vendor_part, buyer_part, size, colour, color, pack; of a site: gln,
    address, city, postcode, postal_code, country.
    """

    code: str
    name: str = ""
    extra: Mapping[str, object] = field(default_factory=dict)

    def values(self, *names: str) -> list[str]:
        """The texts under `names` in `extra`, lists laid out, empty ones left out."""
        found: list[str] = []
        for name in names:
            value = self.extra.get(name)
            parts = value if isinstance(value, list | tuple) else [value]
            found += [text for part in parts if part is not None and (text := str(part).strip())]
        return found


class Candidate(NamedTuple):
    """One of our items that a remote one may be: `score` 0 to 1, and why, in a sentence."""

    ours: Item
    score: float
    reason: str


class Match(NamedTuple):
    """`ours` is the best there is, None where nothing comes near. `certain` means that nobody has
    to look; everything else is a proposal. `others` are the next best, three at most."""

    remote: Item
    ours: Item | None
    score: float
    certain: bool
    reason: str
    others: tuple[Candidate, ...]


class Rated(NamedTuple):
    """A candidate under way: the place of one of our items, and whether its evidence suffices."""

    at: int
    score: float
    sure: bool
    reason: str
