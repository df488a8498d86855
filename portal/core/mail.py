"""Sending one mail: through the server the installation names, or one that is given."""

from collections.abc import Mapping, Sequence
from email.mime.image import MIMEImage
from email.utils import formataddr, make_msgid
from smtplib import SMTPAuthenticationError, SMTPException, SMTPRecipientsRefused
from typing import NamedTuple

from django.conf import settings
from django.core.mail import EmailMultiAlternatives

from portal.core import smtp, smtp_words
from portal.core.errors import CrossdockError

NOWHERE = "django.core.mail.backends.dummy.EmailBackend"


class Attachment(NamedTuple):
    """A file that goes with a mail. With a `content_id` it is a picture that the mail itself shows."""

    name: str
    body: bytes
    content_type: str
    content_id: str = ""


class Mail(NamedTuple):
    """One mail. `name` and `address` are the sender's; the head takes no line from any of them.
    `inline` are the pictures that `html` shows."""

    to: Sequence[str]
    subject: str
    text: str
    html: str
    name: str
    address: str
    reply_to: str = ""
    inline: Sequence[Attachment] = ()
    attachments: Sequence[Attachment] = ()
    headers: Mapping[str, str] = {}


class NotSentError(Exception):
    """It was not sent; the text says why, without anything secret. `said`: what the server said itself, for
    whoever runs it; `is_servers`: it is not about this one address."""

    def __init__(self, why: str, *, said: str = "", is_servers: bool = True) -> None:
        super().__init__(why)
        self.said = said
        self.is_servers = is_servers


def is_set_up() -> bool:
    """Whether the installation names a server, so that mails without one of their own go out at all."""
    return settings.EMAIL_BACKEND != NOWHERE


def send(mail: Mail, *, host: str) -> None:
    """Send a mail in the name of a site, through the installation's server. NotSentError when nobody took it.

    The sender's address is the mail's, else the installation's, else `noreply` at the site's host. Everything
    but `portal.tenants.mailing` sends through that, which knows whose server a mail goes through.
    """
    if not is_set_up():
        raise NotSentError("no mail server is set up here")
    try:
        made(addressed(mail, host=host)).send()
    except SMTPRecipientsRefused as error:
        raise NotSentError(
            "the mail server does not take this address", is_servers=False
        ) from error
    except SMTPAuthenticationError as error:
        raise NotSentError("the mail server does not take our password") from error
    except OSError as error:  # SMTPException is one, too
        raise NotSentError("the mail server did not take it") from error


def addressed(mail: Mail, *, host: str) -> Mail:
    """With the address that a mail of the site at `host` goes out under through the installation's server."""
    return mail._replace(address=mail.address or settings.MAIL_FROM or f"noreply@{host}")


def send_over(server: smtp.Server, mail: Mail) -> str:
    """Send a mail through this server; what it answered, and which addresses it left out. NotSentError."""
    backend = smtp.Backend(server)
    try:
        backend.open()
        backend.send_messages([made(mail)])
        left_out = ", ".join(backend.turned_away)
        return f"{backend.said}; not taken for {left_out}" if left_out else backend.said
    except (OSError, SMTPException, CrossdockError) as error:
        found = smtp_words.failure(error, server)
        raise NotSentError(found.why, said=found.said, is_servers=found.is_servers) from error
    finally:
        backend.close()


def made(mail: Mail) -> EmailMultiAlternatives:
    """The mail as it goes out, unsent. It has its sender's address already."""
    message = EmailMultiAlternatives(
        " ".join(mail.subject.split()),
        mail.text,
        formataddr((" ".join(mail.name.split()), mail.address)),
        list(mail.to),
        reply_to=[mail.reply_to] if mail.reply_to else None,
        # Django would name this machine in it.
        headers={**mail.headers, "Message-ID": make_msgid(domain=mail.address.rpartition("@")[2])},
    )
    message.attach_alternative(mail.html, "text/html")
    for one in (*mail.inline, *mail.attachments):
        _attach(message, one)
    return message


def _attach(message: EmailMultiAlternatives, one: Attachment) -> None:
    if not one.content_id:
        message.attach(one.name, one.body, one.content_type)
        return
    picture = MIMEImage(one.body, one.content_type.partition("/")[2])
    picture.add_header("Content-ID", f"<{one.content_id}>")
    picture.add_header("Content-Disposition", "inline", filename=one.name)
    message.attach(picture)
