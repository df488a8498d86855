"""Usage is noted once, and in the right month."""

from decimal import Decimal

import pytest
from django.db import IntegrityError, connection, transaction

from billing.domain import intake
from billing.models import UsageFact
from portal.core import clock
from tests.billing.usage import account, at, event
from tests.people import Site

pytestmark = pytest.mark.db


@pytest.fixture(autouse=True)
def _in_may():  # type: ignore[no-untyped-def]
    with clock.freeze(at("2026-05-10 12:00")):
        yield


def test_the_same_event_again_is_no_news(kestrel: Site) -> None:
    harbor = account(kestrel.harbor)
    first = intake.note([event(harbor, "a"), event(harbor, "b"), event(harbor, "a")])
    again = intake.note([event(harbor, "b"), event(harbor, "c")])
    assert (first.added, first.duplicates) == (2, 1)
    assert (again.added, again.duplicates, again.refused) == (1, 1, ())
    assert UsageFact.objects.count() == 3


def test_another_event_under_a_known_key_is_refused_and_nothing_changes(kestrel: Site) -> None:
    harbor = account(kestrel.harbor)
    intake.note([event(harbor, "a", quantity="1")])
    noted = intake.note([event(harbor, "a", quantity="2"), event(harbor, "b")])
    assert (noted.added, [one.at for one in noted.refused]) == (1, [0])
    assert "next revision" in noted.refused[0].text
    assert UsageFact.objects.get(key="a").quantity == 1


def test_an_amendment_is_a_fact_of_its_own(kestrel: Site) -> None:
    harbor = account(kestrel.harbor)
    intake.note([event(harbor, "a", quantity="5")])
    noted = intake.note([event(harbor, "a", quantity="3", revision=1, reason="Counted twice")])
    assert noted.added == 1
    assert [f.quantity for f in UsageFact.objects.order_by("revision")] == [Decimal(5), Decimal(3)]


def test_late_usage_is_of_its_month_and_billed_with_the_open_one(kestrel: Site) -> None:
    harbor = account(kestrel.harbor, open_from="2026-05")
    noted = intake.note(
        [event(harbor, "late", "2026-04-30 23:59"), event(harbor, "now", "2026-05-01 00:00")]
    )
    assert (noted.added, noted.late) == (2, 1)
    late = UsageFact.objects.get(key="late")
    assert (str(late.day), late.billed_in) == ("2026-04-30", "2026-05")


def test_days_are_those_of_the_account(kestrel: Site) -> None:
    """23:30 in Denver (UTC−6) on 30 April is 05:30 UTC on 1 May."""
    harbor = account(kestrel.harbor, time_zone="America/Denver")
    intake.note([event(harbor, "a", "2026-05-01 05:30")])
    assert str(UsageFact.objects.get().day) == "2026-04-30"


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"when": "2026-05-10 12:06"}, "only what happened is counted"),
        ({"quantity": "-1"}, "less than nothing"),
        ({"when": "2025-12-31 12:00"}, "December 2025 is closed"),
        ({"key": ""}, "a key that is its own"),
    ],
)
def test_what_nobody_can_be_billed_for_is_refused_in_words(
    kestrel: Site, change: dict[str, str], words: str
) -> None:
    harbor = account(kestrel.harbor)
    noted = intake.note([event(harbor, **{"key": "a", **change}), event(harbor, "good")])
    assert (noted.added, len(noted.refused)) == (1, 1)
    assert words in noted.refused[0].text


def test_an_account_that_is_not_there_is_refused(kestrel: Site) -> None:
    harbor = account(kestrel.harbor)
    harbor.pk = 999_999
    noted = intake.note([event(harbor, "a")])
    assert noted.refused[0].text == "There is no such account."


def test_usage_is_never_changed_or_removed(kestrel: Site) -> None:
    intake.note([event(account(kestrel.harbor), "a")])
    for statement in (
        "UPDATE billing_usagefact SET quantity = 0",
        "DELETE FROM billing_usagefact",
    ):
        with pytest.raises(IntegrityError, match="amendment"), transaction.atomic():
            connection.cursor().execute(statement)
    assert UsageFact.objects.get().quantity == 1
