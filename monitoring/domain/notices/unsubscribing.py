"""What the link at the end of a mail does, for whoever has it: no more mails of this kind.

It may be used again: switching off twice is switching off.
"""

from monitoring.domain.notices import choices
from monitoring.domain.notices.sending import SALT
from monitoring.models import NoticeMail
from portal.core import links
from portal.core.links import NoLinkError


def find(token: str) -> NoticeMail:
    """The mail of this token. NoLinkError."""
    digest = links.digest(token, salt=SALT)
    found = NoticeMail.objects.select_related("person").filter(digest=digest).first()
    if found is None:
        raise NoLinkError
    return found


def use(token: str) -> NoticeMail:
    """Switch off what the mail told of. NoLinkError."""
    found = find(token)
    choices.switch_off(found.person, found.kinds)
    return found
