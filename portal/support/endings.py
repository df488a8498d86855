"""How an access ends and who allowed it: as the ledger keeps it, and in the reader's language. Pure, data."""

from typing import Final

from portal.core.words import again, gettext_noop

TIME_OVER: Final = gettext_noop("its time was over")
SAID_NO: Final = gettext_noop("%(name)s said no")
ENDED_IT: Final = gettext_noop("%(name)s ended it")
WITHDREW_IT: Final = gettext_noop("%(name)s withdrew it")
ALLOWS_NONE: Final = gettext_noop("%(name)s allows no access any more")
LOGGED_OUT: Final = gettext_noop("%(name)s logged out")
SIGNED_IN: Final = gettext_noop("%(name)s signed in")
LEFT: Final = gettext_noop("%(name)s cannot sign in any more")
OTHER_CUSTOMER: Final = gettext_noop("%(name)s is of another customer now")
MAY_NOT: Final = gettext_noop("%(name)s may not do this any more")
NOT_THEIRS: Final = gettext_noop("%(name)s does not work for this customer any more")
STANDING: Final = gettext_noop("standing consent")  # that is who allowed it, where nobody was asked
_ALL: Final = (
    TIME_OVER, SAID_NO, ENDED_IT, WITHDREW_IT, ALLOWS_NONE, LOGGED_OUT, SIGNED_IN, LEFT, OTHER_CUSTOMER,
    MAY_NOT, NOT_THEIRS, STANDING,
)  # fmt: skip


def said(kept: str) -> str:
    """What is kept, in the reader's language. Somebody's name stays as it is."""
    return again(kept, _ALL)
