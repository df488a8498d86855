"""What a chart is made of: series over time, and what stands beside them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, tzinfo
from decimal import Decimal
from typing import Literal

from portal.core.charts.units import Unit

Kind = Literal["line", "bar", "lollipop"]
Role = Literal["subject", "context", "good", "warn", "bad"]
Size = Literal["low", "usual", "tall"]
When = date | datetime
Value = int | float | Decimal | None
Point = tuple[When, Value]


@dataclass(frozen=True, slots=True, kw_only=True)
class Series:
    """Points in order of time, each a moment or a day; None is a gap. `role` decides the colour: the
    subject has the accent, context the second ink, the others the colours of states."""

    label: str
    points: Sequence[Point]
    role: Role = "subject"
    dashed: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Promise:
    """A level that values are to keep: at least (`better="more"`) or at most (`better="less"`)."""

    value: float
    better: Literal["more", "less"] = "more"

    def is_kept(self, value: float) -> bool:
        return value >= self.value if self.better == "more" else value <= self.value


@dataclass(frozen=True, slots=True, kw_only=True)
class Breach:
    """A stretch of time in which something was not as it should be, with a word or two about it."""

    began: datetime
    ended: datetime
    label: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Chart:
    """Lines, bars (several series stand on each other) or a lollipop a day.

    `slug`: the chart's id in its page. `sentence`: what there is to see. Moments are shown in `zone`, days
    as they are. `slot`: the seconds one bar stands for. `from_zero` holds the axis of lines down.
    """

    slug: str
    title: str
    sentence: str
    kind: Kind
    series: Sequence[Series]
    unit: Unit
    zone: tzinfo = UTC
    x_label: str = "Time"
    promise: Promise | None = None
    now: datetime | None = None
    breaches: Sequence[Breach] = ()
    slot: int = 0
    size: Size = "usual"
    from_zero: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class HeatMap:
    """How often each of `rows` (lowest first) came in each of `columns`: `cells[row][column]`."""

    slug: str
    title: str
    sentence: str
    columns: Sequence[datetime]
    rows: Sequence[str]
    cells: Sequence[Sequence[int]]
    unit: Unit
    row_label: str
    zone: tzinfo = UTC
    x_label: str = "Hour"
    size: Size = "tall"
