"""Live documents are held against the endpoint's contract."""

from typing import Any

import pytest

from integrations.contracts import infer
from integrations.domain import drafts, drift, evidence
from integrations.domain.subjects import Subject
from integrations.models import Contract, Endpoint, Flow, Kind, Message
from monitoring.models import ExceptionCase
from tests import pipeline
from tests.governance.test_change_requests import published
from tests.people import Site

pytestmark = pytest.mark.db


@pytest.fixture
def agreed(shop: Endpoint, erp: Endpoint) -> Contract:
    schema = infer([pipeline.order(str(n)) for n in range(5)])
    return Contract.objects.create(endpoint=shop, object_type="order", schema=schema)


def send(kestrel: Site, shop: Endpoint, number: str, **fields: Any) -> Message:
    pipeline.store(shop, pipeline.order(number, **fields))
    pipeline.run(kestrel.harbor)
    return Message.objects.filter(direction="in").order_by("-id")[0]


def test_a_document_as_agreed_passes_without_a_word(
    kestrel: Site, shop: Endpoint, agreed: Contract
) -> None:
    assert send(kestrel, shop, "1").state == "applied"
    assert not ExceptionCase.objects.exists()


def test_drift_opens_one_case_however_many_fields_and_documents_drift(
    kestrel: Site, shop: Endpoint, agreed: Contract
) -> None:
    for number in ("1", "2"):
        assert send(kestrel, shop, number, nickname="A", gift=True).state == "applied"
    case = ExceptionCase.objects.get()
    assert case.code == "contract_drift"
    assert case.documents == 2


def test_a_flow_that_ignores_drift_opens_nothing(
    kestrel: Site, shop: Endpoint, agreed: Contract
) -> None:
    Flow.objects.update(drift="ignore")
    send(kestrel, shop, "1", gift=True)
    assert not ExceptionCase.objects.exists()


def test_a_flow_that_pauses_holds_the_document(
    kestrel: Site, shop: Endpoint, agreed: Contract, sink: Any
) -> None:
    Flow.objects.update(drift="pause")
    assert send(kestrel, shop, "1", gift=True).state == "held"
    assert sink.taken == []


def test_taking_the_drift_into_the_contract_lets_held_documents_go(
    kestrel: Site, shop: Endpoint, agreed: Contract, sink: Any, dana: Any, lee: Any
) -> None:
    Flow.objects.update(drift="pause")
    send(kestrel, shop, "1", gift=True)
    wider = {"schema": drift.taken_in(shop, "order", agreed.schema)}
    published(
        Subject(kestrel.harbor, Kind.CONTRACT, "shop order"), wider, author=dana, approver=lee
    )
    pipeline.run(kestrel.harbor)
    assert [document["number"] for document in sink.taken] == ["1"]
    assert not ExceptionCase.objects.filter(state__in=ExceptionCase.OPEN_STATES).exists()


def test_evidence_for_a_stricter_contract_shows_what_it_would_hold(
    kestrel: Site, shop: Endpoint, agreed: Contract, dana: Any
) -> None:
    Flow.objects.update(drift="pause")
    for number in ("1", "2", "3"):
        send(kestrel, shop, number)
    subject = Subject(kestrel.harbor, Kind.CONTRACT, "shop order")
    stricter = {**agreed.schema, "required": [*agreed.schema["required"], "gift"]}
    draft = drafts.begin(subject, author=dana, content={"schema": stricter})
    counts = evidence.gather(draft)["counts"]
    assert (counts["documents"], counts["newly_invalid"]) == (3, 3)
    assert counts["refused"] == {"contract_drift": 3}
