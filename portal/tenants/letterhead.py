"""The paper of a printed document: the logo and the foot of the version it was made with."""

from django.db.models import QuerySet

from portal.tenants.current import current_schema
from portal.tenants.models import BrandVersion
from portal.tenants.paper import PLAIN, Letterhead
from portal.tenants.pictures.measuring import NEEDED
from portal.tenants.rows import beyond_limit


def of_version(number: int) -> Letterhead:
    """Of the current partner's brand with that number, which never changes. 0 is one without any."""
    if not number:
        return PLAIN
    with beyond_limit():  # the document was looked for under it; its paper is no secret
        return of(_own().get(number=number))


def of(version: BrandVersion) -> Letterhead:
    """Any version, such as a draft that is looked at."""
    said = (version.support_email, version.support_phone, version.support_hours)
    words = Letterhead(foot=version.pdf_foot, questions=" · ".join(filter(None, said)))
    image = version.logo_light or version.logo_dark
    if image is None:
        return words
    return words._replace(
        logo=bytes(image.body), media_type=image.media_type, width=image.width, height=image.height,
        plate=image.on_light < NEEDED and not image.covered,
    )  # fmt: skip


def _own() -> QuerySet[BrandVersion]:
    own = BrandVersion.objects.filter(partner__schema_name=current_schema())
    return own.select_related("logo_light", "logo_dark")
