"""Whose hosts, pictures and words there are: what the rules of one partner's scan are made of."""

import json
from collections.abc import Iterator
from hashlib import sha256
from typing import Any, Final

from django.conf import settings
from django.db import DatabaseError, connection, transaction
from django_tenants.utils import get_public_schema_name

from integrations.models import Endpoint
from integrations.views.carriers import CARRIERS
from monitoring.alerting import places
from monitoring.models import AlertChannel
from portal.pages.brand_scan import hosts, words
from portal.pages.brand_scan.judging import Rules
from portal.pages.views import brand_files
from portal.tenants import brand
from portal.tenants.models import BrandImage, BrandVersion, Domain, DomainClaim, MailServer, Partner
from portal.tenants.pictures import icon as icons
from portal.tenants.site import Site
from portal.webhooks.models import Webhook

# Where customers' data stand that pages show: table and column.
_DATA: Final = (
    ("customers_customer", "name"), ("customers_customergroup", "label"), ("integrations_endpoint", "label"),
    ("integrations_endpoint", "site"), ("integrations_lookuptable", "name"),
    ("integrations_lookuprow", "code"), ("integrations_lookuprow", "value"),
    ("integrations_record", "number"), ("integrations_record", "party"), ("integrations_record", "body"),
    ("integrations_endpoint", "settings"),
)  # fmt: skip
_IN_JSON: Final = frozenset({"body", "settings"})
_ROUGHLY: Final = "cross.{0,3}dock"  # PostgreSQL's; `words` decides
_PATIENCE: Final = "20s"  # for each table: one that takes longer excuses nothing
_MOST_VALUES: Final = 500


def rules_of(site: Site) -> Rules:
    """The rules for the partner of `site`, without the values of `data_of`, which cost a search."""
    partner = Partner.objects.get(schema_name=site.slug)
    return Rules(
        own=_own(partner),
        platform=frozenset({settings.PLATFORM_DOMAIN.lower(), settings.EDGE_NAME}),
        known=frozenset(_known(partner)),
        edge=settings.EDGE_NAME,
        pictures=frozenset(_pictures()),
    )


def _own(partner: Partner) -> frozenset[str]:
    claimed = DomainClaim.objects.filter(partner=partner).values_list("domain", flat=True)
    return frozenset(
        [*Domain.objects.filter(tenant=partner).values_list("domain", flat=True), *claimed]
    )


def _known(partner: Partner) -> Iterator[str]:
    """Hosts that the partner or a customer entered somewhere, and those of whom the pages lead to."""
    entered: list[Any] = list(Endpoint.objects.values_list("settings", flat=True))
    entered += Webhook.objects.values_list("url", flat=True)
    entered += [
        version.values() for version in BrandVersion.objects.filter(partner=partner).values()
    ]
    entered += [carrier.page for carrier in CARRIERS.values()]
    entered += [*places.EXAMPLES.values(), *places.PAGERDUTY.values()]
    for one in entered:
        text = one if isinstance(one, str) else json.dumps(one, default=str)
        yield from (led.host for led in hosts.named(text))
    for found in AlertChannel.objects.values_list("settings", flat=True):
        yield str(found.get("host", "")).lower()
    yield from MailServer.objects.filter(partner=partner).values_list("host", flat=True)


def _pictures() -> Iterator[str]:
    """SHA-256 of every picture of the platform's. An icon that is drawn of a letter is nobody's."""
    platform = Partner.objects.filter(schema_name=get_public_schema_name()).first()
    if platform is None:
        return
    for image in BrandImage.objects.filter(partner=platform):
        yield from (sha256(bytes(body)).hexdigest() for body in (image.body, image.mailed))
    shown = brand.of(platform)
    if shown.icon or shown.logo:
        yield from (sha256(brand_files.drawn(shown, size)).hexdigest() for size in icons.SIZES)


def data_of() -> tuple[str, ...]:
    """Values in the data of this schema's customers that hold the vendor's name, the longest first."""
    found = {value for table, column in _DATA for value in _values(table, column)}
    return tuple(sorted((one for one in found if words.name_in(one)), key=len, reverse=True))


def _values(table: str, column: str) -> list[str]:
    texts = f"""jsonb_path_query("{column}", '$.** ? (@.type() == "string")') #>> '{{}}'"""
    picked = texts if column in _IN_JSON else f'"{column}"'
    query = f"""
        SELECT DISTINCT v FROM (SELECT {picked} AS v FROM "{table}" WHERE "{column}"::text ~* %s) AS found
        WHERE v ~* %s LIMIT {_MOST_VALUES}
    """
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(f"SET LOCAL statement_timeout = '{_PATIENCE}'")
            cursor.execute(query, [_ROUGHLY, _ROUGHLY])
            return [row[0] for row in cursor.fetchall()]
    except DatabaseError:
        return []
