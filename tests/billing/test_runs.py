"""A month's drafts for everybody: stopped, gone on with, repeated, and never twice at once."""

from collections.abc import Iterator
from typing import Any

import pytest

from billing.domain import accounts, drafts, intake, runs, subscriptions
from billing.models import Account, Invoice, InvoiceRun
from portal.core import clock
from portal.customers.models import Customer
from tests.billing import selling
from tests.billing.usage import account, at, event
from tests.people import Site

pytestmark = [pytest.mark.db, pytest.mark.long]


@pytest.fixture(autouse=True)
def now(kestrel: Site) -> Iterator[Any]:
    with clock.freeze(at("2026-06-03 12:00")) as frozen:
        yield frozen


@pytest.fixture
def everybody(kestrel: Site) -> list[Account]:
    """Twenty-five customers, more than a bite, each with other usage."""
    version = selling.published()
    for n in range(23):
        Customer.objects.create(slug=f"customer{n}", name=f"Customer {n}")
    found = [account(pk) for pk in Customer.objects.order_by("pk").values_list("pk", flat=True)]
    for n, one in enumerate(found):
        selling.sell(one, version)
        intake.note([event(one, f"u{n}", quantity=str(n))])
    return found


def hashes() -> dict[int, str]:
    return dict(Invoice.objects.values_list("account_id", "hash"))


def test_a_run_drafts_for_every_account(everybody: list[Account]) -> None:
    run = runs.start("2026-04", by="Ana Ruiz")
    runs.finish()
    run.refresh_from_db()
    assert (run.state, run.made, run.of, run.failed) == ("done", 25, 25, {})
    assert Invoice.objects.count() == 25
    last = Invoice.objects.get(account=everybody[24])
    assert last.net == 148  # 100 + 24 × 2


def test_a_run_that_was_stopped_goes_on_and_comes_to_the_same_bytes(
    everybody: list[Account], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Killed in the eleventh account: its transaction is gone, ten stand, and the lane comes back."""
    runs.start("2026-04", by="Ana Ruiz")
    runs.finish()
    whole = hashes()
    Invoice.objects.all().delete()

    runs.start("2026-04", by="Ana Ruiz")
    drafted = drafts.draft

    def killed(account_id: int, key: str) -> Any:
        made = drafted(account_id, key)
        if account_id == everybody[10].pk:
            raise KeyboardInterrupt
        return made

    with monkeypatch.context() as patched:
        patched.setattr(drafts, "draft", killed)
        with pytest.raises(KeyboardInterrupt):
            runs.work()
    run = InvoiceRun.objects.get(state="running")
    assert (run.made, Invoice.objects.count()) == (10, 10)
    runs.finish()
    assert hashes() == whole


def test_two_runs_at_once_are_one(everybody: list[Account]) -> None:
    runs.start("2026-04", by="Ana Ruiz")
    runs.work()
    with pytest.raises(
        runs.NotStartedError, match="Ana Ruiz's run for April 2026 is at work: 20 of 25"
    ):
        runs.start("2026-05", by="Ben Okoye")
    assert InvoiceRun.objects.count() == 1


def test_who_cannot_be_billed_is_named_and_holds_up_nobody(everybody: list[Account]) -> None:
    Account.objects.filter(pk=everybody[3].pk).update(treatment="standard", tax_code="none")
    run = runs.start("2026-04", by="Ana Ruiz")
    runs.finish()
    run.refresh_from_db()
    name, why = run.failed[str(everybody[3].pk)]
    assert (name, "no tax rate" in why) == (everybody[3].name, True)
    assert Invoice.objects.count() == 24


def test_a_month_that_is_not_over_is_not_run(everybody: list[Account]) -> None:
    with pytest.raises(runs.NotStartedError, match="June 2026 is not over"):
        runs.start("2026-06", by="Ana Ruiz")
    with pytest.raises(ValueError, match="no month"):
        runs.start("2026-13", by="Ana Ruiz")


def test_a_run_leaves_final_invoices_as_they_are(everybody: list[Account]) -> None:
    final = selling.final_of(everybody[0])
    intake.note([event(everybody[0], "late", quantity="9")])
    runs.start("2026-04", by="Ana Ruiz")
    runs.finish()
    assert Invoice.objects.get(account=everybody[0]).hash == final.hash


def test_customers_without_an_account_get_one(kestrel: Site) -> None:
    Customer.objects.update(created_at=at("2026-04-02"))
    runs.start("2026-04", by="Ana Ruiz")
    runs.finish()
    assert Account.objects.count() == 2
    assert accounts.open_missing() is None
    assert not Invoice.objects.exists()
    assert subscriptions.SpendCap.objects.count() == 0


def test_a_month_that_is_closed_for_everybody_is_not_run(everybody: list[Account]) -> None:
    Account.objects.update(open_from="2026-05")
    with pytest.raises(runs.NotStartedError, match="April 2026 is closed for everybody"):
        runs.start("2026-04", by="Ana Ruiz")


def test_what_breaks_our_own_code_is_named_and_holds_up_nobody(
    everybody: list[Account], monkeypatch: pytest.MonkeyPatch
) -> None:
    drafted = drafts.draft

    def breaks(account_id: int, key: str) -> Any:
        if account_id == everybody[3].pk:
            raise ZeroDivisionError
        return drafted(account_id, key)

    monkeypatch.setattr(drafts, "draft", breaks)
    run = runs.start("2026-04", by="Ana Ruiz")
    runs.finish()
    run.refresh_from_db()
    assert run.failed == {str(everybody[3].pk): [everybody[3].name, runs.BROKE]}
    assert (run.state, Invoice.objects.count()) == ("done", 24)
