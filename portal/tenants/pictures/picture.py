"""A logo as it is kept and served."""

from typing import Final, NamedTuple

MOST_BYTES: Final = 512 * 1024
MOST_PIXELS: Final = 2_000  # on either edge
SVG, PNG = "image/svg+xml", "image/png"


class NotALogoError(ValueError):
    """It is not taken; the text names what is wrong and what to do."""


class Picture(NamedTuple):
    """What is served: bytes we wrote ourselves, their type, and their size in pixels."""

    body: bytes
    media_type: str
    width: int
    height: int

    @property
    def ending(self) -> str:
        return "svg" if self.media_type == SVG else "png"
