"""Handing one message over as a mail, in the partner's name and colours."""

from django.template.loader import render_to_string

from monitoring.alerting.content import Content, from_json
from monitoring.domain.alerts.channels import NotTakenError
from monitoring.models import AlertMessage
from portal.core.mail import NotSentError
from portal.tenants import mailing
from portal.tenants.site import Site

_TEXT, _HTML = "emails/alert.txt", "emails/alert.html"


def send(message: AlertMessage, *, link: str, site: Site) -> str:
    """Send it; returns to which addresses. NotTakenError."""
    content = from_json(message.content)
    to = addresses(message)
    context = _context(content, link=link, site=site)
    try:
        mailing.send(
            site,
            kind="alert",
            to=to,
            subject=content.headline,
            text=render_to_string(_TEXT, context),
            html=render_to_string(_HTML, context),
        )
    except NotSentError as error:
        raise NotTakenError(f"Not sent: {error}.", again=True) from error
    return f"Sent to {', '.join(to)}."


def addresses(message: AlertMessage) -> list[str]:
    """Whom the mail goes to: those of the channel, or the person."""
    if message.channel:
        return list(message.channel.settings.get("addresses", ()))
    if message.person and message.person.is_active and message.person.email:
        return [message.person.email]
    raise NotTakenError("Its receiver has no address any more.", again=False)


def _context(content: Content, *, link: str, site: Site) -> dict[str, object]:
    return {
        "brand": {"name": site.name, "accent": site.accent, "accent_ink": site.accent_ink},
        "content": content,
        "link": link,
    }
