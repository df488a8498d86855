"""Opening a partner: the row, the host name, the schema, and everyone told."""

from typing import NamedTuple

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import connection, transaction
from django_tenants.utils import get_public_schema_name, schema_context
from psycopg import sql

from portal.core import events
from portal.tenants import life
from portal.tenants.models import PARTNER_SLUG, Domain, Partner, PartnerEvent
from portal.tenants.schemas import migrate_schema


class PartnerOpened(NamedTuple):
    """A schema is ready; published inside it."""

    schema: str


def open_platform() -> Partner:
    """Make the platform's own site, once."""
    public = get_public_schema_name()
    platform, created = Partner.objects.get_or_create(
        schema_name=public, defaults={"name": settings.PLATFORM_NAME}
    )
    if created:
        Domain.objects.create(
            tenant=platform, domain=f"platform.{settings.PLATFORM_DOMAIN}", is_primary=True
        )
        events.publish(PartnerOpened(public))
    return platform


def open_partner(slug: str, *, name: str, actor: str = "the command line") -> Partner:
    """Open a partner with an empty schema and a sub-domain.

    Raises ValidationError for a bad or taken slug, IntegrityError for one taken at the same moment.
    Whatever ends it early, nothing is left behind.
    """
    PARTNER_SLUG(slug)
    if slug == get_public_schema_name():
        raise ValidationError(f"The name {slug} is kept for the platform. Choose another one.")
    if Partner.objects.filter(schema_name=slug).exists():
        raise ValidationError(f"Partner {slug} exists already.")
    with transaction.atomic():
        partner = Partner.objects.create(schema_name=slug, name=name)
        Domain.objects.create(
            tenant=partner, domain=f"{slug}.{settings.PLATFORM_DOMAIN}", is_primary=True
        )
        life.note(partner, PartnerEvent.What.OPENED, actor=actor, states=("", Partner.State.OPEN))
        with connection.cursor() as cursor:
            cursor.execute(sql.SQL("CREATE SCHEMA {}").format(sql.Identifier(slug)))
        migrate_schema(slug)
        with schema_context(slug):
            events.publish(PartnerOpened(slug))
    partner.refresh_from_db()
    return partner
