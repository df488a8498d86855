"""Sending one mail, through whatever server the installation names."""

from collections.abc import Mapping, Sequence
from email.mime.image import MIMEImage
from email.utils import formataddr
from smtplib import SMTPAuthenticationError, SMTPRecipientsRefused
from typing import NamedTuple

from django.conf import settings
from django.core.mail import EmailMultiAlternatives

NOWHERE = "django.core.mail.backends.dummy.EmailBackend"


class Attachment(NamedTuple):
    """A file that goes with a mail. With a `content_id` it is a picture that the mail itself shows."""

    name: str
    body: bytes
    content_type: str
    content_id: str = ""


class NotSentError(Exception):
    """It was not sent; the text says why, without anything secret."""


def send(
    *,
    to: Sequence[str],
    subject: str,
    text: str,
    html: str,
    name: str,
    host: str,
    inline: Sequence[Attachment] = (),
    attachments: Sequence[Attachment] = (),
    headers: Mapping[str, str] | None = None,
) -> None:
    """Send a mail in the name of a site. NotSentError when nobody took it.

    `inline` are the pictures that `html` shows. The sender's address is the installation's, else `noreply`
    at the site's host.
    """
    if settings.EMAIL_BACKEND == NOWHERE:
        raise NotSentError("no mail server is set up here")
    address = settings.MAIL_FROM or f"noreply@{host}"
    sender = formataddr((" ".join(name.split()), address))
    mail = EmailMultiAlternatives(
        " ".join(subject.split()), text, sender, list(to), headers=dict(headers or {})
    )
    mail.attach_alternative(html, "text/html")
    for one in (*inline, *attachments):
        _attach(mail, one)
    try:
        mail.send()
    except SMTPRecipientsRefused as error:
        raise NotSentError("the mail server does not take this address") from error
    except SMTPAuthenticationError as error:
        raise NotSentError("the mail server does not take our password") from error
    except OSError as error:  # SMTPException is one, too
        raise NotSentError("the mail server did not take it") from error


def _attach(mail: EmailMultiAlternatives, one: Attachment) -> None:
    if not one.content_id:
        mail.attach(one.name, one.body, one.content_type)
        return
    picture = MIMEImage(one.body, one.content_type.partition("/")[2])
    picture.add_header("Content-ID", f"<{one.content_id}>")
    picture.add_header("Content-Disposition", "inline", filename=one.name)
    mail.attach(picture)
