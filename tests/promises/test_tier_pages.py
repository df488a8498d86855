"""The page of a customer's tier."""

from datetime import timedelta

import pytest

from monitoring.domain import objectives
from tests.pages.scenery import page, texts
from tests.promises.scenery import MARCH, at, promised
from tests.promises.test_pages import LIST, _in_march, busy

__all__ = ["_in_march", "busy"]

pytestmark = pytest.mark.db
NOW = at("03-12 09:00")


TIER = "/service-levels/harbor/tier/"


def test_both_tiers_stand_beside_what_is_promised(admin, busy):
    found = {
        cells[0]: cells[1:]
        for cells in (
            [cell.get_text(" ", strip=True) for cell in row.select("th, td")]
            for row in page(admin.get(TIER)).select("#service-tier tbody tr")
        )
    }
    assert found["New orders known to us"] == [
        "95.0 % in 15 min",
        "95.0 % in 15 min",
        "95.0 % in 5 min",
    ]
    assert found["Problems answered in time"][2] == "95.0 %: S1 in 15 min, S2 in 1 h, S3 in 6 h"
    assert len(found) == len(objectives.USUAL)


def test_an_admin_moves_a_customer_to_another_tier(admin, busy):
    assert (
        page(admin.get(f"{LIST}?customer=harbor")).select_one(f'a[href="{TIER}"]').text
        == "Tier: standard"
    )
    answer = admin.post(
        TIER, {"tier": "premium", "since": "running", "why": "They pay for it"}, follow=True
    )
    assert texts(page(answer), ".toast") == [
        f"Harbor Outfitters is premium: {len(objectives.USUAL)} promises changed"
    ]  # fmt: skip
    newest = promised(busy, "ingestion_latency")
    assert (newest.tier, newest.promise.limit, newest.since) == (
        "premium",
        timedelta(minutes=5),
        MARCH.begins,
    )


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"why": " "}, "This field is required."),
        (
            {"tier": "standard"},
            "Select a valid choice. standard is not one of the available choices.",
        ),
        ({"since": "never"}, "Select a valid choice. never is not one of the available choices."),
    ],
)
def test_a_move_that_cannot_be_says_why(admin, busy, changes, sentence):
    answer = admin.post(TIER, {"tier": "premium", "since": "next", "why": "x", **changes})
    assert (answer.status_code, sentence in answer.content.decode()) == (422, True)
    assert promised(busy, "freshness").version == 1


def test_only_who_may_change_promises_moves_a_customer(operator, busy):
    assert operator.get(TIER).status_code == 403
    assert page(operator.get(f"{LIST}?customer=harbor")).select_one(f'a[href="{TIER}"]') is None
