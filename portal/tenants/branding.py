"""Changing a brand: one draft, published as the next version; an older one comes back as a new one."""

from datetime import datetime, timedelta
from typing import Any, Final, NamedTuple

from django.db import transaction
from django.db.models import Q

from portal.core import clock
from portal.tenants import colour
from portal.tenants.models import BrandImage, BrandVersion, Partner
from portal.tenants.pictures import mailed, measuring
from portal.tenants.pictures.picture import Picture

UNDO_FOR: Final = timedelta(minutes=10)
TEXTS: Final = (
    "name", "short_name", "login_title", "login_words", "support_email", "support_phone",
    "support_hours", "support_address", "imprint", "privacy", "terms", "mail_signature", "mail_foot",
    "mail_texts", "pdf_foot",
)  # fmt: skip
PICTURES: Final = ("logo_light", "logo_dark", "icon")
_COLOURS: Final = ("accent_light", "accent_ink_light", "accent_dark", "accent_ink_dark")
_CONTENT: Final = (*TEXTS, "accent", *_COLOURS, "accent_quiet", *(f"{p}_id" for p in PICTURES))


class NotBrandedError(ValueError):
    """It was not done; the text says why and what to do."""


class Change(NamedTuple):
    """What a draft is to say: texts and the colour by field, new pictures, and pictures to take away."""

    fields: dict[str, Any]
    pictures: dict[str, Picture]
    removed: frozenset[str] = frozenset()


def published(partner: Partner) -> BrandVersion:
    """The version that shows. Of a partner that never published one, what it opened with, nowhere kept."""
    found = BrandVersion.objects.filter(pk=partner.published_brand or 0).first()
    return found or _opening(partner)


def draft(partner: Partner) -> BrandVersion:
    """The draft there is, or what one would begin with: that is nowhere kept, and its edition is 0."""
    found = partner.brand_versions.filter(published_at__isnull=True).first()
    if found:
        return found
    begun = BrandVersion(partner=partner, number=_next(partner), edition=0)
    _copy(published(partner), begun)
    return begun


@transaction.atomic
def save(partner: Partner, change: Change, *, edition: int, by: str) -> BrandVersion:
    """Write the draft. NotBrandedError where somebody else wrote it since `edition`; ValueError for a colour
    that is none."""
    _hold(partner)
    row = draft(partner)
    # One's own earlier writing is no surprise: a save may overtake what is kept while one types.
    if row.edition != edition and (not row.edition or row.actor != by):
        raise NotBrandedError(_meanwhile(row))
    for name, value in change.fields.items():
        setattr(row, name, value)
    _derive(row)
    for name in PICTURES:
        if name in change.pictures:
            setattr(row, name, _kept(partner, change.pictures[name]))
        elif name in change.removed:
            setattr(row, name, None)
    row.edition, row.actor, row.saved_at = row.edition + 1, by, clock.now()
    row.save()
    _forget_pictures(partner)
    return row


@transaction.atomic
def discard(partner: Partner) -> bool:
    """Throw the draft away; whether there was one."""
    _hold(partner)
    count, _ = partner.brand_versions.filter(published_at__isnull=True).delete()
    _forget_pictures(partner)
    return bool(count)


@transaction.atomic
def publish(partner: Partner, *, edition: int, by: str, note: str = "") -> BrandVersion:
    """Let the draft show everywhere, from the next request on. NotBrandedError without one, and for one that
    was changed since `edition` was looked at."""
    held = _hold(partner)
    row = held.brand_versions.filter(published_at__isnull=True).first()
    if row is None:
        raise NotBrandedError("There is no draft to publish. Change something and save it first.")
    if row.edition != edition:
        raise NotBrandedError(_meanwhile(row))
    _ensure_first(held, row)
    row.number, row.note = _next(held), note
    return _shown(held, row, by=by)


@transaction.atomic
def go_back(partner: Partner, number: int, *, by: str) -> BrandVersion:
    """Publish an older version's content as a new version. The draft stays as it is. NotBrandedError for a
    number that there is not, and for the one that shows."""
    held = _hold(partner)
    older = history(held).filter(number=number).first()
    if older is None:
        raise NotBrandedError(f"There is no version {number}. Choose one of the history.")
    if older.pk == held.published_brand:
        raise NotBrandedError(f"Version {number} is the one that shows.")
    kept = held.brand_versions.filter(published_at__isnull=True).first()
    row = BrandVersion(partner=held, number=_next(held), note=f"version {number} again")
    if kept:  # the numbers of published versions have no gap
        BrandVersion.objects.filter(pk=kept.pk).update(number=row.number + 1)
    _copy(older, row)
    return _shown(held, row, by=by)


def undo(partner: Partner, number: int, *, by: str) -> BrandVersion:
    """Take back what was published last, within ten minutes. NotBrandedError later, and where another was
    published since."""
    newest = history(partner).first()
    if newest is None or newest.number != number or newest.pk != partner.published_brand:
        raise NotBrandedError("Another version was published since. Choose one of the history.")
    if undo_until(partner) is None:
        raise NotBrandedError("Ten minutes are over. Choose a version of the history.")
    return go_back(partner, number - 1, by=by)


def undo_until(partner: Partner) -> datetime | None:
    """Until when what shows can be taken back; None where it cannot."""
    newest = history(partner).first()
    if newest is None or newest.number < 2 or newest.published_at is None:
        return None
    until = newest.published_at + UNDO_FOR
    return until if clock.now() < until else None


def history(partner: Partner) -> Any:
    """The published versions, newest first."""
    return partner.brand_versions.filter(published_at__isnull=False).order_by("-number")


def _shown(held: Partner, row: BrandVersion, *, by: str) -> BrandVersion:
    now = clock.now()
    row.actor, row.saved_at, row.published_at = by, now, now
    row.save()
    held.published_brand, held.name = row.pk, row.name
    for name in ("accent", *_COLOURS, "accent_quiet"):
        setattr(held, name, getattr(row, name))
    held.save(update_fields=["published_brand", "name", "accent", *_COLOURS, "accent_quiet"])
    return row


def _ensure_first(held: Partner, row: BrandVersion) -> None:
    """What the partner opened with becomes version 1, so that there is a way back to it."""
    if history(held).exists():
        return
    BrandVersion.objects.filter(pk=row.pk).update(number=2)
    first = _opening(held)
    first.actor, first.note = "Opening", "as it was at the opening"
    first.saved_at = first.published_at = held.opened_at
    first.save()


def _opening(partner: Partner) -> BrandVersion:
    """The brand of the partner's own row."""
    made = BrandVersion(partner=partner, number=1, name=partner.name, accent=partner.accent)
    for name in (*_COLOURS, "accent_quiet"):
        setattr(made, name, getattr(partner, name))
    return made


def _copy(source: BrandVersion, target: BrandVersion) -> None:
    for name in _CONTENT:
        setattr(target, name, getattr(source, name))


def _derive(row: BrandVersion) -> None:
    made = colour.derive(row.accent)
    row.accent_light, row.accent_ink_light = made.accent_light, made.accent_ink_light
    row.accent_dark, row.accent_ink_dark = made.accent_dark, made.accent_ink_dark
    row.accent_quiet = made.quiet


def _next(partner: Partner) -> int:
    newest = history(partner).first()
    return newest.number + 1 if newest else 1


def _kept(partner: Partner, picture: Picture) -> BrandImage:
    small = mailed.mailed(picture)
    grounds = (colour.LIGHT_GROUNDS[:2], colour.DARK_GROUNDS[:2])  # paper and surface
    light, dark = (min(measuring.contrasts(picture, two)) for two in grounds)
    return BrandImage.objects.create(
        partner=partner, body=picture.body, media_type=picture.media_type, width=picture.width,
        height=picture.height, mailed=small.body, mailed_width=small.width, mailed_height=small.height,
        on_light=round(light, 2), on_dark=round(dark, 2), covered=measuring.is_covered(picture),
        made_at=clock.now(),
    )  # fmt: skip


def _forget_pictures(partner: Partner) -> None:
    """Those no version has any more."""
    used = Q(pk__in=[])
    for name in PICTURES:
        used |= Q(pk__in=partner.brand_versions.exclude(**{name: None}).values(name))
    BrandImage.objects.filter(partner=partner).exclude(used).delete()


def _hold(partner: Partner) -> Partner:
    """The partner's row, held until the transaction ends: one change at a time."""
    return Partner.objects.select_for_update().get(pk=partner.pk)


def _meanwhile(row: BrandVersion) -> str:
    if not row.edition:
        return (
            "The draft was published or thrown away meanwhile, and what you wrote is not saved. Load the page"
            " again and repeat it."
        )
    return (
        f"{row.actor} changed the draft meanwhile, and what you wrote is not saved. Open the page in another"
        " tab, compare, and write it there."
    )
