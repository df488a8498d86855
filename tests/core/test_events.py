from threading import Thread
from typing import NamedTuple

import pytest

from portal.core import events

pytestmark = pytest.mark.pure


class OrderHeld(NamedTuple):
    number: str


class OrderSent(NamedTuple):
    number: str


@pytest.fixture(autouse=True)
def _no_receivers():
    with events.isolated():
        yield


def test_receivers_run_at_once_in_the_order_they_subscribed():
    seen = []
    events.subscribe(OrderHeld)(lambda event: seen.append(("first", event.number)))
    events.subscribe(OrderHeld)(lambda event: seen.append(("second", event.number)))
    events.publish(OrderHeld("1001"))
    assert seen == [("first", "1001"), ("second", "1001")]


def test_an_event_of_the_same_shape_reaches_only_its_own_receivers():
    seen = []
    events.subscribe(OrderHeld)(seen.append)
    events.publish(OrderSent("1001"))
    assert seen == []


def test_an_error_in_a_receiver_reaches_the_publisher_and_stops_the_rest():
    seen = []

    @events.subscribe(OrderHeld)
    def fail(event: OrderHeld) -> None:
        raise LookupError(event.number)

    events.subscribe(OrderHeld)(seen.append)
    with pytest.raises(LookupError, match="1001"):
        events.publish(OrderHeld("1001"))
    assert seen == []


def test_subscribing_twice_is_subscribing_once():
    seen = []
    events.subscribe(OrderHeld)(seen.append)

    def receive(event: OrderHeld) -> None:
        seen.append(event)

    events.subscribe(OrderSent)(receive)
    events.subscribe(OrderSent)(receive)
    events.publish(OrderSent("1001"))
    assert seen == [OrderSent("1001")]


def test_the_registry_can_be_read_but_not_written():
    @events.subscribe(OrderHeld)
    def receive(event: OrderHeld) -> None: ...

    assert dict(events.registry()) == {OrderHeld: (receive,)}
    with pytest.raises(TypeError):
        events.registry()[OrderSent] = ()


def test_isolation_hides_the_real_receivers_and_brings_them_back():
    seen = []
    events.subscribe(OrderHeld)(seen.append)
    with events.isolated():
        events.publish(OrderHeld("hidden"))
        events.subscribe(OrderHeld)(lambda event: seen.append("leaked"))
    events.publish(OrderHeld("1001"))
    assert seen == [OrderHeld("1001")]


def test_what_is_silenced_is_heard_by_nobody_until_the_silence_ends():
    seen = []
    events.subscribe(OrderHeld)(seen.append)
    with events.silenced():
        events.publish(OrderHeld("hidden"))
    events.publish(OrderHeld("1001"))
    assert seen == [OrderHeld("1001")]


def test_silence_ends_with_an_error():
    seen = []
    events.subscribe(OrderHeld)(seen.append)
    with pytest.raises(LookupError), events.silenced():
        raise LookupError
    events.publish(OrderHeld("1001"))
    assert seen == [OrderHeld("1001")]


def test_silence_in_one_thread_leaves_the_others_their_voice():
    seen = []
    events.subscribe(OrderHeld)(seen.append)
    with events.silenced():
        other = Thread(target=events.publish, args=(OrderHeld("1001"),))
        other.start()
        other.join()
    assert seen == [OrderHeld("1001")]


@pytest.mark.parametrize("kind", [str, tuple, dict])
def test_only_a_named_tuple_can_be_an_event(kind):
    with pytest.raises(TypeError, match="NamedTuple"):
        events.subscribe(kind)
