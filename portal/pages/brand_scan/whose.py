"""Whose hosts, pictures and words there are: what the rules of one partner's scan are made of."""

import json
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from hashlib import sha256
from typing import Any, Final

from auditlog.models import LogEntry
from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.db import DatabaseError, connection, transaction
from django.db.models import Q, TextField
from django.db.models.functions import Cast
from django_tenants.utils import get_public_schema_name

from integrations.models import Endpoint, LookupRow, LookupTable
from integrations.views.carriers import CARRIERS
from monitoring.alerting import places
from monitoring.models import AlertChannel
from portal.customers.models import Customer, CustomerGroup
from portal.pages.brand_scan import hosts, words
from portal.pages.brand_scan.judging import Rules
from portal.pages.views import audit_changes, brand_files
from portal.tenants import brand
from portal.tenants.models import BrandImage, BrandVersion, Domain, DomainClaim, MailServer, Partner
from portal.tenants.pictures import icon as icons
from portal.tenants.site import Site
from portal.webhooks.models import Webhook

# Where data stand that pages show, of customers and of what was entered to reach their systems: table and
# column.
_DATA: Final = (
    ("customers_customer", "name"), ("customers_customergroup", "label"), ("integrations_endpoint", "label"),
    ("integrations_endpoint", "site"), ("integrations_lookuptable", "name"),
    ("integrations_lookuprow", "code"), ("integrations_lookuprow", "value"),
    ("integrations_record", "number"), ("integrations_record", "party"), ("integrations_record", "body"),
    ("integrations_endpoint", "settings"),
)  # fmt: skip
_IN_JSON: Final = frozenset({"body", "settings"})
# The audit log tells the same again, as it was and as it is.
_TOLD_OF: Final = (Customer, CustomerGroup, Endpoint, LookupTable, LookupRow)
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
    """Values in the data of this schema's customers, and in what was entered to reach their systems, that
    hold the vendor's name: the longest first."""
    found = {value for table, column in _DATA for value in _values(table, column)}
    found |= _in_audit_log()
    return tuple(sorted((one for one in found if words.name_in(one)), key=len, reverse=True))


def _in_audit_log() -> set[str]:
    """Whole and cut, as the audit log's pages and files say them."""
    kinds = ContentType.objects.get_for_models(*_TOLD_OF).values()
    entries = LogEntry.objects.filter(content_type__in=kinds)
    entries = entries.annotate(words=Cast("changes", TextField())).order_by("-pk")
    held = Q(words__iregex=_ROUGHLY) | Q(object_repr__iregex=_ROUGHLY)
    with _in_time():
        said: set[str] = set()
        for entry in entries.filter(held)[:_MOST_VALUES]:
            said.add(entry.object_repr)
            said |= set(audit_changes.shown_of(entry))
        return said | {audit_changes.cut(one) for one in said}
    return set()


@contextmanager
def _in_time() -> Iterator[None]:
    """A search that takes too long is given up, and what is begun with it."""
    with suppress(DatabaseError), transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute(f"SET LOCAL statement_timeout = '{_PATIENCE}'")
        yield


def _values(table: str, column: str) -> list[str]:
    texts = f"""jsonb_path_query("{column}", '$.** ? (@.type() == "string")') #>> '{{}}'"""
    picked = texts if column in _IN_JSON else f'"{column}"'
    query = f"""
        SELECT DISTINCT v FROM (SELECT {picked} AS v FROM "{table}" WHERE "{column}"::text ~* %s) AS found
        WHERE v ~* %s LIMIT {_MOST_VALUES}
    """
    with _in_time(), connection.cursor() as cursor:
        cursor.execute(query, [_ROUGHLY, _ROUGHLY])
        return [row[0] for row in cursor.fetchall()]
    return []
