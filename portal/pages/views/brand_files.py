"""Logos and the small icon of a site, as files that browsers may keep."""

from functools import lru_cache
from typing import Any, Final

from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse

from portal.accounts.rules import OPEN_TO_ALL, requires
from portal.pages.brand_shown import icon_version
from portal.tenants.brand import Brand
from portal.tenants.models import BrandImage, BrandVersion
from portal.tenants.pictures import icon as icons
from portal.tenants.pictures.picture import Picture
from portal.tenants.rows import beyond_limit

YEAR: Final = 365 * 24 * 3600
# Opened by itself, an SVG is a page of ours: it may do nothing.
POLICY: Final = "default-src 'none'; style-src 'unsafe-inline'; sandbox"


@requires(OPEN_TO_ALL)
def logo(request: HttpRequest, pk: int, ending: str) -> HttpResponse:
    """A logo of this partner by its number, which never becomes another picture. Those of the draft are for
    whoever may edit it."""
    partner: Any = request.tenant  # type: ignore[attr-defined]
    with beyond_limit():  # a logo is for everybody, whoever is signed in
        image = BrandImage.objects.filter(pk=pk, partner=partner).defer("mailed").first()
        is_shown = image is not None and _is_published(image)
    if image is None or not (is_shown or _may_edit(request)):
        raise Http404
    picture = _picture(image)
    if picture.ending != ending:
        raise Http404
    return _kept(picture.body, picture.media_type)


@requires(OPEN_TO_ALL)
def icon(request: HttpRequest, size: int) -> HttpResponse:
    """The icon of the site, made of its logo where that is about square, else of its initial."""
    if size not in icons.SIZES:
        raise Http404
    brand: Brand = request.brand  # type: ignore[attr-defined]
    with beyond_limit():  # as above
        response = _kept(drawn(brand, size), "image/png")
    if request.GET.get("v") != icon_version(brand):
        response["Cache-Control"] = "no-cache"
    return response


def drawn(brand: Brand, size: int) -> bytes:
    """PNG; an icon of the partner's own is taken whatever its shape is."""
    colours = brand.colours
    if brand.icon:
        return _own(brand.icon, size)
    logo_pk = brand.logo.pk if brand.logo else None
    return _made(logo_pk, brand.initial, (colours.accent_light, colours.accent_ink_light), size)


@lru_cache(maxsize=200)
def _own(pk: int, size: int) -> bytes:
    return icons.framed(_picture(BrandImage.objects.get(pk=pk)), size=size)


@lru_cache(maxsize=200)
def _made(pk: int | None, letter: str, accent: tuple[str, str], size: int) -> bytes:
    picture = _picture(BrandImage.objects.get(pk=pk)) if pk else None
    return icons.icon(picture, letter=letter, accent=accent[0], ink=accent[1], size=size)


def _picture(image: BrandImage) -> Picture:
    return Picture(bytes(image.body), image.media_type, image.width, image.height)


def _is_published(image: BrandImage) -> bool:
    shown = Q(logo_light=image) | Q(logo_dark=image) | Q(icon=image)
    return BrandVersion.objects.filter(shown, published_at__isnull=False).exists()


def _may_edit(request: HttpRequest) -> bool:
    person: Any = request.user
    return bool(person.is_authenticated and person.may("brand.edit"))


def _kept(body: bytes, media_type: str) -> HttpResponse:
    response = HttpResponse(body, media_type)
    response["Cache-Control"] = f"public, max-age={YEAR}, immutable"
    response["Content-Security-Policy"] = POLICY
    response["X-Content-Type-Options"] = "nosniff"
    return response
