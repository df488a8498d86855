"""Where every unit and every order is, and who holds the gap: as one run saw it."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from integrations.views import spoken
from integrations.views.filters import search
from monitoring.domain import reconcile_ledger
from monitoring.domain.reconcile_ledger import Placed, Unit
from monitoring.models import Reconciliation, ReconRow, ReconRun
from monitoring.reconcile import shown, signed
from monitoring.reconcile.amounts import Amount
from monitoring.views import addresses, recon_words
from monitoring.views.recon_run import load
from portal.accounts.rules import requires

Kind = Reconciliation.Kind
_NONE = "no row"


@requires("recon.view")
def ledger(request: HttpRequest, pk: int) -> HttpResponse:
    one = load(pk)
    kind, is_done = one.reconciliation.kind, one.state == ReconRun.State.DONE
    context: dict[str, Any] = {"units": None, "orders": None, "empty": None, "search": None}
    if is_done and kind == Kind.INVENTORY:
        context |= _units(request, one)
    elif is_done and kind == Kind.ORDERS:
        context |= _orders(request, one)
    else:
        context["empty"] = {"text": "This run kept no ledger.", "action": None}
    context |= {
        "crumbs": [
            {"label": one.label, "url": f"/reconciliation/runs/{pk}/"},
            {"label": one.reconciliation.label, "url": ""},
        ],
        "note": f"as of {spoken.moment(one.at)}, by {one.label.lower()}" if one.at else "",
        "title": "Where every unit is" if kind == Kind.INVENTORY else "Where every order is",
        "clear_url": request.path if request.GET.get("q") else "",
    }
    return render(request, "monitoring/recon_ledger.html", context)


def _units(request: HttpRequest, one: ReconRun) -> dict[str, Any]:
    text = request.GET.get("q", "").strip()
    page = reconcile_ledger.units(one, after=request.GET.get("after", ""), start=text)
    slugs = sorted({slug for row in page.rows for slug in row.channels})
    labels = reconcile_ledger.labels(one)
    return {
        "units": [_unit(row, slugs) for row in page.rows],
        "channels": [labels.get(slug, slug) for slug in slugs],
        "search": search(request, "From item"),
        "empty": None if page.rows else {"text": "No item stands here.", "action": None},
        "pager": _pager(request, page.older, len(page.rows), "row"),
    }


def _unit(row: Unit, channels: list[str]) -> dict[str, Any]:
    found = row.row
    gap = found.gap if found else "0"
    return {
        "sku": row.sku,
        "site": row.site,
        "erp": _amount(row.erp),
        "moving": signed(row.moving) if row.moving else "",
        "warehouse": _amount(row.warehouse),
        "channels": [_channel(row.channels.get(slug)) for slug in channels],
        "gap": recon_words.gap(gap) if gap not in ("", "0") else "",
        "holder": _holder(found),
        "url": _url(found),
    }


def _amount(value: Amount | None) -> str:
    return _NONE if value is None else shown(value)


def _channel(found: tuple[str, str] | None) -> dict[str, str]:
    if found is None:
        return {"shown": "", "told": ""}
    told, seen = found
    said = recon_words.quantity(told) or _NONE
    return {
        "shown": recon_words.quantity(seen) or _NONE,
        "told": f"told {said}" if told != seen else "",
    }


def _holder(found: ReconRow | None) -> str:
    if found is None or found.state == "in_tolerance":
        return ""
    if found.state in ("in_flight", "not_comparable"):
        return recon_words.STATES[found.state]
    cause = found.causes[0]["code"] if found.causes else ""
    return recon_words.holder(cause, found.state)


def _url(found: ReconRow | None) -> str:
    if found is None or found.difference_id is None:
        return ""
    return f"/reconciliation/breaks/{found.difference_id}/"


def _orders(request: HttpRequest, one: ReconRun) -> dict[str, Any]:
    after = addresses.number(request.GET, "after") or 0
    page, names = reconcile_ledger.orders(one, after=after)
    labels = reconcile_ledger.labels(one)
    return {
        "orders": [_order(row, names, labels) for row in page.rows],
        "places": [_place(name, labels) for name in names],
        "empty": None if page.rows else {"text": "No order stands here.", "action": None},
        "pager": _pager(request, page.older, len(page.rows), "order"),
    }


def _order(row: Placed, names: list[str], labels: dict[str, str]) -> dict[str, Any]:
    first = row.rows[0] if row.rows else None
    cause = first.causes[0]["code"] if first and first.causes else ""
    return {
        "number": row.number,
        "channel": labels.get(row.channel, row.channel),
        "placed": spoken.moment(row.placed_at),
        "hub": row.hub.replace("_", " "),
        "at": [(row.at[name] or "not there").replace("_", " ") for name in names],
        "what": recon_words.STATES.get(first.state, first.state) if first else "",
        "holder": recon_words.holder(cause, first.state) if first else "",
        "url": _url(first),
    }


def _place(name: str, labels: dict[str, str]) -> str:
    slug = name.removeprefix("at_")
    return "Warehouse" if name == "warehouses" else labels.get(slug, slug)


def _pager(request: HttpRequest, older: str, count: int, noun: str) -> dict[str, str]:
    newer = addresses.with_values(request, after="") if request.GET.get("after") else ""
    return {
        "shown": spoken.counted(count, noun),
        "older_url": addresses.with_values(request, after=older) if older else "",
        "newer_url": newer,
    }
