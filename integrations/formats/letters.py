"""Letters a partner cannot read → letters they can."""

import unicodedata

_SPELLED = str.maketrans(
    {
        "ß": "ss", "ẞ": "SS", "æ": "ae", "Æ": "AE", "œ": "oe", "Œ": "OE", "ø": "o", "Ø": "O",
        "đ": "d", "Đ": "D", "ð": "d", "Ð": "D", "ł": "l", "Ł": "L", "þ": "th", "Þ": "Th", "ı": "i",
        "‘": "'", "’": "'", "‚": "'", "“": '"', "”": '"', "„": '"', "«": '"', "»": '"',
        "–": "-", "—": "-", "‐": "-", "‑": "-", "−": "-", "…": "...", "•": "-", "·": ".",
        "€": "EUR", "£": "GBP", "¥": "JPY", "©": "(C)", "®": "(R)", "™": "(TM)", "№": "No.",
        "×": "x", "÷": "/", "°": " deg", "½": "1/2", "¼": "1/4", "¾": "3/4", "\xa0": " ",
    }
)  # fmt: skip


def plain_letters(character: str) -> str:
    """The character without accents, or spelled out: ü → u, € → EUR."""
    decomposed = unicodedata.normalize("NFKD", character.translate(_SPELLED))
    return "".join(c for c in decomposed if not unicodedata.combining(c))
