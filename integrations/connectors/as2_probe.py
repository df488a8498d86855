"""The live test of a partner's AS2 address: host, TLS, keys and certificates. Nothing is sent."""

from collections.abc import Iterator
from datetime import datetime
from typing import Final

from integrations.connectors import as2_partner, checks, web_checks
from integrations.connectors.as2_partner import Held
from integrations.connectors.client import Check
from integrations.connectors.connection import Connection
from integrations.formats.as2 import Agreement, NotSendable
from portal.core import clock
from portal.core.errors import NeedsCredentials

_SCOPE: Final = "Not tried: a message to the partner would be a document. The first one shows it."
_CLOCK: Final = "Does not apply: nothing was sent that they could have answered."
_CORRECT: Final = "Enter the certificate or key anew."
_EXCHANGE: Final = "Exchange certificates with the partner, and enter the new one."


def lines(connection: Connection) -> Iterator[Check]:
    """The five lines, each as soon as it is known."""
    return checks.hushed(_lines(connection), connection.secrets)


def _lines(connection: Connection) -> Iterator[Check]:
    for line in web_checks.lines(str(connection.settings.get("as2_url") or "")):
        yield line
    if line.passed is False:
        yield from checks.rest(line.name)
        return
    key = _key(connection, clock.now())
    yield key
    if key.passed is False:
        yield from checks.rest("key")
        return
    yield checks.untried("scope", _SCOPE)
    yield checks.untried("clock", _CLOCK)


def _key(connection: Connection, now: datetime) -> Check:
    try:
        agreement = as2_partner.agreement_of(connection)
        _must_send(agreement, now)
    except NeedsCredentials as error:
        return checks.failed("key", f"{error}", _CORRECT)
    except NotSendable as error:
        return checks.failed("key", error.text, _remedy(error))
    profile = agreement.profile
    if profile.wants_signed and not agreement.certificates:
        text = "The partner's messages have to be signed, and no certificate of theirs is entered."
        return checks.failed("key", text, "Ask the partner for it, and enter it.")
    if profile.wants_encrypted and not agreement.own:
        text = "The partner's messages have to be encrypted, and no key of ours is entered."
        return checks.failed("key", text, "Enter our private key and certificate.")
    known = as2_partner.held(agreement)
    text = " ".join(told(one, now) for one in known)
    return checks.passed("key", text or "No keys are needed: nothing is signed or encrypted.")


def _must_send(agreement: Agreement, now: datetime) -> None:
    profile = agreement.profile
    if profile.sign:
        agreement.signing_pair(now)
    if profile.encrypt:
        agreement.encryption_certificate(now)


def _remedy(error: NotSendable) -> str:
    if error.code == "certificate_expired":
        return _EXCHANGE
    return "Enter it, or choose that messages are not signed and not encrypted."


def told(one: Held, now: datetime) -> str:
    """What is known of a certificate, as one sentence or two."""
    if fault := one.fault(now):
        return f"{one.whose} {fault}."
    days = one.days_left(now)
    until = f"{one.whose} is good until {one.ends.day} {one.ends:%b %Y}, {days} days from now."
    return f"{until} Exchange it in time." if days < as2_partner.WARN_DAYS else until
