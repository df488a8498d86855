"""Decimals as text."""

from decimal import Decimal


def plain_number(number: Decimal) -> str:
    """The shortest way to write it: no exponent, no trailing zeros, no minus zero."""
    text = f"{number:f}"
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return "0" if text == "-0" else text
