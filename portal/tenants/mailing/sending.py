"""Sending one mail of a site: through the partner's own server where one is switched on, else through the
installation's. Where theirs does not take it, it is not sent: another sender's name is not theirs to lend."""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from django.conf import settings
from django.db.models import F, Value
from django.db.models.functions import Coalesce

from portal.core import clock, events, mail
from portal.core.errors import NeedsCredentials
from portal.core.mail import NOWHERE, Attachment, Mail, NotSentError
from portal.tenants.current import current_schema
from portal.tenants.models import MailServer, Partner, SentMail
from portal.tenants.models.mail_server import REFUSES_AFTER, in_use
from portal.tenants.models.sent_mail import KEPT_FOR
from portal.tenants.rows import beyond_limit
from portal.tenants.site import Site

Via = SentMail.Via


class MailServerTurned(NamedTuple):
    """A partner's server takes nothing any more, takes mails again, or is another one; in their schema."""

    schema: str


def send(
    site: Site,
    *,
    kind: str,
    to: Sequence[str],
    subject: str,
    text: str,
    html: str,
    name: str = "",
    inline: Sequence[Attachment] = (),
    attachments: Sequence[Attachment] = (),
    headers: Mapping[str, str] | None = None,
) -> None:
    """Send a mail in the name of a site, and note it. `kind` is for the log, such as "invoice"; `name` is the
    sender's where it is not the site's, and `inline` are the pictures that `html` shows.

    NotSentError when nobody took it: the note of that goes with the transaction it is in, so catch it inside
    of yours.
    """
    # A customer's person may read neither the server nor what may be called: whose mails theirs are is not
    # theirs to choose.
    with beyond_limit():
        partner_id = Partner.objects.values_list("pk", flat=True).get(schema_name=site.slug)
        own = in_use().filter(partner_id=partner_id).first()
        letter = _letter(site, own, name)._replace(
            to=to, subject=subject, text=text, html=html, inline=inline, attachments=attachments,
            headers=headers or {},
        )  # fmt: skip
        try:
            said = over(own, letter) if own else _shared(site, letter)
        except NotSentError as error:
            _note(partner_id, own, kind, to, said=_why(error), was_taken=False)
            _refused(own, error)
            raise
        _note(partner_id, own, kind, to, said=said, was_taken=True)
        _taken(own)


def unsent(site: Site, **parts: Any) -> bytes:
    """The mail that `send` would hand to a server, given the same words and pictures. Nothing is sent."""
    own = MailServer.objects.filter(partner__schema_name=site.slug, is_on=True).first()
    letter = _letter(site, own, "")._replace(**parts)
    return mail.made(mail.addressed(letter, host=site.host)).message().as_bytes()


def _letter(site: Site, own: MailServer | None, name: str) -> Mail:
    """Whose it is; the rest is filled in."""
    sender = name or site.name
    if own is None:
        return Mail((), "", "", "", sender, "")
    return Mail((), "", "", "", own.from_name or sender, own.from_address, own.reply_to)


def _shared(site: Site, letter: Mail) -> str:
    """Through the installation's server, which says nothing that is a partner's to read."""
    mail.send(letter, host=site.host)
    return ""


def over(own: MailServer, letter: Mail) -> str:
    """Through a partner's own server; what it answered. NotSentError."""
    try:
        server = own.as_server()
    except NeedsCredentials as error:
        raise NotSentError(
            "the password of the mail server cannot be read. Enter it again"
        ) from error
    return mail.send_over(server, letter)


def note_test(
    own: MailServer, to: Sequence[str], error: NotSentError | None, *, said: str = ""
) -> None:
    """A test stands in the log as well. It counts as no mail that was refused or taken."""
    text = said if error is None else _why(error)
    _note(own.partner_id, own, "test", to, said=text, was_taken=error is None)


def goes_out() -> bool:
    """Whether the partner of this schema can send mails at all."""
    if settings.EMAIL_BACKEND != NOWHERE:
        return True
    return in_use().filter(partner__schema_name=current_schema()).exists()


def _note(
    partner_id: int,
    own: MailServer | None,
    kind: str,
    to: Sequence[str],
    *,
    said: str,
    was_taken: bool,
) -> None:
    now = clock.now()
    shared = Via.NONE if settings.EMAIL_BACKEND == NOWHERE else Via.SHARED
    SentMail.objects.filter(partner_id=partner_id, at__lt=now - KEPT_FOR).delete()
    SentMail.objects.create(
        partner_id=partner_id, kind=kind, to=", ".join(to)[:500], at=now, said=said[:500],
        via=Via.OWN if own else shared, was_taken=was_taken,
    )  # fmt: skip


def _why(error: NotSentError) -> str:
    return f"{error} ({error.said})" if error.said else str(error)


def _refused(own: MailServer | None, error: NotSentError) -> None:
    if own is None or not error.is_servers:
        return
    MailServer.objects.filter(pk=own.pk).update(
        refused_in_row=F("refused_in_row") + 1,
        refused_since=Coalesce(F("refused_since"), Value(clock.now())),
        last_said=_why(error)[:500],
    )
    if own.refused_in_row + 1 >= REFUSES_AFTER:
        events.publish(MailServerTurned(current_schema()))


def _taken(own: MailServer | None) -> None:
    if own is None or not own.refused_in_row:
        return
    MailServer.objects.filter(pk=own.pk).update(refused_in_row=0, refused_since=None, last_said="")
    events.publish(MailServerTurned(current_schema()))
