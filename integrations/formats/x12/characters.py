"""Text → the characters a partner can read."""

import re
from functools import lru_cache

from integrations.formats.letters import plain_letters
from integrations.formats.x12.profile import Delimiters, Profile

_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f]")
_NOT_BASIC = re.compile(r"[^A-Z0-9 !\"&'()*+,\-./:;?=]")
_CODECS = {"basic": "ascii", "extended": "ascii", "iso-8859-1": "iso-8859-1", "utf-8": "utf-8"}

Found = tuple[str, list[str]]  # the text, and the issue codes that go with it


def codec(profile: Profile) -> str:
    """The Python codec of the profile's character set."""
    return _CODECS[profile.characters]


def fit(text: str, profile: Profile, delimiters: Delimiters) -> Found:
    """The text in the partner's characters, without delimiters and control characters."""
    if profile.characters != "basic" and text.isascii() and not _hostile(delimiters).search(text):
        return text, []
    codes: list[str] = []
    text = _transliterate(text, profile.characters, codes)
    text = _without_delimiters(text, profile, delimiters, codes)
    return text, codes


@lru_cache(maxsize=64)
def _hostile(delimiters: Delimiters) -> re.Pattern[str]:
    return re.compile("[\x00-\x1f\x7f-\x9f" + re.escape("".join(delimiters)) + "]")


def _transliterate(text: str, characters: str, codes: list[str]) -> str:
    if characters == "basic" and _NOT_BASIC.search(text):
        text = text.upper()
    if _writable(text, characters):
        return text
    codes.append("transliterated")
    text = "".join(c if _writable(c, characters) else plain_letters(c) for c in text)
    if characters == "basic":
        text = text.upper()
    if _writable(text, characters):
        return text
    codes.append("character_lost")
    return "".join(c if _writable(c, characters) else "?" for c in text)


def _writable(text: str, characters: str) -> bool:
    if characters == "basic":
        return _NOT_BASIC.search(_CONTROL.sub(" ", text)) is None
    try:
        text.encode(_CODECS[characters])
    except UnicodeEncodeError:
        return False
    return True


def _without_delimiters(
    text: str, profile: Profile, delimiters: Delimiters, codes: list[str]
) -> str:
    found = _hostile(delimiters).search(text)
    if found is None:
        return text
    only_control = _hostile(delimiters).search(_CONTROL.sub("", text)) is None
    if profile.delimiter_in_data == "refuse" and not only_control:
        codes.append("delimiter_refused")
        return text
    codes.append("delimiter_in_data")
    return _hostile(delimiters).sub(profile.replacement, text)
