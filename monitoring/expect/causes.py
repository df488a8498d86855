"""The probable cause of a silence, ranked, from what is known around it. Facts come in as plain data."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final, Literal, NamedTuple

from monitoring.expect.words import at_words, counted, on_words

Party = Literal["us", "third_party", "nobody"]
_OURS: Final = {
    "door": 0.96, "lane": 0.95, "poll": 0.92, "breaker": 0.9, "backlog": 0.88, "change": 0.9,
}  # fmt: skip
_JUST_BEFORE: Final = timedelta(hours=2)
_BEFORE: Final = timedelta(days=2)
_STILL: Final = timedelta(minutes=30)
_FEW: Final = 0.4  # of the usual, on a day of former years that was quiet, too


class Ours(NamedTuple):
    """Something of ours: what they send is refused at our door, a lane is late, polls fail, we hold a
    breaker open or documents back, or somebody published a change. `text`: without capital and stop."""

    kind: Literal["door", "lane", "poll", "breaker", "backlog", "change"]
    text: str
    since: datetime


class Outage(NamedTuple):
    """Their side cannot be reached."""

    since: datetime
    text: str


class Polls(NamedTuple):
    """How often we asked since the silence began and got nothing, and when last."""

    empty: int
    last: datetime


class Other(NamedTuple):
    """Another feed of the same kind: documents since the silence began, and those to be expected."""

    label: str
    seen: int
    expected: float


class Former(NamedTuple):
    """The same calendar day of another year: what came, and what did on the days around it."""

    day: date
    seen: int
    usual: float


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known around a silence of `what` ("orders") from `endpoint`, that began at `since`.

    `closed`: why the customer or the country is closed, or blank. `promotion`: what ended not long ago.
    """

    what: str
    endpoint: str
    zone: str
    since: datetime
    now: datetime
    ours: Sequence[Ours] = ()
    outage: Outage | None = None
    polls: Polls | None = None
    others: Sequence[Other] = ()
    closed: str = ""
    former: Sequence[Former] = ()
    promotion: str = ""


class Cause(NamedTuple):
    """`weight` 0 to 1 orders causes and is no probability. `lines`: the evidence, each a line."""

    code: str
    party: Party
    weight: float
    sentence: str
    lines: tuple[str, ...]

    @property
    def how_sure(self) -> str:
        if self.weight >= 0.85:
            return "very likely"
        return "likely" if self.weight >= 0.6 else "possible"


UNKNOWN: Final = Cause("unknown", "third_party", 0.1, "Nothing we know explains it", ())


def rank(facts: Facts) -> list[Cause]:
    """The causes that the facts speak for, the most probable first; never none."""
    found = [*_ours(facts), *_outage(facts), *_upstream(facts), *_closed(facts), *_former(facts),
             *_promotion(facts)]  # fmt: skip
    return sorted(found, key=lambda cause: -cause.weight) or [UNKNOWN]


def _ours(facts: Facts) -> Iterator[Cause]:
    for one in facts.ours:
        weight = _weight(one, facts.since)
        if weight:
            line = f"{one.text}, since {at_words(one.since, facts.zone, facts.now)}"
            yield Cause(f"our_{one.kind}", "us", weight, f"Our fault: {one.text}", (line,))


def _weight(one: Ours, since: datetime) -> float:
    """Less the farther it is from the beginning of the silence; none when it came after."""
    before = since - one.since
    if before < -_STILL and one.kind == "change":
        return 0.0
    if one.kind != "change" or before <= _JUST_BEFORE:
        return _OURS[one.kind]
    return 0.6 if before <= _BEFORE else 0.0


def _outage(facts: Facts) -> Iterator[Cause]:
    if facts.outage:
        since = at_words(facts.outage.since, facts.zone, facts.now)
        sentence = f"{facts.endpoint} cannot be reached since {since}"
        yield Cause("endpoint_down", "third_party", 0.93, sentence, (facts.outage.text,))


def _upstream(facts: Facts) -> Iterator[Cause]:
    going = [other for other in facts.others if other.expected >= 1 and other.seen]
    quiet = [other for other in facts.others if other.expected >= 3 and not other.seen]
    lines = [
        f"{other.label}: {counted(other.seen, 'document')} where about {other.expected:.0f} were expected"
        for other in [*going, *quiet][:5]
    ]
    if quiet and not going:
        sentence = "Nothing comes from any of them: look at our own side first"
        yield Cause("all_quiet", "us", 0.8, sentence, tuple(lines))
        return
    asked = facts.polls
    if asked and asked.empty:
        last = at_words(asked.last, facts.zone, facts.now)
        lines.insert(
            0, f"{counted(asked.empty, 'poll')} answered without a document, the last {last}"
        )
    if lines:
        weight = 0.5 + 0.2 * bool(asked and asked.empty) + 0.15 * bool(going)
        gives = f"is reached and gives no {facts.what}"
        sends = f"sends no {facts.what} while others go on"
        sentence = f"{facts.endpoint} {gives if asked else sends}"
        yield Cause("upstream_quiet", "third_party", weight, sentence, tuple(lines))


def _closed(facts: Facts) -> Iterator[Cause]:
    if facts.closed:
        sentence = f"The calendar is closed: {facts.closed}"
        yield Cause("closed", "nobody", 0.87, sentence, (facts.closed,))


def _former(facts: Facts) -> Iterator[Cause]:
    quiet = [one for one in facts.former if one.usual >= 3 and one.seen <= _FEW * one.usual]
    if quiet and 2 * len(quiet) > len(facts.former):
        lines = tuple(
            f"{on_words(one.day)} {one.day.year}: {one.seen}, usually {one.usual:.0f}"
            for one in quiet
        )
        sentence = f"{on_words(quiet[0].day)} was quiet in former years, too"
        yield Cause("quiet_before", "nobody", 0.82, sentence, lines)


def _promotion(facts: Facts) -> Iterator[Cause]:
    if facts.promotion:
        sentence = f"A promotion is over: {facts.promotion}"
        yield Cause("promotion_over", "nobody", 0.65, sentence, (facts.promotion,))
