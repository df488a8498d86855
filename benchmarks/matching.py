"""How much of a partner's master data is matched without a person, and is any of it wrong?

Labelled pairs full of traps first; then 5,000 articles of a partner against 20,000 of ours.
"""

import json
import random
import sys
from time import perf_counter

from integrations.matching import Item, Match, match
from tests.matching.pairs import ALL

REMOTES = 5_000
OURS = 20_000
GOODS = ["tent", "chair", "lamp", "stove", "pan", "mug", "rope", "axe", "knife", "boot", "glove"]
STYLES = ["trail", "summit", "harbor", "alpine", "river", "meadow", "canyon", "desert", "urban"]
COLOURS = ["black", "white", "red", "blue", "green", "yellow", "orange", "grey", "brown", "pink"]
SIZES = ["XS", "S", "M", "L", "XL", "XXL"]
MATERIALS = [
    "steel",
    "nylon",
    "cotton",
    "wool",
    "leather",
    "canvas",
    "bamboo",
    "titanium",
    "ceramic",
    "cork",
]


def main() -> None:
    judged = [
        (found, right)
        for pairs in ALL
        for found, (_, right) in zip(
            match(pairs.kind, [item for item, _ in pairs.theirs], pairs.ours, known={}),
            pairs.theirs,
            strict=True,
        )
    ]
    for found, right in judged:
        tell(found, right)
    seconds, large = timed()
    print(
        json.dumps(
            {
                "pairs": len(judged),
                "with_one_of_ours": sum(right is not None for _, right in judged),
                "certain": sum(found.certain for found, _ in judged),
                "wrong_certain": sum(is_wrong(found, right) for found, right in judged),
                "found": sum(code(found) == right for found, right in judged if right is not None),
                "large_certain": sum(found.certain for found, _ in large),
                "large_wrong_certain": sum(is_wrong(found, right) for found, right in large),
                "large_seconds": round(seconds, 1),
                "matches_per_second": round(REMOTES / seconds),
            }
        )
    )


def code(found: Match) -> str | None:
    return found.ours.code if found.ours else None


def is_wrong(found: Match, right: str | None) -> bool:
    return found.certain and code(found) != right


def tell(found: Match, right: str | None) -> None:
    if is_wrong(found, right) or (right is not None and not found.certain):
        mark = "WRONG" if found.certain else "asks "
        names = f"{found.remote.code} {found.remote.name!r}: {code(found)} ({right})"
        print(f"{mark} {names} {found.score} {found.reason}", file=sys.stderr)


def timed() -> tuple[float, list[tuple[Match, str | None]]]:
    """A third by another number and name, a third by number, a third that we do not have."""
    chance = random.Random(7)
    ours = [article(chance, at) for at in range(OURS)]
    theirs = [remote(chance, at, ours) for at in range(REMOTES)]
    start = perf_counter()
    found = match("sku", [item for item, _ in theirs], ours, known={})
    seconds = perf_counter() - start
    return seconds, [(f, right) for f, (_, right) in zip(found, theirs, strict=True)]


def article(chance: random.Random, at: int) -> Item:
    words = [chance.choice(kind) for kind in (STYLES, MATERIALS, GOODS, COLOURS, SIZES)]
    return Item(f"{words[2][:3].upper()}-{at:05}", f"{' '.join(words)} model {at // 3}")


def remote(chance: random.Random, at: int, ours: list[Item]) -> tuple[Item, str | None]:
    one = ours[at * 4]
    if at % 3 == 0:
        words = one.name.split()
        return Item(f"B{at:07}X", " ".join(chance.sample(words, len(words)))), one.code
    if at % 3 == 1:
        return Item(one.code.lower().replace("-", "_"), one.name.upper()), one.code
    return Item(f"N{at:07}Q", article(chance, OURS + at).name), None


if __name__ == "__main__":
    main()
