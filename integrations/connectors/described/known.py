"""What a description may name of its endpoint: settings in addresses and headers, and secrets. Pure."""

import re
from collections.abc import Iterable
from typing import Final, NamedTuple

from integrations.connectors.connection import Setting

SETTING: Final = re.compile(r"\{settings\.([a-z_]+)\}")


class Known(NamedTuple):
    """Names of settings and of secrets."""

    settings: frozenset[str]
    secrets: tuple[str, ...]

    def strangers(self, text: str) -> list[str]:
        """The settings that `text` names and nobody has."""
        return [name for name in SETTING.findall(text) if name not in self.settings]


# Whoever describes a system on a page writes its values right into the description.
REST: Final = Known(frozenset(), ("token", "user", "password"))


def known_of(declared: Iterable[Setting]) -> Known:
    """What the description of a shipped connector may name: its settings and its secrets."""
    declared = tuple(declared)
    return Known(
        frozenset(setting.name for setting in declared if not setting.secret),
        tuple(setting.name for setting in declared if setting.secret),
    )
