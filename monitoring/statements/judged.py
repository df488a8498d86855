"""What an objective was judged by, as rows that are sealed, and read back from them.

The figures of a statement are made of nothing else: of the same rows come the same figures.
"""

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from monitoring import slo
from monitoring.seal import Row, plain
from monitoring.statements.reading import typed
from portal.customers.calendar import Calendar
from portal.customers.calendar_json import from_json

_KINDS: Final[dict[str, Any]] = {
    "event": slo.Event, "batch": slo.Batch, "track": slo.Track, "feed": slo.Feed,
}  # fmt: skip
_TERMS, _AGREED, _PROOF, _READING = "terms", "agreed", "proof", "reading"


@dataclass(frozen=True, slots=True)
class Hours:
    """The hours that counted, with their holidays by date: another day's list may know others."""

    zone: str
    terms: dict[str, Any]
    holidays: tuple[date, ...]

    @property
    def calendar(self) -> Calendar:
        return from_json(self.terms, zone=self.zone, holidays=frozenset(self.holidays))


@dataclass(frozen=True, slots=True)
class Terms:
    """A promise as it was in force: the indicator's name, its version, and its OpenSLO document as text."""

    key: str
    version: int
    openslo: str
    hours: Hours | None

    @property
    def objective(self) -> slo.Objective:
        return slo.from_openslo(json.loads(self.openslo))


@dataclass(frozen=True, slots=True)
class Subject:
    """What an event is about, as people know it, and the case that held it, if one did."""

    number: str
    case: str = ""


@dataclass(frozen=True, slots=True)
class Proof:
    """What proves a hold, as people know it: its case, and who that was."""

    case: str
    name: str


@dataclass(frozen=True, slots=True)
class Judged:
    """`subjects` by the ids of events, `proofs` by those of holds; both as far as they are known."""

    terms: Terms
    evidence: tuple[slo.Evidence, ...]
    agreed: tuple[slo.Exclusion, ...]
    subjects: dict[str, Subject]
    proofs: dict[str, Proof]

    @property
    def calendar(self) -> Calendar | None:
        return self.terms.hours.calendar if self.terms.hours else None


def as_of(evidence: Iterable[slo.Evidence], end: datetime) -> tuple[slo.Evidence, ...]:
    """The evidence as `end` knew it, in an order of its own: what ended later was open then."""
    return tuple(sorted((_known(one, end) for one in evidence), key=_order))


def _order(one: slo.Evidence) -> tuple[str, str]:
    return one.id, str(getattr(one, "begins", None))


def _known(one: slo.Evidence, end: datetime) -> slo.Evidence:
    if isinstance(one, slo.Event):
        is_open = one.ended is not None and one.ended > end
        known = one._replace(ended=None, void=False) if is_open else one
        return known._replace(holds=_holds(one.holds, end))
    if isinstance(one, slo.Track):
        return one._replace(bad=_holds(one.bad, end))
    if isinstance(one, slo.Feed):
        shown = tuple(reading for reading in one.readings if reading.published_at <= end)
        return one._replace(readings=shown, holds=_holds(one.holds, end))
    return one


def _holds(holds: Iterable[slo.Hold], end: datetime) -> tuple[slo.Hold, ...]:
    begun = (hold for hold in holds if hold.began < end)
    return tuple(h._replace(ended=None) if h.ended and h.ended > end else h for h in begun)


def rows(one: Judged) -> Iterator[Row]:
    """Everything it was judged by, each record a row."""
    key = one.terms.key
    yield Row(f"{key} {_TERMS}", key, plain(one.terms))
    for agreed in one.agreed:
        yield Row(f"{key} {_AGREED}", agreed.id, plain(agreed))
    for name, proof in one.proofs.items():
        yield Row(f"{key} {_PROOF}", name, plain(proof))
    seen: defaultdict[str, int] = defaultdict(int)
    for evidence in one.evidence:
        seen[evidence.id] += 1
        yield _row(one, evidence, seen[evidence.id])
        if isinstance(evidence, slo.Feed) and seen[evidence.id] == 1:
            yield from _readings(key, evidence)


def _row(one: Judged, evidence: slo.Evidence, number: int) -> Row:
    """A source whose items count since different days is one feed for each: their ids get numbers."""
    kind = next(name for name, cls in _KINDS.items() if isinstance(evidence, cls))
    fields = plain(evidence)
    fields.pop("readings", None)
    if subject := one.subjects.get(evidence.id):
        fields |= {"subject": plain(subject)}
    name = evidence.id if number == 1 else f"{evidence.id}, {number}"
    return Row(f"{one.terms.key} {kind}", name, fields)


def _readings(key: str, feed: slo.Feed) -> Iterator[Row]:
    for reading in feed.readings:
        name = f"{feed.id} {reading.id or plain(reading.published_at)}"
        yield Row(f"{key} {_READING}", name, {"feed": feed.id, **plain(reading)})


def read_back(sealed: Sequence[Row]) -> list[Judged]:
    """What each objective was judged by, from its rows. UnreadableStatementError for unfit ones."""
    by_key: defaultdict[str, dict[str, list[Row]]] = defaultdict(lambda: defaultdict(list))
    for row in sealed:
        key, _, what = row.kind.partition(" ")
        if what:
            by_key[key][what].append(row)
    return [_judged(parts) for _, parts in sorted(by_key.items())]


def _judged(parts: dict[str, list[Row]]) -> Judged:
    (terms,) = [typed(Terms, row.fields, path=row.kind) for row in parts[_TERMS]]
    found = [pair for kind in _KINDS for pair in _evidence(kind, parts)]
    return Judged(
        terms=terms,
        evidence=tuple(sorted((evidence for evidence, _ in found), key=_order)),
        agreed=tuple(_agreed(row) for row in sorted(parts[_AGREED], key=_number)),
        subjects={evidence.id: subject for evidence, subject in found if subject},
        proofs={row.id: typed(Proof, row.fields, path=row.kind) for row in parts[_PROOF]},
    )


def _number(row: Row) -> tuple[int, str]:
    """Exclusions count in the order in which they were made."""
    return len(row.id), row.id


def _agreed(row: Row) -> slo.Exclusion:
    return typed(slo.Exclusion, row.fields, path=row.kind)


def _evidence(
    kind: str, parts: dict[str, list[Row]]
) -> Iterator[tuple[slo.Evidence, Subject | None]]:
    readings: defaultdict[str, list[slo.Reading]] = defaultdict(list)
    for row in parts[_READING] if kind == "feed" else ():
        readings[row.fields["feed"]].append(typed(slo.Reading, row.fields, path=row.kind))
    for row in parts[kind]:
        fields = dict(row.fields)
        subject = fields.pop("subject", None)
        if kind == "feed":
            fields["readings"] = plain(sorted(readings[fields["id"]]))
        found = typed(_KINDS[kind], fields, path=row.kind)
        yield found, typed(Subject, subject, path=row.kind) if subject else None
