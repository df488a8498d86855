"""How many come: nothing for too long, or far fewer than should."""

from datetime import datetime, timedelta
from typing import Final

from monitoring.domain import expecting_words
from monitoring.domain.expecting_around import COUNTED_EVERY, SETTLED, Around, View
from monitoring.domain.expecting_outlook import outlook_of
from monitoring.domain.silences import Ended, Found
from monitoring.expect import drop, silence, words
from monitoring.expect.drop import Drop
from monitoring.expect.hours import begin_of
from monitoring.expect.profile import Outlook
from monitoring.models import Expectation, Silence

SOON: Final = timedelta(minutes=5)
LOW: Final = "volume_low"
State = Expectation.State


def view(one: Expectation, around: Around, over: datetime | None) -> View:
    """By its profile. `over`: when its silence ended, if that was found just now."""
    outlook = _outlook(one, around)
    due = silence.due_at(outlook, around.since(one))
    if due and due <= around.now:
        return _silent(one, outlook, around)
    low = _low(one, outlook, around, over)
    again = _again(one, due, around)
    if low is None:
        return View(State.WELL, "", due, again)
    told = words.drop_words(low, outlook.days.zone)
    found = Found(
        one, LOW, expecting_words.low_title(one), told, began_at=low.since,
        window_ended_at=low.until, expected=low.expected, seen=low.seen,
    )  # fmt: skip
    return View(State.LATE, told, due, min(again, around.now + 6 * SOON), found)


def recovered(one: Expectation, quiet: Silence, around: Around) -> list[Ended]:
    """The end of a drop, if enough came again: the whole hour by which that is clear."""
    counts = around.counts.get(one.pk)
    if counts is None or not one.profile:
        return []
    newest = drop.latest(_outlook(one, around), counts, earliest=quiet.began_at, now=around.now)
    if newest is None or not newest.is_over:
        return []
    return [Ended(quiet, newest.until, "As many as usual came again")]


def _outlook(one: Expectation, around: Around) -> Outlook:
    return outlook_of(one, around.days[one.customer_id])


def _silent(one: Expectation, outlook: Outlook, around: Around) -> View:
    quiet = silence.judge(outlook, since=around.since(one), now=around.now)
    said = words.quiet_words(quiet, outlook.days.zone)
    code = "stale_feed" if one.object_type == "inventory" else "volume_silent"
    found = Found(
        one, code, expecting_words.silent_title(one), said, began_at=quiet.since,
        window_ended_at=quiet.due or around.now, expected=quiet.expected, seen=0,
    )  # fmt: skip
    return View(State.LATE, said, quiet.due, around.now + SOON, found)


def _again(one: Expectation, due: datetime | None, around: Around) -> datetime:
    """When it may be silent, or its documents are counted next."""
    counted = one.counted_at or around.now
    if one.pk in around.counts:
        counted = begin_of(around.days[one.customer_id].zone, around.now)
    return min(
        max(due or counted + COUNTED_EVERY, around.now + SOON), counted + COUNTED_EVERY + SETTLED
    )


def _low(one: Expectation, outlook: Outlook, around: Around, over: datetime | None) -> Drop | None:
    """The drop that is one, or goes on. Nothing before the end of a silence or an outage counts."""
    counts = around.counts.get(one.pk)
    if counts is None:
        return None
    one.counted_at = begin_of(outlook.days.zone, around.now)
    outage = around.outage(one)
    edges = [over, around.ended.get(one.pk), outage.ended_at if outage else None]
    earliest = max((edge for edge in edges if edge), default=around.now - drop.SPANS[-1])
    found = drop.judge(outlook, counts, earliest=earliest, now=around.now)
    quiet = None if over else around.open.get(one.pk)
    goes_on = quiet is not None and quiet.code == LOW
    return found if found and (found.is_one or goes_on) else None
