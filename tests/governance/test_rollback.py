"""Going back is exact, and every version that was ever live can be run again."""

from typing import Any

import pytest

from integrations.domain import configuration, drafts, history, publishing, subjects
from integrations.domain.publishing import NewerVersionError
from integrations.domain.rerun import Runner, one, same_bytes
from integrations.domain.subjects import Subject
from integrations.models import Endpoint, Kind, LookupTable, Message, Record, RecordVersion
from tests import pipeline
from tests.governance.test_change_requests import default_rows, published, with_channel
from tests.people import Site

pytestmark = pytest.mark.db


def canonical(kestrel: Site, number: str) -> dict[str, Any]:
    return Record.objects.get(customer_id=kestrel.harbor, number=number).body


def test_rolling_back_restores_what_came_out_before_to_the_byte(
    kestrel: Site, shop: Endpoint, orders: list[str], orders_in: Subject, dana: Any, lee: Any
) -> None:
    stored = one(kestrel.harbor, Message.objects.filter(direction="in").first().pk)  # type: ignore[union-attr]
    assert stored

    def out() -> list[str]:
        return list(same_bytes(Runner(configuration.of(kestrel.harbor)).read(stored)))

    before = out()
    change = published(
        orders_in, with_channel(default_rows(orders_in), "web"), author=dana, approver=lee
    )
    assert out() != before
    publishing.roll_back(change.pk, actor="Lee", reason="The ERP refuses it")
    assert out() == before


@pytest.mark.parametrize("kind", ["lookup", "rules", "flow", "contract", "extension"])
def test_rolling_back_restores_every_kind_of_content(
    kestrel: Site,
    shop: Endpoint,
    erp: Endpoint,
    channels: LookupTable,
    dana: Any,
    lee: Any,
    kind: str,
) -> None:
    key, content = {
        "lookup": ("channel", {"default": "value", "default_value": "web", "rows": {"b2b": "B"}}),
        "rules": ("", {"rules": [{"n": 1, "if": {}, "then": {"force": "RNO1"}}]}),
        "flow": ("shop-erp-order", None),
        "contract": ("shop order", {"schema": {"type": "object", "required": ["number"]}}),
        "extension": ("order acme", {"schema": {"type": "object", "additionalProperties": False,
                                                "properties": {"gift": {"type": "boolean"}}}}),
    }[kind]  # fmt: skip
    subject = Subject(kestrel.harbor, kind, key)
    _, live = drafts.live_content(subject)
    content = content or {**(live or {}), "enabled": False, "drift": "pause"}
    before = subjects.digest(live)
    change = published(subject, content, author=dana, approver=lee)
    assert subjects.digest(drafts.live_content(subject)[1]) == subjects.digest(content)
    publishing.roll_back(change.pk, actor="Lee")
    after = drafts.live_content(subject)[1]
    assert subjects.digest(after or None) in (before, subjects.digest({"rules": []}))


def test_a_change_with_a_newer_one_on_top_cannot_be_rolled_back(
    orders: list[str], orders_in: Subject, dana: Any, lee: Any
) -> None:
    first = published(
        orders_in, with_channel(default_rows(orders_in), "web"), author=dana, approver=lee
    )
    published(orders_in, with_channel(default_rows(orders_in), "b2b"), author=dana, approver=lee)
    with pytest.raises(NewerVersionError, match="v2 is live on top"):
        publishing.roll_back(first.pk, actor="Lee")


def test_every_version_ever_live_gives_the_same_bytes_again(
    kestrel: Site, shop: Endpoint, erp: Endpoint, orders_in: Subject, channels: LookupTable,
    dana: Any, lee: Any,
) -> None:  # fmt: skip
    def run(number: str) -> None:
        pipeline.store(shop, pipeline.order(number))
        pipeline.run(kestrel.harbor)

    _, asking = drafts.live_content(orders_in)
    assert asking
    run("1")
    table = Subject(kestrel.harbor, Kind.LOOKUP, "channel")
    rows = {"default": "pass", "default_value": "", "rows": {"shop": "web"}}
    published(table, rows, author=dana, approver=lee)
    run("2")
    fixed = published(orders_in, with_channel(asking, "b2b"), author=dana, approver=lee)
    run("3")
    publishing.roll_back(fixed.pk, actor="Lee")
    run("4")
    published(table, {**rows, "rows": {"shop": "phone"}}, author=dana, approver=lee)
    run("5")

    arrived = Message.objects.filter(direction="in").order_by("id")
    assert arrived.count() == 5
    seen = []
    for message in arrived:
        assert message.configuration
        then = configuration.build(
            kestrel.harbor, history.as_of(kestrel.harbor, message.configuration)
        )
        stored = one(kestrel.harbor, message.pk)
        assert stored
        reading = Runner(then).read(stored)
        record = Record.objects.get(pk=message.record_id)
        assert not RecordVersion.objects.filter(record=record).exists()
        assert [offer.body for offer in reading.offers] == [record.body]
        assert [offer.content_hash for offer in reading.offers] == [bytes(record.content_hash)]
        assert reading.mapping == message.mapping
        seen.append(record.body["channel"])
    assert seen == ["shop", "web", "b2b", "web", "phone"]
