"""Which sources the engine's own limits hold for.

The engine looks at its clock between steps, not inside one, and its memory knows no limit: a list
made distinct may take minutes, a text replaced into itself ends the process. So a source is plain
only if no step of it can do more than a small multiple of the document's size; what else a person
writes runs in a box.
"""

from functools import lru_cache
from math import ceil
from typing import Final

from integrations.mapping.tokens import Token, arguments, closing, tokens

_SAFE: Final = frozenset(
    {
        "abs",
        "append",
        "average",
        "binding",
        "boolean",
        "ceil",
        "contains",
        "count",
        "date",
        "decimal",
        "error",
        "exists",
        "floor",
        "join",
        "keys",
        "length",
        "lookup",
        "lowercase",
        "match",
        "max",
        "merge",
        "min",
        "money",
        "not",
        "now",
        "number",
        "pad",
        "replace",
        "reverse",
        "round",
        "split",
        "spread",
        "sqrt",
        "string",
        "substring",
        "substringAfter",
        "substringBefore",
        "sum",
        "text",
        "toMillis",
        "trim",
        "type",
        "uppercase",
        "utc",
        "zip",
    }
)
_AMPLIFIERS: Final = frozenset({"join", "replace", "split", "string"})
_MOST_AMPLIFIED: Final = 3
_LONGEST_FILLING: Final = 20
_FILLING: Final = {"join": 1, "replace": 2}
_BOXED_SIGNS: Final = frozenset({"..", "~>", "**", "@", "#", "^", "|", "%"})
_WHOLE: Final = frozenset({"$$", "$root", "$parent"})
_GIVEN: Final = frozenset({"$", "$context", "$index", *_WHOLE})
_MOST_WHOLE: Final = 20
_MOST_COPIES: Final = 1_000


@lru_cache(maxsize=8192)
def is_plain(source: str) -> bool:
    """Can no step of `source` run away?"""
    try:
        found = tokens(source)
        return (
            all(_is_plain_token(found, index) for index in range(len(found)))
            and _amplified(found) <= _MOST_AMPLIFIED
            and _copies(found) <= _MOST_COPIES
            and not _crosses(found)
        )
    except ValueError:
        return False


@lru_cache(maxsize=8192)
def is_wide(source: str) -> bool:
    """Does `source` reach for what stands outside the entry of a loop it is evaluated for?"""
    return any(whole in source for whole in _WHOLE)


def _is_plain_token(found: list[Token], index: int) -> bool:
    kind, text, _ = found[index]
    if kind == "sign":
        return text not in _BOXED_SIGNS
    if kind == "name":
        return text not in ("function", "λ")
    if kind == "variable" and _is(found, index + 1, "("):
        return _is_plain_call(found, index)
    # A function of the engine that is named without being called is handed to another one.
    return kind != "variable" or text in _GIVEN or text[1:] not in _SAFE


def _is_plain_call(found: list[Token], index: int) -> bool:
    name = found[index].text[1:]
    if name not in _SAFE:
        return False
    place = _FILLING.get(name)
    if place is None:
        return True
    given = arguments(found, index + 1)
    if len(given) <= place:
        return name == "join"
    filling = given[place]
    return (
        len(filling) == 1
        and filling[0].kind == "string"
        and len(filling[0].text) <= _LONGEST_FILLING
    )


def _amplified(found: list[Token]) -> int:
    """How many calls that can multiply a text stand inside one another, at most."""
    deepest = 0
    ends: list[int] = []
    for index, (kind, text, _) in enumerate(found):
        ends = [end for end in ends if end > index]
        if kind == "variable" and text[1:] in _AMPLIFIERS and _is(found, index + 1, "("):
            ends.append(closing(found, index + 1))
            deepest = max(deepest, len(ends))
    return deepest


def _copies(found: list[Token]) -> float:
    """How many times a value can stand in the result, through variables and whole documents."""
    variables = [token for token in found if token.kind == "variable"]
    whole = sum(token.text in _WHOLE for token in variables)
    if whole > _MOST_WHOLE:
        return float("inf")
    steps = sum(token.kind == "sign" and token.text == ":=" for token in found)
    used = sum(token.text not in _GIVEN and token.text[1:] not in _SAFE for token in variables)
    return ceil(used / steps) ** min(steps, 30) if steps else 1


def _crosses(found: list[Token]) -> bool:
    """Is something from outside evaluated once for each entry of a list?"""
    outside = any(
        token.text not in ("$", "$context", "$index") and not _is(found, index + 1, "(")
        for index, token in enumerate(found)
        if token.kind == "variable"
    )
    return outside and any(_starts_step(found, index) for index in range(1, len(found)))


def _starts_step(found: list[Token], index: int) -> bool:
    kind, text, _ = found[index]
    if _is(found, index - 1, "."):
        return kind not in ("name", "quoted")
    before = found[index - 1]
    value = before.kind in ("name", "quoted", "variable") or before.text in ("]", ")")
    return kind == "sign" and text == "{" and value


def _is(found: list[Token], index: int, sign: str) -> bool:
    return index < len(found) and found[index].kind == "sign" and found[index].text == sign
