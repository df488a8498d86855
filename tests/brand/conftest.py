"""Brands of the two partners."""

from collections.abc import Callable
from typing import Any

import pytest

from portal.tenants import branding
from portal.tenants.branding import Change
from portal.tenants.models import BrandVersion, Partner
from portal.tenants.pictures.reading import read
from tests.people import Site

Publishes = Callable[..., BrandVersion]


@pytest.fixture
def partner(kestrel: Site) -> Partner:
    return Partner.objects.get(schema_name="kestrel")


def write(partner: Partner, *, logo: bytes = b"", by: str = "Ada", **fields: Any) -> BrandVersion:
    """Change the draft of a partner."""
    pictures = {"logo_light": read(logo)} if logo else {}
    edition = branding.draft(partner).edition
    return branding.save(partner, Change(fields, pictures), edition=edition, by=by)


def publish(partner: Partner, *, logo: bytes = b"", by: str = "Ada", **fields: Any) -> BrandVersion:
    """Change the draft and let it show."""
    row = write(partner, logo=logo, by=by, **fields)
    made = branding.publish(partner, edition=row.edition, by=by)
    partner.refresh_from_db()
    return made
