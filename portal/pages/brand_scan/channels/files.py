"""Everything that a page loads: styles, scripts, icons, whoever made them."""

from collections.abc import Iterator
from typing import Final

from django.conf import settings
from django.contrib.staticfiles.finders import get_finders

from portal.pages.brand_scan.answers import Seen, seen
from portal.pages.brand_scan.visiting import Visitor
from portal.pages.brand_scan.walking import Visit
from portal.tenants.pictures import icon as icons
from portal.tenants.site import Site

_FONTS: Final = (
    ".woff",
    ".woff2",
    ".ttf",
    ".eot",
    ".map",
)  # shapes of letters, and what no page loads


def files(site: Site) -> Iterator[Seen]:
    visitor = Visitor(site)
    addresses = [f"{settings.STATIC_URL}{path}" for path in paths() if not path.endswith(_FONTS)]
    addresses += ["/brand.css", *(f"/brand/icon-{size}.png" for size in icons.SIZES)]
    for address in addresses:
        yield seen(Visit(address, "", visitor.get(address)), channel="files")


def paths() -> list[str]:
    """Every file that is served below the static address."""
    found = {path.replace("\\", "/") for finder in get_finders() for path, _ in finder.list([])}
    return sorted(found)
