"""An article made ready to be compared, once."""

from typing import NamedTuple

from integrations.canonical.identifiers import gtin14
from integrations.matching.codes import Runs, runs
from integrations.matching.items import Item
from integrations.matching.text import words
from integrations.matching.traits import Traits, traits

_GTINS = ("gtin", "ean", "upc", "barcode")
_PART_NUMBERS = ("mpn", "vendor_part", "buyer_part")
_DETAILS = ("size", "colour", "color", "pack")


class Article(NamedTuple):
    """`gtins` pass their check digit and have 14 digits; one that fails it is left out. `parts`
    are the numbers that other parties give the article; `line` is the name, its words sorted."""

    code: Runs
    parts: frozenset[Runs]
    gtins: frozenset[str]
    name: frozenset[str]
    line: str
    traits: Traits


def article(item: Item) -> Article:
    given = item.values(*_GTINS)
    found = words(item.name)
    return Article(
        code=runs(item.code),
        parts=frozenset(filter(None, map(runs, item.values(*_PART_NUMBERS)))),
        gtins=frozenset(filter(None, map(gtin14, [*given, item.code]))),
        name=frozenset(found),
        line=" ".join(sorted(found)),
        traits=traits(" ".join([item.name, *item.values(*_DETAILS)]), code=item.code),
    )
