"""PNG, JPEG and WebP: decoded within limits and written anew, so that nothing but the pixels stays."""

import io
import struct
from typing import Final

from PIL import Image, ImageOps

from portal.tenants.pictures.picture import MOST_PIXELS, PNG, NotALogoError, Picture

_FORMATS: Final = ("PNG", "JPEG", "WEBP")
_KEPT_EDGE: Final = 1_000  # pixels: 80 mm at 300 dpi
_UNREADABLE: Final = (
    OSError, SyntaxError, ValueError, EOFError, LookupError, struct.error, OverflowError, MemoryError,
)  # fmt: skip
_REFUSED: Final = "The file is no PNG, JPEG, WebP or SVG that can be read. Export the logo again."


def read(body: bytes) -> Picture:
    """The first frame, upright, at most 1,000 pixels wide and high, without metadata. NotALogoError."""
    try:
        with Image.open(io.BytesIO(body), formats=_FORMATS) as found:
            _check_size(*found.size)
            image = _decoded(found)
    except NotALogoError:
        raise
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise NotALogoError(
            "The picture has far more pixels than a logo. It may be 2,000 wide and high."
        ) from None
    except _UNREADABLE as error:
        raise NotALogoError(_REFUSED) from error
    return Picture(_written(image), PNG, *image.size)


def _check_size(width: int, height: int) -> None:
    """Before a pixel is decoded: a small file can hold an endless picture."""
    if max(width, height) > MOST_PIXELS:
        raise NotALogoError(
            f"The picture is {width:,} × {height:,} pixels. A logo may be 2,000 wide and high."
        )


def _decoded(found: Image.Image) -> Image.Image:
    upright = ImageOps.exif_transpose(found)
    image = upright.convert("RGBA" if upright.has_transparency_data else "RGB")
    image.thumbnail((_KEPT_EDGE, _KEPT_EDGE))
    return image


def _written(image: Image.Image) -> bytes:
    """Of the pixels alone: an image made anew has no profile, comment or place."""
    clean = Image.frombytes(image.mode, image.size, image.tobytes())
    out = io.BytesIO()
    clean.save(out, format="PNG", optimize=True)
    return out.getvalue()
