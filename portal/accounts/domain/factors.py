"""The second step of signing in: who has one, who needs one, and taking it away."""

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _

from portal.accounts.domain import authenticators, limits, reach, recovery, sessions
from portal.accounts.models import Authenticator, FactorReset, Passkey, Person, RecoveryCode
from portal.core import clock


class StillNeededError(Exception):
    """The last second step of somebody whose role asks for one stays; the text says what to do."""


def has_one(person: Person) -> bool:
    """Whether the person has an authenticator app or a passkey. Recovery codes alone are none."""
    apps = Authenticator.objects.filter(person=person).values("pk")
    keys = Passkey.objects.filter(person=person).values("pk")
    return apps.union(keys, all=True).exists()


def is_missing(person: Person) -> bool:
    """Whether the person's role asks for a second step that they do not have yet."""
    return person.role.requires_mfa and not has_one(person)


def first_codes(person: Person, *, here: str | None) -> list[str]:
    """Recovery codes to be shown once, for somebody who has just added their first second step. Browsers
    other than the one with the session key `here` never had it, and are logged out."""
    if recovery.left(person):
        return []
    sessions.end_all(person, but=here)
    return recovery.renew(person)


def remove_authenticator(person: Person) -> None:
    """Forget the person's app. StillNeededError for the last second step that a role asks for."""
    with transaction.atomic():
        authenticators.remove(person)
        _check(person)


def remove_passkey(person: Person, pk: int) -> Passkey | None:
    """Forget one passkey of the person's; None if it is not theirs. StillNeededError as above."""
    with transaction.atomic():
        key = Passkey.objects.filter(person=person, pk=pk).first()
        if key:
            key.delete()
            _check(person)
    return key


def _check(person: Person) -> None:
    if has_one(person):
        return
    if person.role.requires_mfa:
        raise StillNeededError(
            _("Your role asks for a second step. Add another one before you remove this.")
        )
    RecoveryCode.objects.filter(person=person).delete()


def reset(person: Person, *, by: Person, reason: str) -> None:
    """Take all second steps of a person away, and end their sessions: for a lost phone.

    PermissionDenied unless `by` may manage people and may do, and work for, all that the person does: who
    takes a step away is halfway into the account. ValueError without a reason. Nobody resets their own: they
    could take them off with a stolen session.
    """
    if not by.may("people.manage") or by.pk == person.pk or not _reaches(by, person):
        raise PermissionDenied
    if not reason.strip():
        raise ValueError("Say why: the person and the audit trail are told.")
    with transaction.atomic():
        authenticators.remove(person)
        for key in Passkey.objects.filter(person=person):
            key.delete()
        RecoveryCode.objects.filter(person=person).delete()
        FactorReset.objects.create(person=person, actor=by.name, reason=reason, at=clock.now())
        sessions.end_all(person)


def _reaches(by: Person, person: Person) -> bool:
    return reach.covers(by, person.role) and limits.works_within(person, by=by)
