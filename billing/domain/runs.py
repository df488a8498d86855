"""The invoice run: a month's drafts for every account. It goes on where it was stopped."""

import structlog
from django.db import IntegrityError, InterfaceError, OperationalError, transaction

from billing.domain import accounts, drafts
from billing.domain.reckon import NotBillableError
from billing.domain.taxes import NoTaxError
from billing.models import Account, Invoice, InvoiceRun
from billing.plans.month import month
from billing.rating import TermsError, UsageError
from portal.core import clock
from portal.jobs import lanes
from portal.tenants.current import is_platform

LANE = "invoice_run"
BROKE = "It broke our own code. An engineer finds why in the log."
log = structlog.get_logger()
_BITE = 20
State = InvoiceRun.State


class NotStartedError(ValueError):
    """The run cannot begin; the text says why."""


def start(key: str, *, by: str) -> InvoiceRun:
    """Begin the run of a month. NotStartedError while another is at work, and for a month that is not over
    for anybody."""
    of = month(key)
    accounts.open_missing()
    if key >= accounts.month_now():
        raise NotStartedError(f"{of.begins:%B %Y} is not over.")
    void = Invoice.objects.filter(month=key, state=Invoice.State.VOID, replaced_by=None)
    is_open = Account.objects.filter(open_from__lte=key).exists() or void.exists()
    if Account.objects.exists() and not is_open:
        raise NotStartedError(f"{of.begins:%B %Y} is closed for everybody.")
    try:
        with transaction.atomic():
            run = InvoiceRun.objects.create(
                month=key, of=Account.objects.count(), started_by=by[:80]
            )
    except IntegrityError:
        raise NotStartedError(_at_work()) from None
    if not is_platform():
        lanes.wake(LANE)
    return run


def _at_work() -> str:
    run = InvoiceRun.objects.filter(state=State.RUNNING).first()
    if run is None:
        return "Another run has just ended. Try again."
    return (
        f"{run.started_by}'s run for {month(run.month).begins:%B %Y} is at work:"
        f" {run.made} of {run.of}. Wait until it is through."
    )


def work() -> int:
    """Draft for the next accounts of the run at work; returns how many. Each is a transaction of its own,
    with the place from which the run goes on."""
    run = InvoiceRun.objects.filter(state=State.RUNNING).first()
    if run is None:
        return 0
    following = Account.objects.filter(pk__gt=run.last_account).order_by("pk")
    found = list(following.values_list("pk", "name")[:_BITE])
    for pk, name in found:
        _one(run.pk, pk, name)
    if not found:
        InvoiceRun.objects.filter(pk=run.pk).update(state=State.DONE, finished_at=clock.now())
    return len(found)


@transaction.atomic
def _one(run_id: int, account_id: int, name: str) -> None:
    run = InvoiceRun.objects.select_for_update().get(pk=run_id)
    try:
        with transaction.atomic():
            drafts.draft(account_id, run.month)
    except (
        NotBillableError, NoTaxError, drafts.NotDraftedError, TermsError, UsageError
    ) as error:  # fmt: skip
        run.failed = {**run.failed, str(account_id): [name, str(error)[:300]]}
    except (OperationalError, InterfaceError):
        raise  # the database: the lane comes back
    except Exception:  # the edge of a batch: one account must not hold up the rest
        log.exception("draft failed", account=account_id)
        run.failed = {**run.failed, str(account_id): [name, BROKE]}
    run.last_account, run.made = account_id, run.made + 1
    run.save(update_fields=["failed", "last_account", "made"])


def finish() -> None:
    """Work until the run is through: where no worker does."""
    while work():
        pass
