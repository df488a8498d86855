"""The order of work: what is at risk × the chance to miss the deadline ÷ the hours left."""

from datetime import timedelta

import pytest

from monitoring.models import ExceptionCase
from monitoring.queries import desk, urgency
from portal.core import clock
from tests.monitoring.desk import NOON, make, titles
from tests.pages.scenery import page

pytestmark = pytest.mark.db


def hours(count: float) -> timedelta:
    return timedelta(hours=count)


def ranks(at=NOON) -> dict[str, float]:
    found = urgency.ranked(ExceptionCase.objects.all(), at=at)
    return {case.title: round(case.rank, 3) for case in found}


def test_the_rank_is_worth_times_chance_by_hours_left(harbor):
    make(
        harbor.shop, "soon", at_risk=1000, cutoff_at=NOON + hours(2), usual_minutes=120
    )  # 1000 × 2^−(120 ÷ 120) ÷ 2
    make(harbor.shop, "late", at_risk=1000, cutoff_at=NOON - hours(3))  # 1000 × 1 ÷ 0.25
    make(
        harbor.shop, "no cut-off", at_risk=1000, resolve_due=NOON + hours(4), usual_minutes=240
    )  # 1000 × 2^−1 ÷ 4
    make(
        harbor.shop, "no value", severity=1, cutoff_at=NOON + hours(1), usual_minutes=60
    )  # 1000 stand in: × 2^−1 ÷ 1
    make(harbor.shop, "nothing", severity=4, usual_minutes=4320)  # 1 × 2^−(72 × 60 ÷ 4320) ÷ 72
    assert ranks() == {
        "soon": 250.0, "late": 4000.0, "no cut-off": 125.0, "no value": 500.0, "nothing": 0.007,
    }  # fmt: skip


def test_the_list_goes_by_rank(operator, harbor):
    with clock.freeze(NOON):
        make(harbor.shop, "worth little", at_risk=10, cutoff_at=NOON + hours(2))
        make(harbor.shop, "late and small", at_risk=10, cutoff_at=NOON - hours(1))
        make(harbor.shop, "worth much", at_risk=90_000, cutoff_at=NOON + hours(2))
        make(harbor.shop, "no value, S1", severity=1, resolve_due=NOON + hours(1))
        make(harbor.shop, "waits", at_risk=900_000, state="waiting")
        shown = operator.get("/desk/")
    assert titles(shown) == [
        "worth much", "no value, S1", "late and small", "worth little", "waits",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        (
            {"at_risk": "148210.40", "cutoff_at": NOON + hours(1.3), "usual_minutes": 648.4},
            "$148,210 × 92 % likely to miss ÷ 1.3 h left",  # 2^−(78 ÷ 648.4) = 0.92
        ),
        (
            {"at_risk": 500, "cutoff_at": NOON - hours(2)},
            "$500 × 100 %, it is late ÷ 0.25 h, the least that counts",
        ),
        (
            {"severity": 1, "resolve_due": NOON + hours(4), "usual_minutes": 240},
            "1,000 for S1, standing in for a value × 50 % likely to miss ÷ 4.0 h left",
        ),
        (
            {"at_risk": 500, "usual_minutes": 60},
            "$500 × under 1 % likely to miss ÷ 72 h, as it has no deadline",
        ),
        (
            {"at_risk": 500, "cutoff_at": NOON + hours(0.1), "usual_minutes": 6},
            "$500 × 50 % likely to miss ÷ 0.25 h, the least that counts",
        ),
    ],
)
def test_a_row_explains_its_rank_in_numbers(operator, harbor, fields, said):
    with clock.freeze(NOON):
        case = make(harbor.shop, "plain", **fields)
        row = page(operator.get("/desk/")).select_one(f"#case-{case.pk}")
    assert row["title"] == said
    assert row.select_one(".main .only-read").text == f"Ranked by {said}"


def test_pages_of_a_hundred_go_on_in_the_order_of_the_first_while_time_passes(operator, harbor):
    with clock.freeze(NOON) as now:
        for n in range(130):  # the later ones overtake: their cut-offs come while one reads
            make(
                harbor.shop, f"case {n:03}", at_risk=1000 - 5 * n,
                cutoff_at=NOON + hours(9 - n / 50), usual_minutes=600,
            )  # fmt: skip
        first = operator.get("/desk/")
        order = titles(first)
        assert order == [f"case {n:03}" for n in range(100)]
        now.move(6 * 3600)
        older = page(first).select_one(".pager a[rel=next]")["href"]
        second = operator.get(older)
        assert titles(second) == [f"case {n:03}" for n in range(100, 130)]
        newer = page(second).select_one(".pager a[rel=prev]")["href"]
        assert titles(operator.get(newer)) == order
        assert titles(operator.get("/desk/"))[0] == "case 129"


def test_a_page_goes_on_where_the_last_one_ended_though_its_last_case_is_gone(operator, harbor):
    for n in range(120):
        make(harbor.shop, f"case {n:03}", at_risk=1000 - n)
    first = operator.get("/desk/")
    older = page(first).select_one(".pager a[rel=next]")["href"]
    ExceptionCase.objects.filter(title="case 099").update(state="resolved", closed_at=clock.now())
    assert titles(operator.get(older)) == [f"case {n:03}" for n in range(100, 120)]


def test_a_place_is_read_as_it_was_written():
    place = desk.Place(True, 0.1 + 0.2, 17)
    assert desk.Place.read(str(place)) == place
    assert [desk.Place.read(text) for text in ("", "1~x~3", "1~nan~3", "3~1~3", "1~1~x")] == [
        None, None, None, None, None,
    ]  # fmt: skip
