"""Documents that go in one call, and a look-up that finds its own among many."""

from typing import Any
from uuid import UUID

import pytest

from integrations.connectors import registry
from integrations.connectors.outbound import Outbound, Outcome
from portal.core.errors import NeedsPerson, Retryable
from tests.connectors.conformance import client_of
from tests.connectors.described.lists import Asked, Lists, Reply

REST = registry.get("rest")
TEXT = """
test: {path: /me}
writes:
  availability: {method: PUT, path: /stock, batch: {size: 3, under: items}, wrap: set, leave_out: note}
  price_list: {path: /prices, chunks: {size: 2, of: prices}, wrap: p}
  product: {path: /products, batch: {size: 2}}
  shipment:
    path: /parcels
    look_up: {path: /parcels, params: {order: "{order}"}, found: rows, match: {"memo.*.text": "{number}", order: "{order}"}, id: id}
"""


def items(kind: str, *documents: dict[str, Any], **fields: Any) -> list[Outbound]:
    return [
        Outbound(UUID(int=n), kind, f"harbor/{n}", document, None, False)._replace(**fields)
        for n, document in enumerate(documents, start=1)
    ]


def deliver(lists: Lists, sent: list[Outbound]) -> dict[int, Outcome]:
    with client_of(REST, lists.connection(TEXT)) as client:
        return {outcome.message_id.int: outcome for outcome in client.deliver(sent)}


def stock(*skus: str) -> list[Outbound]:
    return items("availability", *({"sku": sku, "note": "x"} for sku in skus))


def test_a_few_go_in_one_call(lists: Lists) -> None:
    outcomes = deliver(lists, stock("A", "B", "C", "D"))
    assert [outcomes[n].error for n in range(1, 5)] == [None] * 4
    sent = sorted(len(asked.body["set"]["items"]) for asked in lists.asked)
    assert sent == [1, 3]
    assert {"set": {"items": [{"sku": "D"}]}} in [asked.body for asked in lists.asked]


def test_without_a_name_the_body_is_the_list(lists: Lists) -> None:
    deliver(lists, items("product", {"sku": "A"}, {"sku": "B"}))
    assert [asked.body for asked in lists.asked] == [[{"sku": "A"}, {"sku": "B"}]]


def test_one_bad_entry_does_not_hold_back_the_others(lists: Lists) -> None:
    def answer(asked: Asked) -> Reply:
        bad = any(entry["sku"] == "B" for entry in asked.body["set"]["items"])
        return Reply(422, {"why": "no B"}) if bad else Reply()

    lists.answer = answer
    outcomes = deliver(lists, stock("A", "B", "C"))
    assert [type(outcomes[n].error) for n in (1, 2, 3)] == [type(None), NeedsPerson, type(None)]
    assert len(lists.asked) == 4


def test_a_system_that_is_down_is_not_asked_for_each(lists: Lists) -> None:
    lists.answer = lambda asked: Reply(503)
    outcomes = deliver(lists, stock("A", "B", "C"))
    assert [type(outcome.error) for outcome in outcomes.values()] == [Retryable] * 3
    assert len(lists.asked) == 1


@pytest.mark.parametrize(
    ("reply", "remote_id", "calls"),
    [
        (
            [
                {"id": 1, "order": 7, "memo": [{"text": "P-0"}]},
                {"id": 2, "order": 7, "memo": [{"text": "x"}, {"text": "P-1"}]},
            ],
            "2",
            1,
        ),
        ([{"id": 1, "order": 7, "memo": [{"text": "P-0"}]}], None, 2),
        ([{"id": 1, "order": 8, "memo": [{"text": "P-1"}]}], None, 2),
        ([], None, 2),
        (None, None, 2),
    ],
)
def test_what_arrived_is_told_by_its_values(
    lists: Lists, reply: Any, remote_id: str | None, calls: int
) -> None:
    def answer(asked: Asked) -> Reply:
        if asked.method == "GET":
            return Reply(204, b"") if reply is None else Reply(said={"rows": reply})
        return Reply(201, {})

    lists.answer = answer
    [outcome] = deliver(
        lists, items("shipment", {"order": 7, "number": "P-1"}, retried=True)
    ).values()
    assert (outcome.error, outcome.remote_id) == (None, remote_id)
    assert len(lists.asked) == calls


def test_a_long_list_goes_in_parts_and_an_empty_one_too(lists: Lists) -> None:
    for prices in ([1, 2, 3, 4, 5], []):
        deliver(lists, items("price_list", {"list": "WEB", "prices": prices}))
    assert [asked.body["p"] for asked in lists.asked] == [
        {"list": "WEB", "prices": [1, 2]},
        {"list": "WEB", "prices": [3, 4]},
        {"list": "WEB", "prices": [5]},
        {"list": "WEB", "prices": []},
    ]


def test_the_first_part_that_is_refused_ends_the_delivery(lists: Lists) -> None:
    lists.answer = lambda asked: Reply(422 if 3 in asked.body["p"]["prices"] else 200)
    [outcome] = deliver(lists, items("price_list", {"prices": [1, 2, 3, 4, 5]})).values()
    assert isinstance(outcome.error, NeedsPerson)
    assert len(lists.asked) == 2


@pytest.mark.parametrize(("status", "calls"), [(413, 4), (404, 1), (401, 1)])
def test_only_what_is_in_the_documents_is_tried_one_by_one(
    lists: Lists, status: int, calls: int
) -> None:
    lists.answer = lambda asked: Reply(status)
    deliver(lists, stock("A", "B", "C"))
    assert len(lists.asked) == calls
