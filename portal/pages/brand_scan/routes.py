"""Which pages there are, and the addresses at which something of the partner's is found."""

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final, NamedTuple
from urllib.parse import urlsplit

from django.urls import Resolver404, resolve

from portal.accounts.rules import OPEN_TO_ALL, SIGNED_IN, PerMethod, declared_permissions
from portal.pages import matrix

SITE: Final = "portal.urls"
# What an entry of a list calls itself where the address calls it otherwise.
_NAMES: Final = ("id", "number", "key", "endpoint")
_PARAMETER: Final = re.compile(r"<(?:(\w+):)?(\w+)>")
# An id that nothing has: the page that says so is looked at as well.
_NOBODYS: Final = {"uuid": "01980000-0000-7000-8000-000000000000", "int": "999999999", "sha256": "0" * 64,
                   "slug": "none", "str": "none", "day": "2026-04-08"}  # fmt: skip


class Route(NamedTuple):
    """A pattern that answers GET, as `/orders/<uuid:pk>/`."""

    pattern: str
    permissions: tuple[str, ...] = ()

    @property
    def is_open(self) -> bool:
        return OPEN_TO_ALL in self.permissions

    def is_for(self, held: Iterable[str]) -> bool:
        """Whether somebody who is signed in and holds these permissions may use it."""
        return bool({OPEN_TO_ALL, SIGNED_IN, *held} & set(self.permissions))

    @property
    def parameters(self) -> list[tuple[str, str]]:
        """[(converter, name)]"""
        return [(kind or "str", name) for kind, name in _PARAMETER.findall(self.pattern)]


def every() -> list[Route]:
    """Every route of a partner's site that may be asked with GET."""
    found = {}
    for address in matrix.addresses(SITE):
        declared = getattr(address.view, "required_permissions", ())
        if isinstance(declared, PerMethod) and "GET" not in declared:
            continue
        found[address.pattern] = Route(address.pattern, declared_permissions(address.view))
    return list(found.values())


def route_of(address: str) -> tuple[str, dict[str, Any]]:
    """(pattern, values) of an address; ("", {}) where nothing answers."""
    try:
        match = resolve(urlsplit(address).path, SITE)
    except Resolver404:
        return "", {}
    return f"/{match.route}", match.kwargs


class Values:
    """Values that were seen in addresses, to fill other patterns with."""

    def __init__(self) -> None:
        self._seen: dict[tuple[str, str], dict[str, None]] = {}

    def note(self, pattern: str, values: Mapping[str, Any]) -> None:
        before = ""
        for match in _PARAMETER.finditer(pattern):
            before = pattern[: match.start()]
            self._seen.setdefault((before, match[2]), {})[str(values[match[2]])] = None

    def addresses(self, route: Route, *, most: int) -> Iterator[str]:
        """The route filled with values that stood at the same place of a longer or shorter address."""
        found = [route.pattern]
        for match in _PARAMETER.finditer(route.pattern):
            known = list(self._seen.get((route.pattern[: match.start()], match[2]), {}))[:most]
            found = [one.replace(match[0], value, 1) for one in found for value in known]
        yield from (one for one in found[:most] if "<" not in one)


def nothing_at(route: Route) -> str:
    """An address of the route where there is nothing."""
    return _PARAMETER.sub(lambda match: _NOBODYS.get(match[1] or "str", "none"), route.pattern)


def filled(pattern: str, items: Iterable[Mapping[str, Any]]) -> Iterator[str]:
    """The pattern filled with what items of its list call themselves: all of it where one item names all of
    its parameters, else the first."""
    matches = list(_PARAMETER.finditer(pattern))
    for item in items:
        address = pattern
        for match in matches:
            names = (match[2], *_NAMES) if match is matches[0] else (match[2],)
            values = [item[name] for name in names if isinstance(item.get(name), str | int)]
            if not values:
                break
            address = address.replace(match[0], str(values[0]), 1)
        if address != pattern:
            yield address
