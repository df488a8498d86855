"""April 2026 of Harbor Outfitters: eight promises, one of them broken."""

from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal

from monitoring.seal import listing, root
from monitoring.seal.evidence import Row
from monitoring.statements.content import (
    Amount,
    Calendar,
    Cause,
    Content,
    Credit,
    Credits,
    Delivered,
    EvidenceSeal,
    Exclusion,
    Issuer,
    Miss,
    Period,
    Point,
    Promise,
    Recipient,
    Reconciled,
    Share,
    Step,
    Version,
    Without,
    Work,
)

MONTHS = ("2025-11", "2025-12", "2026-01", "2026-02", "2026-03", "2026-04")


def at(day, hour=12, minute=0):
    return datetime(2026, 4, day, hour, minute, tzinfo=UTC)


def trend(*values):
    return tuple(Point(key, Decimal(value)) for key, value in zip(MONTHS, values, strict=True))


def _days():
    low = {8: "84.6", 17: "89.2", 23: "92.4"}
    return tuple(Point(f"2026-04-{n:02d}", Decimal(low.get(n, "99.8"))) for n in range(1, 31))


STOCK = Promise(
    key="stock", name="Stock shown in your shops no older than 60 minutes", detail="share of time",
    measure="share", unit="minutes", standing="missed", target=Decimal("99.0"), actual=Decimal("98.62"),
    attributable=Decimal("99.53"), population=Decimal("43200"), misses=Decimal("596"),
    misses_ours=Decimal("203"), rule="3", allowed=Decimal("432"), used=Decimal("138"),
    trend=trend("99.4", "99.6", "99.2", "99.5", "99.3", "98.62"), days=_days(),
)  # fmt: skip
CUT_OFF = Promise(
    key="cut-off", name="Orders at the warehouse before its cut-off", detail="released 30 min before",
    measure="share", unit="orders", standing="kept", target=Decimal("98.0"), actual=Decimal("99.27"),
    attributable=Decimal("99.76"), population=Decimal(412), misses=Decimal(3), misses_ours=Decimal(1),
    rule="2", allowed=Decimal(8), used=Decimal("37.5"),
    trend=trend("98.7", "99.0", "99.1", "98.9", "99.4", "99.27"),
)  # fmt: skip
LATENCY = Promise(
    key="ingest", name="New orders known to us within 15 minutes", detail="19 of 20 orders",
    measure="duration", unit="orders", standing="kept", target=Decimal(900), actual=Decimal(290),
    attributable=Decimal(290), population=Decimal(20), misses=Decimal(1), misses_ours=Decimal(1), rule="1",
    percentile=Decimal(95), allowed=Decimal(1), used=Decimal(100), worst=Decimal(1260),
    trend=trend("300", "280", "310", "295", "288", "290"),
)  # fmt: skip
LOST = Promise(
    key="lost", name="No document lost", detail="all documents", measure="count", unit="documents",
    standing="kept", target=Decimal(0), actual=Decimal(0), attributable=Decimal(0),
    population=Decimal(48212), misses=Decimal(0), misses_ours=Decimal(0), rule="1",
)  # fmt: skip
ANSWERED = Promise(
    key="answered", name="Problems answered in time", detail="by severity, in support hours",
    measure="share", unit="problems", standing="near", target=Decimal("95.0"), actual=Decimal("97.30"),
    attributable=Decimal("97.30"), population=Decimal(37), misses=Decimal(1), misses_ours=Decimal(1),
    rule="1", allowed=Decimal(1), used=Decimal(100),
    trend=trend("97", "100", "98", "100", "95.5", "97.30"),
)  # fmt: skip

MISSES = (
    Miss(
        key="stock-8", promise="stock", at=at(8, 9, 0), subject="Reno", party="third_party",
        party_name="Northwind", reason="no stock report from 02:00 to 09:40", weight=Decimal(304),
        ours=Decimal(0), yours=Decimal(0), theirs=Decimal(304), case="C-9", evidence=("outage 4",),
    ),
    Miss(
        key="stock-17", promise="stock", at=at(17, 12, 10), subject="Reno", party="us", party_name="",
        reason="our connection stopped after a certificate was renewed", weight=Decimal(203),
        ours=Decimal(203), yours=Decimal(0), theirs=Decimal(0), case="C-12", evidence=("outage 7",),
    ),
    Miss(
        key="stock-23", promise="stock", at=at(23, 20), subject="Reno", party="customer", party_name="",
        reason="a new item file had 412 unknown items", weight=Decimal(89), ours=Decimal(0),
        yours=Decimal(89), theirs=Decimal(0), case="C-15", evidence=("hold 31",),
    ),
)  # fmt: skip
CAUSES = (
    Cause("C-9", date(2026, 4, 8), "third_party", "Northwind",
          "Northwind sent no stock report from 02:00 to 09:40.",
          "They added a second daily check. We now call them after 90 minutes of silence.", 0, Decimal(51)),
    Cause("C-12", date(2026, 4, 17), "us", "",
          "Our connection stopped after we renewed a certificate, 05:10 to 10:20.",
          "Renewals are tested a day ahead since 20 April. Credit proposed.", 0, Decimal(34)),
    Cause("C-15", date(2026, 4, 23), "customer", "",
          "A new item file had 412 items your shops did not know yet.",
          "You asked us to check item files before they go live. Done since 24 April.", 312, Decimal(15)),
)  # fmt: skip
ROWS = tuple(
    Row("order", f"SO-{n}", {"released": at(1 + n % 28), "late": n == 3}) for n in range(1, 6)
)
APRIL = Content(
    form="sla-statement/1",
    number=4,
    previous="ab" * 32,
    sealed_at=datetime(2026, 5, 1, 13, tzinfo=UTC),
    issuer=Issuer("Kestrel Point", "#0e5a68"),
    customer=Recipient("harbor", "Harbor Outfitters"),
    currency="USD",
    period=Period("2026-04", datetime(2026, 4, 1, 7, tzinfo=UTC), datetime(2026, 5, 1, 7, tzinfo=UTC),
                  "America/Los_Angeles"),
    calendar=Calendar("Mon–Fri 07:00–19:00, Los Angeles time",
                      {"hours": dict.fromkeys(("mon", "tue", "wed", "thu", "fri"), "07:00-19:00")}),
    rules=(Version("stock", "Stock shown in your shops no older than 60 minutes", "3"),
           Version("cut-off", "Orders at the warehouse before its cut-off", "2")),
    promises=(STOCK, CUT_OFF, ANSWERED, LATENCY, LOST),
    misses=MISSES,
    shares=(Share("third_party", "Northwind", Decimal(51)), Share("us", "", Decimal(34)),
            Share("customer", "", Decimal(15))),
    causes=CAUSES,
    exclusions=(Exclusion("E-2", at(12, 9), at(12, 9, 40), Decimal(40), "planned work at your ERP",
                          "maintenance", ("cut-off: 2 orders",)),),
    reconciliation=(Reconciled("stock-reno", "Stock, ERP against Reno", 30, 24300, 24187, 101, 12,
                               Decimal("1230.50"), "USD"),),
    delivered=Delivered(312, 120, (Amount("USD", Decimal("84000.00")),), Decimal("11"), 14, ("fix 3/1",)),
    without=(Without("cut-off", CUT_OFF.name, Decimal(315), Decimal("23.54"), "missed"),),
    changes=(Work("CR-31", at(20, 16), "Lookup carriers: 4 codes added", "L. Holt", "M. Reyes"),),
    planned=(Work("CR-40", datetime(2026, 5, 10, 9, tzinfo=UTC), "ERP update. Orders wait and go out after.",
                  "L. Holt", "M. Reyes"),),
    credits=Credits("USD", Decimal("3060.00"), Decimal(20), (Step(Decimal(100), Decimal(2)),), Decimal(2), Decimal("61.20"),
                    (Credit("stock", STOCK.name, Decimal(2), Decimal("61.20"),
                            "more than 100 % of the allowed misses were ours", "C-12"),)),
    evidence=EvidenceSeal(5, root(listing(ROWS))),
)  # fmt: skip


def april(**changes):
    return replace(APRIL, **changes)
