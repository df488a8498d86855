"""Numbers as documents hold them: plain decimal strings with a point."""

import re
from decimal import Decimal, InvalidOperation

PLAIN_NUMBER = re.compile(r"-?\d+(?:\.\d+)?", re.ASCII).fullmatch


def parse_number(text: str) -> Decimal | None:
    """The value of a plain decimal ("24", "-.5", "5."), None for anything else."""
    if text.isdigit() and text.isascii():
        return Decimal(text)
    try:
        number = Decimal(text)
    except InvalidOperation:
        return None
    plain = number.is_finite() and "e" not in text.lower() and "_" not in text and text.isascii()
    return number if plain else None


def canonical(sent: str, plain: str) -> str:
    """Leave "61.50" as sent; rewrite ".5", "5." and "+5", which are no plain decimal strings."""
    return sent if sent[0] not in ".+" and sent[-1] != "." and not sent.startswith("-.") else plain
