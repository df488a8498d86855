"""Usage comes in, invoices become final and runs begin at the same moment: nothing falls between, nothing
twice."""

import contextlib
from collections.abc import Callable
from datetime import UTC, datetime

import pytest

from billing.domain import drafts, final, intake, runs
from billing.models import Account, Invoice, InvoiceRun, LegalEntity, UsageFact
from portal.core import clock
from tests.billing import selling
from tests.billing.usage import account, event
from tests.people import Site
from tests.scenarios.passes import side_by_side

pytestmark = pytest.mark.db
NOW = datetime(2026, 6, 3, 12, tzinfo=UTC)


@pytest.fixture
def harbor(site: Site) -> Account:
    found = account(site.harbor)
    selling.sell(found)
    return found


def unless(refusal: type[Exception], work: Callable[[], object]) -> Callable[[], None]:
    """Whoever comes second may be told so; whatever else is raised is raised."""

    def tried() -> None:
        with contextlib.suppress(refusal):
            work()

    return tried


def test_the_same_events_at_the_same_moment_are_noted_once(harbor: Account) -> None:
    with clock.freeze(NOW):
        events = [event(harbor, f"e{n}") for n in range(200)]
        side_by_side(*(lambda: intake.note(events) for _ in range(4)))
    assert UsageFact.objects.count() == 200


def test_no_usage_falls_between_an_invoice_and_the_next(harbor: Account) -> None:
    """Each fact is in an invoice of April or May, or knows that a later one is the first to have it."""
    with clock.freeze(NOW):
        for month in ("2026-04", "2026-05"):
            invoice = selling.drafted(harbor, month)
            close = unless(final.ChangedError, closing(invoice))
            side_by_side(close, using(harbor, f"{month}/a"), using(harbor, f"{month}/b"))
            if Invoice.objects.get(pk=invoice.pk).state != Invoice.State.FINAL:
                closing(selling.drafted(harbor, month))()
        lines = [line for one in Invoice.objects.all() for line in selling.said(one).lines]
    billed = sum(
        line.amount for line in lines if (line.charge, line.service) == ("documents", "2026-04")
    )
    late = UsageFact.objects.filter(billed_in__gt="2026-05").count()
    assert billed / 2 + late == UsageFact.objects.count() == 80


def closing(invoice: Invoice) -> Callable[[], object]:
    return lambda: final.finalise(invoice.pk, seen=invoice.hash, by="Ana")


def using(of: Account, name: str) -> Callable[[], None]:
    """Twenty documents of April, one after the other."""

    def use() -> None:
        for n in range(20):
            intake.note([event(of, f"{name}/{n}", "2026-04-10 10:00")])

    return use


def test_one_draft_becomes_final_once_and_numbers_have_no_gaps(site: Site) -> None:
    with clock.freeze(NOW):
        version = selling.published()
        both = [account(pk) for pk in (site.harbor, site.maris)]
        for one in both:
            selling.sell(one, version)
        made = [selling.drafted(one) for one in both]

        side_by_side(*(unless(final.NotFinalError, closing(one)) for one in made * 3))
    numbers = sorted(Invoice.objects.values_list("number", flat=True))
    assert numbers == ["INV-00001", "INV-00002"]
    assert LegalEntity.objects.get().next_number == 3


def test_of_two_runs_at_once_one_begins(harbor: Account) -> None:
    with clock.freeze(NOW):
        start = unless(runs.NotStartedError, lambda: runs.start("2026-04", by="Ana"))
        side_by_side(start, start, start)
    assert InvoiceRun.objects.count() == 1


def test_two_workers_make_the_same_draft_once(harbor: Account) -> None:
    with clock.freeze(NOW):
        side_by_side(*(lambda: drafts.draft(harbor.pk, "2026-04") for _ in range(3)))
    assert Invoice.objects.count() == 1
