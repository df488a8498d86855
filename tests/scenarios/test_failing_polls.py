"""Endpoints that are only asked: when they do not answer, somebody is told, and they are asked again soon."""

from datetime import UTC, datetime
from itertools import pairwise

import pytest

from integrations.domain import poll
from integrations.models import Endpoint, PollCursor
from monitoring.models import ExceptionCase
from portal.core import clock
from tests import pipeline
from tests.connectors.answering import Answering

pytestmark = pytest.mark.db

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)


@pytest.fixture
def frozen():
    with clock.freeze(NOON) as clock_:
        yield clock_


@pytest.fixture
def store():
    server = Answering()
    server.body = b"[]"
    yield server
    server.close()


@pytest.fixture
def polled(kestrel, store) -> Endpoint:
    """A web store whose orders are fetched every minute."""
    made = pipeline.endpoint(
        kestrel.harbor, "web", "woocommerce", settings={"url": store.url},
        secrets={"consumer_key": "ck", "consumer_secret": "cs", "webhook_secret": "x"},
    )  # fmt: skip
    PollCursor.objects.create(endpoint=made, stream="orders", every_seconds=60, due_at=NOON)
    return made


def poll_until(frozen, seconds: float, polled: Endpoint, store: Answering) -> list[float]:
    """Let the lane have its turns; returns when the store was asked, in seconds since noon."""
    asked = []
    while (frozen.at - NOON).total_seconds() < seconds:
        before = len(store.asked)
        due = poll.poll(polled.pk).next_due
        if len(store.asked) > before:
            asked.append((frozen.at - NOON).total_seconds())
        frozen.move((due - frozen.at).total_seconds() or 1)
    return asked


def cases() -> list[tuple[str, str]]:
    return list(ExceptionCase.objects.values_list("code", "state"))


@pytest.mark.parametrize(("status", "code"), [(503, "unavailable"), (404, "not_found")])
def test_a_store_that_is_only_polled_gets_a_case_when_it_fails(polled, store, frozen, status, code):
    store.status = status
    # 5, 10, 15 and 20 s apart; then the breaker pauses 15 s, but the poll its 25 s
    assert poll_until(frozen, 80, polled, store) == [0, 5, 15, 30, 50, 75]
    assert cases() == [(code, "new")]


def test_the_case_closes_with_the_next_poll_that_works(polled, store, frozen):
    store.status = 503
    poll_until(frozen, 60, polled, store)
    store.status = 200
    assert poll_until(frozen, 76, polled, store) == [75]
    assert cases() == [("unavailable", "resolved")]
    cursor = PollCursor.objects.get()
    assert (cursor.attempts, cursor.due_at.minute) == (0, 2)


def test_a_poll_is_put_off_by_five_minutes_at_most(polled, store, frozen):
    store.status = 503
    asked = poll_until(frozen, 7200, polled, store)
    pauses = [later - earlier for earlier, later in pairwise(asked)]
    assert max(pauses) <= 301
