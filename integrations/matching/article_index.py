"""Our articles, found by number, by GTIN and by words."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from heapq import nlargest
from math import log
from typing import Final

from integrations.matching.articles import Article
from integrations.matching.codes import Runs, loose

_POSTINGS: Final = 600
_CANDIDATES: Final = 40


class ArticleIndex:
    """`at` everywhere is an article's place in the list it was made from."""

    def __init__(self, articles: Sequence[Article]) -> None:
        self.articles = articles
        self.codes: dict[Runs, list[int]] = defaultdict(list)
        self.parts: dict[Runs, list[int]] = defaultdict(list)
        self.loose: dict[str, list[int]] = defaultdict(list)
        self.gtins: dict[str, list[int]] = defaultdict(list)
        self.names: dict[frozenset[str], list[int]] = defaultdict(list)
        self._words: dict[str, list[int]] = defaultdict(list)
        for at, one in enumerate(articles):
            self._add(at, one)

    def _add(self, at: int, one: Article) -> None:
        self.codes[one.code].append(at)
        self.loose[loose(one.code)].append(at)
        for part in one.parts:
            self.parts[part].append(at)
        for gtin in one.gtins:
            self.gtins[gtin].append(at)
        if one.name:
            self.names[one.name].append(at)
        for word in terms(one):
            self._words[word].append(at)

    def weight(self, word: str) -> float:
        """How much a word tells: a rare one much, one of every article almost nothing."""
        return log(1 + len(self.articles) / (1 + len(self._words.get(word, ()))))

    def near(self, one: Article) -> list[int]:
        """The articles that share the most telling words; same names are always among them.

        Words are read from the rarest on until a bounded number of hits, so that a word of every
        article costs nothing.
        """
        hits: dict[int, float] = defaultdict(float)
        read = 0
        for word in sorted(terms(one), key=self._how_common):
            found = self._words.get(word, [])[:_POSTINGS]
            weight = self.weight(word)
            for at in found:
                hits[at] += weight
            read += len(found)
            if read >= _POSTINGS:
                break
        best = nlargest(_CANDIDATES, hits, key=hits.__getitem__)
        return [*dict.fromkeys([*self.names.get(one.name, [])[:_CANDIDATES], *best])]

    def _how_common(self, word: str) -> tuple[int, str]:
        return len(self._words.get(word, ())), word


def terms(one: Article) -> Iterable[str]:
    """The words of the name, and the pieces of the number marked as such."""
    yield from one.name
    yield from {f"#{run}" for run in one.code if len(run) > 1}
