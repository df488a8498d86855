"""The warehouses that the settings mean, asked for once."""

from collections.abc import Mapping
from typing import Final

from integrations.connectors.connection import Connection
from integrations.connectors.tryton.api import Api
from portal.core.errors import Permanent

_DOMAIN: Final = [["type", "=", "warehouse"]]


class Warehouses:
    """By id with their codes. Permanent for a code that Tryton does not know."""

    def __init__(self, api: Api, connection: Connection) -> None:
        self._api, self._named = api, connection.lines("warehouses")
        self._found: dict[int, str] | None = None

    def __call__(self) -> Mapping[int, str]:
        if self._found is None:
            self._found = self._ask()
        return self._found

    @property
    def first(self) -> int | None:
        """The one that orders go to; None: as Tryton itself chooses."""
        if not self._named:
            return None
        return next(one for one, code in self().items() if code == self._named[0])

    def _ask(self) -> dict[int, str]:
        there = {
            one["id"]: str(one["code"] or one["name"])
            for one in self._api.find("stock.location", ("code", "name"), _DOMAIN)
        }
        unknown = set(self._named) - set(there.values())
        if unknown:
            text = f"Tryton has no warehouse with the code {', '.join(sorted(unknown))}"
            raise Permanent(text, code="settings_invalid")
        return {one: code for one, code in there.items() if not self._named or code in self._named}
