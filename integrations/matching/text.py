"""Text of two systems made comparable."""

import re
import unicodedata
from typing import Final

_SPELLED: Final = str.maketrans({"ß": "ss", "ø": "o", "æ": "ae", "ł": "l", "đ": "d", "⁄": "/"})
_WORD: Final = re.compile(r"[^\W_]+")


def fold(text: str) -> str:
    """`text` without case, accents and typographic variants."""
    spread = unicodedata.normalize("NFKD", text).casefold()
    return "".join(c for c in spread if not unicodedata.combining(c)).translate(_SPELLED)


def words(text: str) -> list[str]:
    """The runs of letters and digits in the folded `text`, in their order."""
    return _WORD.findall(fold(text))
