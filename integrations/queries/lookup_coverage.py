"""How many documents a lookup table answers: stored ones are read again, by the rows of now.

The pipeline notes what it did not find and not what it did. So the newest documents of seven days are
translated again, in and out as `rerun` does it, with tables that note what they are asked. Nothing is
written.
"""

import time
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import NamedTuple

import structlog

from integrations.domain import configuration, lookups, rerun
from integrations.domain.configuration import Configuration, LookupView
from integrations.models import LookupTable
from integrations.queries.lookup_seen import since
from portal.customers.models import Customer

MOST = 1_000
SECONDS = 1.0
log = structlog.get_logger()


class Coverage(NamedTuple):
    """Of `read` documents, `used` asked the table, and `covered` of these got an answer to every code.

    A row is an answer, the partner's or the customer's own; so is the item list, where the table's
    default asks it. What another default lets pass is none. `without` has, for each code that got none,
    in how many documents it stood.
    """

    read: int = 0
    used: int = 0
    covered: int = 0
    without: Mapping[str, int] = {}

    @property
    def percent(self) -> float | None:
        """None where no document asked."""
        return 100 * self.covered / self.used if self.used else None


def measure(table: LookupTable) -> Coverage:
    """The coverage of `table` by the newest 1,000 documents of seven days, or as many of them as can be
    read in a second. A partner's table is measured on the documents of every customer in turn."""
    ends = time.monotonic() + SECONDS
    asked: list[dict[str, bool]] = []
    for customer in _customers(table):
        config = configuration.of(customer.pk)
        if table.name in config.lookups and time.monotonic() < ends:
            asked += _read(config, table.name, most=MOST - len(asked), ends=ends)
    return _count(table, asked)


def _customers(table: LookupTable) -> Iterator[Customer]:
    owners = Customer.objects.order_by("pk")
    return owners.filter(pk=table.customer_id).iterator() if table.customer_id else iter(owners)


class _Noting(Mapping[str, str]):
    """Rows that note for which codes they were asked, and whether they had one."""

    def __init__(self, rows: Mapping[str, str]) -> None:
        self._rows = rows
        self.asked: dict[str, bool] = {}

    def get(self, key: str, default: str | None = None) -> str | None:  # type: ignore[override]
        found = self._rows.get(key, default)
        self.asked[key] = found is not None
        return found

    def __getitem__(self, key: str) -> str:
        return self._rows[key]

    def __iter__(self) -> Iterator[str]:
        return iter(self._rows)

    def __len__(self) -> int:
        return len(self._rows)


def _read(config: Configuration, name: str, *, most: int, ends: float) -> list[dict[str, bool]]:
    """Per document, newest first, which codes it asked the table for and whether there was a row."""
    view = config.lookups[name]
    rows = _Noting(view.rows)
    noting = LookupView(name, rows, view.default, view.default_value)
    runner = rerun.Runner(replace(config, lookups={**config.lookups, name: noting}))
    found: list[dict[str, bool]] = []
    for stored in reversed(rerun.latest(config.customer_id, rerun.Wanted(), most=most)):
        if stored.created_at < since() or time.monotonic() > ends:
            break
        if stored.endpoint_id in config.endpoints:
            rows.asked = {}
            _run(runner, stored)
            found.append(rows.asked)
    return found


def _run(runner: rerun.Runner, stored: rerun.Stored) -> None:
    try:
        runner.read(stored) if stored.direction == "in" else runner.run(stored)
    except Exception:  # a document that stops our code waits in its case, and ends no page
        log.exception("not measured", message_id=str(stored.id))


def _count(table: LookupTable, asked: list[dict[str, bool]]) -> Coverage:
    missed = {code for document in asked for code, found in document.items() if not found}
    if table.default == LookupTable.Default.MASTER:
        missed = lookups.unknown_products(table, missed)
    without: dict[str, int] = defaultdict(int)
    for document in asked:
        for code in document.keys() & missed:
            without[code] += 1
    used = [document for document in asked if document]
    covered = sum(not document.keys() & missed for document in used)
    return Coverage(len(asked), len(used), covered, dict(without))
