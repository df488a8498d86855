"""What is to be expected of a feed or flow, remembered from one look to the next."""

from typing import Any, Final, NamedTuple

from monitoring.expect.days import Days
from monitoring.expect.profile import Outlook
from monitoring.expect.profile_json import profile_of
from monitoring.models import Expectation
from portal.tenants.current import current_schema

MOST: Final = 300  # some 200 hours each


class _Kept(NamedTuple):
    content: dict[str, Any]
    outlook: Outlook

    def holds(self, one: Expectation, days: Days) -> bool:
        known = self.outlook.days
        same_days = known.calendar is days.calendar and known.marks == days.marks
        return same_days and self.content == one.profile


_kept: Final[dict[tuple[str, int], _Kept]] = {}


def outlook_of(one: Expectation, days: Days) -> Outlook:
    """The same object until it is learned anew, or its days change: it knows the hours it was asked for."""
    key = current_schema(), one.pk
    kept = _kept.pop(key, None)
    if kept is None or not kept.holds(one, days):
        content = one.profile or {}
        kept = _Kept(content, Outlook(profile_of(content), days))
    while len(_kept) >= MOST:
        del _kept[next(iter(_kept))]
    _kept[key] = kept
    return kept.outlook
