"""Reading and writing what stands in the addresses of the desk and of a case."""

from django.http import QueryDict

from integrations.views.addresses import kept, with_values

__all__ = ["kept", "number", "with_values"]
MOST_DIGITS = 18


def number(query: QueryDict, name: str) -> int | None:
    """The number in `name`; None for none, and for what is no number."""
    text = query.get(name, "")
    return int(text) if text.isascii() and text.isdigit() and len(text) <= MOST_DIGITS else None
