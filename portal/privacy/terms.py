"""What may be looked for: a whole mail address, a phone number or a full name; and where it stands as a
whole, never as a part of something longer. No Django."""

import re
from collections.abc import Iterable
from enum import StrEnum
from typing import Final

MOST: Final = 6
LEAST: Final = 5  # letters of a name: a shorter one stands in too much that is nobody's
_DIGITS: Final = range(7, 21)


class Kind(StrEnum):
    MAIL = "mail"
    PHONE = "phone"
    NAME = "name"


class UnfitError(ValueError):
    """Nobody's alone; the text says why, and what to enter instead."""


_MAIL: Final = re.compile(r"[^\s@<>()\[\],;:\"\\]+@(?:[^\W_](?:[\w-]*[^\W_])?\.)+[^\W\d_]{2,}")
_DOMAIN: Final = re.compile(r"@?(?:[\w-]+\.)+[^\W\d_]{2,}")
_PHONE: Final = re.compile(r"\+?[\d\s()./-]+")
_WORD: Final = re.compile(r"[^\W\d_](?:[^\W\d_]|['’-](?=[^\W\d_]))*\.?")

# What a word is made of, up to the alphabets that part words by spaces. Quotes and dashes are beyond.
_LETTERS: Final = "A-Za-z\u00aa\u00b5\u00ba\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u1fff"
# In bytes: UTF-8 has those of two bytes behind a lead byte; Latin-1 has them as they are.
_BYTE_LETTERS: Final = "A-Za-z\u00c0-\u00ff"
_BYTE_PAIR: Final = "[\u00c3-\u00df][\u0080-\u00bf]"
# A letter in front is none where an escape of JSON or of an address ends with it: `\nmia@…`, `%20mia@…`.
_ESCAPED: Final = r"(?<=\\[nrtbf])|(?<=\\u[0-9a-fA-F]{4})|(?<=%[0-9a-fA-F]{2})"


def tidy(terms: Iterable[str]) -> list[str]:
    """Each once, without spaces around or two in a row."""
    found = (" ".join(term.split()) for term in terms)
    return list(dict.fromkeys(term for term in found if term))


def kind(term: str, *, one_word: bool = False) -> Kind:
    """What a tidy term is. UnfitError for anything else. `one_word`: a name of one word is a whole name."""
    if _MAIL.fullmatch(term):
        return Kind.MAIL
    if "@" in term or _DOMAIN.fullmatch(term):
        raise UnfitError(
            f"“{term}” is no whole mail address, and a domain is of everybody who has a mail there. Enter"
            " the address of one person."
        )
    if _PHONE.fullmatch(term):
        number = sum(letter.isdigit() for letter in term)
        if number in _DIGITS:
            return Kind.PHONE
        raise UnfitError(
            f"“{term}” is no phone number: one has {_DIGITS.start} to {_DIGITS.stop - 1} digits."
        )
    return _name(term, one_word=one_word)


def _name(term: str, *, one_word: bool) -> Kind:
    words = term.split()
    if not all(_WORD.fullmatch(word) for word in words):
        raise UnfitError(
            f"“{term}” is no mail address, no phone number and no name: a name has letters, hyphens and"
            " apostrophes only."
        )
    if len(term) < LEAST:
        raise UnfitError(
            f"“{term}” is too short: it stands in much that is nobody’s. Enter at least {LEAST} letters,"
            " or their mail address or phone number."
        )
    if len(words) < 2 and not one_word:
        raise UnfitError(
            f"“{term}” is one word, which others may have as well. Enter the full name, or say that this"
            " one word is all of it."
        )
    return Kind.NAME


def _kind_of(term: str) -> Kind:
    return kind(term, one_word=True)


def whole(spelled: str, term: str) -> str:
    """The regular expression, of PostgreSQL and of Python, of a spelling of a term as a whole."""
    return _bounded(spelled, _kind_of(term), _LETTERS, pair="")


def whole_in_bytes(spelled: bytes, term: str) -> re.Pattern[bytes]:
    """The same for a document as it came."""
    made = _bounded(spelled.decode("latin-1"), _kind_of(term), _BYTE_LETTERS, pair=_BYTE_PAIR)
    return re.compile(made.encode("latin-1"), re.IGNORECASE)


def _bounded(spelled: str, of: Kind, letters: str, *, pair: str) -> str:
    letter, word = f"[{letters}]", f"[{letters}0-9_]"
    # What joins it to something longer: bob.mia@…, mia@….org, 030-…, Mary-Ann Ex, Ann Ex-Lind.
    before = {Kind.MAIL: f"{word}[.-]", Kind.PHONE: "[0-9][.,/-]", Kind.NAME: f"{letter}-"}[of]
    after = {Kind.MAIL: f"[.-]{word}", Kind.PHONE: "[.,/-][0-9]", Kind.NAME: f"-{letter}"}[of]
    starts, ends = f"(?<!{word})(?<!{before})", f"(?!{word})(?!{after})"
    if pair:  # what leads more than two bytes is no letter: dashes and quotes
        starts += f"(?<!{pair})"
        ends = f"(?![A-Za-z0-9_])(?![\u00c0-\u00ff](?![\u0080-\u00bf]))(?!{pair})(?!{after})"
    return f"(?:{_ESCAPED}|{starts}){_literal(spelled)}{ends}"


def _literal(text: str) -> str:
    """Signs of expressions are letters like others; PostgreSQL minds a backslash before one that is none."""
    return "".join(
        f"\\{one}" if one.isascii() and not one.isalnum() and one not in " _" else one
        for one in text
    )


def stands_in(term: str, text: str) -> bool:
    """Whether a term stands in a text as a whole, whatever the case."""
    return bool(re.search(whole(term, term), text, re.IGNORECASE))
