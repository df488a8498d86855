"""GS1 numbers: check digits and padding (GS1 General Specifications, section 7.9)."""

import re
from typing import Final

_DIGITS: Final = re.compile(r"[0-9]+", re.ASCII)
_GTIN_LENGTHS: Final = (8, 12, 13, 14)


def check_digit(data: str) -> int:
    """The digit that completes `data`: weights 3, 1, 3, 1 … from the right.

    ValueError if `data` is not digits.
    """
    if not _DIGITS.fullmatch(data):
        raise ValueError(f"{data[:40]!r} is not digits")
    weighted = (int(d) * (3, 1)[place % 2] for place, d in enumerate(reversed(data)))
    return -sum(weighted) % 10


def has_check_digit(number: str) -> bool:
    """Is the last digit of `number` its check digit?"""
    if len(number) < 2 or not _DIGITS.fullmatch(number):
        return False
    return check_digit(number[:-1]) == int(number[-1])


def gtin14(text: str) -> str | None:
    """`text` as GTIN-14, or None where it is no GTIN: then it is an opaque vendor code.

    Takes GTIN-8, UPC-12, EAN-13, GTIN-14, and the 11 digits that a spreadsheet leaves of a UPC
    with a leading zero.
    """
    digits = text.strip().replace("-", "").replace(" ", "")
    if len(digits) == 11:
        digits = "0" + digits
    if len(digits) not in _GTIN_LENGTHS or not has_check_digit(digits):
        return None
    return digits.zfill(14)


def is_gln(text: str) -> bool:
    """Is `text` a GLN-13 with the right check digit?"""
    return len(text) == 13 and has_check_digit(text)


def sscc18(text: str) -> str | None:
    """`text` as SSCC-18, or None. The 20 digits of MAN*GM and GS1-128 lose their `00` in front."""
    digits = text.strip()
    if len(digits) == 20 and digits.startswith("00"):
        digits = digits[2:]
    return digits if len(digits) == 18 and has_check_digit(digits) else None
