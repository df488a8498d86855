"""An uploaded file as a logo."""

from typing import Final

from portal.tenants.pictures import measuring, raster, svg
from portal.tenants.pictures.picture import MOST_BYTES, NotALogoError, Picture

_LOOKED_AT: Final = 1024  # bytes: an SVG says so before


def read(body: bytes) -> Picture:
    """PNG, JPEG, WebP or SVG by what the bytes are, whatever the name says. NotALogoError for others."""
    if not body:
        raise NotALogoError("The file is empty. Choose another one.")
    if len(body) > MOST_BYTES:
        size = -(-len(body) // 1024)
        raise NotALogoError(f"The file has {size:,} KB. A logo may have 512 KB.")
    picture = svg.read(body) if _is_xml(body) else raster.read(body)
    if not measuring.is_seen(picture):
        raise NotALogoError("Nothing can be seen in the file. Export the logo again.")
    return picture


def _is_xml(body: bytes) -> bool:
    start = body[:_LOOKED_AT].lstrip(b"\xef\xbb\xbf\xfe\xff \t\r\n\x00")
    return start.startswith(b"<")
