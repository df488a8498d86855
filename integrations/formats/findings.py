"""What readers of EDI report: a finding in its place, and how bad it is. Shared by all syntaxes."""

from collections.abc import Callable, Iterable
from typing import NamedTuple

SEVERITIES = ("info", "warn", "quarantine", "reject")


class Finding(NamedTuple):
    """What is wrong at one place of a set, before it is known which set and how bad that is."""

    code: str
    segment_no: int | None = None
    element: int | None = None
    value: str = ""
    segment: str = ""
    loop: str = ""
    component: int | None = None


Report = Callable[[Finding], None]


class Issue(NamedTuple):
    """One thing wrong.

    `interchange`, `group` and `set` are positions counted from 0, None where they do not apply.
    `segment_no` counts from the set's header = 1 inside a set, as acknowledgements do, and from
    the interchange's header = 1 outside of sets. `element` and `component` count from 1, the tag
    left out. `segment` and `loop` are what an acknowledgement quotes.
    """

    code: str
    severity: str
    interchange: int
    group: int | None
    set: int | None
    segment_no: int | None
    element: int | None
    value: str
    segment: str = ""
    loop: str = ""
    component: int | None = None


class Mark(NamedTuple):
    """Where in a set of ours a partner found an error, and in which words.

    `place` as people's problems name it: `W12[15].5` is element 5 of the set's 15th segment, a W12;
    an answer that does not name the tag says `segments[15].5`, one that names a component adds it.
    """

    place: str
    value: str
    text: str


def worst(severities: Iterable[str]) -> str:
    """The worst of the severities, "info" of none."""
    return max(severities, key=SEVERITIES.index, default="info")


def verdict(issues: Iterable[Issue]) -> str:
    """accept, warn, quarantine or reject."""
    severity = worst(issue.severity for issue in issues)
    return "accept" if severity == "info" else severity
