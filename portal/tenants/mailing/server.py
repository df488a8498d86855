"""Setting up a partner's own mail server: kept, tested, switched on and off, forgotten."""

from typing import Any, Final

from django.db import transaction

from portal.core import clock, events, secrets
from portal.core.mail import Mail, NotSentError
from portal.tenants.current import current_schema
from portal.tenants.mailing import sending
from portal.tenants.mailing.sending import MailServerTurned
from portal.tenants.models import MailServer, Partner

# What a test proves: another value, and it is proven no more.
_PROVEN: Final = ("host", "port", "tls", "user", "from_address")


class NotTestedError(ValueError):
    """It may not be switched on; the text says what to do first."""


@transaction.atomic
def keep(partner: Partner, given: dict[str, Any], *, password: str | None, by: str) -> MailServer:
    """Keep what a person entered; `password` None leaves the one there is, blank has none. Where a test would
    prove something else now, it is off until one went through again."""
    own = MailServer.objects.select_for_update().filter(partner=partner).first()
    own = own or MailServer(partner=partner)
    changed = any(getattr(own, name) != given[name] for name in _PROVEN) or password is not None
    for name, value in given.items():
        setattr(own, name, value)
    if password is not None:
        own.sealed = secrets.encrypt({"password": password}) if password else None
    if changed:
        own.is_on, own.tested_at, own.tested_by = False, None, ""
        own.refused_in_row, own.refused_since, own.last_said = 0, None, ""
    own.changed_at, own.changed_by = clock.now(), by
    own.save()
    events.publish(MailServerTurned(current_schema()))
    return own


def test(own: MailServer, letter: Mail, *, by: str) -> str:
    """Send a mail over it, whether it is on or not; what the server answered. NotSentError, whose note is
    made all the same."""
    try:
        said = sending.over(own, letter)
    except NotSentError as error:
        sending.note_test(own, letter.to, error)
        raise
    sending.note_test(own, letter.to, None, said=said)
    tested = MailServer.objects.filter(pk=own.pk, changed_at=own.changed_at)
    tested.update(tested_at=clock.now(), tested_by=by)
    return said


@transaction.atomic
def switch(partner: Partner, *, on: bool, by: str) -> MailServer:
    """Let mails go out over it, or over the installation's again. NotTestedError before a test went
    through."""
    own = MailServer.objects.select_for_update().get(partner=partner)
    if on and own.tested_at is None:
        raise NotTestedError("Send a test first. It is switched on once one went through.")
    own.is_on = on
    own.refused_in_row, own.refused_since, own.last_said = 0, None, ""
    own.changed_at, own.changed_by = clock.now(), by
    own.save()
    events.publish(MailServerTurned(current_schema()))
    return own


@transaction.atomic
def forget(partner: Partner) -> None:
    """It goes with its password. What was sent over it stays in the log."""
    for own in MailServer.objects.filter(partner=partner):
        own.delete()
    events.publish(MailServerTurned(current_schema()))
