"""A mail's words in a partner's brand: the one frame that every mail stands in.

What a kind of mail says of its own stands in `templates/emails/<kind>.html` and `.txt`, which fill the
block `body` of the frame. Subject and opening are the partner's own where it wrote some, else those of
`mail_kinds`.
"""

from collections.abc import Mapping
from typing import Any, Final, NamedTuple

from django.template.loader import render_to_string
from django.utils.translation import gettext

from portal.core.mail import Attachment
from portal.tenants import prose
from portal.tenants.brand import Brand
from portal.tenants.mail_kinds import MAIL_KINDS, filled
from portal.tenants.models import BrandImage
from portal.tenants.pictures.mailed import SHOWN_HEIGHT, SHOWN_WIDTH
from portal.tenants.site import Site

LOGO: Final = "logo"  # its name inside a mail


class Letter(NamedTuple):
    """What `portal.core.mail.send` takes; `inline` are the pictures its HTML shows."""

    subject: str
    text: str
    html: str
    inline: tuple[Attachment, ...] = ()

    @property
    def parts(self) -> dict[str, Any]:
        """The arguments of `send` that are its words and pictures."""
        return self._asdict()


def letter(
    kind: str, site: Site, variables: Mapping[str, str], context: Mapping[str, Any]
) -> Letter:
    """The mail of a `kind` from `site`. `variables` are what subject and opening may name, as plain text;
    `context` is what the kind's own template needs. KeyError for a kind that there is not."""
    return in_brand(kind, site.brand, site, variables, context)


def in_brand(
    kind: str, brand: Brand, site: Site, variables: Mapping[str, str], context: Mapping[str, Any]
) -> Letter:
    """As `letter`, in any brand, such as a draft that is looked at."""
    said = {"partner": brand.name, **variables}
    subject, opening = (filled(text, said) for text in own_or_usual(kind, brand))
    image = _image(brand)
    whole = {
        **context,
        "brand": _shown(brand, site, image),
        "subject": " ".join(subject.split()),
        "opening": opening,
        "opening_parts": prose.parts(opening),
    }
    return Letter(
        whole["subject"],
        render_to_string(f"emails/{kind}.txt", whole),
        render_to_string(f"emails/{kind}.html", whole),
        _inline(image),
    )


def own_or_usual(kind: str, brand: Brand) -> tuple[str, str]:
    """Subject and opening with their variables still in them: the partner's for every language, the usual
    ones in the reader's."""
    usual, own = MAIL_KINDS[kind], brand.mail_texts.get(kind, {})
    return (
        own.get("subject") or gettext(usual.subject),
        own.get("opening") or (gettext(usual.opening) if usual.opening else ""),
    )


def _shown(brand: Brand, site: Site, image: BrandImage | None) -> dict[str, Any]:
    size = _size(image) if image else (0, 0)
    return {
        "name": brand.name,
        "accent": brand.colours.accent_light,
        "accent_ink": brand.colours.accent_ink_light,
        "logo": f"cid:{LOGO}" if image else "",
        "logo_width": size[0],
        "logo_height": size[1],
        "signature": brand.mail_signature.splitlines(),
        "foot": brand.mail_foot.splitlines(),
        "support": brand.support,
        "imprint_url": f"{site.url}/legal/imprint/" if brand.legal.imprint else "",
    }


def _image(brand: Brand) -> BrandImage | None:
    if brand.logo is None:
        return None
    return BrandImage.objects.defer("body").get(pk=brand.logo.pk)


def _size(image: BrandImage) -> tuple[int, int]:
    scale = min(SHOWN_HEIGHT / image.mailed_height, SHOWN_WIDTH / image.mailed_width)
    return round(image.mailed_width * scale), round(image.mailed_height * scale)


def _inline(image: BrandImage | None) -> tuple[Attachment, ...]:
    if image is None:
        return ()
    return (Attachment("logo.png", bytes(image.mailed), "image/png", content_id=LOGO),)
