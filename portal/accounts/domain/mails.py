"""Letters to people about their own access, in the name of the site they sign in at."""

from collections.abc import Mapping
from typing import Any

import structlog

from portal.accounts import devices, languages
from portal.accounts.domain import passwords
from portal.accounts.models import Person
from portal.core import tongue
from portal.core.mail import NotSentError
from portal.tenants import mailing
from portal.tenants.letter import letter
from portal.tenants.rows import beyond_limit
from portal.tenants.site import current_site

log = structlog.get_logger()


def send(kind: str, *, to: str, variables: Mapping[str, str], context: Mapping[str, Any]) -> None:
    """Send a mail of that kind of `portal.tenants.mail_kinds`. NotSentError when nobody took it."""
    with (
        beyond_limit()
    ):  # a customer's person invites colleagues, and reads nothing of how the site looks
        site = current_site()
        said = letter(kind, site, variables, context)
        mailing.send(site, kind=kind, **said.parts, to=[to])


def password_link(email: str) -> None:
    """Send the link to set a new password, if there is such a person."""
    person = _person(email)
    if person is not None:
        url = f"{current_site().url}/reset/{passwords.new_token(person)}/"
        _tell(person, "password", url=url)


def locked(email: str, *, address: str, agent: str) -> None:
    """Tell a person that their account has to wait, if there is such a person."""
    person = _person(email)
    if person is not None:
        url = f"{current_site().url}/forgot/"
        with tongue.speaking(languages.of_person(person)):
            device = devices.in_words(agent)
        _tell(person, "locked", url=url, address=address, device=device)


def _person(email: str) -> Person | None:
    return Person.objects.filter(email=email.strip().lower(), is_active=True).first()


def _tell(person: Person, kind: str, **facts: Any) -> None:
    """Send it; nobody waits for what becomes of it, so that is noted only."""
    try:
        with tongue.speaking(languages.of_person(person)):
            send(
                kind,
                to=person.email,
                variables={"name": person.name},
                context={"person": person, **facts},
            )
    except NotSentError as error:
        log.warning("mail not sent", mail=kind, person=person.pk, reason=str(error))
