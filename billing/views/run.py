"""The invoice run: how far it is, whom it could not draft for and what to mend."""

from typing import Any

from django.http import HttpRequest, HttpResponse

from billing.models import Account, InvoiceRun
from billing.views import invoice_words
from integrations.views import spoken
from portal.accounts.rules import requires
from portal.core import panels
from portal.core.manner import number
from portal.core.panels import Panel

State = InvoiceRun.State


@requires("money.view")
def panel(request: HttpRequest, slug: str) -> HttpResponse:
    """The panel again; the page with it once the run is through, for the drafts below are other ones then."""
    response = panels.answer(request, PANELS, slug, base="/invoices/run/")
    is_at_work = InvoiceRun.objects.filter(state=State.RUNNING).exists()
    if response.status_code == 200 and request.GET.get("had") and not is_at_work:
        response["HX-Refresh"] = "true"
    return response


def _shown(request: HttpRequest) -> dict[str, Any]:
    """The run at work, else the last one of the chosen month as far as it left anything to mend."""
    found = InvoiceRun.objects.filter(state=State.RUNNING).first() or _last(request)
    if found is None:
        return {"run": None}
    return {"run": _run(found)}


def _last(request: HttpRequest) -> InvoiceRun | None:
    key = request.GET.get("month", "")
    return InvoiceRun.objects.filter(month=key).first() if len(key) == len("2026-04") else None


def _run(one: InvoiceRun) -> dict[str, Any]:
    failed = one.failed
    slugs = dict(Account.objects.filter(pk__in=failed).values_list("pk", "slug"))
    name = invoice_words.month_name(one.month)
    return {
        "is_at_work": one.state == State.RUNNING,
        "progress": {"done": one.made, "total": one.of or 1, "text": _progress(one, name)},
        "said": _said(one, name),
        "failed": [
            {"name": account, "why": why, "url": f"/billing/{slugs.get(int(pk), '')}/"}
            for pk, (account, why) in sorted(failed.items(), key=lambda one: one[1])
        ],
    }


def _progress(one: InvoiceRun, name: str) -> str:
    need = f", {_need(len(one.failed))}" if one.failed else ""
    return f"{name}: {number(one.made)} of {number(one.of)} drafted{need}"


def _need(count: int) -> str:
    return "1 needs you" if count == 1 else f"{number(count)} need you"


def _said(one: InvoiceRun, name: str) -> str:
    seen = spoken.counted(one.made, "account")
    ended = spoken.moment(one.finished_at)
    need = f" {_need(len(one.failed))}:" if one.failed else ""
    return f"{one.started_by} ran {name} for {seen}, through at {ended}.{need}"


PANELS = {"progress": Panel("", "billing/run_progress.html", _shown)}
