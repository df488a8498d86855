"""A system that nobody wrote a connector for: sixty lines of YAML, and its orders are here.

The order desk is a process of its own, with pages, a token, changes by time, and a wish to be left alone now
and then. What is applied is the file that the how-to shows, with the address of the running desk in it.
"""

import re
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import requests

from integrations import configfile
from integrations.domain import poll
from integrations.models import Endpoint, Message, PollCursor, Record
from monitoring.models import ExceptionCase
from portal.core import clock
from tests import pipeline
from tests.connectors.counterparts import ROOT, start_process, stop_process
from tests.scenarios import target

FILE = Path(__file__).with_name("orderdesk.yaml")
HOW_TO = ROOT / "docs" / "describe-a-rest-system.md"
MENTIONED = "https://api.orderdesk.example"


@pytest.mark.pure
def test_the_file_has_less_than_sixty_lines_and_the_how_to_shows_it() -> None:
    text = FILE.read_text()
    assert len(text.splitlines()) < 60
    shown = re.findall(r"```yaml\n(.*?)```", HOW_TO.read_text(), re.DOTALL)
    assert text in shown


class Desk:
    """The running order desk, and the lanes that serve it."""

    def __init__(self, customer_id: int) -> None:
        self.process, line = start_process("sandbox.orderdesk", "--token", "desk-7")
        self.url, self.customer_id = line.split()[2], customer_id

    def tell(self, verb: str, **body: Any) -> Any:
        answer = requests.post(f"{self.url}/_sandbox/{verb}", json=body, timeout=10)
        answer.raise_for_status()
        return answer.json()

    def poll(self, until: Callable[[], bool]) -> None:
        """Let the lane have its turns, at the times that it asks for."""
        with clock.freeze(clock.now()) as frozen:
            for _ in range(60):
                if until():
                    return
                due = poll.poll(Endpoint.objects.get(slug="desk").pk).next_due
                frozen.move(max((due - frozen.at).total_seconds(), 0.2) if due else 1)
                pipeline.run(self.customer_id)
        raise AssertionError("\n".join(pipeline.story()))


@pytest.fixture
def desk(kestrel) -> Iterator[Desk]:
    made = Desk(kestrel.harbor)
    text = FILE.read_text().replace(MENTIONED, made.url)
    configfile.apply(text.encode(), environment={"DESK_TOKEN": "desk-7"})
    yield made
    stop_process(made.process)


@pytest.fixture
def erp(kestrel, desk) -> Iterator[Any]:
    """The system that takes the desk's orders, and tells the desk what was shipped."""
    with target.running() as server:
        takes = pipeline.endpoint(
            kestrel.harbor, "erp", settings={"url": server.url}, rate_per_second=1000
        )
        source = Endpoint.objects.get(slug="desk")
        pipeline.flow(source, takes, "order")
        pipeline.flow(takes, source, "shipment")
        yield takes


def orders() -> set[str]:
    return set(Record.objects.filter(object_type="order").values_list("business_key", flat=True))


@pytest.mark.db
def test_orders_come_in_pages_and_a_shipment_goes_back(desk, erp) -> None:
    desk.tell("orders", count=55, at_once=7)
    desk.poll(lambda: len(orders()) == 55)
    assert Message.objects.filter(endpoint=erp, state="confirmed").count() == 55
    assert {key.rpartition("/")[2] for key in orders()} == set(desk.tell("effects")["orders"])

    shipment = {
        "number": "S-1", "site": "RNO1", "order_number": "D-1009", "status": "complete",
        "shipped_at": "2026-03-02T18:00:00Z", "carrier": {"scac": "UPSN"}, "tracking": ["1Z999"],
        "lines": [{"sku": "STOVE-1", "ordered": "2", "shipped": "2", "uom": "EA"}],
    }  # fmt: skip
    pipeline.store(erp, shipment, object_type="shipment")
    pipeline.run(desk.customer_id)
    assert desk.tell("effects")["parcels"] == {
        "S-1": {"number": "S-1", "carrier": "UPSN", "tracking": ["1Z999"], "order": 9}
    }, pipeline.story()[-4:]
    assert ExceptionCase.objects.count() == 0, pipeline.story()


@pytest.mark.db
def test_only_what_changed_comes_again_and_429_is_waited_for(desk, erp) -> None:
    desk.tell("orders", count=3)
    desk.poll(lambda: len(orders()) == 3 and not PollCursor.objects.get().cursor.get("within"))
    before = Message.objects.filter(direction="in").count()
    assert before == 3
    desk.tell("touch", id=2)
    desk.tell("wait", calls=2)
    desk.tell("orders", count=1)
    desk.poll(lambda: len(orders()) == 4 and not PollCursor.objects.get().cursor.get("within"))
    # the touched order and the new one; those that the overlap met again are the same documents
    assert Message.objects.filter(direction="in").count() == before + 2
    assert desk.tell("effects")["refused"] == 2
    assert ExceptionCase.objects.count() == 0, pipeline.story()


@pytest.mark.db
def test_a_refused_poll_comes_no_sooner_than_it_was_asked_to(desk) -> None:
    desk.tell("wait", calls=1)
    with clock.freeze(clock.now() + timedelta(seconds=1)) as frozen:
        due = poll.poll(Endpoint.objects.get(slug="desk").pk).next_due
        assert due is not None
        assert (due - frozen.at).total_seconds() >= 1
