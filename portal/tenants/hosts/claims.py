"""Claiming a host name, making it the primary one, giving it up."""

import secrets
from collections.abc import Iterable
from typing import Final

from django.conf import settings
from django.db import IntegrityError, transaction

from portal.core import clock
from portal.tenants.hosts import names
from portal.tenants.models import Domain, DomainClaim, Partner
from portal.tenants.models.claim import LAPSES_AFTER

MOST: Final = 20  # domains of one partner
ELSEWHERE: Final = "This domain is in use elsewhere. If it is yours, write to us and say so."


class NotClaimableError(ValueError):
    """The host cannot be claimed; the text says why."""


class NotNowError(ValueError):
    """The domain is not in a state for this; the text says what to do first."""


def claim(partner: Partner, text: str, *, by: str) -> DomainClaim:
    """Say that a host is the partner's. It leads nowhere until it is proven. NotClaimableError."""
    try:
        host = names.host_name(text, kept=_kept())
    except names.NotAHostNameError as error:
        raise NotClaimableError(str(error)) from error
    if DomainClaim.objects.filter(partner=partner).exclude(domain=host).count() >= MOST:
        raise NotClaimableError(f"A house has at most {MOST} domains. Remove one first.")
    return _claim(partner, host, by=by)


def _kept() -> Iterable[str]:
    """What nobody claims: where the platform and all its sub-domains live."""
    return {settings.PLATFORM_DOMAIN, settings.EDGE_NAME}


def _claim(partner: Partner, host: str, *, by: str) -> DomainClaim:
    try:
        with transaction.atomic():
            _let_go_lapsed(partner, host)
            if own := DomainClaim.objects.filter(partner=partner, domain=host).first():
                raise NotClaimableError(f"{names.shown(own.domain)} is in your list already.")
            if Domain.objects.filter(domain=host).exists():
                raise NotClaimableError(ELSEWHERE)
            return DomainClaim.objects.create(
                partner=partner, domain=host, token=secrets.token_urlsafe(24),
                claimed_at=clock.now(), claimed_by=by,
            )  # fmt: skip
    except IntegrityError:  # two of their people at the same moment
        raise NotClaimableError(f"{names.shown(host)} is in your list already.") from None


def _let_go_lapsed(partner: Partner, host: str) -> None:
    """Whoever claimed it without proving it had a week, and gets a new value."""
    lapsed = clock.now() - LAPSES_AFTER
    own = DomainClaim.objects.filter(partner=partner, domain=host, proven_at__isnull=True)
    own.filter(claimed_at__lte=lapsed).delete()


@transaction.atomic
def make_primary(partner: Partner, domain_id: int) -> Domain:
    """Mails and links name this host from now on, and the others lead to it. NotNowError for a domain of the
    partner's own that is not live: whoever follows a link would find nothing."""
    domain = Domain.objects.select_for_update().get(pk=domain_id, tenant=partner)
    own = DomainClaim.objects.filter(partner=partner, domain=domain.domain).first()
    if own is not None and own.state != DomainClaim.State.LIVE:
        raise NotNowError(
            f"{names.shown(domain.domain)} is not live yet. Look at its records first."
        )
    domain.is_primary = True
    domain.save()
    return domain


@transaction.atomic
def remove(own: DomainClaim) -> None:
    """It leads nowhere from now on, and gets no certificate. Where it was the primary one, the sub-domain is
    again."""
    domain = (
        Domain.objects.select_for_update().filter(domain=own.domain, tenant=own.partner).first()
    )
    if domain is not None and domain.is_primary:
        first = sub_domain(own.partner)
        first.is_primary = True
        first.save()
    if domain is not None:
        domain.delete()
    own.delete()


def sub_domain(partner: Partner) -> Domain:
    """The host that every partner has, which no DNS of theirs can break."""
    return Domain.objects.get(
        tenant=partner, domain=f"{partner.schema_name}.{settings.PLATFORM_DOMAIN}"
    )


def may_have_certificate(host: str) -> bool:
    """Whether a certificate may be got for `host`: sub-domains, and domains that were proven."""
    return Domain.objects.filter(domain=host.rstrip(".").lower()).exists()
