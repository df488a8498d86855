"""What must not differ between two names of one article: sizes, colours, measures, packs."""

import re
from collections.abc import Iterator
from fractions import Fraction
from typing import Final, NamedTuple

from integrations.matching.text import fold, words
from integrations.matching.trait_words import COLOURS, EDITIONS, OPPOSITES, SIZES

_POUND: Final = Fraction(45359237, 100000)
_GALLON: Final = Fraction(3785411784, 1000000)
_INCH: Final = Fraction(254, 10)
_UNITS: Final[dict[str, tuple[str, Fraction]]] = {
    **{word: ("weight", Fraction(1000)) for word in ("kg", "kgs", "kilo", "kilogram")},
    **{word: ("weight", Fraction(1)) for word in ("g", "gr", "gram", "grams")},
    "mg": ("weight", Fraction(1, 1000)),
    **dict.fromkeys(("lb", "lbs", "pound", "pounds"), ("weight", _POUND)),
    **dict.fromkeys(("oz", "ounce", "ounces"), ("weight", _POUND / 16)),
    **{word: ("volume", Fraction(1000)) for word in ("l", "lt", "ltr", "liter", "litre", "litres")},
    "ml": ("volume", Fraction(1)),
    "cl": ("volume", Fraction(10)),
    **dict.fromkeys(("gal", "gallon", "gallons"), ("volume", _GALLON * 1000)),
    **dict.fromkeys(("qt", "quart"), ("volume", _GALLON * 250)),
    **dict.fromkeys(("floz", "fl oz"), ("volume", _GALLON * 1000 / 128)),
    **{word: ("length", Fraction(1000)) for word in ("m", "mtr", "meter", "metre")},
    "cm": ("length", Fraction(10)),
    "mm": ("length", Fraction(1)),
    **dict.fromkeys(("in", "inch", "inches", "zoll", '"'), ("length", _INCH)),
    **dict.fromkeys(("ft", "foot", "feet", "'"), ("length", _INCH * 12)),
    **dict.fromkeys(("yd", "yard", "yards"), ("length", _INCH * 36)),
    **{word: ("voltage", Fraction(1)) for word in ("v", "volt", "volts")},
    **{word: ("power", Fraction(1)) for word in ("w", "watt", "watts")},
    "kw": ("power", Fraction(1000)),
    **{word: ("current", Fraction(1)) for word in ("a", "amp", "amps")},
    "mah": ("charge", Fraction(1)),
    "ah": ("charge", Fraction(1000)),
    "gb": ("storage", Fraction(1)),
    "tb": ("storage", Fraction(1000)),
}
_NUMBER: Final = r"\d+\s+\d+/\d+|\d+/\d+|\d+(?:[.,]\d+)*"
_ALTERNATIVES: Final = "|".join(sorted(map(re.escape, _UNITS), key=len, reverse=True))
_MEASURE: Final = re.compile(rf"({_NUMBER})\s*-?\s*({_ALTERNATIVES})(?![^\W_])")
_PACKS: Final = (
    re.compile(
        r"(?<![^\W_])(?:case|pack|pk|box|carton|karton|packung|vpe|set|bundle|tray)"
        r"\s*(?:of|a|mit|/|-)?\s*(\d+)(?![^\W_])"
    ),
    re.compile(
        r"(\d+)\s*-?\s*(?:per (?:case|pack|box)|er[ -]?(?:pack|set|karton)|er|pack|packs|pk|pcs|"
        r"pieces|ct|count|stk|stuck|/(?:cs|case|box|pk))(?![^\W_])"
    ),
    re.compile(
        r"(?<![^\W_])(\d+)\s*[x×]\s*(?=\d+(?:[.,]\d+)?\s*(?:ml|cl|l|g|kg|oz|lb|mg)(?![^\W_]))"
    ),
)
_DOZEN: Final = re.compile(r"(?<![^\W_])(?:dozen|dutzend|dz)(?![^\W_])")
_PLAIN: Final = re.compile(_NUMBER)
_SIZE_PHRASES: Final = (
    (re.compile(r"(?<![^\W_])(?:extra|x)[ -]+(large|small)(?![^\W_])"), r"x\1"),
    (re.compile(r"(?<![^\W_])(\d)[ -]?x[ -]?(?:l|large)(?![^\W_])"), r" \1xl "),
    (re.compile(r"(?<![^\W_])one size(?![^\W_])"), "onesize"),
    (re.compile(r"(?<![^\W_])(men|women|kid)['’]s(?![^\W_])"), r"\1s"),
    (re.compile(r"(?<=\d)\s*[”″]"), '"'),
    (re.compile(r"(?<=\d)\s*[’′]"), "'"),
)
_SIZE_CODE: Final = re.compile(r"(?<![^\W_])([2-5]x[ls]|[23]x)(?![^\W_])")

_UNIT_DIMENSIONS: Final = frozenset(dimension for dimension, _ in _UNITS.values())
_PLURALS: Final = {"storage": "Storage sizes", "current": "Amperes", "power": "Watts"}
_EDITION: Final = "edition"
_LONGEST_NAME: Final = 300

Values = frozenset[object]


class Traits(NamedTuple):
    """Every kind of trait with what was found of it, and how many pieces are in the pack."""

    found: dict[str, Values]
    pack: Fraction


def traits(name: str, *, code: str = "") -> Traits:
    """The traits in `name`; the size and the colour come from `code` where the name has none."""
    text = fold(name[:_LONGEST_NAME])
    for pattern, plain in _SIZE_PHRASES:
        text = pattern.sub(plain, text)
    sizes = {SIZES[word] for word in _SIZE_CODE.findall(text)}
    text = _SIZE_CODE.sub(" ", text)
    pack, text = _pack(text)
    found: dict[str, set[object]] = {"size": set(sizes)}
    for quantity, unit in _MEASURE.findall(text):
        dimension, factor = _UNITS[unit]
        found.setdefault(dimension, set()).add(round(_number(quantity) * factor, 1))
    text = _MEASURE.sub(" ", text)
    found["number"] = {_number(number) for number in _PLAIN.findall(text)}
    for kind, meaning in _meanings(words(text)):
        found.setdefault(kind, set()).add(meaning)
    for kind, meaning in _meanings(words(code)[1:]):
        if kind in {"size", "colour"} and not found.get(kind):
            found[kind] = {meaning}
    return Traits({kind: frozenset(values) for kind, values in found.items() if values}, pack)


def conflict(a: Traits, b: Traits) -> str | None:
    """What is different where both say something, in a sentence; None if nothing is.

    A pack and an edition are told apart from none said at all.
    """
    if a.pack != b.pack:
        return f"Packs differ: {a.pack} and {b.pack}."
    if a.found.get(_EDITION) != b.found.get(_EDITION):
        return "One is another edition."
    for kind in sorted(a.found.keys() & b.found.keys()):
        one, other = a.found[kind], b.found[kind]
        if one != other:
            return f"{_label(kind)} differ{_shown(kind, one, other)}."
    return None


def _label(kind: str) -> str:
    return "Variants" if kind.startswith("variant") else _PLURALS.get(kind, f"{kind}s".capitalize())


def _shown(kind: str, one: Values, other: Values) -> str:
    if kind in _UNIT_DIMENSIONS:
        return ""
    return f": {_listed(one)} and {_listed(other)}"


def _listed(values: Values) -> str:
    return " with ".join(sorted(map(str, values)))


def _meanings(found: list[str]) -> Iterator[tuple[str, object]]:
    for word in found:
        if word in SIZES:
            yield "size", SIZES[word]
        elif word in COLOURS:
            yield "colour", COLOURS[word]
        elif word in EDITIONS:
            yield _EDITION, EDITIONS[word]
        elif word in OPPOSITES:
            question, answer = OPPOSITES[word]
            yield f"variant {question}", answer


def _pack(text: str) -> tuple[Fraction, str]:
    """Pieces in the pack, and the text without the words that said so. One is the default."""
    for pattern in _PACKS:
        if said := pattern.search(text):
            return Fraction(said[1]), text[: said.start()] + " " + text[said.end() :]
    if _DOZEN.search(text):
        return Fraction(12), _DOZEN.sub(" ", text)
    return Fraction(1), text


def _number(text: str) -> Fraction:
    """`1 1/2`, `0,5` and `1,000` as numbers: a comma before three digits parts thousands."""
    text = re.sub(r",(?=\d{3}(?!\d))", "", text).replace(",", ".")
    if text.count(".") > 1:
        text = text.replace(".", "")
    return sum((_part(part) for part in text.split()), Fraction(0))


def _part(text: str) -> Fraction:
    above, _, below = text.partition("/")
    return Fraction(above) / (int(below) or 1) if below else Fraction(above)
