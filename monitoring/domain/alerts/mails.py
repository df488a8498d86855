"""Handing one message over as a mail, in the partner's name and colours."""

from monitoring.alerting.content import from_json
from monitoring.domain.alerts.channels import NotTakenError
from monitoring.models import AlertMessage
from portal.core.mail import NotSentError
from portal.tenants import mailing
from portal.tenants.letter import letter
from portal.tenants.site import Site


def send(message: AlertMessage, *, link: str, site: Site) -> str:
    """Send it; returns to which addresses. NotTakenError."""
    content = from_json(message.content)
    to = addresses(message)
    said = letter("alert", site, {"headline": content.headline}, {"content": content, "link": link})
    try:
        mailing.send(site, kind="alert", **said.parts, to=to)
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
