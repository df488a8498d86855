"""Deleting a partner: its schema and all the platform keeps of it but its bills and its history."""

from datetime import timedelta
from typing import Final

from django.db import OperationalError, ProgrammingError, connection, transaction
from psycopg import errors, sql

from portal.console.models import Export, Failure, Pulse
from portal.core import clock
from portal.jobs.models import Run, Wake
from portal.tenants import life
from portal.tenants.life import NotNowError
from portal.tenants.models import (
    AllowedNetwork,
    BrandImage,
    BrandVersion,
    Domain,
    DomainClaim,
    FlagException,
    MailServer,
    Partner,
    SentMail,
)
from portal.tenants.owning import as_owner

EXPORT_NOT_OLDER: Final = timedelta(days=1)
_OF_PARTNER: Final = (
    MailServer, SentMail, DomainClaim, BrandVersion, BrandImage, FlagException, AllowedNetwork,
)  # fmt: skip


def hinders(partner: Partner) -> str:
    """What has to be done before it can be deleted; blank when nothing."""
    if partner.state != Partner.State.ARCHIVED:
        return "Archive it first: while it is open or suspended, documents may still come."
    if _export(partner) is None:
        return "Export it first. The export has to be of the archived partner, and not older than a day."
    return ""


def _export(partner: Partner) -> Export | None:
    """An export that holds all there is: begun once nothing could change any more."""
    done = partner.exports.filter(
        state=Export.State.DONE, of_state=Partner.State.ARCHIVED,
        finished_at__gte=clock.now() - EXPORT_NOT_OLDER,
    )  # fmt: skip
    if partner.state_since:
        done = done.filter(begun_at__gte=partner.state_since)
    return done.order_by("-pk").first()


def delete(partner: Partner, *, typed: str, actor: str, reason: str) -> None:
    """Drop the schema and everything else but bills, history and the export.

    NotNowError where something hinders it, the name was not typed as it is, or something still works in the
    schema; then nothing was deleted.
    """
    if typed.strip() != partner.name:
        raise NotNowError(f"Type the partner’s name as it is: {partner.name}.")
    if why := hinders(partner):
        raise NotNowError(why)
    try:
        with transaction.atomic():
            held = life.turn(partner, "delete", actor=actor, reason=reason)
            _drop(held.schema_name)
            _forget(held)
    except OperationalError as error:
        if isinstance(error.__cause__, errors.LockNotAvailable):
            raise NotNowError(
                "Something still works in its schema. Try again in a minute."
            ) from None
        raise
    except ProgrammingError as error:
        if isinstance(error.__cause__, errors.InsufficientPrivilege):
            raise NotNowError(
                "The login of this installation owns no schemas, so it cannot drop one. Nothing was"
                " deleted."
            ) from None
        raise


def _drop(schema: str) -> None:
    with as_owner(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL lock_timeout = '5s'")
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")  # a table with keys to check is not dropped
        cursor.execute(sql.SQL("DROP SCHEMA {} CASCADE").format(sql.Identifier(schema)))
        cursor.execute("SET LOCAL lock_timeout = 0")


def _forget(partner: Partner) -> None:
    """What the public schema holds of it. The row, its events and its bills stay."""
    Domain.objects.filter(tenant=partner).delete()
    for model in _OF_PARTNER:
        model._default_manager.filter(partner=partner).delete()
    Pulse.objects.filter(partner=partner).delete()
    Failure.objects.filter(partner=partner).delete()
    Wake.objects.filter(schema=partner.schema_name).delete()
    Run.objects.filter(schema=partner.schema_name).delete()
    Partner.objects.filter(pk=partner.pk).update(published_brand=None, schema_fingerprint="")
