"""A customer's stock: what of each item is where, what of it is taken, and how old the figure is.

These views run under the customer's database role; everything they read names its customer.
"""

from datetime import timedelta
from decimal import Decimal, InvalidOperation
from typing import Any, Final

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from integrations.formats.table_cells import Table
from integrations.formats.table_csv import write_csv
from integrations.queries import own_parts as parts
from integrations.queries import own_stock
from integrations.queries.own_stock import Stock
from integrations.views import addresses, spoken
from integrations.views.own_part_words import plain
from integrations.views.own_parts import customer_id
from portal.accounts.rules import requires
from portal.core import clock, manner
from portal.customers.models import Customer

OLD = timedelta(days=1)
POLICY: Final = "low_stock"  # of the customer: so many are few


@requires("own.stock")
def stock(request: HttpRequest) -> HttpResponse:
    own, site, text = customer_id(request), *_asked(request)
    sites, limit = own_stock.sites(own), _limit(own)
    page = own_stock.page(own, site=site, text=text, after=request.GET.get("after", "")[:100])
    is_first = not (text or request.GET.get("after"))
    low = own_stock.low(own, at_most=limit, site=site) if is_first else []
    titles = parts.titles(own, {one.sku for one in [*low, *page.rows]})
    context = {
        "headline": _headline(low),
        "lead": _lead(page.rows, limit=limit),
        "low": [_row(one, titles, limit=limit) for one in low],
        "rows": [_row(one, titles, limit=limit) for one in page.rows],
        "sites": [{"value": one, "chosen": one == site} for one in sites] if len(sites) > 1 else [],
        "search": {"value": text},
        "clear_url": request.path if text or site else "",
        "csv_url": addresses.with_values(request, after="").replace(
            "/stock/", "/stock/stock.csv", 1
        ),
        "any_reserved": any(one.reserved for one in [*low, *page.rows]),
        "any_coming": any(one.incoming for one in [*low, *page.rows]),
        "empty": None if page.rows else _empty(filtered=bool(text or site)),
        "pager": {"newer_url": "", "older_url": _older(request, page.after), "shown": ""},
    }
    return render(request, "customer/stock.html", context)


def _asked(request: HttpRequest) -> tuple[str, str]:
    return request.GET.get("site", "")[:100], request.GET.get("q", "").strip()[:100]


def _limit(own: int) -> Decimal:
    """So many are few, as the customer says; as long as they say nothing, none at all."""
    said = Customer.objects.values_list("policies", flat=True).get(pk=own).get(POLICY, 0)
    try:
        return max(Decimal(str(said)), Decimal(0))
    except InvalidOperation:
        return Decimal(0)


def _older(request: HttpRequest, after: str) -> str:
    return addresses.with_values(request, after=after) if after else ""


def _headline(low: list[Stock]) -> str:
    gone = sum(not one.available for one in low)
    if gone:
        return ngettext("One item is sold out", "%(n)d items are sold out", gone) % {"n": gone}
    if low:
        return ngettext("One item runs low", "%(n)d items run low", len(low)) % {"n": len(low)}
    return _("Your stock")


def _lead(rows: list[Stock], *, limit: Decimal) -> str:
    told = [_("What a new order could take, at each warehouse.")]
    if limit:
        told.append(_("%(limit)s or fewer is low.") % {"limit": plain(limit)})
    if rows:
        newest = max(one.as_of for one in rows)
        told.append(_("The newest figure is %(age)s old.") % {"age": spoken.age(newest)})
    return " ".join(told)


def _row(one: Stock, titles: dict[str, str], *, limit: Decimal) -> dict[str, Any]:
    return {
        "sku": one.sku,
        "title": titles.get(one.sku, ""),
        "site": one.site,
        "available": _figure(one.available),
        "reserved": _figure(one.reserved) if one.reserved else "",
        "coming": _figure(one.incoming) if one.incoming else "",
        "as_of": spoken.moment(one.as_of),
        "age": _("%(age)s old") % {"age": spoken.age(one.as_of)},
        "is_old": clock.now() - one.as_of > OLD,
        **_state(one, limit),
    }


def _figure(number: Decimal) -> str:
    """Thousands apart as the reader writes them, without needless zeros."""
    return f"{number.normalize():,f}".translate(manner.marks())


def _state(one: Stock, limit: Decimal) -> dict[str, str]:
    if not one.available:
        return {"shape": "bad", "word": _("sold out")}
    if one.available <= limit:
        return {"shape": "risk", "word": _("low")}
    return {"shape": "", "word": ""}


def _empty(*, filtered: bool) -> dict[str, Any]:
    if filtered:
        action = {"label": _("Show all items"), "url": "/stock/"}
        return {"text": _("No item matches."), "action": action}
    return {"text": _("No warehouse has reported stock yet."), "action": None}


@requires("own.stock")
def download(request: HttpRequest) -> HttpResponse:
    """The same as a file, all of it. Whole and not in pieces: pieces would be read after the request, and
    the row limit ends with the request."""
    own, site, text = customer_id(request), *_asked(request)
    found = list(own_stock.everything(own, site=site, text=text))
    titles = parts.titles(own, {one.sku for one in found})
    columns = [_("Item"), _("Name"), _("Warehouse"), _("Available"), _("Reserved"), _("On the way"),
               _("As of (UTC)")]  # fmt: skip
    rows = [
        [one.sku, titles.get(one.sku, ""), one.site, plain(one.available), plain(one.reserved),
         "" if one.incoming is None else plain(one.incoming), f"{one.as_of:%Y-%m-%d %H:%M:%S}"]
        for one in found
    ]  # fmt: skip
    response = HttpResponse(write_csv(Table(columns, rows, [])), "text/csv; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="stock.csv"'
    return response
