"""From rated candidates to one answer an item: which is best, and does anybody have to look?"""

from collections import Counter
from collections.abc import Sequence
from heapq import nlargest
from typing import Final

from integrations.matching.items import Candidate, Item, Match, Rated

_MARGIN: Final = 0.08
_OTHERS: Final = 3
_WORTH_SHOWING: Final = 0.3


def decide(
    remotes: Sequence[Item],
    ours: Sequence[Item],
    *,
    rated: Sequence[list[Rated]],
    taken: set[int],
    one_to_one: bool,
) -> list[Match]:
    """The best candidate of every remote, certain where its evidence suffices, the second is
    `_MARGIN` behind and, if `one_to_one`, no other remote lays as good a claim to the same item.

    An item in `taken` belongs to the remotes whose only candidate is the fact that took it.
    """
    ranked = [nlargest(_OTHERS + 1, shown, key=_order) for shown in map(_worth_showing, rated)]
    claims = Counter(best[0].at for best in ranked if best and best[0].sure)
    answers = []
    for remote, candidates in zip(remotes, ranked, strict=True):
        doubt = _doubt(candidates, claims=claims if one_to_one else None, taken=taken)
        answers.append(_answer(remote, ours, candidates=candidates, doubt=doubt))
    return answers


def _worth_showing(candidates: list[Rated]) -> list[Rated]:
    return [candidate for candidate in candidates if candidate.score >= _WORTH_SHOWING]


def _order(candidate: Rated) -> tuple[float, bool, int]:
    return candidate.score, candidate.sure, -candidate.at


def _doubt(candidates: list[Rated], *, claims: Counter[int] | None, taken: set[int]) -> str | None:
    """Why a person has to look, None if nobody has to; empty if the reason already says it."""
    if not candidates or not candidates[0].sure:
        return ""
    best = candidates[0]
    if len(candidates) > 1 and best.score - candidates[1].score < _MARGIN:
        return "Another one is about as near."
    if claims is None:
        return None
    if claims[best.at] > 1:
        known = " and is already matched" if best.at in taken else ""
        return f"The same item fits more than one of theirs{known}."
    return None


def _answer(
    remote: Item, ours: Sequence[Item], *, candidates: list[Rated], doubt: str | None
) -> Match:
    if not candidates:
        return Match(remote, None, 0.0, False, "Nothing of ours comes near.", ())
    best, *rest = candidates
    others = tuple(Candidate(ours[c.at], round(c.score, 3), c.reason) for c in rest)
    reason = f"{best.reason} {doubt}" if doubt else best.reason
    return Match(remote, ours[best.at], round(best.score, 3), doubt is None, reason, others)
