"""Two passes over one customer's documents at the same moment: nothing doubled, nothing lost."""

from collections import Counter

import pytest

from integrations.domain import deliver, receive
from integrations.models import Message, Record
from monitoring.models import ExceptionCase
from tests import pipeline
from tests.people import Site
from tests.scenarios import committed
from tests.scenarios.passes import side_by_side, translate_all
from tests.scenarios.target import Target

pytestmark = [pytest.mark.db, pytest.mark.long]


@pytest.fixture
def shop(site):
    return pipeline.endpoint(site.harbor, "shop", settings={})


@pytest.fixture
def erp(site, shop, sink):
    made = pipeline.endpoint(site.harbor, "erp", settings={"url": sink.url}, rate_per_second=10_000)
    pipeline.flow(shop, made)
    return made


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
