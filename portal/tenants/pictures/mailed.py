"""A logo for mails: many mail programs draw no SVG, and none of them follows a theme."""

import io
from typing import Final

from PIL import Image

from portal.tenants.pictures import measuring
from portal.tenants.pictures.picture import PNG, Picture

SHOWN_HEIGHT, SHOWN_WIDTH = 40, 240  # pixels, of a screen of the usual density
_FINER: Final = 2
GROUND: Final = "#ffffff"
_PLATE: Final = (27, 31, 31, 255)  # ink: below a logo that white would swallow
_MARGIN: Final = 12


def mailed(picture: Picture) -> Picture:
    """A PNG twice as fine as it is shown, on a dark plate where white would swallow it."""
    scale = min(SHOWN_HEIGHT / picture.height, SHOWN_WIDTH / picture.width)
    edge = max(picture.width, picture.height) * scale * _FINER
    image = measuring.small(picture, edge=max(2, round(edge)))
    if measuring.contrasts(picture, (GROUND,))[0] < measuring.NEEDED and not measuring.is_covered(
        picture
    ):
        plate = Image.new("RGBA", (image.width + 2 * _MARGIN, image.height + 2 * _MARGIN), _PLATE)
        plate.alpha_composite(image, (_MARGIN, _MARGIN))
        image = plate
    out = io.BytesIO()
    image.save(out, format="PNG", optimize=True)
    return Picture(out.getvalue(), PNG, *image.size)
