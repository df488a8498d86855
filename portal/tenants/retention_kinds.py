"""What is deleted once it is old enough, as data. Imports no Django."""

from collections.abc import Mapping
from typing import Final, NamedTuple


class Kind(NamedTuple):
    """Days it is kept unless somebody chooses otherwise, and the bounds within which a partner may."""

    label: str
    about: str
    days: int
    least: int
    most: int


KINDS: Final[Mapping[str, Kind]] = {
    "payloads": Kind(
        "Documents as they were received and sent",
        "Their bytes. Their hash, state and history stay, and so do the records in the hub.",
        400, 30, 3650,
    ),
    "answers": Kind(
        "What other systems answered",
        "The words of each try. That it was tried, when and with which status stays.",
        180, 14, 3650,
    ),
}  # fmt: skip


def within(days: int, *, least: int, most: int) -> int:
    """`days`, brought inside its bounds."""
    return min(max(days, least), most)
