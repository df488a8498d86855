"""One draft, published as the next version; what was published never changes, and comes back as a new one."""

from datetime import UTC, datetime

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django_tenants.utils import schema_context

from portal.core import clock
from portal.tenants import brand, branding
from portal.tenants.branding import Change, NotBrandedError
from portal.tenants.models import BrandImage, BrandVersion, Partner
from portal.tenants.pictures.reading import read
from tests.brand.conftest import publish, write
from tests.brand.logos import raster, svg

pytestmark = pytest.mark.db


def test_a_partner_that_never_published_shows_what_it_opened_with(partner):
    shown = brand.of(partner)
    assert (shown.number, shown.name, shown.accent) == (0, "Kestrel Point", "#0e5a68")
    draft = branding.draft(partner)
    assert (draft.pk, draft.edition, draft.name) == (None, 0, "Kestrel Point")


def test_a_draft_shows_nowhere_until_it_is_published(partner):
    write(partner, name="Arden", accent="#ffd400")
    partner.refresh_from_db()
    assert brand.of(partner).name == "Kestrel Point"
    branding.publish(partner, edition=1, by="Ada")
    partner.refresh_from_db()
    shown = brand.of(partner)
    assert (shown.number, shown.name, shown.colours.accent_light) == (2, "Arden", "#7d6707")
    assert (partner.name, partner.accent, partner.accent_dark) == ("Arden", "#ffd400", "#f4d66c")


def test_the_opening_becomes_version_one_so_that_there_is_a_way_back(partner):
    publish(partner, name="Arden")
    publish(partner, name="Arden Two")
    assert [(one.number, one.name) for one in branding.history(partner)] == [
        (3, "Arden Two"), (2, "Arden"), (1, "Kestrel Point"),
    ]  # fmt: skip


def test_going_back_is_a_new_version_with_the_old_content_and_keeps_the_draft(partner):
    publish(partner, name="Arden", imprint="Arden LLC", logo=svg())
    publish(partner, name="Arden Two", imprint="")
    write(partner, name="Arden Three")
    made = branding.go_back(partner, 2, by="Ben")
    partner.refresh_from_db()
    shown = brand.of(partner)
    assert (shown.number, shown.name, shown.legal.imprint) == (4, "Arden", "Arden LLC")
    assert shown.logo is not None
    assert (made.actor, made.note) == ("Ben", "version 2 again")
    draft = branding.draft(partner)
    assert (draft.name, draft.number) == ("Arden Three", 5)


@pytest.mark.parametrize(
    ("number", "said"), [(7, "There is no version 7"), (2, "the one that shows")]
)
def test_going_back_to_what_is_not_there_or_shows_is_refused(partner, number, said):
    publish(partner, name="Arden")
    with pytest.raises(NotBrandedError, match=said):
        branding.go_back(partner, number, by="Ada")


def test_undo_works_for_ten_minutes(partner):
    with clock.freeze(datetime(2026, 5, 4, 9, tzinfo=UTC)) as now:
        publish(partner, name="Arden")
        now.move(599)
        assert branding.undo(partner, 2, by="Ada").name == "Kestrel Point"
        publish(partner, name="Arden")
        now.move(600)
        with pytest.raises(NotBrandedError, match="Ten minutes are over"):
            branding.undo(partner, 4, by="Ada")
        with pytest.raises(NotBrandedError, match="Another version was published since"):
            branding.undo(partner, 2, by="Ada")


def test_what_somebody_else_wrote_meanwhile_is_not_overwritten(partner):
    write(partner, name="Arden", by="Ada")
    with pytest.raises(NotBrandedError, match="Ada changed the draft meanwhile"):
        branding.save(partner, Change({"name": "Mine"}, {}), edition=0, by="Ben")
    branding.save(partner, Change({"name": "Arden B"}, {}), edition=0, by="Ada")  # their own
    with pytest.raises(NotBrandedError, match="Ada changed the draft meanwhile"):
        branding.publish(partner, edition=1, by="Ben")
    branding.publish(partner, edition=2, by="Ada")
    with pytest.raises(NotBrandedError, match="published or thrown away"):
        branding.save(partner, Change({"name": "Late"}, {}), edition=2, by="Ada")
    with pytest.raises(NotBrandedError, match="There is no draft"):
        branding.publish(partner, edition=2, by="Ada")


@pytest.mark.parametrize("change", [{"name": "Another"}, {"published_at": None}])
def test_the_database_refuses_to_change_what_was_published(partner, change):
    made = publish(partner, name="Arden", logo=svg())
    with pytest.raises(IntegrityError, match="never changed"), transaction.atomic():
        BrandVersion.objects.filter(pk=made.pk).update(**change)
    with pytest.raises(IntegrityError, match="never changed"), transaction.atomic():
        BrandImage.objects.filter(pk=made.logo_light_id).update(body=b"other")


def test_there_is_one_draft(partner):
    write(partner, name="Arden")
    with pytest.raises(IntegrityError), transaction.atomic():
        BrandVersion.objects.create(
            partner=partner, number=9, name="Two", saved_at=clock.now(), accent_quiet=False
        )


def test_pictures_nobody_has_any_more_go_and_published_ones_stay(partner):
    publish(partner, logo=svg())
    write(partner, logo=raster())
    write(partner, logo=raster(colour="#00ff00"))
    assert BrandImage.objects.filter(partner=partner).count() == 2
    draft = branding.draft(partner)
    branding.save(
        partner, Change({}, {}, frozenset({"logo_light"})), edition=draft.edition, by="Ada"
    )
    assert branding.draft(partner).logo_light is None
    assert BrandImage.objects.filter(partner=partner).count() == 1
    assert branding.discard(partner)
    assert not branding.discard(partner)


def test_a_logo_that_a_theme_swallows_gets_a_plate(partner):
    publish(partner, logo=svg())
    logo = brand.of(partner).logo
    assert (logo.light_plate, logo.dark_plate, logo.is_wide) == (False, True, True)
    publish(partner, logo=raster("JPEG"))  # it brings its ground
    logo = brand.of(partner).logo
    assert (logo.light_plate, logo.dark_plate) == (False, False)


def test_a_logo_for_dark_alone_serves_both_themes(partner):
    branding.save(partner, Change({}, {"logo_dark": read(svg())}), edition=0, by="Ada")
    shown = brand.read(branding.draft(partner))
    assert shown.logo is not None
    assert shown.logo_dark is None


def test_what_is_published_is_asked_for_once_and_renewed_at_once(partner):
    publish(partner, name="Arden", logo=svg())
    brand.of(partner)
    with CaptureQueriesContext(connection) as asked:
        assert brand.of(partner).name == "Arden"
    assert len(asked) == 0
    publish(partner, name="Arden Two")
    assert brand.of(partner).name == "Arden Two"


def test_one_partners_brand_is_not_anothers(partner, aurora):
    publish(partner, name="Arden", logo=svg())
    other = Partner.objects.get(schema_name="aurora")
    assert brand.of(other).number == 0
    assert not branding.history(other).exists()
    with pytest.raises(NotBrandedError, match="There is no version 2"):
        branding.go_back(other, 2, by="Eve")
    with schema_context("aurora"):
        write(other, name="Borealis")
        branding.discard(other)
    partner.refresh_from_db()
    assert brand.of(partner).logo is not None
