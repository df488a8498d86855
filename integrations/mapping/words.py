"""What the JSONata engine says, in plain words."""

import re
from typing import Final

import jsonatapy

_SEARCHED: Final = 2_000
_NOISE: Final = re.compile(
    r"^(?:Parse error: |Invalid syntax: |Syntax error: |Argument error: "
    r"|host function raised \w+: |[A-Z][0-9]{4}: )+"
)
_TOKEN: Final = re.compile(r"^(?:Identifier|Variable|String|Number)\((.*)\)$")
_SIGNS: Final = {
    "RightBrace": "}",
    "LeftBrace": "{",
    "RightParen": ")",
    "LeftParen": "(",
    "RightBracket": "]",
    "LeftBracket": "[",
    "Semicolon": ";",
    "Comma": ",",
    "Colon": ":",
}
_SIGN_NAMES: Final = re.compile(rf"\b({'|'.join(_SIGNS)})\b")
_LIMITS: Final = {
    "D1011": "It calls itself without end.",
    "D1012": "It ran out of its time; it may never end.",
    "D2015": "It makes a list of more than 100,000 entries.",
    "U1002": "It nests too deep.",
    "S0207": "It ends too early.",
}


def is_timeout(message: str) -> bool:
    """Did the engine stop this expression because its time was up?"""
    return "D1012" in message


def plain_words(message: str) -> str:
    """The engine's message without its codes, as a sentence."""
    for code, words in _LIMITS.items():
        if code in message:
            return words
    text = _NOISE.sub("", message.strip())
    token = _TOKEN.match(text)
    if token or text in _SIGNS:
        return f"{token[1] if token else _SIGNS[text]} is not expected here."
    text = _SIGN_NAMES.sub(lambda name: _SIGNS[name[0]], text)
    return f"{text[:1].upper()}{text[1:300]}".rstrip(".") + "."


def find_position(source: str, message: str) -> int | None:
    """Where reading stopped: the shortest start of `source` that gives the same message.

    The engine tells no positions. None for sources of more than 2,000 characters.
    """
    if len(source) > _SEARCHED:
        return None
    for end in range(1, len(source) + 1):
        try:
            jsonatapy.compile(source[:end])
        except ValueError as error:
            if str(error) == message:
                return end - 1
    return len(source)
