"""Changed texts: cut off, damaged, or only written differently."""

import html
import re
import unicodedata
from typing import Final

from integrations.evidence.verdict import Verdict, alarm, note

_ZIP4: Final = re.compile(r"([0-9]{5})-?[0-9]{4}")
_LONGEST: Final = 20_000


def plain(text: str) -> str:
    """Letters and digits only, without case and accents."""
    folded = unicodedata.normalize("NFKD", text[:_LONGEST]).casefold()
    return "".join(sign for sign in folded if sign.isalnum())


def judge_damage(old: str, new: str) -> Verdict | None:
    """What harms any text, and what never does; None where the texts just differ."""
    if " ".join(old.split()) == " ".join(new.split()):
        return note("format")
    if _mojibake(old) == new or html.unescape(old) == new:
        return note("format")
    if _mojibake(new) == old or html.unescape(new) == old or _holes(new) > _holes(old):
        return alarm("encoding_damaged")
    if _joined(old, new):
        return alarm("spaces_lost")
    if zip4 := _ZIP4.fullmatch(old):
        return note("format") if zip4[1] == new else None
    if _zeros_lost(old, new):
        return alarm("leading_zeros_lost")
    return None


def _mojibake(text: str) -> str | None:
    """What `text` would be had its UTF-8 been read as another charset."""
    if text.isascii():
        return None
    for charset in ("cp1252", "latin-1"):
        try:
            return text.encode(charset).decode("utf-8")
        except UnicodeError:
            continue
    return None


def _holes(text: str) -> int:
    return text.count("\ufffd") + text.count("?")


def _joined(old: str, new: str) -> bool:
    """Letters that a space held apart touch now. A phone number may lose its spaces."""
    same = "".join(old.split()) == "".join(new.split())
    return same and len(new.split()) < len(old.split()) and bool(re.search(r"[^\W\d]{3}", old))


def _zeros_lost(old: str, new: str) -> bool:
    bare = old.lstrip("0")
    return old != bare and (bare or "0") == new and old[:2] != "0."


def is_cut(old: str, new: str) -> bool:
    """`new` is the start of `old`, and letters or digits are missing."""
    start = new.rstrip()
    return bool(start) and len(start) < len(old.rstrip()) and old.startswith(start)


def cuts_word(old: str, new: str) -> bool:
    return old[len(new) - 1].isalnum() and old[len(new)].isalnum()
