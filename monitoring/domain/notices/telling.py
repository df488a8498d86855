"""Noting that a customer's people are to be told something."""

from collections.abc import Collection, Iterable, Sequence
from typing import Any, NamedTuple

from monitoring.domain.notices import LANE, choices
from monitoring.domain.notices.choices import How, Wish
from monitoring.models import Notice
from portal.core import clock
from portal.jobs import lanes

MOST_LINES = 20


class Line(NamedTuple):
    """One line of a mail, and the page it leads to, as a path."""

    text: str
    path: str


def tell(
    customer_id: int | None,
    kind: str,
    headline: str,
    lines: Sequence[Line],
    *,
    but: Collection[str] = (),
) -> int:
    """Note it for each person of the customer who wants to hear of it, except those at the addresses in
    `but`, who hear of it another way. Returns for how many."""
    if customer_id is None:
        return 0
    known = {address.lower() for address in but}
    wishes = [w for w in choices.of_customer(customer_id) if w.person.email.lower() not in known]
    return note(wishes, kind, headline, lines)


def note(
    wishes: Iterable[Wish], kind: str, headline: str, lines: Sequence[Line], *, more: int = 0
) -> int:
    """Note it for those of these people who want it. `more`: so many lines were left out before."""
    now = clock.now()
    made = [
        Notice(
            person=wish.person, kind=kind, is_daily=wish.how[kind] == How.DAILY,
            said=_said(headline, lines, more), due_at=wish.due_at(kind, now=now),
        )
        for wish in wishes
        if wish.wants(kind, now=now)
    ]  # fmt: skip
    Notice.objects.bulk_create(made)
    if made:
        lanes.wake(LANE, at=min(one.due_at for one in made))
    return len(made)


def _said(headline: str, lines: Sequence[Line], more: int) -> dict[str, Any]:
    left_out = max(len(lines) - MOST_LINES, 0)
    shown = [[line.text[:300], line.path[:200]] for line in lines[:MOST_LINES]]
    return {"headline": headline[:200], "lines": shown, "more": left_out + more}
