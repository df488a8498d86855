"""Files that somebody might upload as a logo."""

import io
from typing import Any

from PIL import Image, PngImagePlugin

SPACE = 'xmlns="http://www.w3.org/2000/svg"'


def svg(inside: str = '<path fill="#1b3a8c" d="M0 0h100v50H0z"/>', head: str = "") -> bytes:
    """A drawing, 200 by 50."""
    return f'<svg {SPACE} viewBox="0 0 200 50" {head}>{inside}</svg>'.encode()


def raster(kind: str = "PNG", size: tuple[int, int] = (200, 50), colour: Any = "#1b3a8c") -> bytes:
    """One colour on nothing, the left half of it; on white where the format knows no nothing."""
    ground = (255, 255, 255, 0)
    image = Image.new("RGBA", size, ground)
    image.paste(colour, (0, 0, size[0] // 2, size[1]))
    out = io.BytesIO()
    (image.convert("RGB") if kind == "JPEG" else image).save(out, format=kind)
    return out.getvalue()


def with_metadata() -> bytes:
    about = PngImagePlugin.PngInfo()
    about.add_text("Author", "Somebody secret")
    exif = Image.Exif()
    exif[0x010E] = "Somebody secret"
    out = io.BytesIO()
    Image.new("RGB", (40, 40), "#1b3a8c").save(out, format="PNG", pnginfo=about, exif=exif)
    return out.getvalue()
