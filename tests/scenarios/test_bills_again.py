"""Suppliers' invoices that come again under a number that is known."""

from typing import Any

import pytest

from integrations.domain import replay
from integrations.models import Flow, Message, Problem, Record, RecordVersion
from monitoring import remedies
from monitoring.domain import fixing
from monitoring.models import ExceptionCase
from monitoring.remedies import Situation
from portal.accounts.models import Person
from tests import pipeline
from tests.connectors.edi.files import EDIFACT, X12, file_of
from tests.monitoring.lanes import apply, outcomes, settle, verdicts

pytestmark = pytest.mark.db

OPEN = ("new", "open", "regressed", "waiting", "snoozed")
TOLD = (
    "Tent Makers sent invoice 1001 again with other content: total 600 USD instead of 500 USD; sum of the"
    " lines 600 USD instead of 500 USD; line 1 10 EA of TENT-2P at 60 instead of 10 EA of TENT-2P at 50"
)


class Supplier:
    """What he sends, each in a file with a control number of its own. An ERP is told of it."""

    def __init__(self, customer: int, **settings: Any) -> None:
        self.customer, self.control = customer, 700
        self.endpoint = pipeline.endpoint(
            customer, "tentmakers", "edi", label="Tent Makers", secrets={"password": "pw"},
            settings={**X12, **settings, "partner_is": "supplier"}, state="paused",
        )  # fmt: skip
        erp = pipeline.endpoint(customer, "erp", settings={}, state="paused")
        pipeline.flow(self.endpoint, erp, "invoice")

    def sends(self, *segments: str, kind: str = "810") -> str:
        """The state of the last of these, that stand in one file."""
        self.control += 1
        body = file_of(kind, segments[0], control=self.control)
        if segments[1:]:  # a second set in the same group
            body = _both(body, file_of(kind, segments[1], control=self.control))
        pipeline.store(self.endpoint, body, object_type="interchange")
        pipeline.run(self.customer)
        return Message.objects.filter(direction="in", object_type="invoice").latest("id").state


def _both(first: bytes, second: bytes) -> bytes:
    """The set of the second file after that of the first."""
    text, other = first.decode(), second.decode()
    inner = other[other.index("ST*") : other.index("GE*")].replace("*0001", "*0002")
    return text.replace("GE*1*", f"{inner}GE*2*").encode()


@pytest.fixture
def supplier(kestrel):
    return Supplier(kestrel.harbor)


def bill(price: int = 50, *, number: str = "1001", purpose: str = "", po: str = "1001") -> str:
    big = f"BIG*20260305*{number}*20260302*{po}***DI*{purpose}".rstrip("*")
    return f"{big}~IT1*1*10*EA*{price}*PE*IN*TENT-2P~TDS*{price * 1000}~CTT*1~"


def stands() -> tuple[int, int]:
    """What is known under the number, and how many versions there were."""
    record = Record.objects.get(object_type="invoice", number="1001")
    return int(record.amount or 0), RecordVersion.objects.filter(record=record).count() + 1


def cases() -> list[str]:
    return list(ExceptionCase.objects.filter(state__in=OPEN).values_list("code", flat=True))


def told_to_erp() -> int:
    return Message.objects.filter(direction="out", object_type="invoice").count()


def held() -> Message:
    return Message.objects.get(state="held")


def test_other_content_under_the_same_number_waits_for_a_person(supplier):
    assert supplier.sends(bill()) == "applied"
    assert supplier.sends(bill(60)) == "held"
    assert (stands(), told_to_erp(), cases()) == ((500, 1), 1, ["invoice_changed"])
    problem = Problem.objects.get()
    assert (problem.text, problem.amount, problem.currency) == (TOLD, 600, "USD")
    title = "Tent Makers sent an invoice number twice with different content"
    assert ExceptionCase.objects.get().title == title


def test_the_same_once_more_is_silent(supplier):
    supplier.sends(bill())
    assert supplier.sends(bill()) == "unchanged"
    assert (stands(), told_to_erp(), cases()) == ((500, 1), 1, [])


def test_sent_through_again_the_later_one_is_taken(supplier):
    supplier.sends(bill())
    supplier.sends(bill(60))
    replay.replay([held().pk], actor="Ana Ruiz", cause="they sent a wrong price first")
    pipeline.run(supplier.customer)
    assert (stands(), told_to_erp(), cases()) == ((600, 2), 2, [])
    assert supplier.sends(bill(60)) == "unchanged"
    assert supplier.sends(bill()) == "held", "the first is another content by now"


def test_the_desk_takes_it_by_a_retry_that_is_tried_first(supplier, operator):
    ana = Person.objects.get(email="operator@kestrel.test")
    Flow.objects.update(enabled=False)  # it would be under way as long as the ERP is paused
    supplier.sends(bill())
    supplier.sends(bill(60))
    case = ExceptionCase.objects.get(code="invoice_changed")
    situation = Situation(case, ana)
    assert [remedy.slug for remedy in remedies.offered(situation)][:2] == ["retry", "skip"]
    ids = fixing.frozen(case, up_to=2**62)
    fix = fixing.begin(case, "retry", {}, words="Replayed as it is", person=ana, ids=ids)
    settle(fix)
    assert (verdicts(fix), stands()) == (["pass"], (500, 1))
    apply(fix, ana)
    assert (fix.closed_case, outcomes(fix), stands(), cases()) == (True, ["passed"], (600, 2), [])


def test_what_the_pipeline_replays_by_itself_is_not_taken(supplier):
    supplier.sends(bill())
    supplier.sends(bill(60))
    replay.replay([held().pk], actor="", cause="The item is known now")
    pipeline.run(supplier.customer)
    assert (stands(), cases()) == ((500, 1), ["invoice_changed"])


def test_what_differs_otherwise_since_somebody_looked_is_asked_again(supplier):
    supplier.sends(bill())
    supplier.sends(bill(60))
    message = held()
    replay.replay([message.pk], actor="Ana Ruiz", cause="as agreed")
    Record.objects.update(
        content_hash=b"other", body={**Record.objects.get().body, "due_on": "2026-04-01"}
    )
    pipeline.run(supplier.customer)
    assert (stands()[1], cases()) == (1, ["invoice_changed"])
    assert "due on none instead of 2026-04-01" in Problem.objects.get(closed_at=None).text


def test_skipped_the_earlier_one_stays(supplier):
    supplier.sends(bill())
    supplier.sends(bill(60))
    replay.skip([held().pk], actor="Ana Ruiz", reason="sent by mistake")
    pipeline.run(supplier.customer)
    assert (stands(), told_to_erp(), cases()) == ((500, 1), 1, [])


def test_another_number_and_another_suppliers_same_number_are_no_question(kestrel, supplier):
    supplier.sends(bill())
    assert supplier.sends(bill(60, number="1002")) == "applied"
    other = pipeline.endpoint(kestrel.harbor, "stoves", "edi", secrets={"password": "pw"},
                              settings=supplier.endpoint.settings, state="paused")  # fmt: skip
    pipeline.store(other, file_of("810", bill(70)), object_type="interchange")
    pipeline.run(kestrel.harbor)
    assert (cases(), Record.objects.filter(object_type="invoice").count()) == ([], 3)


def test_two_contents_in_one_file_are_told_apart(supplier):
    assert supplier.sends(bill(), bill(60)) == "held"
    assert (stands(), cases()) == ((500, 1), ["invoice_changed"])


def test_one_that_was_never_taken_holds_nothing_against_its_correction(supplier):
    short = bill().replace("TDS*50000", "TDS*40000")  # does not add up
    assert supplier.sends(short) == "held"
    assert supplier.sends(bill()) == "applied"
    assert (stands(), "invoice_changed" in cases()) == ((500, 1), False)


def test_the_first_content_once_more_ends_the_question(supplier):
    supplier.sends(bill())
    supplier.sends(bill(60))
    assert supplier.sends(bill()) == "unchanged"
    assert (stands(), cases()) == ((500, 1), [])


@pytest.mark.parametrize(("purpose", "state"), [("05", "applied"), ("07", "held"), ("00", "held")])
def test_one_that_says_that_it_replaces_does(supplier, purpose, state):
    supplier.sends(bill())
    assert supplier.sends(bill(60, purpose=purpose)) == state
    assert stands() == ((600, 2) if state == "applied" else (500, 1))


@pytest.mark.parametrize(
    ("heading", "state"),
    [("380+4711+5", "applied"), ("384+4711+9", "applied"), ("380+4711+9", "held")],
)
def test_and_so_does_an_invoic_of_that_function_or_type(kestrel, heading, state):
    supplier = Supplier(kestrel.harbor, **EDIFACT)
    text = (
        "BGM+{}'DTM+137:20260305:102'NAD+SU+4012345000009::9'LIN+1++TENT-2P:IN'QTY+47:10'"
        "PRI+AAA:{}'UNS+S'MOA+77:{}'"
    )
    supplier.sends(text.format("380+4711+9", 50, 500), kind="INVOIC")
    assert Record.objects.get().amount == 500, pipeline.story()
    assert supplier.sends(text.format(heading, 60, 600), kind="INVOIC") == state
    assert Record.objects.get().amount == (600 if state == "applied" else 500)


def test_our_own_invoices_may_change(kestrel):
    house = pipeline.endpoint(kestrel.harbor, "house", settings={})
    ours = {
        "number": "1001", "type": "invoice", "issued_on": "2026-03-06", "currency": "USD",
        "status": "posted", "totals": {"total": "723.00"},
    }  # fmt: skip
    pipeline.store(house, ours, {**ours, "totals": {"total": "724.00"}}, object_type="invoice")
    pipeline.run(kestrel.harbor)
    assert (stands(), cases()) == ((724, 2), [])
