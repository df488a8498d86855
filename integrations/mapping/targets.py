"""Target paths: `number`, `ship_to.city`, `lines[].sku`, extensions.`acme.order`.gift."""

import re
from typing import Final, NamedTuple

_SEGMENT: Final = re.compile(r"(?:`([^`]+)`|([A-Za-z_][A-Za-z0-9_-]*))(\[\])?(\.|$)")
_PLAIN_NAME: Final = re.compile(r"[A-Za-z_][A-Za-z0-9_-]*")
MOST_LOOPS: Final = 2


class Segment(NamedTuple):
    """One name of a path; `loop` where `[]` follows it."""

    name: str
    loop: bool


Target = tuple[Segment, ...]


def parse_target(text: str) -> Target:
    """The segments of a path. A name that is not letters, digits, `_` and `-` stands in backticks.

    ValueError, with a sentence for people, for what is no path or has more than two `[]`.
    """
    segments: list[Segment] = []
    at = 0
    while at < len(text) or not segments:
        match = _SEGMENT.match(text, at)
        if match is None or (match[4] == "." and match.end() == len(text)):
            raise ValueError(f"“{text[:80]}” is not a path such as lines[].sku.")
        segments.append(Segment(match[1] or match[2], bool(match[3])))
        at = match.end()
    if sum(segment.loop for segment in segments) > MOST_LOOPS:
        raise ValueError(f"“{text[:80]}” loops more than two deep.")
    return tuple(segments)


def format_target(target: Target, indices: tuple[int, ...] = ()) -> str:
    """The text of a path, with `indices` in its loops from the left: `lines[1].sku`.

    Loops without an index keep `[]`.
    """
    left = list(indices)
    parts = []
    for segment in target:
        name = segment.name if _PLAIN_NAME.fullmatch(segment.name) else f"`{segment.name}`"
        loop = f"[{left.pop(0) if left else ''}]" if segment.loop else ""
        parts.append(name + loop)
    return ".".join(parts)
