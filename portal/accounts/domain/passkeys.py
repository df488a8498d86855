"""Passkeys: adding one, and signing in by it. The hard part is the library's (WebAuthn, level 2)."""

import json
import struct
from typing import Any, Final, NamedTuple

from cryptography.exceptions import UnsupportedAlgorithm
from django.core.exceptions import ObjectDoesNotExist
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from fido2.server import Fido2Server
from fido2.webauthn import (
    AttestedCredentialData,
    AuthenticationResponse,
    PublicKeyCredentialRpEntity,
    PublicKeyCredentialUserEntity,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from portal.accounts.models import Passkey, Person
from portal.core import clock
from portal.tenants.current import current_schema

MOST: Final = 20
_LONGEST_ID: Final = 1023  # bytes, as the standard has it
_VERIFIED: Final = UserVerificationRequirement.REQUIRED
_SAID: Final = gettext_noop(
    "The passkey was not accepted. Try again; if it goes on, remove it and add it anew."
)
# What the decoders raise for bytes that somebody made up.
_UNREADABLE: Final = (
    ValueError, LookupError, TypeError, AttributeError, AssertionError, ArithmeticError, struct.error,
    NotImplementedError, RecursionError, UnsupportedAlgorithm, ObjectDoesNotExist,
)  # fmt: skip


class NotAcceptedError(Exception):
    """What the browser sent is not what it was asked for; the text is for the person."""


class Place(NamedTuple):
    """The site as a browser knows it: the host is what passkeys are bound to (its "RP ID")."""

    host: str  # without a port
    origin: str
    name: str


class Asked(NamedTuple):
    """`options` for the browser, as JSON takes them; `state` to be kept until it answers."""

    options: dict[str, Any]
    state: dict[str, str]


def ask_to_add(person: Person, place: Place) -> Asked:
    """Let the browser make a key that can be found without a name and that asks who is there."""
    user = PublicKeyCredentialUserEntity(
        id=_handle(person), name=person.email, display_name=person.name
    )
    options, state = _server(place).register_begin(
        user,
        _credentials(person, place),
        resident_key_requirement=ResidentKeyRequirement.REQUIRED,
        user_verification=_VERIFIED,
    )
    return Asked(dict(options), state)


def add(person: Person, place: Place, *, state: dict[str, str], answer: str, name: str) -> Passkey:
    """Keep the key that the browser made. NotAcceptedError for anything that was not asked for."""
    try:
        data = _server(place).register_complete(state, json.loads(answer)).credential_data
    except _UNREADABLE as error:
        raise NotAcceptedError(_(_SAID)) from error
    if data is None or len(data.credential_id) > _LONGEST_ID:
        raise NotAcceptedError(_(_SAID))
    if Passkey.objects.filter(person=person).count() >= MOST:
        raise NotAcceptedError(
            _("You have %(most)s passkeys. Remove one that you do not use.") % {"most": MOST}
        )
    try:
        with transaction.atomic():
            return Passkey.objects.create(
                person=person, name=name, host=place.host, credential=bytes(data),
                credential_id=data.credential_id, added_at=clock.now(),
            )  # fmt: skip
    except IntegrityError as error:
        raise NotAcceptedError(_("This passkey is added already.")) from error


def ask_to_use(place: Place, person: Person | None = None) -> Asked:
    """Let the browser show a key: one of `person`'s, or whichever it has for this site."""
    allowed = None if person is None else _credentials(person, place)
    options, state = _server(place).authenticate_begin(allowed, user_verification=_VERIFIED)
    return Asked(dict(options), state)


def use(place: Place, *, state: dict[str, str], answer: str) -> Person:
    """Whose key the browser has shown. NotAcceptedError for anything else, for a key that was copied,
    and for somebody who may not sign in any more."""
    try:
        response = AuthenticationResponse.from_dict(json.loads(answer))
        key = Passkey.objects.select_related("person__role").get(
            credential_id=response.raw_id, host=place.host, person__is_active=True
        )
        known = AttestedCredentialData(bytes(key.credential))
        _server(place).authenticate_complete(state, [known], response)
        handle = response.response.user_handle
    except _UNREADABLE as error:
        raise NotAcceptedError(_(_SAID)) from error
    if handle is not None and handle != _handle(key.person):
        raise NotAcceptedError(_(_SAID))
    _count(key, response.response.authenticator_data.counter)
    return key.person


def _count(key: Passkey, uses: int) -> None:
    """A key that counts counts up. One that does not was copied (WebAuthn § 6.1.1)."""
    if (uses or key.uses) and uses <= key.uses:
        raise NotAcceptedError(
            _(
                "This passkey may have been copied: it has been used elsewhere since. Log in"
                " another way and remove it."
            )
        )
    before = Passkey.objects.filter(pk=key.pk, uses=key.uses)
    if before.update(uses=uses, used_at=clock.now()) != 1:
        raise NotAcceptedError(_(_SAID))


def usable(person: Person, host: str) -> bool:
    """Whether the person has a passkey that works at this host."""
    return Passkey.objects.filter(person=person, host=host).exists()


def _server(place: Place) -> Fido2Server:
    site = PublicKeyCredentialRpEntity(id=place.host, name=place.name)
    return Fido2Server(site, verify_origin=lambda origin: origin == place.origin)


def _credentials(person: Person, place: Place) -> list[AttestedCredentialData]:
    stored = Passkey.objects.filter(person=person, host=place.host)
    return [AttestedCredentialData(bytes(key.credential)) for key in stored]


def _handle(person: Person) -> bytes:
    """What a key calls its person: unique at the host, and nothing about them."""
    return f"{current_schema()}/{person.pk}".encode()
