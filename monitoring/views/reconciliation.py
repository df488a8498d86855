"""Reconciliations: which there are and how they stand; one of them with its runs and figures."""

from fractions import Fraction
from typing import Any

from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from integrations.views import spoken
from integrations.views.filters import customer_filter, tabs
from monitoring.domain import reconcile_define
from monitoring.models import Break, Reconciliation, ReconRun, ReconVersion
from monitoring.queries import recon_listed
from monitoring.queries.recon_listed import Listed, Point
from monitoring.views import addresses, recon_charts, recon_versions, recon_words
from monitoring.views.recon_forms import BooksForm, LimitsForm, ScheduleForm
from portal.accounts.rules import requires
from portal.core.manner import number

TABS = (("", "All"), ("open", "With open breaks"), ("off", "Switched off"))
SIZE = recon_listed.SIZE
MOST_VERSIONS = 100


@requires("recon.view")
def reconciliations(request: HttpRequest) -> HttpResponse:
    view = request.GET.get("view", "")
    select, customer = customer_filter(request)
    found = Reconciliation.objects.all()
    if customer:
        found = found.filter(customer=customer)
    if view == "open":
        found = found.filter(Q(breaks__status__in=Break.TOLD)).distinct()
    if view == "off":
        found = found.filter(enabled=False)
    rows = recon_listed.listed(found)
    context = {
        "tabs": tabs(request, TABS, chosen=view),
        "filters": [select],
        "kept": addresses.kept(request, "view"),
        "clear_url": request.path if customer else "",
        "rows": [_row(one) for one in rows[:SIZE]],
        "may_edit": request.user.may("recon.edit"),  # type: ignore[union-attr]
        "empty": None if rows else {"text": _nothing(view, bool(customer)), "action": None},
    }
    return render(request, "monitoring/reconciliations.html", context)


def _row(found: Listed) -> dict[str, Any]:
    one, last = found.one, found.last
    figures = found.done.figures if found.done else {}
    return {
        "url": f"/reconciliation/{one.pk}/",
        "label": one.label,
        "second": f"{one.customer.name} · {one.get_kind_display()}",
        "state": recon_words.run_state(last),
        "when": spoken.moment(last.ended_at or last.queued_at) if last else "",
        "rate": recon_words.rate(figures) if figures else "",
        "by_value": recon_words.rate(figures, "by_value") if figures.get("by_value") else "",
        "open": number(found.open) if found.open else "none",
        "worth": spoken.amount(found.worth, one.customer.currency) if found.worth else "",
        "next": spoken.moment(reconcile_define.next_of(one)) or "by hand",
    }


def _nothing(view: str, filtered: bool) -> str:
    if view or filtered:
        return "No reconciliation is like this."
    return (
        "Nothing is compared yet. A reconciliation holds two systems against each other by itself, every"
        " hour and every day, and whenever somebody says so."
    )


def load(pk: int) -> Reconciliation:
    """The reconciliation, or 404."""
    found = Reconciliation.objects.select_related("customer").filter(pk=pk).first()
    if found is None:
        raise Http404
    return found


@requires("recon.view")
def reconciliation(request: HttpRequest, pk: int) -> HttpResponse:
    return page(request, load(pk))


def page(
    request: HttpRequest,
    one: Reconciliation,
    *,
    schedule: ScheduleForm | None = None,
    limits: LimitsForm | BooksForm | None = None,
    refused: str = "",
    status: int = 200,
) -> HttpResponse:
    """The page of one; `refused`: why the last action was not done."""
    runs = recon_listed.runs_of(one, before=addresses.number(request.GET, "before"))
    newest = runs[0] if runs else None
    versions = list(one.versions.all()[:MOST_VERSIONS])
    version = versions[0]
    may = {name: request.user.may(f"recon.{name}") for name in ("work", "edit")}  # type: ignore[union-attr]
    older = runs[SIZE:] and addresses.with_values(request, before=str(runs[SIZE - 1].pk))
    points = recon_listed.series(one)
    last = next((run for run in runs if run.state == ReconRun.State.DONE and not run.of_id), None)
    breaks = recon_listed.standing(one)
    context = {
        "one": {"id": one.pk, "label": one.label, "customer": one.customer.name,
                "slug": one.customer.slug, "kind": recon_words.kind(one)},
        "may": may,
        "refused": refused,
        "live": newest if newest and newest.is_live else None,
        "figures": figures(last),
        "charts": _charts(one, version, points),
        "no_charts": recon_charts.nothing(points) if len(points) < recon_charts.FEWEST else "",
        "has_net": one.kind == Reconciliation.Kind.INVENTORY,
        "runs": [run_row(run) for run in runs[:SIZE]],
        "breaks": [break_row(found, one.customer.currency) for found in breaks[:SIZE]],
        "more_breaks": bool(breaks[SIZE:]),
        "nothing_open": "" if breaks or last is None else _nothing_open(one),
        "currency": one.customer.currency,
        "facts": _facts(one, version),
        "versions": recon_versions.log(versions, one.customer.currency),
        "schedule": schedule or ScheduleForm(initial=_schedule_of(one)),
        "limits": limits or form_of(one)(initial=_limits_of(version.content)),
        "zone": one.customer.time_zone,
        "pager": {"shown": spoken.counted(len(runs[:SIZE]), "run"), "older_url": older or ""},
    }  # fmt: skip
    return render(request, "monitoring/reconciliation.html", context, status=status)


def figures(last: ReconRun | None) -> list[dict[str, str]]:
    """The figures of a run, with their words."""
    if last is None:
        return []
    said = last.figures
    stock = said.get("net") is not None
    what = "pairs" if stock else "documents"
    found = [{"value": recon_words.rate(said), "word": f"of the {what} agree"}]
    if said.get("by_value") is not None:
        found.append({"value": recon_words.rate(said, "by_value"), "word": "of the worth agrees"})
    if stock:
        found.append({"value": recon_words.gap(said["net"]), "word": "units apart in all"})
        found.append({"value": number(said["phantom"]), "word": "in the ERP only"})
        found.append({"value": number(said["oversell"]), "word": "may be oversold"})
    if said.get("hours") is not None:
        found.append({"value": number(said["hours"]), "word": "hours looked into"})
    return found


def _nothing_open(one: Reconciliation) -> str:
    seen = recon_listed.seen_once(one)
    if not seen:
        return "Nothing is open: the systems agree."
    waits = "waits" if seen == 1 else "wait"
    return (
        f"Nothing is open. {spoken.counted(seen, 'difference')} {waits} for another run to agree."
    )


def _charts(
    one: Reconciliation, version: ReconVersion, points: list[Point]
) -> list[dict[str, Any]]:
    channels = any(side["role"] == "channel" for side in version.content["sides"])
    stock = one.kind == Reconciliation.Kind.INVENTORY
    return recon_charts.of(points, stock=stock, channels=channels)


def run_row(run: ReconRun) -> dict[str, Any]:
    """One run in a list."""
    counts = run.counts
    off = sum(n for state, n in counts.items() if state not in _FINE)
    return {
        "url": f"/reconciliation/runs/{run.pk}/",
        "label": run.label,
        "why": "light, " + run.get_trigger_display() if run.light else run.get_trigger_display(),
        "state": recon_words.run_state(run),
        "trouble": run.trouble,
        "at": spoken.moment(run.began_at or run.queued_at),
        "rate": recon_words.rate(run.figures) if run.figures else "",
        "off": number(off) if run.state == ReconRun.State.DONE else "",
        "net": recon_words.gap(run.figures.get("net", "")),
    }


_DAY = 24 * 60  # minutes
_FINE = ("match", "in_tolerance", "in_flight", "copies", "versions", "oversell_risk")


def break_row(one: Break, currency: str) -> dict[str, Any]:
    """One break in a list."""
    return {
        "url": f"/reconciliation/breaks/{one.pk}/",
        "name": one.sku or one.subject or "all rows",
        "second": " · ".join(
            part
            for part in (
                one.label,
                recon_words.place(one),
                recon_words.STATES.get(one.state, one.state),
            )
            if part
        ),
        "gap": recon_words.gap(one.gap),
        "worth": spoken.amount(one.value, currency) if one.value else "",
        "cause": one.sentence,
        "state": recon_words.break_state(one),
        "since": spoken.moment(one.first_seen),
    }


def _facts(one: Reconciliation, version: ReconVersion) -> list[dict[str, str]]:
    sides = ", ".join(
        f"{side['endpoint']} ({_WAYS.get(side['source'], side['source'])})"
        for side in version.content["sides"]
    )
    stock = one.kind == Reconciliation.Kind.INVENTORY
    by = ", ".join(version.content["keys"]) if stock else "order"
    return [
        {"label": "Sides", "value": sides},
        {"label": "Compared by", "value": by},
        {"label": "Version", "value": f"{version.version}, by {version.actor}"},
        {"label": "Next run", "value": spoken.moment(reconcile_define.next_of(one)) or "by hand"},
        {"label": "Times", "value": f"in {timezone.get_current_timezone_name()}"},
    ]


_WAYS = {"live": "asked", "document": "its last full report", "hub": "from the hub"}


def _schedule_of(one: Reconciliation) -> dict[str, Any]:
    return {"enabled": one.enabled, "hourly": one.hourly, "nightly_at": one.nightly_at}


def form_of(one: Reconciliation) -> type[LimitsForm | BooksForm]:
    """The form of what may differ, by what is compared."""
    return BooksForm if one.kind == Reconciliation.Kind.FINANCIAL else LimitsForm


def _limits_of(content: dict[str, Any]) -> dict[str, Any]:
    tolerances = content["tolerances"]
    share = Fraction(tolerances.get("weight", {}).get("share", "0")) * 100
    return {
        "value_limit": content["value_limit"],
        "interval_minutes": content["interval_minutes"],
        "agreeing_runs": content["agreeing_runs"],
        "settle_days": max(1, content["settle_minutes"] // _DAY),
        "piece": tolerances.get("piece", {}).get("least", "0"),
        "weight_share": float(share),
    }
