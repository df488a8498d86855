"""One lookup table: its rows, what came without one, and what happens then."""

from typing import Any
from urllib.parse import urlencode

from django import forms
from django.db.models import Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from integrations.domain import differences, lookup_drafts, subjects
from integrations.domain.lookups import NotAProductError
from integrations.models import ChangeRequest, Kind, LookupRow, LookupTable
from integrations.queries import lookup_coverage, lookup_seen
from integrations.views import lookups_words, spoken
from integrations.views.filters import search
from integrations.views.lookups import DefaultForm
from portal.accounts.rules import requires

SIZE = 100
MOST_SEEN = 20
MOST_DRAFTED = 50


class RowForm(forms.Form):
    """One code and what it means."""

    code = forms.CharField(max_length=200, widget=forms.TextInput(attrs={"class": "mono"}))
    value = forms.CharField(
        label="means", max_length=200, widget=forms.TextInput(attrs={"class": "mono"})
    )
    insist = forms.BooleanField(label="use it anyway", required=False, widget=forms.HiddenInput)


class EditForm(RowForm):
    """What the code of a row means."""

    code = forms.CharField(widget=forms.HiddenInput)

    value = forms.CharField(
        max_length=200, widget=forms.TextInput(attrs={"class": "mono", "autofocus": True})
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"auto_id": "edit_%s", **kwargs})


@requires("lookups.edit")
def lookup(request: HttpRequest, pk: int) -> HttpResponse:
    """One table; a POST adds a row to the person's draft, or changes the one with the same code."""
    table = lookups_words.find(pk)
    form, edited = _forms(request, table)
    sent = edited if "row" in request.POST else form
    if request.method == "POST" and sent and sent.is_valid() and _put(request, table, sent):
        return redirect(_back(request))
    return _page(request, table, form=form, edited=edited)


def _forms(request: HttpRequest, table: LookupTable) -> tuple[RowForm, EditForm | None]:
    """The form for a new row, and the one in the row that is being edited."""
    row = _edited_row(request, table)
    data = request.POST or None
    if "row" in request.POST:
        return RowForm(), EditForm({**request.POST.dict(), "code": row.code}) if row else None
    value = _drafted(request, table).get(row.code, row.value) if row else ""
    return RowForm(data), EditForm(initial={"code": row.code, "value": value}) if row else None


def _drafted(request: HttpRequest, table: LookupTable) -> dict[str, str]:
    rows: dict[str, str] = lookup_drafts.drafted(table, lookup_drafts.of(table, request.user))[
        "rows"
    ]
    return rows


def _edited_row(request: HttpRequest, table: LookupTable) -> LookupRow | None:
    asked = request.POST.get("row") or request.GET.get("edit", "")
    return table.rows.filter(pk=int(asked[:18])).first() if asked.isdecimal() else None


def _put(request: HttpRequest, table: LookupTable, form: RowForm) -> bool:
    """Whether the draft says so now; what is wrong with the row stands in the form."""
    try:
        lookup_drafts.put(table, **form.cleaned_data, by=request.user)
    except NotAProductError as error:
        form.add_error("value", str(error))
        form.fields["insist"].widget = forms.CheckboxInput()
        return False
    return True


def _back(request: HttpRequest, **values: str) -> str:
    """The page of rows one was on."""
    kept = {name: request.GET[name] for name in ("q", "from") if request.GET.get(name)}
    query = urlencode(kept | values)
    return f"{request.path}?{query}" if query else request.path


def _page(
    request: HttpRequest,
    table: LookupTable,
    *,
    form: RowForm,
    edited: EditForm | None = None,
    default: DefaultForm | None = None,
) -> HttpResponse:
    text = request.GET.get("q", "").strip()
    shown, next_from = _rows(request, table, text)
    draft = lookup_drafts.of(table, request.user)
    said = lookup_drafts.drafted(table, draft)
    seen = [one for one in lookup_seen.unmapped([table])[table.pk] if one.code not in said["rows"]]
    initial = {"default": said["default"], "default_value": said["default_value"]}
    editing = _edited_row(request, table) if edited else None
    measured = lookup_coverage.measure(table) if request.GET.get("measure") else None
    context = {
        "table": {
            **lookups_words.head(table),
            "rows": [_row(request, row, edited=row == editing) for row in shown],
        },
        "draft": _draft(table, draft),
        "form": form,
        "edited": edited,
        "leave_url": _back(request) if edited else "",
        "default_form": default or DefaultForm(initial=initial, auto_id="default_%s"),
        "search": search(request, "Code, value"),
        "clear_url": request.path if text else "",
        "next_url": _from(request, next_from) if next_from else "",
        "first_url": _from(request, "") if request.GET.get("from") else "",
        "empty": None if shown else {"text": _nothing(text), "action": None},
        "seen": [lookups_words.seen(one) for one in seen[:MOST_SEEN]],
        "seen_more": max(len(seen) - MOST_SEEN, 0),
        "coverage": lookups_words.coverage(table, measured) if measured else None,
    }
    wrong = form.errors or (edited and edited.errors) or (default and default.errors)
    return render(request, "integrations/lookup.html", context, status=422 if wrong else 200)


def _draft(table: LookupTable, draft: ChangeRequest | None) -> dict[str, Any] | None:
    """What the person has changed and nobody else sees yet."""
    if draft is None:
        return None
    live = subjects.lookup_content(table)
    found = differences.between(Kind.LOOKUP, live, draft.content)
    return {
        "id": str(draft),
        "url": f"/changes/{draft.pk}/",
        "test_url": f"/changes/{draft.pk}/test/",
        "sentence": differences.sentence(found, differences.NOUNS[Kind.LOOKUP]),
        "rows": [one._asdict() for one in found[:MOST_DRAFTED]],
        "more": max(0, len(found) - MOST_DRAFTED),
        "undo_url": f"/lookups/{table.pk}/undo/",
    }


def _rows(request: HttpRequest, table: LookupTable, text: str) -> tuple[list[LookupRow], str]:
    """A page of rows, the edited one among them, and the code after which the next page begins."""
    found = _matching(table, text).filter(code__gt=request.GET.get("from", ""))
    rows = list(found[: SIZE + 1])
    next_from = rows[SIZE - 1].code if len(rows) > SIZE else ""
    editing = _edited_row(request, table)
    first = [editing] if editing and editing not in rows[:SIZE] else []
    return [*first, *rows[:SIZE]], next_from


def _matching(table: LookupTable, text: str) -> QuerySet[LookupRow]:
    rows = table.rows.all()
    return rows.filter(Q(code__icontains=text) | Q(value__icontains=text)) if text else rows


def _from(request: HttpRequest, code: str) -> str:
    kept = {name: value for name, value in (("q", request.GET.get("q")), ("from", code)) if value}
    return f"{request.path}?{urlencode(kept)}"


def _row(request: HttpRequest, row: LookupRow, *, edited: bool) -> dict[str, Any]:
    return {
        "pk": row.pk,
        "edited": edited,
        "code": row.code,
        "value": row.value,
        "by": row.added_by,
        "at": spoken.moment(row.added_at),
        "edit_url": _back(request, edit=str(row.pk)),
        "remove_url": f"/lookups/{row.table_id}/rows/{row.pk}/remove/",
    }


def _nothing(text: str) -> str:
    return (
        f"No row has {text}." if text else "No row yet. Add the first one above, or import a file."
    )


@requires("lookups.edit")
@require_POST
def remove_row(request: HttpRequest, pk: int, row_pk: int) -> HttpResponse:
    row = LookupRow.objects.select_related("table").filter(pk=row_pk, table_id=pk).first()
    if row is None:
        raise Http404
    lookup_drafts.remove(row.table, row.code, by=request.user)
    return redirect(f"/lookups/{pk}/")


@requires("lookups.edit")
@require_POST
def undo(request: HttpRequest, pk: int) -> HttpResponse:
    """Take one code, or without one the default, back to what is live."""
    table = lookups_words.find(pk)
    code = request.POST.get("code", "")
    if code == differences.DEFAULT:
        lookup_drafts.set_default(table, table.default, table.default_value, by=request.user)
    else:
        lookup_drafts.undo(table, code, by=request.user)
    return redirect(f"/lookups/{pk}/")


@requires("lookups.edit")
@require_POST
def set_default(request: HttpRequest, pk: int) -> HttpResponse:
    table = lookups_words.find(pk)
    form = DefaultForm(request.POST, auto_id="default_%s")
    if not form.is_valid():
        return _page(request, table, form=RowForm(), default=form)
    lookup_drafts.set_default(table, **form.cleaned_data, by=request.user)
    return redirect(f"/lookups/{pk}/")


@requires("lookups.edit")
def coverage(request: HttpRequest, pk: int) -> HttpResponse:
    """The measured coverage, for a page that asks for it when it is there. `short`: the figure alone."""
    table = lookups_words.find(pk)
    if not request.headers.get("HX-Request"):
        return redirect(f"/lookups/{pk}/?measure=1")
    measured = lookups_words.coverage(table, lookup_coverage.measure(table))
    context = {"coverage": measured, "short": "short" in request.GET}
    return render(request, "integrations/lookup_coverage.html", context)
