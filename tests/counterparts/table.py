"""The table of what was proven against systems that we did not write."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from typing import NamedTuple

import pytest

HEAD = """# Proven against systems we did not write

Each row is a flow that `make counterpart-tests` ran through the real system, installed by `make counterparts`
into a folder of its own. The table is written by that run; a row keeps its date until its flow is run again.

| system | version | flow | result | seconds | date |
|---|---|---|---|---:|---|
"""


class Flow(NamedTuple):
    """What is proven against which system."""

    system: str
    name: str


@dataclass(frozen=True)
class Outcome:
    """What the tests of one flow came to so far."""

    passed: int = 0
    failed: int = 0
    skipped: int = 0
    reason: str = ""
    seconds: float = 0

    def after(self, report: pytest.TestReport) -> "Outcome":
        """With one more report: of a test's set-up, of itself, or of what it leaves."""
        spent = replace(self, seconds=self.seconds + report.duration)
        if report.failed:
            return replace(spent, failed=self.failed + 1)
        if report.skipped:
            said = report.longrepr[2] if isinstance(report.longrepr, tuple) else ""
            return replace(spent, skipped=self.skipped + 1, reason=said.removeprefix("Skipped: "))
        return replace(spent, passed=self.passed + 1) if report.when == "call" else spent

    @property
    def words(self) -> str:
        parts = [
            f"**{self.failed} failed**" if self.failed else "",
            f"{self.passed} passed" if self.passed else "",
            f"{self.skipped} left out: {self.reason}" if self.skipped else "",
        ]
        return ", ".join(part for part in parts if part)


class Row(NamedTuple):
    """One line of the table."""

    system: str
    version: str
    flow: str
    result: str
    seconds: str
    date: str

    @classmethod
    def of(cls, flow: Flow, version: str, outcome: Outcome, day: date) -> "Row":
        words = outcome.words.replace("|", "\\|")
        seconds = f"{outcome.seconds:.1f}"
        return cls(flow.system, version, flow.name, words, seconds, day.isoformat())

    @property
    def was_run(self) -> bool:
        return "passed" in self.result or "failed" in self.result


def merged(old: Iterable[Row], new: Iterable[Row]) -> list[Row]:
    """The new rows in the place of the old ones; what was left out this time keeps what it once came to."""
    rows = {(row.system, row.flow): row for row in old}
    for row in new:
        before = rows.get((row.system, row.flow))
        if row.was_run or before is None or not before.was_run:
            rows[row.system, row.flow] = row
    return sorted(rows.values())


def written(rows: Iterable[Row]) -> str:
    return HEAD + "".join(f"| {' | '.join(row)} |\n" for row in rows)


def read(text: str) -> list[Row]:
    """The rows of a table that `written` wrote."""
    lines = text.partition("---|\n")[2].splitlines()
    return [Row(*line.strip("| ").split(" | ")) for line in lines if line.startswith("| ")]
