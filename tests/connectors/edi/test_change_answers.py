"""The answer to an 860, for buyers who want an 865."""

from uuid import UUID

import pytest

from integrations.connectors.edi import CONNECTOR
from integrations.connectors.edi.envelope import envelope
from integrations.connectors.edi.settings import BY_865
from integrations.connectors.outbound import ORDER_ANSWER
from integrations.formats import x12
from tests.connectors.edi.files import agreed, golden
from tests.connectors.edi.test_envelope import CONTROLS, NOW, ORDER, changed

pytestmark = pytest.mark.pure


def answered(order: dict, version: int, **settings: object) -> str:
    told = {ORDER_ANSWER: order, "version": version}
    items = [(UUID(int=1), "acknowledgement", told)]
    made = envelope(agreed(**settings), items, CONTROLS, NOW)
    assert made.problems == {}
    return made.body.decode()


def test_a_change_is_answered_by_the_golden_865() -> None:
    body = answered(ORDER, 2, answer_changes=BY_865)
    assert body == golden("865.out.edi")
    assert x12.read(body.encode()).issues == []


def test_an_order_is_answered_by_an_855_all_the_same_and_a_change_where_nothing_was_agreed() -> (
    None
):
    assert "ST*855*" in answered(ORDER, 1, answer_changes=BY_865)
    assert "ST*855*" in answered(ORDER, 2)


def test_a_cancelled_order_is_refused_in_the_heading() -> None:
    body = answered(changed(ORDER, status="cancelled"), 3, answer_changes=BY_865)
    assert "BCA*00*RJ*PO-7781*" in body
    assert "POC*" not in body


def test_an_ordchg_is_answered_by_an_ordrsp() -> None:
    assert "BGM+231+PO-7781+29'" in answered(ORDER, 2, answer_changes=BY_865, syntax="EDIFACT")


def test_answers_to_orders_and_to_changes_go_in_files_of_their_own() -> None:
    told = [{ORDER_ANSWER: ORDER, "version": version} for version in (1, 2, 3)]
    kinds = [CONNECTOR.file_kind("acknowledgement", document) for document in told]
    assert kinds == ["", "865", "865"]
    assert CONNECTOR.file_kind("shipment", {"version": 2}) == ""
