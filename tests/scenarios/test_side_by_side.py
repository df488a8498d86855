"""Two passes over one customer's documents at the same moment: nothing doubled, nothing lost."""

import time
from collections import Counter
from collections.abc import Callable, Iterator
from threading import Barrier, Thread

import pytest
from django.db import OperationalError, connection, connections
from django_tenants.utils import schema_context

from integrations.domain import deliver, receive
from integrations.models import Message, Record
from monitoring.models import ExceptionCase
from tests import pipeline
from tests.people import Site
from tests.scenarios import committed, target
from tests.scenarios.target import Target

pytestmark = pytest.mark.db


@pytest.fixture
def sink() -> Iterator[Target]:
    with target.running() as server:
        yield server


@pytest.fixture
def site(django_db_setup: None, django_db_blocker: pytest.FixtureRequest) -> Iterator[Site]:
    """Kestrel with committed rows: other threads have connections of their own."""
    with django_db_blocker.unblock(), committed.swept_afterwards():
        made = committed.site("kestrel")
        with schema_context("kestrel"):
            yield made


@pytest.fixture
def shop(site):
    return pipeline.endpoint(site.harbor, "shop", settings={})


@pytest.fixture
def erp(site, shop, sink):
    made = pipeline.endpoint(site.harbor, "erp", settings={"url": sink.url}, rate_per_second=10_000)
    pipeline.flow(shop, made)
    return made


def side_by_side(*works: Callable[[], object]) -> None:
    """Run each in a thread of its own, all starting together; what one raises is raised."""
    barrier, failures = Barrier(len(works)), []

    def run(work: Callable[[], object]) -> None:
        try:
            with schema_context("kestrel"):
                connection.ensure_connection()
                barrier.wait(10)
                work()
        except Exception as error:
            failures.append(error)
        finally:
            connections.close_all()

    threads = [Thread(target=run, args=(work,)) for work in works]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    if failures:
        raise failures[0]


def translate_all(customer_id: int) -> Callable[[], None]:
    """Passes until nothing is left; one that lost a race for rows comes again, as in a worker."""

    def work() -> None:
        ends = time.monotonic() + 50
        while time.monotonic() < ends:
            try:
                if not receive.receive(customer_id).done and not _received(customer_id):
                    return
            except OperationalError:
                continue
        raise AssertionError("it never came to an end")

    return work


def _received(customer_id: int) -> bool:
    return Message.objects.filter(customer_id=customer_id, state="received").exists()


def assert_all_sent_once(site: Site, erp, sink: Target, expected: dict[str, int]) -> None:
    """`expected`: order number → versions."""
    while deliver.deliver(erp.pk).done:
        pass
    states = Counter(pipeline.states(direction="in"))
    assert set(states) <= {"applied", "unchanged"}, (states, pipeline.story()[-10:])
    assert not ExceptionCase.objects.exists()
    versions = dict(Record.objects.values_list("number", "version"))
    assert versions == expected
    assert Counter(sink.names) == Counter(expected)
    assert set(pipeline.states(direction="out")) == {"confirmed"}


def test_two_passes_over_different_orders(site, shop, erp, sink):
    numbers = [str(n) for n in range(500)]
    pipeline.store(shop, *[pipeline.order(n) for n in numbers])
    side_by_side(*[translate_all(site.harbor)] * 2)
    assert_all_sent_once(site, erp, sink, dict.fromkeys(numbers, 1))


def test_two_passes_over_the_same_orders_repeated(site, shop, erp, sink):
    numbers = [str(n) for n in range(150)]
    pipeline.store(shop, *[pipeline.order(n) for _ in range(4) for n in numbers])
    side_by_side(*[translate_all(site.harbor)] * 2)
    assert_all_sent_once(site, erp, sink, dict.fromkeys(numbers, 1))
    assert Counter(pipeline.states(direction="in")) == {"applied": 150, "unchanged": 450}


def test_two_passes_over_the_same_orders_in_opposite_order(site, shop, erp, sink):
    numbers = [str(n) for n in range(200)]
    pipeline.store(shop, *[pipeline.order(n) for n in [*numbers, *reversed(numbers)]])
    side_by_side(*[translate_all(site.harbor)] * 2)
    assert_all_sent_once(site, erp, sink, dict.fromkeys(numbers, 1))


def test_a_pass_and_the_door_at_the_same_moment(site, shop, erp, sink):
    numbers = [str(n) for n in range(300)]

    def arrive() -> None:
        for start in range(0, 300, 10):
            pipeline.store(shop, *[pipeline.order(n) for n in numbers[start : start + 10]])

    side_by_side(arrive, translate_all(site.harbor), translate_all(site.harbor))
    translate_all(site.harbor)()
    assert_all_sent_once(site, erp, sink, dict.fromkeys(numbers, 1))


def test_two_passes_of_two_customers_do_not_touch_each_other(site, shop, erp, sink):
    other = pipeline.endpoint(site.maris, "othershop", settings={})
    pipeline.store(shop, *[pipeline.order(f"H{n}") for n in range(200)])
    pipeline.store(other, *[pipeline.order(f"M{n}") for n in range(200)])
    side_by_side(translate_all(site.harbor), translate_all(site.maris))
    owners = Record.objects.values_list("customer_id", "number")
    assert {(c, n[0]) for c, n in owners} == {(site.harbor, "H"), (site.maris, "M")}
    assert Message.objects.filter(state="applied").count() == 400


def test_a_pass_beside_one_that_is_open_takes_only_what_is_free(site, shop, erp):
    """A worker that was killed in mid-pass leaves its documents to the next, whole."""
    pipeline.store(shop, *[pipeline.order(str(n)) for n in range(5)])
    with committed.owner() as other:
        other.autocommit = False
        ids = other.execute(
            "SELECT id FROM kestrel.integrations_message WHERE state = 'received'"
            " ORDER BY id LIMIT 3 FOR UPDATE"
        ).fetchall()
        assert len(ids) == 3
        assert receive.receive(site.harbor).done == 2
        other.rollback()
    assert receive.receive(site.harbor).done == 3
    assert pipeline.states(direction="in") == ["applied"] * 5
