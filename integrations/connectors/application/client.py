"""The conversation with an application: it calls us, so there is none."""

from collections.abc import Iterator
from typing import Final

from integrations.connectors import checks
from integrations.connectors.client import STEPS, Check
from integrations.connectors.connection import Connection

_NEVER_CALLED: Final = "Does not apply: the application calls the hub and is never called."
_KEY: Final = (
    "Its key is made under API tokens, for this application. The first order shows that it is used."
)


class ApplicationClient:
    """Nothing to reach and nothing to try."""

    def __init__(self, connection: Connection) -> None:
        self._slug = connection.slug

    def test_connection(self) -> Iterator[Check]:
        """One line for each step; none of them can be tried from here."""
        for name in STEPS:
            yield checks.untried(name, _KEY if name == "key" else _NEVER_CALLED)

    def close(self) -> None:
        """Nothing is open."""
