"""The small icon of a site: its logo where that is about square, else its initial on the accent."""

import io
from typing import Final

from PIL import Image

from portal.tenants.pictures import drawing, measuring
from portal.tenants.pictures.picture import Picture

SIZES: Final = (32, 180)  # pixels: the tab of a browser, the home screen of a phone
_SQUARE: Final = 1.3
_MARGIN: Final = 0.06


def icon(picture: Picture | None, *, letter: str, accent: str, ink: str, size: int) -> bytes:
    """A square PNG of `size` pixels; colours are `#rrggbb`."""
    if picture is None or not is_square(picture):
        return drawing.initial(letter.upper() or "·", ground=accent, ink=ink, size=size)
    return framed(picture, size=size)


def is_square(picture: Picture) -> bool:
    longer, shorter = max(picture.width, picture.height), min(picture.width, picture.height)
    return longer <= _SQUARE * shorter


def framed(picture: Picture, *, size: int) -> bytes:
    """On nothing for a tab. A home screen makes nothing black: there it stands on white."""
    edge = round(size * (1 - 2 * _MARGIN))
    drawn = measuring.small(picture, edge=edge)
    ground = (255, 255, 255, 255 if size > SIZES[0] else 0)
    canvas = Image.new("RGBA", (size, size), ground)
    canvas.alpha_composite(drawn, ((size - drawn.width) // 2, (size - drawn.height) // 2))
    out = io.BytesIO()
    canvas.save(out, format="PNG", optimize=True)
    return out.getvalue()
