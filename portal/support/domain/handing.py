"""How somebody of the platform's comes from its console to a partner's site: by a link that works once."""

from datetime import timedelta
from typing import Final

from portal.core import clock
from portal.core.links import digest, new_token
from portal.support.models import Handover, SupportAccess

SALT: Final = "support access"
GOOD_FOR: Final = timedelta(minutes=2)


def hand_over(access: SupportAccess) -> str:
    """A token that lets whoever has it begin this access, for two minutes. It is kept nowhere."""
    token = new_token(SALT)
    Handover.objects.create(
        access=access, digest=digest(token, salt=SALT), expires_at=clock.now() + GOOD_FOR
    )
    return token
