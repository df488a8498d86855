"""Reading and writing what stands in a page's address."""

from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.http import HttpRequest, QueryDict
from django.utils.translation import gettext

from integrations.queries import keyset
from integrations.queries.keyset import Page, Source

PLACES = ("before", "after")


def place(query: QueryDict, name: str) -> UUID | None:
    """The id in `name`; None for none, and for what is no id."""
    try:
        return UUID(query.get(name, ""))
    except ValueError:
        return None


def with_values(request: HttpRequest, *, here: bool = False, **values: str) -> str:
    """This page's address with other values; a changed filter starts at the newest page again.

    `here` stays on the page of the list one is on.
    """
    gone = () if here else PLACES
    kept = {name: request.GET[name] for name in request.GET if name not in gone}
    chosen = {name: value for name, value in (kept | values).items() if value}
    return f"{request.path}?{urlencode(chosen)}" if chosen else request.path


def kept(request: HttpRequest, *names: str) -> list[dict[str, str]]:
    """Values a filter form must carry along."""
    return [{"name": n, "value": request.GET[n]} for n in names if request.GET.get(n)]


def page(request: HttpRequest, *sources: Source) -> Page:
    """The page of the rows of all `sources` that the address asks for."""
    return keyset.page(
        *sources, before=place(request.GET, "before"), after=place(request.GET, "after")
    )


def pager(request: HttpRequest, page: Page, *, noun: str) -> dict[str, Any]:
    return {
        "shown": f"{len(page.rows)} {gettext(noun)}",
        "newer_url": with_values(request, after=str(page.newer)) if page.newer else "",
        "older_url": with_values(request, before=str(page.older)) if page.older else "",
    }
