"""The invoices that a customer's own customers get: not our bills. Runs under the customer's role."""

from decimal import Decimal
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from integrations.models import Record
from integrations.queries import own_parts as queries
from integrations.queries import told_payments as payments
from integrations.views import own_part_words as words
from integrations.views import own_parts, spoken, told_payments
from integrations.views.filters import tabs
from portal.accounts.rules import requires


@requires("own.invoices")
def trade_invoices(request: HttpRequest) -> HttpResponse:
    unpaid = request.GET.get("view") == "unpaid"
    # What a supplier bills stands beside, and is no invoice of the customer's.
    having: dict[str, Any] = {"body__supplier__isnull": True}
    having |= {"state__in": words.UNPAID} if unpaid else {}
    page = own_parts.page(request, "invoice", **having)
    orders = queries.orders(page.rows)
    context = {
        "headline": _("Invoices to your customers"),
        "lead": _lead(page.rows),
        "tabs": tabs(
            request, (("", _("All")), ("unpaid", _("Not paid"))), chosen="unpaid" if unpaid else ""
        ),
        "invoices": [_row(one, orders) for one in page.rows],
        "empty": None if page.rows else _empty(unpaid=unpaid),
        "pager": own_parts.pager(request, page),
    }
    return render(request, "customer/trade_invoices.html", context)


def _lead(rows: list[Record]) -> str:
    late = sum(own_parts.said(one)["shape"] == "bad" for one in rows)
    if not late:
        return _(
            "What your customers owe you for their orders. What we bill you stands under Bills."
        )
    return ngettext("One invoice below is late.", "%(n)d invoices below are late.", late) % {
        "n": late
    }


def _empty(*, unpaid: bool) -> str:
    return _("Every invoice is paid.") if unpaid else _("No invoice yet.")


def _row(part: Record, orders: dict[UUID, Record]) -> dict[str, Any]:
    return {
        "number": part.number,
        "kind": _kind(part),
        "url": f"/trade-invoices/{part.pk}/",
        "order": own_parts.order_of(part, orders),
        "issued": words.when(part.body.get("issued_on")),
        "due": words.when(part.body.get("due_on")),
        "amount": spoken.money(_signed(part), part.currency),
        **own_parts.said(part),
    }


def _kind(part: Record) -> str:
    kinds = {"credit": _("Credit note"), "proforma": _("Pro forma")}
    return kinds.get(str(part.body.get("type")), "")


def _signed(part: Record) -> Decimal | None:
    """A credit note gives back, however its amount is written."""
    is_credit = part.body.get("type") == "credit"
    return -abs(part.amount) if is_credit and part.amount is not None else part.amount


@requires("own.invoices")
def trade_invoice(request: HttpRequest, pk: UUID) -> HttpResponse:
    part = own_parts.one_or_404(request, "invoice", pk)
    context = {
        "number": part.number,
        "headline": f"{_kind(part) or _('Invoice')} {part.number}",
        "state": own_parts.said(part),
        "facts": _facts(part),
        "lines": [_line(one, part) for one in own_parts.lines(part, field="quantity")],
        "total": spoken.money(_signed(part), part.currency),
        "told": told_payments.shown(part, payments.of_invoices([part]).get(part.pk, [])),
        "others": own_parts.others(part),
    }
    return render(request, "customer/trade_invoice.html", context)


def _facts(part: Record) -> list[dict[str, Any]]:
    order = own_parts.order_of(part, queries.orders([part])) or {"number": "", "url": ""}
    totals = part.body.get("totals") or {}
    found = [
        {"label": _("Order"), "value": "" if order["url"] else order["number"], "url": order["url"],
         "link": order["number"]},
        {"label": _("From"), "value": str(part.body.get("supplier") or "")},
        {"label": _("Written"), "value": words.when(part.body.get("issued_on"))},
        {"label": _("Due"), "value": words.when(part.body.get("due_on"))},
        {"label": _("Freight"), "value": _money(totals, "freight", part)},
        {"label": _("Tax"), "value": _money(totals, "tax", part)},
        {"label": _("Paid so far"), "value": _money(totals, "paid", part)},
    ]  # fmt: skip
    return [fact for fact in found if fact["value"] or fact.get("url")]


def _money(totals: dict[str, Any], name: str, part: Record) -> str:
    amount = words.quantity(totals, name)
    return spoken.money(amount, part.currency) if amount else ""


def _line(one: dict[str, Any], part: Record) -> dict[str, Any]:
    line = one["line"]
    return {
        **{name: one[name] for name in ("sku", "title", "quantity")},
        "price": spoken.amount(words.quantity(line, "unit_price"), part.currency),
        "total": spoken.amount(words.quantity(line, "total"), part.currency),
    }
