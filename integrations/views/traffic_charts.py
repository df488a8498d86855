"""Charts of what moves: documents per five minutes, and how long their ways took."""

import math
from bisect import bisect_right
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Final

from django.utils import timezone

from integrations.queries import volumes
from integrations.queries.volumes import Volume
from integrations.queries.windows import SLOT, Window
from integrations.views import spoken
from portal.core.charts import units
from portal.core.charts.chart import Chart, HeatMap, Series
from portal.core.manner import number

DOCUMENTS: Final = units.counted("documents")
HOUR: Final = timedelta(hours=1)
# The lower edges of the rows of a heat map, in seconds.
_EDGES: Final = (0, 0.1, 0.3, 1, 3, 10, 30, 120, 600, 3600)
WAYS: Final = {"in": "Door to hub", "out": "Hub to target", "answer": "Target's answer"}
_LONG: Final = {
    "in": "from the door to the hub",
    "out": "from the hub to their target",
    "answer": "until a target answered",
}


def throughput(sums: Mapping[datetime, Volume], window: Window) -> Chart:
    """Documents that came, went and were held, per five minutes of the window."""
    slots = [window.start + n * SLOT for n in range((window.end - window.start) // SLOT)]
    none = Volume()
    came = sum(one.received for one in sums.values())
    went = sum(one.sent for one in sums.values())
    held = sum(one.held for one in sums.values())
    said = [
        spoken.counted(came, "document") + " came",
        f"{number(went)} went out",
        f"{number(held)} were held",
    ]
    return Chart(
        slug="throughput",
        title="Documents per 5 minutes",
        sentence=f"In {spoken.span(window.end - window.start)}: {', '.join(said)}.",
        kind="line",
        series=[
            Series(label="came", role="context", dashed=True,
                   points=[(at, sums.get(at, none).received) for at in slots]),
            Series(label="went out", points=[(at, sums.get(at, none).sent) for at in slots]),
            Series(label="held", role="bad", points=[(at, sums.get(at, none).held) for at in slots]),
        ],
        unit=DOCUMENTS,
        zone=timezone.get_current_timezone(),
    )  # fmt: skip


def latency(delays: Mapping[tuple[datetime, int], int], window: Window, *, way: str) -> HeatMap:
    """How long ways took, hour by hour: from counts by (hour, bin)."""
    hours = [window.start + n * HOUR for n in range((window.end - window.start) // HOUR)]
    place = {at: n for n, at in enumerate(hours)}
    cells = [[0] * len(hours) for _ in _EDGES]
    for (at, bin_), count in delays.items():
        if at in place:
            cells[_row(bin_)][place[at]] += count
    return HeatMap(
        slug="latency",
        title=f"How long documents took {_LONG[way]}",
        sentence=_sentence(delays),
        columns=hours,
        rows=[_between(n) for n in range(len(_EDGES))],
        cells=cells,
        unit=DOCUMENTS,
        row_label="Took",
        zone=timezone.get_current_timezone(),
    )


def answers(delays: Mapping[tuple[datetime, int], int], window: Window) -> Chart:
    """How long a target took to answer, hour by hour: half of the calls, and nineteen of twenty."""
    hours = [window.start + n * HOUR for n in range((window.end - window.start) // HOUR)]
    by_hour: dict[datetime, dict[tuple[datetime, int], int]] = {}
    for (at, bin_), count in delays.items():
        by_hour.setdefault(at, {})[at, bin_] = count
    lines = {
        share: [(at, percentile(by_hour.get(at, {}), share)) for at in hours]
        for share in (0.95, 0.5)
    }
    return Chart(
        slug="answers",
        title="How long it takes to answer",
        sentence=_sentence(delays),
        kind="line",
        series=[
            Series(label="19 of 20", points=lines[0.95]),
            Series(label="half", role="context", dashed=True, points=lines[0.5]),
        ],
        unit=units.SECONDS,
        zone=timezone.get_current_timezone(),
        x_label="Hour",
    )


def percentile(delays: Mapping[tuple[datetime, int], int], share: float) -> float | None:
    """The seconds within which `share` (0 to 1) of the ways ended; None where there were none. Within
    4.8 %, as the bins are."""
    by_bin: dict[int, int] = {}
    for (_, bin_), count in delays.items():
        by_bin[bin_] = by_bin.get(bin_, 0) + count
    wanted = share * sum(by_bin.values())
    passed = 0
    for bin_ in sorted(by_bin):
        passed += by_bin[bin_]
        if passed >= wanted:
            return volumes.milliseconds(bin_) / 1000
    return None


def about(seconds: float) -> str:
    """A length to two digits, which is as much as bins know: 0.5651 s as 570 ms."""
    if seconds <= 0:
        return units.SECONDS.say(0)
    digits = 1 - math.floor(math.log10(seconds))
    return units.SECONDS.say(round(seconds, digits))


def _sentence(delays: Mapping[tuple[datetime, int], int]) -> str:
    half, most = percentile(delays, 0.5), percentile(delays, 0.95)
    if half is None or most is None:
        return "No document has taken this way in 24 h."
    total = spoken.counted(sum(delays.values()), "document")
    return f"Of {total} half took less than {about(half)}, 19 of 20 less than {about(most)}."


def _row(bin_: int) -> int:
    return bisect_right(_EDGES, volumes.milliseconds(bin_) / 1000) - 1


def _between(row: int) -> str:
    if row == 0:
        return f"under {units.SECONDS.say(_EDGES[1])}"
    if row == len(_EDGES) - 1:
        return f"over {units.SECONDS.say(_EDGES[row])}"
    return f"{units.SECONDS.say(_EDGES[row])} to {units.SECONDS.say(_EDGES[row + 1])}"
