"""From what was found of a month to its statement: the same content for the same findings."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from monitoring.seal import Row, listing, plain, root
from monitoring.statements import credit
from monitoring.statements.blame import shares
from monitoring.statements.causes import CaseFacts, causes
from monitoring.statements.content import (
    FORM,
    Calendar,
    Content,
    EvidenceSeal,
    Exclusion,
    Issuer,
    Miss,
    Period,
    Point,
    Promise,
    Recipient,
    Reconciled,
    Version,
    Work,
)
from monitoring.statements.credit import Agreement, Breach
from monitoring.statements.saving import Save, delivered, without

MONTHS = 6


@dataclass(frozen=True, slots=True)
class Frame:
    """What a statement is of, and what it is measured by. `history`: earlier months by promise."""

    number: int
    previous: str
    sealed_at: datetime
    issuer: Issuer
    customer: Recipient
    currency: str
    period: Period
    calendar: Calendar
    agreement: Agreement
    history: Mapping[str, tuple[Point, ...]]


@dataclass(frozen=True, slots=True)
class Measured:
    """One objective as it was evaluated for the month: the promise without its trend, what it missed, the
    rule's version, and the rows all that was counted from."""

    promise: Promise
    version: Version
    misses: tuple[Miss, ...]
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class Findings:
    """Everything that was found of a month."""

    measured: tuple[Measured, ...] = ()
    exclusions: tuple[Exclusion, ...] = ()
    cases: tuple[CaseFacts, ...] = ()
    saves: tuple[Save, ...] = ()
    reconciled: tuple[Reconciled, ...] = ()
    made: tuple[Work, ...] = ()
    planned: tuple[Work, ...] = ()

    @property
    def rows(self) -> list[Row]:
        """The evidence: what the objectives were counted from, and every other record that is told."""
        found = [row for one in self.measured for row in one.rows]
        found += [Row("case", one.key, plain(one)) for one in self.cases]
        found += [Row("save", one.evidence, plain(one)) for one in self.saves]
        found += [Row("exclusion", one.key, plain(one)) for one in self.exclusions]
        found += [Row("reconciliation", one.key, plain(one)) for one in self.reconciled]
        return found + [Row("change", one.key, plain(one)) for one in (*self.made, *self.planned)]


def assemble(frame: Frame, found: Findings) -> Content:
    """The statement of a month. ValueError for two records of one name."""
    entries = listing(found.rows)
    promises = tuple(_with_trend(one.promise, frame) for one in found.measured)
    misses = tuple(miss for one in found.measured for miss in one.misses)
    return Content(
        form=FORM,
        number=frame.number,
        previous=frame.previous,
        sealed_at=frame.sealed_at,
        issuer=frame.issuer,
        customer=frame.customer,
        currency=frame.currency,
        period=frame.period,
        calendar=frame.calendar,
        rules=tuple(one.version for one in found.measured),
        promises=promises,
        misses=misses,
        shares=shares(promises, misses),
        causes=causes(found.cases, promises=promises, misses=misses, zone=frame.period.zone),
        exclusions=found.exclusions,
        reconciliation=found.reconciled,
        delivered=delivered(found.saves),
        without=without(promises, found.saves),
        changes=found.made,
        planned=found.planned,
        credits=credit.propose(_breaches(promises, misses), frame.agreement),
        evidence=EvidenceSeal(len(entries), root(entries)),
    )


def _with_trend(promise: Promise, frame: Frame) -> Promise:
    """The last six months, this one included."""
    earlier = [point for point in frame.history.get(promise.key, ()) if point.at < frame.period.key]
    points = (*sorted(earlier, key=lambda point: point.at), Point(frame.period.key, promise.actual))
    return replace(promise, trend=points[-MONTHS:])


def _breaches(promises: Sequence[Promise], misses: Sequence[Miss]) -> list[Breach]:
    broken = [one for one in promises if one.standing == "missed"]
    return [Breach(one, _main_cause(one, misses)) for one in broken]


def _main_cause(promise: Promise, misses: Sequence[Miss]) -> str:
    """The case of most of what we missed; empty where none is known."""
    ours = [one for one in misses if one.promise == promise.key and one.case and one.ours]
    by_case = {
        one.case: sum(other.ours for other in ours if other.case == one.case) for one in ours
    }
    return max(sorted(by_case), key=lambda case: by_case[case], default="")
