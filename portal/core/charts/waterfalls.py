"""A trace: what happened one after the other, each step as long as it took.

Where nothing happened for long, the axis is cut: the gap keeps a fixed width and is written out, so that
steps of milliseconds stay visible beside hours of waiting for a truck.
"""

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime, timedelta
from typing import Any, Final, Literal, NamedTuple

Part = Literal["us", "third", "customer", "bad", "none"]
_CUT: Final = 4.0  # percent of the width that a gap keeps
_MOST_CUT: Final = 40.0
_APART: Final = 20.0  # percent that the words of a tick need on a phone
_THINNEST: Final = 0.4
_LONG: Final = 4  # a gap is cut when it is as long as all steps together four times over


class Step(NamedTuple):
    """`who`: the system; `what`: what it did; from `began` to `ended`; `part`: whose time it was."""

    who: str
    what: str
    began: datetime
    ended: datetime
    said: str
    part: Part = "us"
    url: str = ""


class Gap(NamedTuple):
    began: datetime
    ended: datetime


class Waterfall(NamedTuple):
    """`steps`: {who, what, said, part, url, x, width, after (the gap before it in words) or ""}, x and
    width in percent; `cuts`: where the axis leaves time out, in percent; `ticks`: {x, at}."""

    steps: list[dict[str, Any]]
    cuts: list[dict[str, Any]]
    ticks: list[dict[str, Any]]


def waterfall(steps: Sequence[Step], *, say: Callable[[timedelta], str]) -> Waterfall:
    """Lay steps out on one axis. `say` writes a length of time. Raises ValueError for a step that ends
    before it begins."""
    for step in steps:
        if step.ended < step.began:
            raise ValueError(f"{step.who}: {step.what} ends before it begins")
    ordered = sorted(steps, key=lambda step: (step.began, step.ended))
    gaps = _gaps(ordered)
    axis = _Axis(ordered, gaps)
    cuts = [
        {"x": axis.place(gap.began), "width": axis.cut, "said": say(gap.ended - gap.began)}
        for gap in gaps
    ]
    return Waterfall([_drawn(step, axis) for step in ordered], cuts, _ticks(axis))


def _ticks(axis: "_Axis") -> list[dict[str, Any]]:
    """The moments the axis says: its ends, where it goes on after a cut, then quarters between, as far
    as they have room."""
    found: dict[float, datetime] = {}
    for at in axis.moments():
        x = axis.place(at)
        if all(abs(x - other) >= _APART for other in found):
            found[x] = at
    return [{"x": x, "at": found[x]} for x in sorted(found)]


def _drawn(step: Step, axis: "_Axis") -> dict[str, Any]:
    x, end = axis.place(step.began), axis.place(step.ended)
    width = max(end - x, _THINNEST)
    return {**step._asdict(), "x": round(min(x, 100 - width), 2), "width": round(width, 2)}


def _gaps(ordered: Sequence[Step]) -> list[Gap]:
    """Stretches in which nothing was under way, that are long beside what was."""
    busy, idle = timedelta(), []
    until: datetime | None = None
    for step in ordered:
        if until is not None and step.began > until:
            idle.append(Gap(until, step.began))
        from_here = step.began if until is None else max(step.began, until)
        busy += max(step.ended - from_here, timedelta())
        until = step.ended if until is None else max(until, step.ended)
    return [gap for gap in idle if gap.ended - gap.began > busy * _LONG]


class _Axis:
    """Places in percent, with each gap as wide as any other."""

    def __init__(self, ordered: Sequence[Step], gaps: Sequence[Gap]) -> None:
        self.gaps = gaps
        self.began = min((step.began for step in ordered), default=None)
        self.ended = ended = max((step.ended for step in ordered), default=None)
        self.cut = min(_CUT, _MOST_CUT / max(len(gaps), 1))
        left_out = sum((gap.ended - gap.began for gap in gaps), timedelta())
        whole = ended - self.began - left_out if ended and self.began else timedelta()
        self.whole = max(whole, timedelta(microseconds=1))

    def moments(self) -> Iterator[datetime]:
        """What a tick may say, what matters first."""
        if self.began is None or self.ended is None:
            return
        yield from (self.began, self.ended)
        starts = [self.began, *(gap.ended for gap in self.gaps)]
        yield from starts
        ends = [*(gap.began for gap in self.gaps), self.ended]
        for began, ended in zip(starts, ends, strict=True):
            yield from (began + (ended - began) * share for share in (0.5, 0.25, 0.75))

    def place(self, at: datetime) -> float:
        assert self.began is not None
        left_out = sum((gap.ended - gap.began for gap in self.gaps if gap.ended <= at), timedelta())
        passed = sum(1 for gap in self.gaps if gap.ended <= at)
        share = (at - self.began - left_out) / self.whole
        return round(passed * self.cut + share * (100 - len(self.gaps) * self.cut), 2)
