"""Inviting somebody by a letter whose link works once, for seven days."""

from datetime import timedelta
from typing import Final

from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from portal.accounts.domain import limits, reach, ways
from portal.accounts.domain.reach import RefusedError
from portal.accounts.models import Invitation, Person, Role
from portal.accounts.models.invitation import OPEN
from portal.core import clock, links
from portal.core.links import LinkOverError, NoLinkError

LASTS: Final = timedelta(days=7)
NOT_OUR_OWN: Final = (
    "Whoever joins the house works for all customers, and you work for some."
    " Ask somebody who works for all of them."
)
_SALT: Final = "accounts.invitations"
_AGAIN: Final = gettext_noop("Ask whoever invited you for a new invitation.")


class TakenError(RefusedError):
    """The address signs in here already, or was invited already."""


def invite(
    by: Person, *, email: str, name: str, role: Role, customer_id: int | None = None
) -> tuple[Invitation, str]:
    """Invite an address. Returns the invitation and its link's token, which is shown once and kept
    nowhere.

    TakenError for an address that is known, RefusedError for a role that may do more than `by` or goes
    not with `customer_id`: a customer's role needs one, the others must not have one.
    """
    reach.must_cover(by, role)
    _must_go_together(role, customer_id)
    _must_be_theirs(by, customer_id)
    _must_work_for(by, customer_id)
    email = email.strip().lower()
    if Person.objects.filter(email=email).exists():
        raise TakenError(
            _("%(email)s can sign in here already. Nobody needs to be invited.") % {"email": email}
        )
    try:
        with transaction.atomic():
            return _made(email=email, name=name, role=role, customer_id=customer_id, by=by.name)
    except IntegrityError:  # the database keeps one open invitation for each address
        raise TakenError(
            _("%(email)s was invited already. Send that invitation again.") % {"email": email}
        ) from None


def invite_first(*, email: str, name: str, by: str) -> tuple[Invitation, str]:
    """Invite the first admin of a site in which there is nobody yet who could. Returns what `invite` does."""
    if Person.objects.exists():
        raise RefusedError("There are people here already. One of them invites others.")
    return _made(
        email=email.strip().lower(), name=name, role=Role.objects.get(slug="admin"),
        customer_id=None, by=by,
    )  # fmt: skip


@transaction.atomic
def renew_first(*, by: str) -> tuple[Invitation, str]:
    """Make a new link for the first admin's invitation, while there is nobody yet. As `resend`.

    RefusedError once there is somebody, or no invitation is open.
    """
    if Person.objects.exists():
        raise RefusedError("Somebody is there already. They invite others.")
    locked = Invitation.objects.filter(OPEN, role__slug="admin", customer_id=None)
    invitation = locked.select_for_update(of=("self",)).order_by("pk").first()
    if invitation is None:
        raise RefusedError("No invitation is open.")
    return _renewed(invitation, by=by)


def _made(
    *, email: str, name: str, role: Role, customer_id: int | None, by: str
) -> tuple[Invitation, str]:
    token = links.new_token(_SALT)
    now = clock.now()
    invitation = Invitation.objects.create(
        email=email, name=name, role=role, customer_id=customer_id, invited_by=by,
        invited_at=now, expires_at=now + LASTS, digest=links.digest(token, salt=_SALT),
    )  # fmt: skip
    return invitation, token


def _must_go_together(role: Role, customer_id: int | None) -> None:
    if role.for_customers and customer_id is None:
        raise RefusedError(f"{role.label} is for customers' people. Say which customer's.")
    if customer_id is not None and not role.for_customers:
        raise RefusedError(
            f"{role.label} sees every customer. Choose a role for customers' people."
        )


def _must_be_theirs(by: Person, customer_id: int | None) -> None:
    if by.is_customer and by.customer_id != customer_id:
        raise RefusedError(_("You can invite people of your own company only."))


def _must_work_for(by: Person, customer_id: int | None) -> None:
    """Whoever joins the house works for all customers."""
    if not by.is_limited:
        return
    if customer_id is None:
        raise RefusedError(NOT_OUR_OWN)
    if not limits.works_for(by, customer_id):
        raise RefusedError("You can invite people only of customers that you work for.")


@transaction.atomic
def resend(by: Person, pk: int) -> tuple[Invitation, str]:
    """Make a new link for an open invitation; the old one is dead. It lasts seven days from now.

    Invitation.DoesNotExist for one that is not open, RefusedError as for `invite`.
    """
    return _renewed(_open(by, pk), by=by.name)


def _renewed(invitation: Invitation, *, by: str) -> tuple[Invitation, str]:
    token = links.new_token(_SALT)
    invitation.digest = links.digest(token, salt=_SALT)
    invitation.invited_by, invitation.invited_at = by, clock.now()
    invitation.expires_at = invitation.invited_at + LASTS
    invitation.save(update_fields=["digest", "invited_by", "invited_at", "expires_at"])
    return invitation, token


@transaction.atomic
def withdraw(by: Person, pk: int) -> Invitation:
    """Take an open invitation back: its link says so from now on. Errors as for `resend`."""
    invitation = _open(by, pk)
    invitation.withdrawn_at, invitation.withdrawn_by = clock.now(), by.name
    invitation.save(update_fields=["withdrawn_at", "withdrawn_by"])
    return invitation


def _open(by: Person, pk: int) -> Invitation:
    found = Invitation.objects.filter(OPEN, pk=pk).select_for_update(of=("self",))
    if by.is_customer:
        found = found.filter(customer_id=by.customer_id)
    invitation = found.select_related("role").get()
    reach.must_cover(by, _role_of(invitation))
    _must_work_for(by, invitation.customer_id)
    return invitation


def find(token: str) -> Invitation:
    """The open invitation of this token. NoLinkError, or LinkOverError once it is over."""
    return _still_open(Invitation.objects.select_related("role"), token)


@transaction.atomic
def accept(token: str, *, name: str, password: str) -> Person:
    """Make the person. The invitation is locked: of two at once, the second finds it used.

    Errors as for `find`. Whether the password is good enough has been asked before.
    """
    locked = Invitation.objects.select_for_update(of=("self",)).select_related("role")
    invitation = _still_open(locked, token)
    try:
        with transaction.atomic():
            person = Person.objects.create_person(
                email=invitation.email, name=name, role=_role_of(invitation), password=password,
                customer_id=invitation.customer_id,
            )  # fmt: skip
    except IntegrityError:  # let in by other means since
        raise LinkOverError(_("You can sign in here already. Go to your pages.")) from None
    invitation.accepted_at, invitation.person = clock.now(), person
    invitation.save(update_fields=["accepted_at", "person"])
    return person


def accept_as(email: str, *, name: str) -> Person | None:
    """Make the person of the open invitation of this address, which somebody else has proven to be theirs;
    None without one. They have no password. Inside a transaction."""
    locked = Invitation.objects.select_for_update(of=("self",)).select_related("role")
    invitation = locked.filter(OPEN, email=email, expires_at__gt=clock.now()).first()
    if invitation is None:
        return None
    person = Person.objects.create_person(
        email=email, name=name, role=_role_of(invitation), password=None,
        customer_id=invitation.customer_id,
    )  # fmt: skip
    invitation.accepted_at, invitation.person = clock.now(), person
    invitation.save(update_fields=["accepted_at", "person"])
    return person


def _still_open(among: QuerySet[Invitation], token: str) -> Invitation:
    invitation = among.filter(digest=links.digest(token, salt=_SALT)).first()
    if invitation is None:
        raise NoLinkError
    over = _why_over(invitation) or _why_not_here(invitation)
    if over:
        raise LinkOverError(over)
    return invitation


def _why_over(invitation: Invitation) -> str:
    """Why it can no longer be accepted and what to do, without a name; "" while it can."""
    if invitation.accepted_at:
        return _(
            "It was used already: an invitation works once. If it was you, sign in with"
            " the address it was sent to. If not, tell whoever invited you."
        )
    if invitation.withdrawn_at:
        return " ".join((_("It was withdrawn."), _(_AGAIN)))
    if invitation.expires_at <= clock.now():
        return " ".join((_("It was good for seven days, and they are over."), _(_AGAIN)))
    return ""


def _why_not_here(invitation: Invitation) -> str:
    """Where staff sign in by a provider only, they come in there with the address that was invited."""
    provider = None if _role_of(invitation).for_customers else ways.only_way()
    if provider is None:
        return ""
    return _("Log in with %(provider)s instead: with the address this was sent to you come in.") % {
        "provider": provider.name
    }


def _role_of(invitation: Invitation) -> Role:
    if invitation.role is None:
        raise AssertionError("an open invitation keeps its role")
    return invitation.role
