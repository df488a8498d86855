"""Article numbers: the same one written in another way, and what a partner puts around it."""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Final

from integrations.matching.text import fold
from integrations.matching.trait_words import COLOURS, SIZES

Runs = tuple[str, ...]

_RUN: Final = re.compile(r"[0-9]+|[^\W_0-9]+")
_VOTES: Final = 3
_SHARE: Final = 0.3
_MOST_RUNS_AROUND: Final = 2


def runs(code: str) -> Runs:
    """`TENT-2P` and `tent2p` are both ("tent", "2", "p"), but `1-12` is not `11-2`."""
    return tuple(_RUN.findall(fold(code)))


def loose(code: Runs) -> str:
    """The code as a spreadsheet leaves it: without separators and zeros in front."""
    return "".join(run.lstrip("0") or "0" for run in code)


def is_telling(code: Runs) -> bool:
    """Is it unlikely that two systems give this code to different things?

    Five characters with letters and digits, or eight of any kind.
    """
    length = sum(map(len, code))
    return length >= 8 or (length >= 5 and len({run.isdigit() for run in code}) == 2)


def affixes(
    codes: Sequence[Runs], *, is_known: Callable[[Runs], bool]
) -> frozenset[tuple[Runs, Runs]]:
    """What stands in front of and behind our codes in many of theirs: (prefix, suffix) pairs.

    A pair counts if at least three codes and 30 % of all without it are known to us. Sizes,
    colours and numbers behind a code tell variants apart and are never a partner's mark.
    """
    votes: Counter[tuple[Runs, Runs]] = Counter()
    for code in codes:
        votes.update({around for around, core in _cores(code) if is_known(core)})
    enough = max(_VOTES, _SHARE * len(codes))
    return frozenset(around for around, count in votes.items() if count >= enough)


def without(code: Runs, around: Iterable[tuple[Runs, Runs]]) -> Iterator[Runs]:
    """`code` without each pair of `around` that it carries."""
    for prefix, suffix in around:
        core = code[len(prefix) : len(code) - len(suffix)]
        if core and prefix + core + suffix == code:
            yield core


def _cores(code: Runs) -> Iterator[tuple[tuple[Runs, Runs], Runs]]:
    for front in range(_MOST_RUNS_AROUND + 1):
        for back in range(_MOST_RUNS_AROUND + 1):
            core = code[front : len(code) - back]
            suffix = code[len(code) - back :]
            if front + back and sum(map(len, core)) >= 3 and not _tells_variants(suffix):
                yield (code[:front], suffix), core


def _tells_variants(suffix: Runs) -> bool:
    return any(run.isdigit() or run in SIZES or run in COLOURS for run in suffix)
