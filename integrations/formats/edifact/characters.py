"""Text → the characters a partner can read, delimiters released."""

import re
from functools import lru_cache

from integrations.formats.edifact.profile import Delimiters, Profile
from integrations.formats.edifact.reader import CHARSETS
from integrations.formats.letters import plain_letters

_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f]")
# ISO 9735 levels A and B; UNOA has no lower case.
_LEVEL_A = re.compile(r"[^A-Z0-9 .,\-()/='+:?!\"%&*;<>]")
_LEVEL_B = re.compile(r"[^A-Za-z0-9 .,\-()/='+:?!\"%&*;<>]")
_LEVELS = {"UNOA": _LEVEL_A, "UNOB": _LEVEL_B}

Found = tuple[str, list[str]]  # the text, and the issue codes that go with it


def codec(profile: Profile) -> str | None:
    """The Python codec of the profile's syntax identifier, None for one we do not write."""
    return CHARSETS.get(profile.syntax)


def fit(text: str, profile: Profile) -> Found:
    """The text in the partner's characters, its delimiters released and ready to be joined."""
    codes: list[str] = []
    if _CONTROL.search(text):
        codes.append("delimiter_in_data")
        text = _CONTROL.sub(" ", text)
    text = _transliterate(text, profile.syntax, codes)
    found = _delimiters(profile.delimiters).search(text)
    if found and not profile.delimiters.release:
        return text, [*codes, "delimiter_refused"]
    return (release(text, profile.delimiters) if found else text), codes


def release(text: str, delimiters: Delimiters) -> str:
    """The text with a release sign before each delimiter."""
    return _delimiters(delimiters).sub(lambda sign: delimiters.release + sign[0], text)


@lru_cache(maxsize=64)
def _delimiters(delimiters: Delimiters) -> re.Pattern[str]:
    signs = {*delimiters[:2], *delimiters[3:]} - {""}
    return re.compile("[" + re.escape("".join(sorted(signs))) + "]")


def _transliterate(text: str, syntax: str, codes: list[str]) -> str:
    if syntax == "UNOA":
        text = text.upper()
    if _writable(text, syntax):
        return text
    codes.append("transliterated")
    text = "".join(c if _writable(c, syntax) else plain_letters(c) for c in text)
    text = text.upper() if syntax == "UNOA" else text
    if _writable(text, syntax):
        return text
    codes.append("character_lost")
    return "".join(c if _writable(c, syntax) else "?" for c in text)


def _writable(text: str, syntax: str) -> bool:
    level = _LEVELS.get(syntax)
    if level is not None:
        return level.search(text) is None
    try:
        text.encode(CHARSETS.get(syntax, "ascii"))
    except UnicodeEncodeError:
        return False
    return True
