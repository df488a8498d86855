"""What a customer's person changes of their own mails.

Under the row limit they may only read; so the verb runs beyond it, about nobody but the person who asks.
"""

from collections.abc import Mapping
from datetime import date

from monitoring.domain.notices import choices
from portal.accounts.models import Person
from portal.tenants.rows import beyond_limit


def choose(
    person: Person, how: Mapping[str, str], *, hour: int, paused_until: date | None, today: date
) -> None:
    """Keep what they chose. Errors as for `choices.choose`."""
    with beyond_limit():
        choices.choose(person, how, hour=hour, paused_until=paused_until, today=today)
