"""How far what is made from events is behind them, in the schemas of many partners."""

from collections.abc import Sequence
from typing import Final

from portal.tenants import across

_BEHIND: Final = """
    SELECT {partner}, greatest((SELECT coalesce(max(id), 0) FROM {within}.integrations_messageevent)
        - (SELECT coalesce(max(marked), 0) FROM {within}.monitoring_legmark), 0)"""


def legs_behind(schemas: Sequence[str]) -> dict[str, int]:
    """Events that no leg has been made of yet, by schema."""
    return {row[0]: row[1] for row in across.ask(_BEHIND, schemas)}
