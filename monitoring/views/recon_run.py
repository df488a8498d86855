"""One run: both sides, the gap, its cause and what was done about it, row by row."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from integrations.views import spoken
from integrations.views.addresses import kept
from integrations.views.filters import search
from monitoring.domain import reconcile_ledger, reconcile_run
from monitoring.models import Reconciliation, ReconRow, ReconRun
from monitoring.queries import recon_listed
from monitoring.reconcile import Side
from monitoring.reconcile.definition_json import read
from monitoring.views import addresses, recon_books, recon_words
from monitoring.views.reconciliation import figures
from portal.accounts.rules import requires
from portal.core.manner import number

SIZE = recon_listed.SIZE
Kind = Reconciliation.Kind
_SIDES = {"erp": "ERP", "warehouse": "Warehouse", "channel": "Channel"}


def load(pk: int) -> ReconRun:
    """The run with what it is of, or 404."""
    found = ReconRun.objects.select_related("reconciliation__customer", "of").filter(pk=pk).first()
    if found is None:
        raise Http404
    return found


@requires("recon.view")
def run(request: HttpRequest, pk: int) -> HttpResponse:
    return page(request, load(pk))


def page(
    request: HttpRequest, one: ReconRun, *, refused: str = "", status: int = 200
) -> HttpResponse:
    """The page of one run; `refused`: why the last action was not done."""
    state, site = request.GET.get("state", ""), request.GET.get("site", "")
    text, after = request.GET.get("q", "").strip(), addresses.number(request.GET, "after")
    rows = recon_listed.rows_of(one, state=state, site=site, text=text, after=after)
    currency = one.reconciliation.customer.currency
    shown = _rows(one, rows[:SIZE])
    context = {
        "run": _head(one),
        "crumbs": _crumbs(one),
        "refused": refused,
        "live": _progress(one) if one.is_live else None,
        "same": _same(one),
        "figures": figures(one if one.state == ReconRun.State.DONE else None),
        **recon_books.shown(one.figures, currency),
        "sides": recon_words.heads(shown) or ("One side", "The other"),
        "counts": one.reconciliation.kind == Kind.INVENTORY,
        "has_worth": one.reconciliation.kind in (Kind.INVENTORY, Kind.FINANCIAL),
        "sources": _sources(one),
        "tabs": _tabs(request, one, state),
        "filters": _filters(one, site),
        "search": search(request, "Find an item or order"),
        "kept": kept(request, "state"),
        "clear_url": request.path if state or site or text else "",
        "rows": shown,
        "currency": currency,
        "empty": _nothing(one, filtered=bool(state or site or text)) if not rows else None,
        "pager": _pager(request, rows, after),
        "may_work": request.user.may("recon.work"),  # type: ignore[union-attr]
    }
    return render(request, "monitoring/recon_run.html", context, status=status)


def _head(one: ReconRun) -> dict[str, Any]:
    why = one.get_trigger_display()
    return {
        "id": one.pk,
        "label": one.label,
        "state": recon_words.run_state(one),
        "trouble": one.trouble,
        "case": _case(one),
        "may_compare": one.state in (ReconRun.State.FAILED, ReconRun.State.REFUSED),
        "compare_url": f"/reconciliation/{one.reconciliation_id}/run/",
        "may_repeat": one.state == ReconRun.State.DONE,
        "note": f"{'light, ' if one.light else ''}{why}{f', by {one.actor}' if one.actor else ''}",
        "at": spoken.moment(one.at),
        "took": spoken.span(one.ended_at - one.began_at) if one.ended_at and one.began_at else "",
        "version": one.version,
        "digest": one.digest,
        "ledger": f"/reconciliation/runs/{one.pk}/ledger/" if _has_ledger(one) else "",
    }


def _case(one: ReconRun) -> dict[str, str] | None:
    """The case that says why a side could not be read."""
    if one.explained_by_id is None:
        return None
    return {"label": f"C-{one.explained_by_id}", "url": f"/cases/{one.explained_by_id}/"}


def _has_ledger(one: ReconRun) -> bool:
    return one.reconciliation.kind in (Kind.INVENTORY, Kind.ORDERS)


def _crumbs(one: ReconRun) -> list[dict[str, str]]:
    named = one.reconciliation
    return [
        {"label": "Reconciliation", "url": "/reconciliation/"},
        {"label": named.label, "url": f"/reconciliation/{named.pk}/"},
        {"label": named.customer.name, "url": ""},
    ]


def _progress(one: ReconRun) -> dict[str, Any]:
    done = reconcile_run.share(one)
    return {
        "done": round(done * 100),
        "total": 100,
        "text": f"{reconcile_run.words(one)}, {done:.0%} done",
    }


def _same(one: ReconRun) -> dict[str, str] | None:
    """Whether a run that was made again found what the first one did."""
    if one.of is None or one.state != ReconRun.State.DONE:
        return None
    of = {"url": f"/reconciliation/runs/{one.of_id}/", "label": one.of.label}
    if one.digest == one.of.digest:
        return {
            **of,
            "state": "good",
            "text": "Made again from what was kept, it found the same to the byte as",
        }
    return {
        **of,
        "state": "bad",
        "text": "Made again from what was kept, it found something else than",
    }


def _sides(one: ReconRun) -> tuple[str, str]:
    version = one.reconciliation.versions.get(version=one.version)
    sides: tuple[Side, ...] = read(version.content, version=one.version).sides
    if one.reconciliation.kind == Kind.FINANCIAL:
        return "By the order", "In the books"
    if one.reconciliation.kind != Kind.INVENTORY:
        return "Expected", "Found"
    return _SIDES[sides[0].role], _SIDES[sides[1].role]


def _rows(one: ReconRun, rows: list[ReconRow]) -> list[dict[str, Any]]:
    """Rows that name their own sides where the page has several kinds."""
    currency, sides = one.reconciliation.customer.currency, _sides(one)
    channels = (
        reconcile_ledger.channels(one) if rows and one.reconciliation.kind == Kind.INVENTORY else {}
    )
    found = [recon_words.row(row, currency, sides, channels) for row in rows]
    return found if recon_words.heads(found) else [recon_words.named(row) for row in found]


def _sources(one: ReconRun) -> list[dict[str, str]]:
    """What the run was made from, with how much of it there was."""
    snapshots = (one.of or one).snapshots.exclude(source="").exclude(rows=0).order_by("pk")
    return [
        {"label": snapshot.source, "value": spoken.counted(snapshot.rows, "row")}
        for snapshot in snapshots
    ]


def _tabs(request: HttpRequest, one: ReconRun, chosen: str) -> list[dict[str, Any]]:
    counts = {
        state: n
        for state, n in one.counts.items()
        if n and state not in ("match", "copies", "versions")
    }
    states = ["", *recon_listed.states_of(counts)]
    return [
        {
            "label": recon_words.STATES.get(state, state).capitalize() if state else "All",
            "url": addresses.with_values(request, state=state, after=""),
            "count": number(counts[state]) if state else None,
            "current": state == chosen,
        }
        for state in states
    ]


def _filters(one: ReconRun, chosen: str) -> list[dict[str, Any]]:
    sites = sorted(one.figures.get("sites", {}))
    if len(sites) < 2:
        return []
    options = [{"value": site, "label": site, "chosen": site == chosen} for site in sites]
    return [{"name": "site", "label": "Site", "options": options, "active": bool(chosen)}]


def _nothing(one: ReconRun, *, filtered: bool) -> dict[str, Any] | None:
    if one.is_live:
        return None
    if filtered:
        return {"text": "No row of this run is like this.", "action": None}
    if one.state != ReconRun.State.DONE:
        return {"text": "Nothing was compared.", "action": None}
    pairs = one.figures.get("pairs", 0)
    return {"text": f"All {number(pairs)} agree.", "action": None}


def _pager(request: HttpRequest, rows: list[Any], after: int | None) -> dict[str, str]:
    older = rows[SIZE:] and addresses.with_values(request, after=str(rows[SIZE - 1].position))
    newer = addresses.with_values(request, after="") if after is not None else ""
    return {
        "shown": spoken.counted(len(rows[:SIZE]), "row"),
        "older_url": older or "",
        "newer_url": newer,
    }
