"""Shopify's ids: `gid://shopify/Order/1001` in GraphQL, the number alone with us. Pure."""

import re
from typing import Any, Final

_NUMBER: Final = re.compile(r"[0-9]{1,20}", re.ASCII)


def number_of(gid: Any) -> str:
    """The number at the end of an id; empty for none."""
    return str(gid or "").rpartition("/")[2].partition("?")[0]


def gid(kind: str, number: Any) -> str | None:
    """The id of one `kind`; None for what is no number."""
    text = number_of(number)
    return f"gid://shopify/{kind}/{text}" if _NUMBER.fullmatch(text) else None
