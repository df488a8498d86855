"""What several advices pay of one invoice: kept once each, added up, corrected by their trace."""

from decimal import Decimal
from types import SimpleNamespace
from uuid import UUID

import pytest
from django.db import transaction

from integrations.domain import payments_kept, payments_told, replay
from integrations.domain.acknowledge import Ours
from integrations.domain.payments_kept import Outcome, Payment
from integrations.models import Message, Record, RecordEvent, ToldPayment
from tests import pipeline
from tests.connectors.edi.files import X12, file_of
from tests.scenarios.passes import side_by_side
from tests.scenarios.test_advices import (
    invoice_state,
    opened,
    partner_of_name,
    server,
    traded,
)

__all__ = ["server", "traded"]
pytestmark = pytest.mark.db
TOTAL = Decimal("1542.5")


def paying(amount: str, trace: str = "", *, more: str = "") -> str:
    said = f"TRN*1*{trace}~" if trace else ""
    return f"BPR*C*{amount.lstrip('-')}*C*ACH~{said}{more}RMR*IV*INV-3301**{amount}~"


def kept() -> list[tuple[str, str]]:
    return [
        (row.trace, f"{row.paid + row.discount:.2f}") for row in ToldPayment.objects.order_by("pk")
    ]


def differs() -> list[str]:
    return [text for code, _, text in opened() if code == "payment_differs"]


def test_two_halves_pay_an_invoice(traded):
    arrive = traded(**X12)
    arrive("820", paying("771.25", "T1"))
    assert invoice_state() == "partially_paid", pipeline.story()
    assert differs() == [
        "Harbor paid 771.25 USD, trace T1; invoice INV-3301 is over 1542.5 USD;"
        " 771.25 USD came so far, 771.25 USD missing"
    ]
    arrive("820", paying("771.25", "T2"))
    assert (invoice_state(), opened()) == ("paid", [])
    assert kept() == [("T1", "771.25"), ("T2", "771.25")]


def test_two_halves_without_a_trace_are_two(traded):
    arrive = traded(**X12)
    arrive("820", paying("771.25"))
    arrive("820", paying("771.25"))
    assert (invoice_state(), opened()) == ("paid", [])


def test_the_same_told_twice_counts_once(traded):
    arrive = traded(**X12)
    arrive("820", paying("771.25", "T1"))
    before = differs()
    arrive("820", paying("771.25", "T1"))
    assert (invoice_state(), kept(), differs()) == ("partially_paid", [("T1", "771.25")], before)
    last = RecordEvent.objects.order_by("pk").last()
    assert last.cause == "Harbor paid 771.25 USD, trace T1, told again and counted once"
    arrive("820", paying("771.25", "T2"))
    assert (invoice_state(), opened()) == ("paid", [])


def test_the_same_trace_corrects_what_it_told(traded):
    arrive = traded(**X12)
    arrive("820", paying("1500", "T1"))
    arrive("820", paying("1542.5", "T1"))
    assert (invoice_state(), kept(), opened()) == ("paid", [("T1", "1542.50")], [])


def test_a_correction_to_nothing_takes_the_invoice_back_nowhere_and_is_a_case(traded):
    arrive = traded(**X12)
    arrive("820", paying("1542.5", "T1"))
    arrive("820", paying("0", "T1"))
    assert (invoice_state(), kept()) == ("paid", [("T1", "0.00")])
    assert differs() == [
        "Harbor paid 0 USD, trace T1, instead of what it told before; invoice INV-3301 is over"
        " 1542.5 USD; 0 USD came so far, 1542.5 USD missing"
    ]


def test_what_came_before_a_correction_does_not_undo_it_when_it_is_read_again(traded):
    arrive = traded(**X12)
    arrive("820", paying("1500", "T1"))
    first = Message.objects.filter(topic="x12:820").latest("pk")
    arrive("820", paying("1542.5", "T1"))
    read_again(first)
    assert (invoice_state(), kept(), opened()) == ("paid", [("T1", "1542.50")], [])


@pytest.mark.parametrize("trace", ["T1", ""])
def test_a_message_that_is_read_again_pays_nothing_more(traded, trace):
    traded(**X12)("820", paying("771.25", trace))
    for _ in range(2):
        read_again(Message.objects.get(topic="x12:820"))
    assert (invoice_state(), kept()) == ("partially_paid", [(trace, "771.25")])
    assert len(differs()) == 1


def read_again(message: Message) -> None:
    """As somebody does with what was held for another reason."""
    Message.objects.filter(pk=message.pk).update(state="held")
    assert replay.replay([message.pk], actor="Ana", cause="Read again") == 1
    pipeline.run(message.customer_id)


def test_lines_of_one_invoice_are_summed_however_its_number_is_written(traded):
    two = paying("771.25", "T1") + "RMR*IV*inv-3301**771.25~"
    traded(**X12)("820", two)
    assert (invoice_state(), kept(), opened()) == ("paid", [("T1", "1542.50")], [])


def test_a_second_payment_that_is_too_much_is_a_case(traded):
    arrive = traded(**X12)
    arrive("820", paying("1500", "T1"))
    arrive("820", paying("100", "T2"))
    assert invoice_state() == "paid"
    assert differs() == [
        "Harbor paid 100 USD, trace T2; invoice INV-3301 is over 1542.5 USD;"
        " 1600 USD came so far, 57.5 USD too much"
    ]
    arrive("820", paying("-57.5", "T3"))
    assert (kept()[-1], opened()) == (("T3", "-57.50"), [])


def test_what_is_taken_back_lowers_the_sum_and_moves_no_invoice_back(traded):
    arrive = traded(**X12)
    arrive("820", paying("1542.5", "T1"))
    for _ in range(2):
        arrive("820", paying("-42.5", "T1"))
    assert (invoice_state(), kept()) == ("paid", [("T1", "1542.50"), ("T1", "-42.50")])
    assert differs() == [
        "Harbor took back 42.5 USD, trace T1; invoice INV-3301 is over 1542.5 USD;"
        " 1500 USD came so far, 42.5 USD missing"
    ]


def test_more_is_not_taken_back_than_was_told(traded):
    arrive = traded(**X12)
    arrive("820", paying("500", "T1"))
    arrive("820", paying("-500.01", "T2"))
    assert (invoice_state(), kept()) == ("partially_paid", [("T1", "500.00")])
    assert len(differs()) == 2


def test_a_payment_in_another_currency_stays_a_case_beside_what_is_missing(traded):
    arrive = traded(**X12)
    arrive("820", paying("771.25", "T1"))
    arrive("820", paying("771.25", "T2", more="CUR*PR*CAD~"))
    arrive("820", paying("700", "T3", more="CUR*PR*USD~"))
    assert kept() == [("T1", "771.25"), ("T3", "700.00")]
    assert invoice_state() == "partially_paid"
    assert [("CAD" in text, "1471.25 USD came so far" in text) for text in differs()] == [
        (True, False), (False, True),
    ]  # fmt: skip


def test_once_all_has_come_what_did_not_count_is_no_case_any_more(traded):
    arrive = traded(**X12)
    arrive("820", paying("771.25", "T1"))
    arrive("820", paying("771.25", "T2", more="CUR*PR*CAD~"))
    arrive("820", paying("771.25", "T3"))
    assert (invoice_state(), opened()) == ("paid", [])


def test_a_trace_is_the_partners_own(kestrel, server, traded):
    """Two who pay one invoice may call their payments alike."""
    traded(**X12)("820", paying("771.25", "T1"))
    other = partner_of_name(kestrel, server, "other")
    sent = Message.objects.get(direction="out", object_type="invoice")
    sent.interchange.pk, sent.interchange.endpoint_id = UUID(int=1), other.pk
    sent.interchange.save(force_insert=True)
    sent.pk, sent.endpoint_id, sent.flow_id = UUID(int=2), other.pk, None
    sent.save(force_insert=True)
    pipeline.store(
        other, file_of("820", paying("771.25", "T1"), control=900), object_type="interchange"
    )
    pipeline.run(kestrel.harbor)
    assert (invoice_state(), opened()) == ("paid", []), pipeline.story()
    assert kept() == [("T1", "771.25")] * 2


def test_a_credit_is_paid_by_either_sign(traded):
    arrive = traded(**X12)
    credit = Record.objects.get(object_type="invoice")
    credit.body |= {"type": "credit"}
    credit.save()
    arrive("820", paying("-771.25", "T1"))
    arrive("820", paying("771.25", "T2"))
    assert (invoice_state(), opened()) == ("paid", [])


def payment(paid: str, discount: str = "0", currency: str = "USD", trace: str = "T1") -> Payment:
    return Payment(1, "Harbor", trace, UUID(int=7), Decimal(paid), Decimal(discount), currency)


@pytest.mark.parametrize(
    ("told", "does"),
    [
        (payment("1"), True),
        (payment("0"), False),
        (payment("0", "1"), False),
        (payment("1", currency="CAD"), False),
        (payment("0.00001"), False),  # no currency has that, and it would not be kept as it is
        (payment("1e13"), False),
        (payment("-10"), True),
        (payment("-9", "-1"), True),
        (payment("-10.01"), False),
    ],
)
def test_what_counts_as_a_payment(told, does):
    ten = {"told": Decimal(10), "known": False}
    assert payments_kept.counts(told, "USD", TOTAL, **ten) is does


def test_nothing_pays_an_invoice_over_nothing_and_corrects_what_was_told():
    beside = Decimal(0)
    assert payments_kept.counts(payment("0"), "USD", Decimal(0), told=beside, known=False)
    assert payments_kept.counts(payment("0", "5"), "USD", TOTAL, told=beside, known=True)


def test_an_invoice_that_has_another_currency_now_counts_what_is_in_that(kestrel):
    invoice = made(kestrel.harbor)
    assert payments_kept.keep(invoice, payment("100")) is Outcome.NEW
    invoice.currency = "CAD"
    assert payments_kept.settled(invoice) == 0
    assert payments_kept.keep(invoice, payment("90", currency="CAD")) is Outcome.CORRECTED
    assert payments_kept.settled(invoice) == 90


def made(customer_id: int) -> Record:
    return Record.objects.create(
        id=UUID(int=3), customer_id=customer_id, object_type="invoice", business_key="invoice/INV-9",
        number="INV-9", body={"type": "invoice", "totals": {"total": "1542.50"}}, currency="USD",
        content_hash=b"0" * 32, state="sent",
    )  # fmt: skip


def test_two_halves_at_the_same_moment_pay_an_invoice(site):
    endpoint = pipeline.endpoint(site.harbor, "retailer", "edi", label="Harbor")
    invoice = made(site.harbor)
    sent = Message.objects.create(
        id=UUID(int=4), direction="out", endpoint=endpoint, customer_id=site.harbor, record=invoice,
        object_type="invoice", state="confirmed", record_version=1,
    )  # fmt: skip
    ours = Ours(sent.pk, 1, None, "invoice", invoice.pk, None, 1, "confirmed")
    config = SimpleNamespace(customer_id=site.harbor, endpoints={endpoint.pk: endpoint})

    def telling(number: int):
        message = SimpleNamespace(id=UUID(int=number), endpoint_id=endpoint.pk)
        told = {
            "paid": "771.25",
            "discount": "0",
            "currency": "USD",
            "trace": f"T{number}",
            "reasons": [],
        }

        def tell() -> None:
            with transaction.atomic():
                payments_told.apply(config, SimpleNamespace(message=message), ours, told)

        return tell

    side_by_side(*(telling(number) for number in (11, 12)))
    assert (invoice_state(), len(kept()), opened()) == ("paid", 2, [])
