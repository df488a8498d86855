"""A partner's own mail server that takes nothing: a case says so, and channels that are no mail tell it.

A case needs a customer and an endpoint: it borrows the first there are, and no customer sees it.
"""

from typing import Final
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db import transaction

from integrations.models import Endpoint
from monitoring.domain import findings
from monitoring.domain.alerts import beside_rules
from monitoring.domain.alerts.receivers import Receiver, of_channel
from monitoring.domain.findings import Finding
from monitoring.models import AlertChannel, ExceptionCase
from portal.tenants.current import current_schema
from portal.tenants.models import MailServer
from portal.tenants.site import Site, current_site

CODE: Final = "mail_server_refuses"
CAUSE: Final = UUID("6d0c9a3e-51a7-4f0e-9d0c-2f1f6a7c8b11")  # one a house: it has one server


@transaction.atomic
def look() -> None:
    """Open its case, keep it up to date, or close it."""
    own = MailServer.objects.filter(partner__schema_name=current_schema()).first()
    if own is None or not own.refuses:
        findings.clear([CAUSE], cause=_over(own))
        return
    endpoint = Endpoint.objects.order_by("pk").first()
    if endpoint is None:
        return  # nobody has anything here yet, and the page of the mail server says it
    number = findings.report([_finding(own, endpoint)]).get(CAUSE)
    if number is not None:
        beside_rules.tell(ExceptionCase.objects.get(pk=number), _others)


def _over(own: MailServer | None) -> str:
    if own is None or not own.is_on:
        return "Mails go out another way"
    return "It takes mails again"


def _finding(own: MailServer, endpoint: Endpoint) -> Finding:
    assert own.refused_since is not None
    began = own.refused_since.astimezone(ZoneInfo(current_site().zone))
    return Finding(
        fingerprint=CAUSE, customer_id=endpoint.customer_id, endpoint_id=endpoint.pk,
        origin=ExceptionCase.Origin.CHANNEL, code=CODE, since=own.refused_since, value=own.host,
        evidence=[
            ("Server", f"{own.host} at port {own.port}"),
            ("It says", own.last_said),
            ("Takes nothing since", f"{began:%a} {began.day} {began:%b} {began:%H:%M %Z}"),
            ("Refused in a row", f"{own.refused_in_row} mails"),
        ],
        url="/mail/",
    )  # fmt: skip


def _others(site: Site) -> list[Receiver]:
    """Every channel that works and needs no mail server."""
    working = AlertChannel.objects.filter(is_on=True, failures=0)
    return [of_channel(one, site) for one in working.exclude(kind=AlertChannel.Kind.MAIL)]
