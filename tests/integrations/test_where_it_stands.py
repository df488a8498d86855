"""Invoices and returns stand where their source says they do, and go forward only."""

import pytest

from integrations.domain import hub
from integrations.domain.hub import Offer
from integrations.models import Record
from tests import pipeline

pytestmark = pytest.mark.db

INVOICE = {
    "number": "INV-9", "type": "invoice", "issued_on": "2026-03-03", "currency": "USD",
    "totals": {"lines": "123.00", "tax": "0.00", "total": "123.00"},
    "lines": [{"sku": "TENT-2P", "quantity": "2", "unit_price": "61.50", "total": "123.00"}],
}  # fmt: skip
RETURN = {"number": "RMA-5", "lines": [{"sku": "TENT-2P", "quantity": "1"}]}


@pytest.fixture
def books(kestrel):
    return pipeline.endpoint(kestrel.harbor, "books", settings={})


def says(books, object_type, status):
    """A document of the source, and where the hub has it after that."""
    body = {**(INVOICE if object_type == "invoice" else RETURN), "status": status}
    pipeline.store(books, body, object_type=object_type)
    pipeline.run(books.customer_id)
    return Record.objects.get(object_type=object_type).state


@pytest.mark.parametrize(
    ("object_type", "statuses", "stands"),
    [
        ("invoice", "posted partially_paid paid", "posted partially_paid paid"),
        ("invoice", "draft paid credited", "draft paid credited"),  # nobody asked in between
        ("invoice", "paid posted", "paid paid"),
        ("invoice", "posted void posted", "posted void void"),
        ("return", "requested received refunded closed", "requested received refunded closed"),
        ("return", "received requested", "received received"),
    ],
)
def test_it_goes_where_its_source_says_and_never_back(books, object_type, statuses, stands):
    assert [says(books, object_type, one) for one in statuses.split()] == stands.split()


def test_what_others_told_stands_until_the_source_has_heard_of_it(books):
    says(books, "invoice", "posted")
    Record.objects.update(state="partially_paid")  # as a remittance does
    assert says(books, "invoice", "sent") == "partially_paid"
    assert says(books, "invoice", "paid") == "paid"


def offered(record, **changed):
    body = {**record.body, **changed}
    return Offer(None, record.source_id, "invoice", record.business_key, body, "{}", b"1" * 32)


def test_a_word_that_is_taken_back_takes_its_step_back(books):
    says(books, "invoice", "posted")
    says(books, "invoice", "paid")
    record = Record.objects.get()
    assert (
        hub.put_back(record.customer_id, offered(record, status="posted")).record.state == "posted"
    )
    assert Record.objects.get().state == "posted"


def test_a_word_that_is_taken_back_leaves_what_others_told(books):
    says(books, "invoice", "posted")
    says(books, "invoice", "sent")
    Record.objects.update(state="paid")
    record = Record.objects.get()
    hub.put_back(record.customer_id, offered(record, status="posted"))
    assert Record.objects.get().state == "paid"
