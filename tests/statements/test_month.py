"""From the records of a month to its statement, and from its sealed rows to the same bytes."""

import json
import os
import subprocess
import sys
from dataclasses import replace
from decimal import Decimal
from random import Random

import pytest

from monitoring import slo
from monitoring.seal import Row, canonical, difference, digest
from monitoring.statements import words
from monitoring.statements.assemble import assemble, read_back
from monitoring.statements.judged import as_of
from monitoring.statements.reading import UnreadableStatementError
from tests.statements import month
from tests.statements.month import FRAME, at, findings

pytestmark = pytest.mark.pure

APRIL = month.month()
PROMISES = {one.key: one for one in APRIL.promises}
SEALED = [Row(one.kind, one.id, json.loads(canonical(one.fields))) for one in findings().rows]


def test_a_cut_off_is_told_gross_and_attributable():
    one = PROMISES["cutoff"]
    assert one.actual == Decimal("99.27")  # 409 of 412
    assert one.attributable == Decimal("99.76")  # 411 of 412
    assert (one.population, one.misses, one.misses_ours, one.allowed) == (
        412,
        3,
        1,
        8,
    )  # 2 % are 8.24
    assert one.standing == "kept"


def test_a_latency_is_told_by_its_nearest_rank():
    one = PROMISES["ingestion_latency"]
    assert (one.actual, one.worst, one.target) == (
        290,
        1260,
        900,
    )  # rank 19 of 20, the slowest, 15 min
    assert (one.misses, one.standing, one.percentile) == (1, "near", 95)


def test_availability_counts_slots():
    one = PROMISES["flow_availability"]
    assert (one.population, one.misses, one.allowed) == (8640, 31, 43)  # 0.5 % are 43.2
    assert (one.actual, one.used) == (Decimal("99.64"), Decimal("72.1"))  # 31 of 43
    assert [(m.weight, m.party, m.case) for m in APRIL.misses if m.promise == one.key] == [
        (31, "us", "C-12"),
    ]  # fmt: skip


def test_a_broken_promise_is_told_day_by_day():
    one = PROMISES["freshness"]
    assert one.standing == "missed"
    low = [(point.at, point.value) for point in one.days if point.value < 99]
    # Reports every 30 min; of the missing hours the first half is still fresh.
    assert [day for day, _ in low] == ["2026-04-08", "2026-04-17", "2026-04-23"]
    assert len(one.days) == 30
    assert (
        sum((m.weight for m in APRIL.misses if m.promise == "freshness"), Decimal(0)) == one.misses
    )


def test_misses_of_time_are_told_by_day_and_by_what_caused_them():
    told = [
        (m.party, m.party_name, m.case, m.subject) for m in APRIL.misses if m.promise == "freshness"
    ]
    assert told == [
        ("third_party", "Northwind", "C-10", "Northwind"),
        ("us", "", "", ""),
        ("customer", "", "C-15", "Web shop"),
    ]


def test_a_miss_names_its_evidence_and_its_order():
    late = [m for m in APRIL.misses if m.promise == "cutoff"]
    assert [(m.subject, m.evidence, m.case) for m in late] == [
        ("SO-leg-409", ("leg-409", "outage-4"), "C-9"),
        ("SO-leg-410", ("leg-410", "outage-4"), "C-9"),
        ("SO-leg-411", ("leg-411",), "C-12"),
    ]
    assert words.miss(late[2], month.ZONE) == "9 Apr 14:00, SO-leg-411, 20 min late"


def test_support_hours_count_for_problems():
    one = PROMISES["exception_acknowledge"]
    assert (one.population, one.misses, one.actual) == (37, 1, Decimal("97.30"))  # 36 of 37


def test_agreed_time_is_listed_and_does_not_count():
    (one,) = APRIL.exclusions
    assert (one.minutes, one.reason, one.kind) == (40, "planned work at your ERP", "maintenance")


def test_what_it_would_have_been_without_the_work_is_told():
    (one,) = APRIL.without
    assert (one.promise, one.misses, one.actual) == ("cutoff", 315, Decimal("23.54"))  # 97 of 412
    assert APRIL.delivered.orders == 312
    assert APRIL.delivered.worth[0].amount == Decimal("84006.00")  # 312 × 269.25


def test_the_trend_ends_with_this_month():
    points = PROMISES["cutoff"].trend
    assert [point.at for point in points][-2:] == ["2026-03", "2026-04"]
    assert points[-1].value == Decimal("99.27")
    assert len(points) == 6


def test_what_was_ours_beyond_the_allowed_is_given_back_in_part():
    # Of 432,000 item-minutes 4,320 may be missed; on the 17th 450 minutes × 10 items were ours.
    assert (APRIL.credits.percent, APRIL.credits.amount) == (2, Decimal("61.20"))
    assert [(one.key, one.cause) for one in APRIL.credits.lines] == [("freshness", "")]


def test_few_things_are_told_as_counts():
    few = month.judged("ingestion_latency", [slo.Event("leg-1", at(2), at(2, 19, 5))])
    (one,) = assemble(FRAME, findings(judged=(few,))).promises
    assert one.few
    answers = [slo.Event(f"case-{n}-1", at(2), at(2, 19, 5), grade="2") for n in range(9)]
    (one,) = assemble(
        FRAME, findings(judged=(month.judged("exception_acknowledge", answers),))
    ).promises
    assert words.delivered(one) == "9 of 9"


def test_a_miss_is_never_rounded_away():
    events = [slo.Event(f"leg-{n}", at(2), at(2, 19, 1)) for n in range(19_999)]
    lost = month.judged(
        "transmit_latency", [*events, slo.Event("leg-x", at(2))], target=Decimal("0.9999")
    )
    ratio = month.judged(
        "cutoff",
        [e._replace(due=at(2, 20)) for e in (*events, slo.Event("leg-x", at(2)))],
        target=Decimal("0.99999"),
    )
    found = assemble(FRAME, findings(judged=(lost, ratio))).promises
    assert found[0].actual == Decimal("99.99")  # 19,999 of 20,000 are 99.995 %
    assert found[0].standing == "missed"


def test_nothing_recorded_is_nothing_to_tell():
    empty = assemble(FRAME, findings(judged=(month.judged("cutoff", []),), saves=()))
    assert (empty.promises[0].standing, empty.promises[0].actual) == ("unknown", None)
    assert words.headline(empty) == "Nothing was measured in April 2026"


def test_sealed_rows_give_the_same_bytes():
    assert canonical(assemble(FRAME, read_back(SEALED))) == canonical(APRIL)


@pytest.mark.parametrize("seed", range(3))
def test_the_order_of_rows_does_not_count(seed):
    turned = Random(seed).sample(SEALED, len(SEALED))
    assert canonical(assemble(FRAME, read_back(turned))) == canonical(APRIL)


@pytest.mark.parametrize("seed", ["0", "4711"])
def test_another_process_makes_the_same_bytes(seed):
    script = (
        "from monitoring.seal import canonical, digest; from tests.statements.month import month;"
        "print(digest(canonical(month())))"
    )
    told = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True,
        env={**os.environ, "PYTHONHASHSEED": seed},
    )  # fmt: skip
    assert told.stdout.strip() == digest(canonical(APRIL))


@pytest.mark.parametrize(
    ("kind", "name", "field", "value", "path"),
    [
        ("cutoff event", "leg-000", "ended", "2026-04-09T22:00:00Z", "promises[cutoff].actual"),
        ("ingestion_latency event", "leg-i19", "ended", "2026-04-10T15:20:00Z", "promises[ingestion_latency].worst"),
        ("flow_availability terms", "flow_availability", "version", 2, "rules[flow_availability].version"),
        ("freshness reading", "stock-3 message-0339", "as_of", "2026-04-08T08:00:00Z", "promises[freshness].misses"),
        ("save", "3/7", "amount", "1", "delivered.worth[0].amount"),
        ("case", "C-14", "documents", 1, "causes[C-14].documents"),
    ],
)  # fmt: skip
def test_every_kind_of_row_moves_the_figure_it_stands_for(kind, name, field, value, path):
    def touched(row):
        is_it = (row.kind, row.id) == (kind, name)
        return Row(row.kind, row.id, {**row.fields, field: value}) if is_it else row

    rows = [touched(row) for row in SEALED]
    assert rows != SEALED
    moved = {one.path for one in difference(APRIL, assemble(FRAME, read_back(rows)))}
    assert path in moved


def test_rows_that_do_not_read_are_named():
    with pytest.raises(UnreadableStatementError, match="cutoff event"):
        read_back([*SEALED, Row("cutoff event", "leg-x", {"id": "leg-x"})])


def test_what_ended_later_was_open_then():
    end = at(30)
    late = slo.Event("leg-1", at(29), at(30, 20), void=True, holds=(
        slo.Hold("us", "", at(29), at(30, 22), "case-1"), slo.Hold("us", "", at(30, 20), None, "case-2"),
    ))  # fmt: skip
    (known,) = as_of([late], end)
    assert (known.ended, known.void, len(known.holds), known.holds[0].ended) == (
        None,
        False,
        1,
        None,
    )


def test_a_source_with_items_of_two_days_is_two_feeds_of_the_same_reports():
    (feed,) = month.freshness().evidence
    later = feed._replace(weight=5, begins=at(10))
    both = replace(month.freshness(), evidence=(feed, later))
    (found,) = read_back(
        [Row(r.kind, r.id, json.loads(canonical(r.fields))) for r in findings(judged=(both,)).rows]
    ).judged
    assert sorted(one.weight for one in found.evidence) == [5, 10]
    assert all(len(one.readings) == len(feed.readings) for one in found.evidence)
