"""Noting that a customer's people are to be told something."""

from collections.abc import Callable, Collection, Iterable, Sequence
from typing import Any, NamedTuple

from monitoring.domain.notices import LANE, choices
from monitoring.domain.notices.choices import How, Wish
from monitoring.models import Notice
from portal.core import clock, tongue
from portal.jobs import lanes

MOST_LINES = 20


class Line(NamedTuple):
    """One line of a mail, and the page it leads to, as a path."""

    text: str
    path: str


class Said(NamedTuple):
    """What is told; `more`: so many lines were left out before."""

    headline: str
    lines: Sequence[Line]
    more: int = 0


def tell(
    customer_id: int | None,
    kind: str,
    say: Callable[[], Said],
    *,
    but: Collection[str] = (),
) -> int:
    """Note what `say` says for each person of the customer who wants to hear of it, in their language. Those
    at the addresses in `but` hear of it another way. Returns for how many."""
    if customer_id is None:
        return 0
    known = {address.lower() for address in but}
    wishes = [w for w in choices.of_customer(customer_id) if w.person.email.lower() not in known]
    return note(wishes, kind, say)


def note(wishes: Iterable[Wish], kind: str, say: Callable[[], Said]) -> int:
    """Note it for those of these people who want it, each in their language."""
    now = clock.now()
    wanted = [wish for wish in wishes if wish.wants(kind, now=now)]
    said = {language: _said(language, say) for language in {wish.language for wish in wanted}}
    made = [
        Notice(
            person=wish.person, kind=kind, is_daily=wish.how[kind] == How.DAILY,
            said=said[wish.language], due_at=wish.due_at(kind, now=now),
        )
        for wish in wanted
    ]  # fmt: skip
    Notice.objects.bulk_create(made)
    if made:
        lanes.wake(LANE, at=min(one.due_at for one in made))
    return len(made)


def _said(language: str, say: Callable[[], Said]) -> dict[str, Any]:
    with tongue.speaking(language):
        headline, lines, more = say()
    left_out = max(len(lines) - MOST_LINES, 0)
    shown = [[line.text[:300], line.path[:200]] for line in lines[:MOST_LINES]]
    return {"headline": headline[:200], "lines": shown, "more": left_out + more}
