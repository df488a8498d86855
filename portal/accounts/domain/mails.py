"""Letters to people about their own access, in the name of the site they sign in at."""

from typing import Any

from django.template.loader import render_to_string

from portal.core import mail
from portal.tenants.models import Partner


def send(
    letter: str, *, to: str, subject: str, partner: Partner, host: str, context: dict[str, Any]
) -> None:
    """Send emails/<letter> in the partner's brand. NotSentError when nobody took it.

    `host` is the site's, without a port. The templates get `context`, the subject and the brand.
    """
    shown = {**context, "subject": subject, "brand": _brand(partner)}
    mail.send(
        to=[to],
        subject=subject,
        text=render_to_string(f"emails/{letter}.txt", shown),
        html=render_to_string(f"emails/{letter}.html", shown),
        name=partner.name,
        host=host,
    )


def _brand(partner: Partner) -> dict[str, str]:
    return {
        "name": partner.name,
        "accent": partner.accent_light,
        "accent_ink": partner.accent_ink_light,
    }
