"""Scanning a partner's house, step by step. Each step looks at something and leaves nothing behind."""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final, NamedTuple

from portal.pages.brand_scan.answers import Seen
from portal.pages.brand_scan.channels import api, doors, files, letters, pages, systems
from portal.pages.brand_scan.judging import Judged, Rules, judge
from portal.pages.brand_scan.surface import Leak, Surface
from portal.pages.brand_scan.visiting import taken_back
from portal.pages.brand_scan.whose import data_of, rules_of
from portal.tenants.models import BrandScan
from portal.tenants.site import Site, current_site

STEPS: Final[Mapping[str, tuple[str, Callable[[Site], Iterator[Seen]]]]] = {
    "visitors": ("Before signing in", pages.visitors),
    "doors": ("Links of mails", doors.doors),
    "mails": ("Mails", letters.mails),
    "papers": ("Documents", letters.papers),
    "webhooks": ("Webhooks", systems.webhooks),
    "door": ("The door for documents", systems.door),
    "outgoing": ("What is sent to systems", systems.outgoing),
    "files": ("Styles, scripts and icons", files.files),
    "api": ("API", api.api),
    "customers": ("Pages of customers", pages.customers),
    "support": ("Pages of customers, for support", pages.for_support),
    "staff": ("Pages of your people", pages.staff),
}
_MOST_KEPT: Final = 200


class Told(NamedTuple):
    """A leak, and at how many places it is the same one. `leak` is the first of them."""

    leak: Leak
    times: int = 1


class Result:
    """What was looked at: how much of each channel, what it showed, and how each route answered.

    `routes`: pattern → the status that shows most of what anybody got. `failed`: addresses that could not be
    shown at all. `in_data`: how often customers' data name the vendor.
    """

    def __init__(self) -> None:
        self.rendered: Counter[str] = Counter()
        self.routes: dict[str, int] = {}
        self.failed: list[str] = []
        self.in_data = 0
        self._leaks: dict[tuple[str, ...], Told] = {}

    @property
    def leaks(self) -> list[Told]:
        return list(self._leaks.values())

    def leaks_of(self, channel: str) -> int:
        """At how many places of a channel."""
        return sum(told.times for told in self.leaks if told.leak.channel == channel)

    def add(self, seen: Seen, judged: Judged) -> None:
        self.rendered[seen.surface.channel] += 1
        self.rendered["headers"] += seen.status > 0
        if seen.route:
            self.routes[seen.route] = _better(self.routes.get(seen.route, 0), seen.status)
        if seen.route and seen.status >= 500:
            self.failed.append(seen.surface.where)
        self.in_data += judged.in_data
        for leak in judged.leaks:
            self._tell(Told(leak))

    def merge(self, other: "Result") -> None:
        self.rendered += other.rendered
        for route, status in other.routes.items():
            self.routes[route] = _better(self.routes.get(route, 0), status)
        self.failed += other.failed
        self.in_data += other.in_data
        for told in other.leaks:
            self._tell(told)

    def as_json(self) -> dict[str, Any]:
        return {
            "rendered": dict(self.rendered), "routes": self.routes, "failed": self.failed[:_MOST_KEPT],
            "in_data": self.in_data, "leaks": [[*told.leak, told.times] for told in self.leaks],
        }  # fmt: skip

    @classmethod
    def read(cls, kept: Mapping[str, Any]) -> "Result":
        made = cls()
        made.rendered.update(kept.get("rendered", {}))
        made.routes = dict(kept.get("routes", {}))
        made.failed = list(kept.get("failed", []))
        made.in_data = kept.get("in_data", 0)
        for *leak, times in kept.get("leaks", []):
            made._tell(Told(Leak(*leak), times))
        return made

    def _tell(self, told: Told) -> None:
        """What stands at the foot of 300 pages is told once."""
        leak = told.leak
        key = (leak.channel, leak.kind, leak.found.lower(), leak.part, leak.excerpt)
        known = self._leaks.get(key)
        if known:
            self._leaks[key] = known._replace(times=known.times + told.times)
        elif len(self._leaks) < _MOST_KEPT:
            self._leaks[key] = told


def look(step: str, *, each: Callable[[Surface], None] | None = None) -> Result:
    """Take one step in the schema the connection works in. `each` is told of everything that is looked at.

    KeyError for a step that there is not. Nothing is changed, nothing is sent.
    """
    _, surfaces = STEPS[step]
    result = Result()
    with taken_back():
        site = current_site()
        # The page of the scan quotes what the last one found.
        BrandScan.objects.filter(partner__schema_name=site.slug).delete()
        judging = _Judging(rules_of(site))
        for seen in surfaces(site):
            result.add(seen, judging.of(seen.surface))
            if each:
                each(seen.surface)
    return result


class _Judging:
    """Customers' data are searched once something was found: usually nothing is."""

    def __init__(self, rules: Rules) -> None:
        self._rules = rules
        self._data: tuple[str, ...] | None = None

    def of(self, surface: Surface) -> Judged:
        found = judge(surface, self._rules)
        if not any(leak.kind == "word" for leak in found.leaks):
            return found
        if self._data is None:
            self._data = data_of()
            self._rules = self._rules._replace(data=self._data)
        return judge(surface, self._rules)


def _better(one: int, other: int) -> int:
    """Of two statuses the one that shows more: a page before “only by POST”, that before a redirect,
    and a redirect before what is not there or not theirs."""
    return min(filter(None, (one, other)), key=_plainness)


def _plainness(status: int) -> tuple[bool, bool, int]:
    return status >= 300, status != 405, status
