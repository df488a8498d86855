"""From what was found of a month to its statement: the same content for the same findings."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cached_property
from typing import Any, Final

from monitoring.seal import Entry, Row, listing, plain, root
from monitoring.slo import SLIS
from monitoring.statements import credit, judged
from monitoring.statements.blame import shares
from monitoring.statements.causes import CaseFacts, Remark, causes
from monitoring.statements.content import (
    FORM,
    Calendar,
    Content,
    EvidenceSeal,
    Issuer,
    Period,
    Point,
    Promise,
    Recipient,
    Reconciled,
    Work,
)
from monitoring.statements.credit import Agreement
from monitoring.statements.judged import Judged
from monitoring.statements.judging import judge, merged
from monitoring.statements.reading import typed
from monitoring.statements.saving import Save, delivered, without
from portal.core.words import speak

MONTHS = 6
# The kind of a row, where its findings stand, and what they are.
_KINDS: Final[tuple[tuple[str, str, Any], ...]] = (
    ("case", "cases", CaseFacts),
    ("remark", "remarks", Remark),
    ("save", "saves", Save),
    ("comparison", "reconciled", Reconciled),
    ("change", "made", Work),
    ("plan", "planned", Work),
)


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


@dataclass(frozen=True)
class Findings:
    """Everything that was found of a month."""

    judged: tuple[Judged, ...] = ()
    cases: tuple[CaseFacts, ...] = ()
    remarks: tuple[Remark, ...] = ()
    saves: tuple[Save, ...] = ()
    reconciled: tuple[Reconciled, ...] = ()
    made: tuple[Work, ...] = ()
    planned: tuple[Work, ...] = ()

    @cached_property
    def rows(self) -> list[Row]:
        """The evidence: what the objectives were judged by, and every other record that is told."""
        found = [row for one in self.judged for row in judged.rows(one)]
        for kind, place, _ in _KINDS:
            found += [Row(kind, _name(one), plain(one)) for one in getattr(self, place)]
        return found

    @cached_property
    def entries(self) -> list[Entry]:
        """The list of the evidence. ValueError for two records of one name."""
        return listing(self.rows)


def _name(one: Any) -> str:
    return one.evidence if isinstance(one, Save) else one.key


def read_back(sealed: Sequence[Row]) -> Findings:
    """The findings of which `sealed` are the rows. UnreadableStatementError for others."""
    told = {
        place: tuple(typed(cls, row.fields, path=kind) for row in sealed if row.kind == kind)
        for kind, place, cls in _KINDS
    }
    return Findings(judged=tuple(judged.read_back(sealed)), **told)


@speak(None)  # what is sealed is the same in every language
def assemble(frame: Frame, found: Findings) -> Content:
    """The statement of a month. ValueError for two records of one name."""
    measured = [judge(one, frame.period, now=frame.sealed_at) for one in _in_order(found.judged)]
    promises = tuple(_with_trend(one.promise, frame) for one in measured)
    misses = tuple(miss for one in measured for miss in one.misses)
    saves = _sorted(found.saves, "number", "evidence")
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
        rules=tuple(one.version for one in measured),
        promises=promises,
        misses=misses,
        shares=shares(promises, misses),
        causes=causes(
            found.cases,
            _sorted(found.remarks, "key"),
            promises=promises,
            misses=misses,
            zone=frame.period.zone,
        ),
        exclusions=merged(measured),
        reconciliation=_sorted(found.reconciled, "key"),
        delivered=delivered(saves),
        without=without(promises, saves),
        changes=_sorted(found.made, "at", "key"),
        planned=_sorted(found.planned, "at", "key"),
        credits=credit.propose(promises, misses, frame.agreement),
        evidence=EvidenceSeal(len(found.entries), root(found.entries)),
    )


def _in_order(found: Sequence[Judged]) -> list[Judged]:
    """As they are always told: in the order of the indicators."""
    places = list(SLIS)
    return sorted(found, key=lambda one: places.index(one.terms.key))


def _sorted(found: Sequence[Any], *names: str) -> tuple[Any, ...]:
    """In an order of their own, so that it does not matter in which they were found."""
    return tuple(sorted(found, key=lambda one: tuple(getattr(one, name) for name in names)))


def _with_trend(promise: Promise, frame: Frame) -> Promise:
    """The last six months, this one included."""
    earlier = [point for point in frame.history.get(promise.key, ()) if point.at < frame.period.key]
    points = (*sorted(earlier, key=lambda point: point.at), Point(frame.period.key, promise.actual))
    return replace(promise, trend=points[-MONTHS:])
