"""Letters to people about their own access, in the name of the site they sign in at."""

from collections.abc import Mapping
from typing import Any

from portal.tenants import mailing
from portal.tenants.letter import letter
from portal.tenants.site import current_site


def send(kind: str, *, to: str, variables: Mapping[str, str], context: Mapping[str, Any]) -> None:
    """Send a mail of that kind of `portal.tenants.mail_kinds`. NotSentError when nobody took it."""
    site = current_site()
    said = letter(kind, site, variables, context)
    mailing.send(site, kind=kind, **said.parts, to=[to])
