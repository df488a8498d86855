"""Invitations on their way: the link, and the letter that brings it."""

from typing import Any, NamedTuple

from django.http import HttpRequest
from django.urls import reverse

from integrations.views import spoken
from portal.accounts import role_words
from portal.accounts.domain import mails
from portal.accounts.models import Invitation
from portal.core import tongue
from portal.core.mail import NotSentError
from portal.customers.models import Customer
from portal.tenants import languages
from portal.tenants.models import Partner


class Brought(NamedTuple):
    """What became of a letter: `problem` is empty when somebody took it. `url` is shown once, if at all."""

    url: str
    problem: str


def bring(request: HttpRequest, invitation: Invitation, token: str) -> Brought:
    """Send the link to whoever is invited."""
    partner: Partner = request.tenant  # type: ignore[attr-defined]
    url = request.build_absolute_uri(reverse("join", args=[token]))
    try:
        with tongue.speaking(languages.of_customer(invitation.customer_id)):
            _send(invitation, url=url, zone=partner.time_zone)
    except NotSentError as error:
        return Brought(url, str(error))
    return Brought(url, "")


def _send(invitation: Invitation, *, url: str, zone: str) -> None:
    until = spoken.until(invitation.expires_at, zone=zone)
    mails.send(
        "invitation",
        to=invitation.email,
        variables={"name": invitation.name, "person": invitation.invited_by},
        context={**told(invitation), "until": until, "url": url},
    )


def told(invitation: Invitation) -> dict[str, Any]:
    """What an invitation says about itself, to whoever has its link."""
    return {
        "name": invitation.name,
        "email": invitation.email,
        "invited_by": invitation.invited_by,
        "role": role_words.said(invitation.role.label) if invitation.role else "",
        "customer": _customer(invitation.customer_id),
    }


def _customer(customer_id: int | None) -> str:
    if customer_id is None:
        return ""
    return Customer.objects.filter(pk=customer_id).values_list("name", flat=True).first() or ""
