"""Reading and writing what stands in the addresses of the desk and of a case."""

from typing import Any

from django.http import HttpRequest, QueryDict

from integrations.views.addresses import kept, with_values
from monitoring.queries.desk import Page

__all__ = ["kept", "number", "pager", "with_values"]
_MOST_DIGITS = 18


def number(query: QueryDict, name: str) -> int | None:
    """The number in `name`; None for none, and for what is no number."""
    text = query.get(name, "")
    return int(text) if text.isascii() and text.isdigit() and len(text) <= _MOST_DIGITS else None


def pager(request: HttpRequest, page: Page, *, counted: str) -> dict[str, Any]:
    """The links of a page of cases."""
    return {
        "shown": counted,
        "newer_url": with_values(request, before=str(page.newer), case="") if page.newer else "",
        "older_url": with_values(request, after=str(page.older), case="") if page.older else "",
    }
