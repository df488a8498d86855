"""What people are written to about signing in, in the name of their site."""

from typing import Any

import structlog
from django.template.loader import render_to_string

from portal.accounts import devices
from portal.accounts.domain import passwords
from portal.accounts.models import Person
from portal.core import mail
from portal.core.mail import NotSentError
from portal.tenants.site import Site, current_site

log = structlog.get_logger()


def password_link(email: str) -> None:
    """Send the link to set a new password, if there is such a person."""
    person = _person(email)
    if person is None:
        return
    site = current_site()
    url = f"{site.url}/reset/{passwords.new_token(person)}/"
    _send(person, site, "password", subject="Set a new password", url=url)


def locked(email: str, *, address: str, agent: str) -> None:
    """Tell a person that their account has to wait, if there is such a person."""
    person = _person(email)
    if person is None:
        return
    site = current_site()
    _send(
        person, site, "locked", subject="Somebody could not log in to your account",
        url=f"{site.url}/forgot/", address=address, device=devices.in_words(agent),
    )  # fmt: skip


def _person(email: str) -> Person | None:
    return Person.objects.filter(email=email.strip().lower(), is_active=True).first()


def _send(person: Person, site: Site, template: str, *, subject: str, **facts: Any) -> None:
    brand = {"name": site.name, "accent": site.accent, "accent_ink": site.accent_ink}
    context = {"brand": brand, "person": person, "subject": subject, **facts}
    try:
        mail.send(
            to=[person.email], subject=f"{subject}: {site.name}",
            text=render_to_string(f"emails/{template}.txt", context),
            html=render_to_string(f"emails/{template}.html", context), name=site.name, host=site.host,
        )  # fmt: skip
    except NotSentError as error:
        log.warning("mail not sent", mail=template, person=person.pk, reason=str(error))
