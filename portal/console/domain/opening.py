"""Opening a partner that staff asked for, and inviting its first admin."""

from typing import Final, NamedTuple

import structlog
from django.core.exceptions import ValidationError
from django.db import DatabaseError, IntegrityError, transaction
from django.urls import reverse
from django_tenants.utils import schema_context

from integrations.views import spoken
from portal.accounts.domain import inviting, mails
from portal.accounts.models import Person
from portal.audit import who
from portal.audit.who import Who
from portal.console.models import Opening
from portal.core import clock
from portal.core.mail import NotSentError
from portal.jobs import lanes
from portal.tenants import flags
from portal.tenants.models import PARTNER_SLUG, Partner, Tier
from portal.tenants.opening import open_partner
from portal.tenants.owning import as_owner
from portal.tenants.site import Site, current_site

LANE: Final = "open_partner"
_WHY: Final = "the first admin's link is brought by hand"
log = structlog.get_logger()


class Link(NamedTuple):
    """Where the first admin begins, and how long that is good."""

    url: str
    until: str


class NotOpenedError(ValueError):
    """It cannot be opened; the text says why."""


class OwnStaffError(NotOpenedError):
    """Its first admin would be one of the platform's people."""


def ask(
    slug: str, *, name: str, admin_name: str, admin_email: str, tier: Tier | None, actor: str,
    asker_id: int | None = None,
) -> Opening:  # fmt: skip
    """Ask for a partner; a lane opens it. NotOpenedError for a slug that is bad, taken or asked for, and
    for an admin who is of the platform: its people come into a partner's house only as support, if it
    lets them.

    `asker_id`: of the platform's person who asks, who may have the link if no letter goes.
    """
    try:
        PARTNER_SLUG(slug)
    except ValidationError as error:
        raise NotOpenedError(error.messages[0]) from None
    if slug == "public" or Partner.objects.filter(schema_name=slug).exists():
        raise NotOpenedError(f"{slug} is taken. Choose another one.")
    if Person.objects.filter(email__iexact=admin_email.strip(), is_active=True).exists():
        text = f"{admin_email} is one of the platform's people. Name somebody of {name}."
        raise OwnStaffError(text)
    try:
        with transaction.atomic():
            opening = Opening.objects.create(
                slug=slug, name=name, admin_name=admin_name, admin_email=admin_email, tier=tier,
                asked_by=actor, asker_id=asker_id, asked_at=clock.now(),
            )  # fmt: skip
    except IntegrityError:
        raise NotOpenedError(f"{slug} is being opened already.") from None
    lanes.wake_platform(LANE, str(opening.pk))
    return opening


def carry_out(pk: int) -> None:
    """Open it. Killed half-way nothing is left of it, and the lane begins anew."""
    opening = Opening.objects.select_related("tier").get(pk=pk)
    if opening.state not in Opening.UNDER_WAY:
        return
    Opening.objects.filter(pk=pk).update(state=Opening.State.OPENING)
    try:
        _open(opening)
    except (ValidationError, DatabaseError) as error:
        log.warning("partner not opened", slug=opening.slug, error=str(error))
        _end(opening, Opening.State.FAILED, _why(error))
        return
    _end(opening, Opening.State.DONE, _invite(opening))


def _open(opening: Opening) -> None:
    if Partner.objects.filter(schema_name=opening.slug).exists():
        return  # it was opened, and its worker killed before that was noted
    with as_owner():
        partner = open_partner(opening.slug, name=opening.name, actor=opening.asked_by)
        if opening.tier:
            flags.put_in_tier(
                partner, opening.tier, actor=opening.asked_by, reason="at its opening"
            )


def _why(error: Exception) -> str:
    if isinstance(error, ValidationError):
        return error.messages[0]
    return (
        f"The database refused it ({type(error).__name__}). An engineer finds more in the log; manage.py"
        " open_partner does the same."
    )


def _invite(opening: Opening) -> str:
    """Invite the first admin; returns what went wrong, blank when the letter was taken."""
    with schema_context(opening.slug):
        site = current_site()
        try:
            invitation, token = inviting.invite_first(
                email=opening.admin_email, name=opening.admin_name, by=opening.asked_by
            )
        except (inviting.RefusedError, IntegrityError):  # an earlier try got this far
            return f"Whether the letter to {opening.admin_email} was sent is not known."
        context = {
            "name": opening.admin_name, "email": invitation.email, "customer": "",
            "invited_by": site.name, "role": invitation.role.label if invitation.role else "",
            "until": spoken.until(invitation.expires_at, zone=site.zone),
            "url": _url(site, token),
        }  # fmt: skip
        try:
            mails.send(
                "invitation", to=invitation.email,
                variables={"name": invitation.name, "person": site.name}, context=context,
            )  # fmt: skip
        except NotSentError as error:
            return f"The letter to {invitation.email} was not sent: {error}."
    return ""


def _url(site: Site, token: str) -> str:
    return site.url + reverse("join", args=[token], urlconf="portal.urls")


def may_have_link(opening: Opening, person_id: int) -> bool:
    """Whether the first admin's link is shown to this person of the platform: to whoever opened it, if no
    letter brought it."""
    is_lost = opening.state == Opening.State.DONE and bool(opening.trouble)
    if not is_lost or opening.asker_id != person_id:
        return False
    there = Partner.objects.exclude(state=Partner.State.DELETED)
    return there.filter(schema_name=opening.slug).exists()


def new_link(opening: Opening) -> Link:
    """A link of the first admin's, to be shown once; an earlier one is dead. RefusedError once it is of no
    use: somebody came in, or it was withdrawn."""
    with schema_context(opening.slug), who.from_elsewhere(Who(opening.asked_by, why=_WHY)):
        site = current_site()
        invitation, token = inviting.renew_first(by=opening.asked_by)
        until = spoken.until(invitation.expires_at, zone=site.zone)
        return Link(_url(site, token), until)


def _end(opening: Opening, state: Opening.State, trouble: str) -> None:
    Opening.objects.filter(pk=opening.pk).update(
        state=state, finished_at=clock.now(), trouble=trouble[:300]
    )
