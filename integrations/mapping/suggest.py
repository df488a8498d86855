"""What a target may be filled from: by name, kind, place, and what was mapped before. Pure."""

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import Final, NamedTuple

from rapidfuzz import fuzz

from integrations.mapping.fields import SourceField
from integrations.mapping.schema_fields import TargetField
from integrations.mapping.source import Row
from integrations.mapping.synonyms import SAME

MOST: Final = 3
_LEAST: Final = 0.3
_WORDS: Final = re.compile(r"[A-Z]?[a-z]+|[A-Z]+|\d+")
_NAME: Final = re.compile(r"`[^`]+`|[A-Za-z_][A-Za-z0-9_]*")
# What a kind of target may be read from without a person being surprised.
_KINDS: Final = {
    "text": {"text", "number", "decimal", "date", "time", "list"},
    "decimal": {"decimal", "number", "text"},
    "number": {"number", "decimal", "text"},
    "date": {"date", "time", "text"},
    "time": {"time", "date", "text"},
    "flag": {"flag"},
    "list": {"list"},
    "object": {"object"},
}


class Earlier(NamedTuple):
    """A row of another mapping of the partner; `whose` says which, for people."""

    whose: str
    target: str
    source: str


class Suggestion(NamedTuple):
    """`source` is JSONata for the row, `path` the field it reads, `score` 0 to 1, `reason` a
    sentence."""

    source: str
    path: str
    score: float
    reason: str


def suggest(
    target: TargetField,
    sources: Sequence[SourceField],
    *,
    rows: Sequence[Row],
    earlier: Sequence[Earlier] = (),
) -> list[Suggestion]:
    """At most three sources for `target`, best first; none where a row has one already.

    Names count most, with the synonyms of the trade; then the place the field stands in, judged by
    where the target's neighbours come from, the kind of its values, and how the partner mapped the
    same target elsewhere. A field another row reads already is less likely. Deterministic.
    """
    if any(row.target == target.path for row in rows):
        return []
    loop, parents = _neighbours(target.path, rows)
    taken = {name for row in rows for name in _NAME.findall(row.source)}
    same = [one for one in earlier if one.target == target.path]
    scored = [
        (_score(target, field, loop, parents, taken, same), -n, field)
        for n, field in enumerate(sources)
        if _fits(target, field, loop)
    ]
    best = sorted(scored, key=lambda one: one[:2], reverse=True)[:MOST]
    return [
        Suggestion(*_expression(target, field, loop, same), round(min(score, 1.0), 2),
                   _reason(target, field, same))
        for score, _, field in best
        if score >= _LEAST
    ]  # fmt: skip


def _fits(target: TargetField, field: SourceField, loop: str | None) -> bool:
    if target.path.endswith("[]"):
        return field.kind == "list"
    if field.kind not in _KINDS.get(target.kind, {field.kind}) or field.kind == "empty":
        return False
    in_list = "[]" in target.path
    if loop is not None and in_list:
        return field.loop == loop or field.loop.startswith(f"{loop}.")
    return in_list or not field.loop or field.kind == "list"


def _neighbours(path: str, rows: Sequence[Row]) -> tuple[str | None, list[str]]:
    """The source list that feeds the target's list, and the fields its siblings read."""
    head = path.rpartition(".")[0]
    loop = next((row.source.strip() for row in rows if row.target == head and "[]" in head), None)
    siblings = [row.source for row in rows if row.target.rpartition(".")[0] == head and head]
    return loop, siblings


def _score(  # noqa: PLR0917
    target: TargetField,
    field: SourceField,
    loop: str | None,
    siblings: Sequence[str],
    taken: set[str],
    same: Sequence[Earlier],
) -> float:
    leaf, parents = _leaf(field.path), _parents(field.path)
    wanted, around = _leaf(target.path), _parents(target.path)
    score = 0.62 * _alike(wanted, leaf)
    # A short name says what it is only together with what it stands in: total of shipping.
    score = max(score, 0.58 * _alike(f"{around} {wanted}", f"{parents} {leaf}"))
    score += 0.14 * _alike(around, parents) if around and parents else 0.0
    score += 0.1 * _shared_place(field.path, siblings)
    score += 0.1 if field.kind == target.kind else 0.03
    if same:
        score += 0.3 * max(_alike(_last_name(one.source), leaf) for one in same)
    if leaf.strip("`") in taken:
        score -= 0.12
    return score - 0.01 * field.path.count(".")


def _shared_place(path: str, siblings: Sequence[str]) -> float:
    """The share of neighbours that read from the same group of the source."""
    group = path.rpartition(".")[0]
    if not siblings or not group:
        return 0.0
    return sum(group in sibling for sibling in siblings) / len(siblings)


@lru_cache(maxsize=8_192)
def _tokens(name: str) -> tuple[str, ...]:
    whole = name.strip("`").lower()
    words = [word.lower() for word in _WORDS.findall(name)]
    return tuple(dict.fromkeys([*words, *([whole] if whole in SAME else [])]))


@lru_cache(maxsize=65_536)
def _alike(one: str, other: str) -> float:
    """0 to 1: equal words, words of one meaning, words that look alike."""
    left, right = _tokens(one), _tokens(other)
    if not left or not right:
        return 0.0
    if one.lower() == other.lower():
        return 1.0
    found = [max(_word(a, b) for b in right) for a in left]
    back = [max(_word(a, b) for a in left) for b in right]
    # What the target asks for counts more than what the source's name says besides.
    return 0.62 * sum(found) / len(found) + 0.38 * sum(back) / len(back)


@lru_cache(maxsize=65_536)
def _word(one: str, other: str) -> float:
    if one == other or one.rstrip("s") == other.rstrip("s"):
        return 1.0
    if other in SAME.get(one, ()) or other.rstrip("s") in SAME.get(one.rstrip("s"), ()):
        return 0.85
    ratio = fuzz.ratio(one, other) / 100
    return ratio * 0.7 if ratio > 0.7 else 0.0


def _leaf(path: str) -> str:
    return path.replace("[]", "").rpartition(".")[2].strip("`")


def _parents(path: str) -> str:
    return path.replace("[]", "").rpartition(".")[0].replace(".", " ")


def _last_name(source: str) -> str:
    """The field an expression ends with, roughly: the last name in it."""
    names = _NAME.findall(re.sub(r'"[^"]*"|\$\w+', "", source))
    return names[-1].strip("`") if names else ""


def _expression(
    target: TargetField, field: SourceField, loop: str | None, same: Sequence[Earlier]
) -> tuple[str, str]:
    """The source for the row, written as the partner wrote it elsewhere where that is one call."""
    path = field.path
    inside = path.removeprefix(f"{loop}.") if loop else path
    for one in same:
        called = re.fullmatch(r'(\$\w+\((?:"[^"]*", )?)[\w.`]+(\))', one.source.strip())
        if called:
            return f"{called[1]}{inside}{called[2]}", path
    if target.kind == "date" and field.kind == "time":
        return f"$date({inside})", path
    return inside, path


def _reason(target: TargetField, field: SourceField, same: Sequence[Earlier]) -> str:
    leaf, wanted = _leaf(field.path), _leaf(target.path)
    for one in same:
        if _alike(_last_name(one.source), leaf) > 0.6:
            return f"You mapped it so in {one.whose}"
    kind = ", same kind of value" if field.kind == target.kind else ""
    if leaf.lower() == wanted.lower():
        return f"Same name{kind}"
    shared = [
        word for word in _tokens(wanted) if any(_word(word, o) >= 0.85 for o in _tokens(leaf))
    ]
    if shared:
        return f"{leaf} means {' '.join(shared)} in the trade{kind}"
    return f"Its name and place are like {wanted}{kind}"
