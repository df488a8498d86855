"""Lookup tables: which there are, and the rows of one."""

from typing import Any

from django import forms
from django.contrib import messages
from django.db.models import Count, Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import urlencode
from django.views.decorators.http import require_POST

from integrations.domain import lookups as verbs
from integrations.models import LookupRow, LookupTable
from integrations.views import spoken
from integrations.views.filters import customer_filter, search
from portal.accounts.rules import requires

SIZE = 200


class RowForm(forms.Form):
    """One code and what it means."""

    code = forms.CharField(max_length=200, widget=forms.TextInput(attrs={"class": "mono"}))
    value = forms.CharField(
        label="means", max_length=200, widget=forms.TextInput(attrs={"class": "mono"})
    )
    insist = forms.BooleanField(label="use it anyway", required=False, widget=forms.HiddenInput)


@requires("lookups.edit")
def lookups(request: HttpRequest) -> HttpResponse:
    select, customer = customer_filter(request)
    found = LookupTable.objects.select_related("customer").annotate(size=Count("rows"))
    if customer:
        found = found.filter(Q(customer=customer) | Q(customer=None))
    tables = [_table(table) for table in found.order_by("name", "customer__name")]
    context = {
        "filters": [select],
        "clear_url": request.path if customer else "",
        "tables": tables,
        "empty": None if tables else {"text": "No lookup table yet.", "action": None},
    }
    return render(request, "integrations/lookups.html", context)


def _table(table: Any) -> dict[str, Any]:
    return {
        "name": table.name,
        "url": f"/lookups/{table.pk}/",
        "customer": table.customer.name if table.customer else "all customers",
        "size": f"{table.size:,}",
        "default": _default(table),
    }


def _default(table: LookupTable) -> str:
    words = table.get_default_display()
    return f"{words}: {table.default_value}" if table.default == "value" else words


@requires("lookups.edit")
def lookup(request: HttpRequest, pk: int) -> HttpResponse:
    """One table; a POST adds a row or changes the one with the same code."""
    table = LookupTable.objects.select_related("customer").filter(pk=pk).first()
    if table is None:
        raise Http404
    form = RowForm(request.POST or None)
    if request.method == "POST" and form.is_valid() and _put(request, table, form):
        return redirect(f"{request.path}?{urlencode({'saved': form.cleaned_data['code']})}")
    text = request.GET.get("q", "").strip()
    rows = table.rows.all()
    if text:
        rows = rows.filter(Q(code__icontains=text) | Q(value__icontains=text))
    start, saved = request.GET.get("from", ""), request.GET.get("saved", "")
    shown = list(rows.filter(code__gt=start)[: SIZE + 1])
    first = list(table.rows.filter(code=saved)) if saved else []
    rest = [row for row in shown[:SIZE] if row not in first]
    context = {
        "table": {
            **_table_head(table),
            "rows": [_row(row, saved=row in first) for row in [*first, *rest]],
        },
        "form": form,
        "search": search(request, "Code, value"),
        "clear_url": request.path if text else "",
        "next_from": shown[SIZE - 1].code if len(shown) > SIZE else "",
        "empty": None if shown else {"text": _nothing(text), "action": None},
    }
    return render(request, "integrations/lookup.html", context, status=422 if form.errors else 200)


def _put(request: HttpRequest, table: LookupTable, form: RowForm) -> bool:
    """Whether the row is there now; what is wrong with it stands in the form."""
    try:
        row = verbs.put(table, **form.cleaned_data, by=request.user.name)  # type: ignore[union-attr]
    except verbs.NotAProductError as error:
        form.add_error("value", str(error))
        form.fields["insist"].widget = forms.CheckboxInput()
        return False
    messages.success(request, f"{row.code} means {row.value} from now on")
    return True


def _table_head(table: LookupTable) -> dict[str, str]:
    return {
        "name": table.name,
        "customer": table.customer.name if table.customer else "all customers",
        "default": _default(table),
    }


def _row(row: LookupRow, *, saved: bool) -> dict[str, Any]:
    return {
        "saved": saved,
        "code": row.code,
        "value": row.value,
        "by": row.added_by,
        "at": spoken.moment(row.added_at),
        "remove_url": f"/lookups/{row.table_id}/rows/{row.pk}/remove/",
    }


def _nothing(text: str) -> str:
    return f"No row has {text}." if text else "No row yet. Add the first one above."


@requires("lookups.edit")
@require_POST
def remove_row(request: HttpRequest, pk: int, row_pk: int) -> HttpResponse:
    row = LookupRow.objects.select_related("table").filter(pk=row_pk, table_id=pk).first()
    if row is None:
        raise Http404
    verbs.remove(row)
    messages.success(request, f"{row.code} is removed from {row.table.name}")
    return redirect(f"/lookups/{pk}/")
