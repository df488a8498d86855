"""What stands around a printed document: the logo and the foot of the version it was made with."""

from typing import Final, NamedTuple

from django.db.models import QuerySet

from portal.tenants.current import current_schema
from portal.tenants.models import BrandVersion
from portal.tenants.rows import beyond_limit


class Letterhead(NamedTuple):
    """`logo` are its bytes, of `media_type` and that size in pixels; paper is always light."""

    logo: bytes = b""
    media_type: str = ""
    width: int = 0
    height: int = 0
    foot: str = ""


PLAIN: Final = Letterhead()


def of_version(number: int) -> Letterhead:
    """Of the current partner's brand with that number, which never changes. 0 is one without any."""
    if not number:
        return PLAIN
    with beyond_limit():  # whose document it is was looked up under the limit; its paper is nobody's secret
        return of(_own().get(number=number))


def of(version: BrandVersion) -> Letterhead:
    """Any version, such as a draft that is looked at."""
    image = version.logo_light
    if image is None:
        return Letterhead(foot=version.pdf_foot)
    return Letterhead(image.body, image.media_type, image.width, image.height, version.pdf_foot)


def _own() -> QuerySet[BrandVersion]:
    return BrandVersion.objects.filter(partner__schema_name=current_schema()).select_related(
        "logo_light"
    )
