"""April 2026 of Harbor Outfitters as it was recorded: the worked figures of the field, in rows."""

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal

from monitoring import slo
from monitoring.statements.assemble import Findings, Frame, assemble
from monitoring.statements.causes import CaseFacts
from monitoring.statements.content import (
    Calendar,
    Issuer,
    Period,
    Point,
    Recipient,
    Reconciled,
    Work,
)
from monitoring.statements.credit import USUAL, Agreement
from monitoring.statements.judged import Hours, Judged, Proof, Subject, Terms
from monitoring.statements.saving import Save

ZONE = "America/Los_Angeles"
BEGINS, ENDS = datetime(2026, 4, 1, 7, tzinfo=UTC), datetime(2026, 5, 1, 7, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
HOURS = {"hours": dict.fromkeys(("mon", "tue", "wed", "thu", "fri"), "07:00-19:00")}
LATENCIES = (22, 31, 35, 40, 44, 48, 51, 55, 58, 60, 63, 66, 70, 75, 81, 90, 112, 140, 290, 1260)
SEALED = datetime(2026, 5, 1, 14, tzinfo=UTC)


def at(day, hour=19, minute=0):
    """UTC; from 07:00 on it is the same day in Los Angeles."""
    return datetime(2026, 4, day, hour, minute, tzinfo=UTC)


def terms(sli, *, version=1, **changes):
    objective = slo.default(sli, "standard", service="harbor", zone=ZONE)
    document = json.dumps(slo.to_openslo(replace(objective, **changes)), sort_keys=True)
    hours = Hours(ZONE, HOURS, ()) if objective.sli.in_hours else None
    return Terms(sli, version, document, hours)


def judged(sli, evidence, *, proofs=None, agreed=(), subjects=None, **changes):
    found = tuple(evidence)
    numbers = {one.id: Subject(f"SO-{one.id}") for one in found if isinstance(one, slo.Event)}
    return Judged(
        terms(sli, **changes), found, tuple(agreed), numbers | (subjects or {}), proofs or {}
    )


def cut_offs():
    """412 orders released by 13:30, of which three came to the warehouse after 14:00; its files were away
    for two of these."""
    due = at(9, 21)
    away = slo.Hold(
        "third_party", "Northwind could not be reached", at(9, 20), at(9, 23), "outage-4"
    )
    events = [
        slo.Event(f"leg-{n:03}", at(9, 20), at(9, 20, 1), due=due, holds=()) for n in range(409)
    ]
    late = [slo.Event(f"leg-{n}", at(9, 20), at(9, 23), due=due, holds=(away,)) for n in (409, 410)]
    ours = slo.Event("leg-411", at(9, 20, 30), at(9, 21, 20), due=due)
    return judged(
        "cutoff", [*events, *late, ours], proofs={"outage-4": Proof("C-9", "Northwind")},
        subjects={"leg-411": Subject("SO-leg-411", "C-12")},
    )  # fmt: skip


def ingestion():
    """Twenty orders, the slowest after 21 minutes."""
    return judged(
        "ingestion_latency",
        [
            slo.Event(f"leg-i{n:02}", at(10, 15, n), at(10, 15, n) + timedelta(seconds=seconds))
            for n, seconds in enumerate(LATENCIES)
        ],
    )


def freshness():
    """Stock of 10 items every half hour; on the 8th, 17th and 23rd some reports did not come."""
    silent = {8: (9, 16), 17: (9, 17), 23: (20, 22)}
    moments = [BEGINS + 30 * MINUTE * n for n in range(30 * 48)]
    sent = [
        m
        for m in moments
        if not (m.day in silent and silent[m.day][0] <= m.hour < silent[m.day][1])
    ]
    readings = tuple(slo.Reading(m, m, f"message-{n:04}") for n, m in enumerate(sent))
    holds = (
        slo.Hold(
            "third_party", "Northwind sent no stock report", at(8, 9), at(8, 16), "endpoint-3"
        ),
        slo.Hold("customer", "Waited for you", at(23, 20), at(23, 22), "case-15"),
    )
    return judged(
        "freshness", [slo.Feed("stock-3", readings, 10, holds)],
        proofs={"endpoint-3": Proof("C-10", "Northwind"), "case-15": Proof("C-15", "Web shop")},
    )  # fmt: skip


def flow():
    """31 slots of 5 minutes in which nothing went."""
    closed = slo.Hold(
        "us", "ERP could not be reached", at(17, 19), at(17, 19) + 31 * 5 * MINUTE, "outage-7"
    )
    return judged(
        "flow_availability", [slo.Track("customer-1", (closed,))],
        proofs={"outage-7": Proof("C-12", "ERP")},
    )  # fmt: skip


def answered():
    """37 problems on one morning, one of them looked at after 12 hours."""
    opened = [at(14, 16, n) for n in range(37)]
    events = [
        slo.Event(f"case-{n}-1", moment, moment + 5 * MINUTE, grade="2")
        for n, moment in enumerate(opened)
    ]
    return judged("exception_acknowledge", [events[0]._replace(ended=at(15, 20)), *events[1:]])


AGREED = slo.Exclusion(
    id="2", kind="maintenance", text="planned work at your ERP", author="p1", approver="p2",
    once=slo.Interval(at(12, 9), at(12, 9, 40)),
)  # fmt: skip


def saves(count=312):
    return tuple(
        Save(
            number=f"SO-leg-{n:03}", amount=Decimal("269.25"), currency="USD", opened_at=at(9, 20),
            released_at=at(9, 20, 11), cutoff_at=at(9, 21), case="C-14", by_rule=n < 120,
            evidence=f"3/{n}", promise="cutoff",
        )
        for n in range(count)
    )  # fmt: skip


CASES = (
    CaseFacts("C-9", "Northwind could not be reached", "third_party", "Northwind", at(9, 20), at(9, 23), 2),
    CaseFacts("C-10", "Northwind sent no stock report", "third_party", "Northwind", at(8, 10), at(8, 16), 0,
              "They added a second daily check."),
    CaseFacts("C-12", "Our connection to your ERP stopped", "us", "", at(17, 19), at(17, 22), 40,
              "Renewals are tested a day ahead now."),
    CaseFacts("C-14", "Item TENT-OLD was not known", "customer", "", at(9, 20), at(9, 20, 12), 312),
)  # fmt: skip


def findings(**changes):
    stock = replace(freshness(), agreed=(AGREED,))
    return Findings(
        judged=(ingestion(), cut_offs(), stock, flow(), answered()),
        cases=CASES,
        saves=saves(),
        reconciled=(
            Reconciled("stock-rno1", "Stock, ERP against Reno", 30, 24300, 24187, 101, 12,
                       Decimal("1230.50"), "USD"),
        ),
        made=(Work("CR-31", at(20, 16), "Lookup: carriers. 4 codes added", "L. Holt", "M. Reyes"),),
        planned=(Work("E-5-1", datetime(2026, 5, 10, 9, tzinfo=UTC), "ERP update. Orders wait.",
                      "L. Holt", "M. Reyes"),),
    ) if not changes else replace(findings(), **changes)  # fmt: skip


MONTHS = ("2025-11", "2025-12", "2026-01", "2026-02", "2026-03")
HISTORY = {
    "freshness": ("99.40", "99.60", "99.20", "99.50", "99.30"),
    "cutoff": ("98.70", "99.00", "99.10", "98.90", "99.40"),
    "ingestion_latency": ("300", "280", "310", "295", "288"),
    "flow_availability": ("99.90", "99.80", "99.95", "100", "99.70"),
    "exception_acknowledge": ("97", "100", "98", "100", "95.50"),
}
FRAME = Frame(
    number=1,
    previous="",
    sealed_at=SEALED,
    issuer=Issuer("Kestrel Point", "#0e5a68"),
    customer=Recipient("harbor", "Harbor Outfitters"),
    currency="USD",
    period=Period("2026-04", BEGINS, ENDS, ZONE),
    calendar=Calendar("Mon–Fri 07:00–19:00, Los Angeles time", HOURS),
    agreement=Agreement(Decimal("3060.00"), "USD", Decimal(20), USUAL),
    history={
        key: tuple(
            Point(month, Decimal(value)) for month, value in zip(MONTHS, values, strict=True)
        )
        for key, values in HISTORY.items()
    },
)


FIRST = replace(FRAME, history={})  # nothing was sealed before


def month(frame=FRAME, **changes):
    return assemble(frame, findings(**changes))
