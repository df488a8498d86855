"""How well a logo can be seen on a ground (ui.md, from one brand colour, 5; WCAG 2.2, 1.4.11)."""

import io
from collections import Counter
from typing import Final

from PIL import Image

from portal.tenants.colour import contrast
from portal.tenants.pictures import drawing
from portal.tenants.pictures.picture import SVG, Picture

NEEDED: Final = 3.0
_EDGE: Final = 96  # pixels: enough to know its colours
_SEEN: Final = 128  # of 255: what is fainter is an edge
_STEPS: Final = 16  # of each channel: shades of one colour are counted together


def contrasts(picture: Picture, grounds: tuple[str, ...]) -> tuple[float, ...]:
    """For each ground (`#rrggbb`) the ratio that half of what is drawn reaches at least, 1.0 to 21.0.

    A picture that covers its whole area brings its own ground, the colour of its corner: it is measured
    against that, and the same on every ground.
    """
    image = small(picture, edge=_EDGE)
    colours, covered = _colours(image)
    if not covered:
        return tuple(_median(colours, ground) for ground in grounds)
    own = _corner(image)
    drawn = Counter({colour: n for colour, n in colours.items() if contrast(colour, own) > 1.2})
    return (_median(drawn, own) if drawn else 1.0,) * len(grounds)


def is_seen(picture: Picture) -> bool:
    """Whether anything is drawn at all."""
    return bool(_colours(small(picture, edge=_EDGE))[0])


def is_covered(picture: Picture) -> bool:
    """Whether nothing of the ground below can be seen through it."""
    return _colours(small(picture, edge=_EDGE))[1]


def small(picture: Picture, *, edge: int) -> Image.Image:
    """The picture with its longer edge at `edge` pixels, RGBA."""
    longest = max(picture.width, picture.height)
    width, height = (
        max(1, round(side * edge / longest)) for side in (picture.width, picture.height)
    )
    body = picture.body
    if picture.media_type == SVG:
        body = drawing.png(picture, width=width, height=height)
    with Image.open(io.BytesIO(body), formats=("PNG",)) as found:
        return found.convert("RGBA").resize((width, height))


def _colours(image: Image.Image) -> tuple[Counter[str], bool]:
    """How often each colour is drawn, shades together, and whether (nearly) every pixel is."""
    seen: Counter[str] = Counter()
    data = image.tobytes()
    for at in range(0, len(data), 4):
        red, green, blue, alpha = data[at : at + 4]
        if alpha >= _SEEN:
            seen[_shade(red, green, blue)] += 1
    return seen, seen.total() >= 0.99 * image.width * image.height


def _shade(*channels: int) -> str:
    steps = (min(255, round(channel / _STEPS) * _STEPS) for channel in channels)
    return "#" + "".join(f"{channel:02x}" for channel in steps)


def _corner(image: Image.Image) -> str:
    red, green, blue, _ = image.tobytes()[:4]
    return _shade(red, green, blue)


def _median(colours: Counter[str], ground: str) -> float:
    """The ratio that half of the pixels reach."""
    ratios = sorted(((contrast(colour, ground), n) for colour, n in colours.items()), reverse=True)
    half, so_far = colours.total() / 2, 0
    for ratio, number in ratios:
        so_far += number
        if so_far >= half:
            return ratio
    return 1.0
