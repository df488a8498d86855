"""Whom a provider means: the person it knows already, one with the same proven address, or a new one."""

from collections.abc import Mapping
from typing import Any

import structlog
from django.db import IntegrityError, transaction

from portal.accounts.domain import inviting, limits, openid_rules, reach
from portal.accounts.domain.openid_rules import Given
from portal.accounts.models import Identity, Person, Provider
from portal.accounts.openid import claims as said
from portal.accounts.openid.errors import OpenIdError
from portal.core import clock
from portal.core.words import gettext_noop

Claims = Mapping[str, Any]
log = structlog.get_logger()


def person_of(provider: Provider, claims: Claims) -> Person:
    """Who signs in, with the role they have from now on. OpenIdError, which says why nobody does."""
    try:
        with transaction.atomic():
            # One after the other: two first sign-ins at once must not make two people.
            locked = Provider.objects.select_for_update().filter(pk=provider.pk, is_on=True).first()
            if locked is None:
                text = gettext_noop("%(provider)s was switched off just now.")
                raise OpenIdError("off", text, provider=provider.name)
            return _person_of(locked, claims)
    except IntegrityError:
        raise OpenIdError(
            "again", gettext_noop("Somebody signed in at the same moment. Try again.")
        ) from None


def _person_of(provider: Provider, claims: Claims) -> Person:
    given = openid_rules.given(provider, claims)
    known = Identity.objects.filter(provider=provider, subject=claims["sub"]).first()
    if known is None:
        known = _first_time(provider, claims, given)
    person = Person.objects.select_related("role").get(pk=known.person_id)
    if not person.is_active:
        raise OpenIdError(
            "left", gettext_noop("Your access here has ended. Ask whoever let you in.")
        )
    if provider.decides_roles:
        person = _with_role(provider, person, given)
    known.used_at = clock.now()
    known.save(update_fields=["used_at"])
    return person


def _first_time(provider: Provider, claims: Claims, given: Given | None) -> Identity:
    email = _proven_address(provider, claims)
    person = Person.objects.filter(email=email).first()
    if person and Identity.objects.filter(provider=provider, person=person).exists():
        text = gettext_noop("%(email)s belongs to another account of %(provider)s here.")
        raise OpenIdError("other-account", text, email=email, provider=provider.name)
    if person and person.customer_id is not None:
        # The partner chose whom to believe about addresses: not about those of its customers' people.
        text = gettext_noop(
            "%(email)s logs in here with a password or a passkey, not with %(provider)s."
        )
        raise OpenIdError("not-staff", text, email=email, provider=provider.name)
    if person is None:
        person = inviting.accept_as(email, name=said.name(claims))
    if person is None:
        person = _made(provider, claims, given)
    log.info("provider knows person", provider=provider.ref, person=person.pk)
    return Identity.objects.create(
        provider=provider, subject=claims["sub"], person=person, made_at=clock.now()
    )


def _proven_address(provider: Provider, claims: Claims) -> str:
    email = said.email(claims)
    if not email:
        text = gettext_noop("%(provider)s does not say your address. Its scopes may lack “email”.")
        raise OpenIdError("no-email", text, provider=provider.name)
    if not said.is_proven(claims):
        text = gettext_noop("%(provider)s has not checked that %(email)s is yours. Check it there.")
        raise OpenIdError("unproven", text, provider=provider.name, email=email)
    if email.rpartition("@")[2] not in provider.email_domains:
        text = gettext_noop("%(provider)s lets nobody in here by an address such as %(email)s.")
        raise OpenIdError("domain", text, provider=provider.name, email=email)
    return email


def _made(provider: Provider, claims: Claims, given: Given | None) -> Person:
    email = said.email(claims)
    if not provider.makes_people or given is None:
        text = gettext_noop("Nobody here has the address %(email)s. Ask to be invited.")
        raise OpenIdError("unknown", text, email=email)
    person = Person.objects.create_person(
        email=email, name=said.name(claims), role=given.role, password=None,
        customer_id=given.customer_id,
    )  # fmt: skip
    _limited(person, given, by=provider.name)
    log.info("made by provider", provider=provider.ref, person=person.pk, role=given.role.slug)
    return person


def _with_role(provider: Provider, person: Person, given: Given | None) -> Person:
    """The person as the rules have them now. Nobody changes sides by it, and whoever is the last to manage
    people goes on doing so."""
    if given is None:
        text = gettext_noop("No rule of %(provider)s gives you a role here any more.")
        raise OpenIdError("no-role", text, provider=provider.name)
    if (person.customer_id, person.is_customer) != (given.customer_id, given.role.for_customers):
        text = gettext_noop("%(provider)s gives you the role of somebody else’s people.")
        raise OpenIdError("other-side", text, provider=provider.name)
    if person.role_id != given.role.pk:
        _change_role(person, given)
    _limited(person, given, by=provider.name)
    return person


def _change_role(person: Person, given: Given) -> None:
    roles = reach.locked_roles()
    if reach.manages(person.role) and not reach.manages(given.role):
        try:
            reach.must_be_managed(roles.values(), without=person.pk)
        except reach.RefusedError:
            log.warning("last to manage people keeps the role", person=person.pk)
            return
    person.role = given.role
    person.save(update_fields=["role"])


def _limited(person: Person, given: Given, *, by: str) -> None:
    """A rule that says nothing of for whom leaves that as it is: it lifts no limit that a person gave."""
    if given.limit_customers or given.limit_groups:
        limits.set_to(person, customers=given.limit_customers, groups=given.limit_groups, by=by)
