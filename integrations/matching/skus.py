"""Which of our articles is theirs: GTIN, number, number within a partner's marks, name."""

from collections.abc import Iterator, Sequence
from typing import Final

from rapidfuzz import fuzz

from integrations.matching.article_index import ArticleIndex
from integrations.matching.articles import Article, article
from integrations.matching.codes import Runs, affixes, is_telling, loose, without
from integrations.matching.items import Item, Rated
from integrations.matching.names import swapped_words
from integrations.matching.traits import conflict

_SURE_ENOUGH: Final = 0.9
_NAMES_AGREE: Final = 0.5
_NAMES_CLASH: Final = 0.3
_CONFLICT: Final = 0.5
_WORDS_TO_STAND_ALONE: Final = 3
Around = frozenset[tuple[Runs, Runs]]


def rate_skus(remotes: Sequence[Item], ours: Sequence[Item]) -> list[list[Rated]]:
    """Candidates for every remote article.

    Evidence is a shared GTIN, an equal number (as it stands, or within the marks that a partner
    puts around ours), or equal names. Different sizes, colours, measures, packs or GTINs take
    every certainty away, whatever else agrees.
    """
    theirs = [article(item) for item in remotes]
    own = [article(item) for item in ours]
    index = ArticleIndex(own)
    their_codes = frozenset(one.code for one in theirs)
    strange = [one.code for one in theirs if one.code not in index.codes]
    around = affixes(strange, is_known=index.codes.__contains__)
    # Where they leave out marks of ours, it is our codes that carry them.
    bare = affixes([one.code for one in own], is_known=their_codes.__contains__)
    cores = _cores(own, bare)
    return [_rate(one, index=index, around=around, cores=cores) for one in theirs]


def _cores(own: Sequence[Article], around: Around) -> dict[Runs, list[int]]:
    found: dict[Runs, list[int]] = {}
    for at, one in enumerate(own):
        for core in without(one.code, around):
            found.setdefault(core, []).append(at)
    return found


def _rate(
    one: Article, *, index: ArticleIndex, around: Around, cores: dict[Runs, list[int]]
) -> list[Rated]:
    best: dict[int, Rated] = {}
    for rated in _exact(one, index=index, around=around, cores=cores):
        if rated.at not in best or best[rated.at].score < rated.score:
            best[rated.at] = rated
    if not any(rated.sure for rated in best.values()):
        is_contested = bool(best)
        for at in index.near(one):
            if at not in best:
                best[at] = _by_name(one, at=at, index=index, is_contested=is_contested)
    return list(best.values())


def _exact(
    one: Article, *, index: ArticleIndex, around: Around, cores: dict[Runs, list[int]]
) -> Iterator[Rated]:
    for gtin in one.gtins:
        for at in index.gtins.get(gtin, ()):
            yield _judged(one, at=at, index=index, score=1.0, reason="Same GTIN.")
    for at in index.codes.get(one.code, ()) if one.code else ():
        yield _by_code(one, at=at, index=index, score=0.98, reason="Same number.")
    for part in {one.code, *one.parts}:
        for at in index.parts.get(part, ()):
            yield _by_code(one, at=at, index=index, score=0.96, reason="Same part number.")
    for part in one.parts:
        for at in index.codes.get(part, ()):
            yield _by_code(one, at=at, index=index, score=0.96, reason="Our number is theirs too.")
    yield from _within_marks(one, index=index, around=around, cores=cores)
    for at in index.loose.get(loose(one.code), ()) if one.code else ():
        reason = "Same number but for separators or zeros in front."
        yield _with_name(one, at=at, index=index, score=0.92, reason=reason)


def _within_marks(
    one: Article, *, index: ArticleIndex, around: Around, cores: dict[Runs, list[int]]
) -> Iterator[Rated]:
    reason = "Same number within the marks that many of these articles carry."
    found = {at for core in without(one.code, around) for at in index.codes.get(core, ())}
    for at in found | set(cores.get(one.code, ())):
        yield _with_name(one, at=at, index=index, score=0.94, reason=reason)


def _by_code(one: Article, *, at: int, index: ArticleIndex, score: float, reason: str) -> Rated:
    """A telling number stands unless the names contradict it; `1001` needs names that agree."""
    other = index.articles[at]
    if not is_telling(one.code):
        return _with_name(one, at=at, index=index, score=score, reason=reason)
    if one.name and other.name and _likeness(one, other, index) < _NAMES_CLASH:
        return Rated(at, 0.8, False, f"{reason} The names have little in common.")
    if doubt := _doubtful_name(one, at=at, index=index):
        return Rated(at, 0.8, False, f"{reason} {doubt}")
    return _judged(one, at=at, index=index, score=score, reason=reason)


def _with_name(one: Article, *, at: int, index: ArticleIndex, score: float, reason: str) -> Rated:
    """Evidence that needs names which agree."""
    other = index.articles[at]
    if not one.name or not other.name:
        return Rated(at, 0.75, False, f"{reason} There are no names to compare.")
    if _likeness(one, other, index) < _NAMES_AGREE:
        return Rated(at, 0.65, False, f"{reason} The names are not alike.")
    if doubt := _doubtful_name(one, at=at, index=index):
        return Rated(at, 0.65, False, f"{reason} {doubt}")
    if one.traits != other.traits:
        against = conflict(one.traits, other.traits) or "One name says more than the other."
        return Rated(at, 0.6, False, f"{reason} {against}")
    return _judged(one, at=at, index=index, score=score, reason=reason)


def _doubtful_name(one: Article, *, at: int, index: ArticleIndex) -> str | None:
    if at not in index.names.get(one.name, [at]):
        return "The name is that of another article."
    if swapped := swapped_words(one.name, index.articles[at].name):
        return f"One says {swapped[0]}, the other {swapped[1]}."
    return None


def _judged(one: Article, *, at: int, index: ArticleIndex, score: float, reason: str) -> Rated:
    if against := _against(one, index.articles[at]):
        return Rated(at, min(score, _CONFLICT), False, f"{reason} {against}")
    return Rated(at, score, score >= _SURE_ENOUGH, reason)


def _by_name(one: Article, *, at: int, index: ArticleIndex, is_contested: bool) -> Rated:
    """A name decides alone only if no number points at another article."""
    other = index.articles[at]
    score = _likeness(one, other, index)
    if against := _against(one, other):
        return Rated(at, min(score, _CONFLICT), False, f"Similar name. {against}")
    if one.name == other.name and not is_contested and _can_stand_alone(one, other):
        return Rated(at, 0.95, True, "Same name, and nothing speaks against it.")
    return Rated(at, min(score, 0.88), False, "Similar name." if one.name else "Similar number.")


def _can_stand_alone(one: Article, other: Article) -> bool:
    """May equal names decide? Not short ones, and not if the numbers are of one pattern: then
    another number of that pattern is another article."""
    letters = {run for run in one.code if not run.isdigit() and len(run) > 1}
    return (
        len(one.name) >= _WORDS_TO_STAND_ALONE
        and one.traits == other.traits
        and letters.isdisjoint(other.code)
        and _shape(one.code) != _shape(other.code)
    )


def _shape(code: Runs) -> tuple[tuple[bool, int], ...]:
    return tuple((run.isdigit(), len(run)) for run in code)


def _against(one: Article, other: Article) -> str | None:
    if one.gtins and other.gtins and not one.gtins & other.gtins:
        return "The GTINs differ."
    return conflict(one.traits, other.traits)


def _likeness(one: Article, other: Article, index: ArticleIndex) -> float:
    """0 to 1: half the weight of shared words, half the letters; of numbers where names lack."""
    if not one.name or not other.name:
        return 0.8 * fuzz.ratio("".join(one.code), "".join(other.code)) / 100
    every = sum(map(index.weight, one.name | other.name))
    shared = sum(map(index.weight, one.name & other.name)) / every if every else 0.0
    return (shared + fuzz.ratio(one.line, other.line) / 100) / 2
