"""How a partner shows itself, as pages, mails and documents read it.

A version never changes once it is published, and the partner's row, which every request reads, names the
published one: so what is remembered here by its id is never old, in any process.
"""

from collections.abc import Mapping
from functools import lru_cache
from typing import Final, NamedTuple

from portal.tenants import colour
from portal.tenants.models import BrandImage, BrandVersion, Partner
from portal.tenants.pictures.measuring import NEEDED

_REMEMBERED: Final = 500  # partners


class Logo(NamedTuple):
    """Where a logo is and how it is shown. `plate`: which themes swallow it without one."""

    pk: int
    url: str
    width: int
    height: int
    light_plate: bool
    dark_plate: bool
    on_light: float
    on_dark: float

    @property
    def is_wide(self) -> bool:
        """Wide ones hold the name already."""
        return self.width >= 2 * self.height


class Support(NamedTuple):
    email: str = ""
    phone: str = ""
    hours: str = ""
    address: str = ""


class Legal(NamedTuple):
    imprint: str = ""
    privacy: str = ""
    terms: str = ""


class Brand(NamedTuple):
    """`number` is 0 for a partner that has never published one; `mail_texts` is by kind."""

    number: int
    name: str
    short_name: str
    accent: str
    colours: colour.Brand
    logo: Logo | None = None
    logo_dark: Logo | None = None
    icon: int | None = None
    login_title: str = ""
    login_words: str = ""
    support: Support = Support()
    legal: Legal = Legal()
    mail_signature: str = ""
    mail_foot: str = ""
    mail_texts: Mapping[str, Mapping[str, str]] = {}
    pdf_foot: str = ""

    @property
    def initial(self) -> str:
        return (self.short_name or self.name)[:1]


def of(partner: Partner) -> Brand:
    """The published one. Asks the database once per process and version."""
    if partner.published_brand is None:
        return Brand(0, partner.name, "", partner.accent, colours(partner))
    return _remembered(partner.published_brand)


def colours(partner: Partner | BrandVersion) -> colour.Brand:
    """The stored accents."""
    return colour.Brand(
        accent_light=partner.accent_light,
        accent_ink_light=partner.accent_ink_light,
        accent_dark=partner.accent_dark,
        accent_ink_dark=partner.accent_ink_dark,
        quiet=partner.accent_quiet,
    )


@lru_cache(maxsize=_REMEMBERED)
def _remembered(pk: int) -> Brand:
    return read(BrandVersion.objects.get(pk=pk))


def read(version: BrandVersion) -> Brand:
    """Any version, such as a draft that is looked at. One query where it has logos."""
    logos = _logos(version)
    return Brand(
        number=version.number,
        name=version.name,
        short_name=version.short_name,
        accent=version.accent,
        colours=colours(version),
        logo=logos.get(version.logo_light_id) or logos.get(version.logo_dark_id),
        logo_dark=logos.get(version.logo_dark_id) if version.logo_light_id else None,
        icon=version.icon_id,
        login_title=version.login_title,
        login_words=version.login_words,
        support=Support(
            version.support_email, version.support_phone, version.support_hours, version.support_address
        ),
        legal=Legal(version.imprint, version.privacy, version.terms),
        mail_signature=version.mail_signature,
        mail_foot=version.mail_foot,
        mail_texts=version.mail_texts,
        pdf_foot=version.pdf_foot,
    )  # fmt: skip


def _logos(version: BrandVersion) -> dict[int | None, Logo]:
    wanted = [pk for pk in (version.logo_light_id, version.logo_dark_id) if pk]
    if not wanted:
        return {}
    found = BrandImage.objects.filter(pk__in=wanted).defer("body", "mailed")
    return {image.pk: logo(image) for image in found}


def logo(image: BrandImage) -> Logo:
    ending = "svg" if image.media_type.endswith("svg+xml") else "png"
    return Logo(
        image.pk, f"/brand/logo-{image.pk}.{ending}", image.width, image.height,
        light_plate=image.on_light < NEEDED and not image.covered,
        dark_plate=image.on_dark < NEEDED and not image.covered,
        on_light=image.on_light, on_dark=image.on_dark,
    )  # fmt: skip
