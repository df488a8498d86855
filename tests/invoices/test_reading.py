"""An invoice reads back as it was made final."""

import json
from decimal import Decimal

import pytest
from hypothesis import given

from billing.invoices.reading import UnreadableInvoiceError, read
from monitoring.seal import canonical
from tests.invoices.april import APRIL, CREDIT_NOTE, DRAFT
from tests.invoices.generated import documents

pytestmark = pytest.mark.pure


@pytest.mark.parametrize("content", [APRIL, CREDIT_NOTE, DRAFT])
def test_what_was_made_final_reads_back_the_same(content):
    assert read(canonical(content)) == content
    assert canonical(read(canonical(content))) == canonical(content)


@given(documents())
def test_any_invoice_reads_back_the_same(content):
    assert read(canonical(content)) == content


def test_money_reads_back_as_decimals_and_none_as_none():
    march = read(canonical(APRIL)).lines[0]
    assert (march.amount, march.before, march.unit_amount) == (Decimal(12), Decimal(150), None)
    assert type(march.steps[0].price) is Decimal


def changed(change):
    return json.dumps(json.loads(canonical(APRIL)) | change).encode()


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"form": "sla-statement/1"}, "The form is 'sla-statement/1'; this version reads 'invoice/1'"),
        ({"kind": "receipt"}, "invoice.kind does not read"),
        ({"net": 1062.56}, "invoice.net does not read"),
        ({"net": "1e3"}, "invoice.net does not read"),
        ({"issued": "yesterday"}, "invoice.issued does not read"),
        ({"lines": [{}]}, r"invoice.lines\[0\] does not read"),
        ({"tax": None}, "invoice.tax does not read"),
    ],
)  # fmt: skip
def test_what_does_not_read_is_named(change, said):
    with pytest.raises(UnreadableInvoiceError, match=said):
        read(changed(change))


def test_what_is_no_invoice_is_refused():
    for content in (b"", b"[]", b"{", b"\xff", b"{}"):
        with pytest.raises(UnreadableInvoiceError):
            read(content)
