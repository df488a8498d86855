"""Taking back while the pipeline works on the same documents: each of them ends in one way."""

import time
from collections import Counter
from datetime import timedelta

import pytest
from django.db import OperationalError
from django.utils import timezone

from integrations.domain import deliver, receive, replay
from integrations.domain.take_back import TakenBack, take_back
from integrations.models import Flow, LookupRow, LookupTable, Message, Record
from integrations.queries import ledger
from tests import pipeline
from tests.pages.scenery import HELD_ROWS
from tests.scenarios import committed
from tests.scenarios.passes import side_by_side, translate_all

pytestmark = [pytest.mark.db, pytest.mark.long]


@pytest.fixture
def erp(site, sink):
    shop = pipeline.endpoint(site.harbor, "shop", settings={})
    made = pipeline.endpoint(site.harbor, "erp", settings={"url": sink.url}, rate_per_second=80)
    pipeline.flow(shop, made)
    Flow.objects.update(changed_at=timezone.now() - timedelta(days=1))
    table = LookupTable.objects.create(customer_id=site.harbor, name="sku")
    shop.mappings.create(object_type="order", direction="in", version=1, rows=HELD_ROWS)
    numbers = [str(n) for n in range(200)]
    pipeline.store(shop, *[pipeline.order(number, sku="TENT-OLD") for number in numbers])
    pipeline.run(site.harbor)
    LookupRow.objects.create(table=table, code="TENT-OLD", value="TENT-2P")
    return made


def held():
    found = Message.objects.filter(state="held", direction="in").order_by("id")
    return list(found.values_list("pk", flat=True))


def undo(ids, since) -> list[TakenBack]:
    """In bites; one that lost a race for rows comes again, as its caller does."""
    answers: list[TakenBack] = []
    for start in range(0, len(ids), 20):
        for _ in range(20):
            try:
                bite = ids[start : start + 20]
                answers += take_back(bite, since=since, actor="Ben Ode", cause="no")
                break
            except OperationalError:
                continue
    return answers


def come_to_rest(customer_id: int) -> None:
    """Until nothing waits: the rate of the target makes the last ones wait."""
    ends = time.monotonic() + 30
    while time.monotonic() < ends and Message.objects.filter(state="waiting").exists():
        pipeline.run(customer_id)
        time.sleep(0.05)


def test_what_is_taken_back_while_it_is_worked_off_was_not_sent_or_is_cancelled(site, erp, sink):
    ids, since, answers = held(), timezone.now(), []
    replay.replay(ids, actor="Ana Ruiz", cause="lookup added")

    def send() -> None:
        ends = time.monotonic() + 10
        while time.monotonic() < ends and len(answers) < len(ids):
            deliver.deliver(erp.pk)

    side_by_side(
        translate_all(site.harbor),
        send,
        lambda: (time.sleep(0.1), answers.extend(undo(ids, since))),
    )
    come_to_rest(site.harbor)
    assert len(answers) == len(ids)
    key = dict(Message.objects.filter(pk__in=ids).values_list("pk", "business_key"))
    outcome = {key[answer.message_id].partition("/")[2]: answer.outcome for answer in answers}
    told = Counter(outcome.values())
    sent = Counter(order["number"] for order in sink.taken)
    expected = {"taken_back": 0, "stays": 1, "compensated": 2}
    assert {n: sent[n] for n in outcome} == {n: expected[o] for n, o in outcome.items()}, told
    assert len(held()) == told["taken_back"]
    assert Record.objects.filter(state="cancelled").count() == told["compensated"]
    assert ledger.balance().findings == []


def test_a_delivery_somebody_has_in_hand_is_being_sent(site, erp, sink):
    ids, since = held()[:1], timezone.now()
    replay.replay(ids, actor="Ana Ruiz", cause="lookup added")
    receive.receive(site.harbor)
    with committed.owner() as other, other.transaction():
        other.execute(
            "SELECT 1 FROM kestrel.integrations_message WHERE direction = 'out' FOR UPDATE"
        )
        answer = take_back(ids, since=since, actor="Ben Ode", cause="no")[0]
    assert (answer.outcome, answer.text) == ("stays", "it is being sent right now")
    assert take_back(ids, since=since, actor="Ben Ode", cause="no")[0].outcome == "taken_back"
