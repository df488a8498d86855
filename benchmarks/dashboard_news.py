"""How long from a document's events until somebody who has a dashboard open sees them."""

import random
import threading
import time
from typing import Any, NamedTuple

import psycopg
from bs4 import BeautifulSoup, Tag

from benchmarks import dashboard_rows
from benchmarks.bad_day_operator import Operator

EVENTS = 24
ASKS_EVERY = 3.0  # as static/js/panels.js
PATIENCE = 30.0


class Look(NamedTuple):
    """What a panel said at a moment: the first figure of each of its rows."""

    at: float
    figures: dict[str, int]


class Watcher(threading.Thread):
    """Somebody with a page open, of which one panel asks for itself as the script on the page does."""

    def __init__(self, person: Operator, page: str, panel: str) -> None:
        super().__init__(daemon=True)
        self.person = person
        self.ended = threading.Event()
        self._asks(person.open(page).select_one(f"#panel-{panel}"))

    def _asks(self, panel: Tag | None) -> None:
        if panel is None:
            raise SystemExit("The page has no such panel.")
        self.address = str(panel["hx-get"])
        self.looks = [*getattr(self, "looks", []), Look(time.time(), _figures(panel))]

    def run(self) -> None:
        while not self.ended.wait(ASKS_EVERY):
            answer = self.person.http.get(self.person.site + self.address, timeout=60)
            if answer.status_code == 200:
                self._asks(BeautifulSoup(answer.content, "html.parser").select_one("[data-panel]"))

    def saw(self, count: int) -> float | None:
        """When it had counted so many more than at first. Rows that left the page count no more."""
        first = self.looks[0].figures
        for look in self.looks:
            if sum(n - first.get(row, 0) for row, n in look.figures.items()) >= count:
                return look.at
        return None


def _figures(panel: Tag) -> dict[str, int]:
    rows = [(row.select_one("th"), row.select_one("td")) for row in panel.select("tbody tr")]
    return {head.text: int(cell.text.replace(",", "")) for head, cell in rows if head and cell}


def seconds_until_seen(connection: psycopg.Connection, watchers: list[Watcher]) -> list[float]:
    """For each event and watcher the time from its commit to the answer that told of it."""
    for watcher in watchers:
        watcher.start()
    committed = []
    for _ in range(EVENTS):
        time.sleep(random.uniform(1.0, 4.0))
        dashboard_rows.take(connection, documents=1)
        committed.append(time.time())
    ends = time.time() + PATIENCE
    while time.time() < ends and not all(watcher.saw(EVENTS) for watcher in watchers):
        time.sleep(0.1)
    for watcher in watchers:
        watcher.ended.set()
        watcher.join()
    return [
        _known(watcher.saw(number)) - at
        for watcher in watchers
        for number, at in enumerate(committed, start=1)
    ]


def _known(at: float | None) -> Any:
    if at is None:
        raise SystemExit(f"A dashboard did not show all that came within {PATIENCE:.0f} s.")
    return at
