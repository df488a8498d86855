"""Lookup tables as files: out, and in by way of a page that shows what the file would change."""

import re
from base64 import b64decode, b64encode
from typing import Any

from django import forms
from django.contrib import messages
from django.core import signing
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_POST

from integrations.domain import evidence, lookup_drafts, lookup_files
from integrations.domain.lookup_files import Plan
from integrations.domain.subjects import Content
from integrations.formats.table import TableError, read_table, write_csv, write_xlsx
from integrations.models import LookupTable
from integrations.views import lookups_words
from integrations.views.spoken import counted
from portal.accounts.rules import requires
from portal.core.manner import number

MOST_SHOWN = 500
_SALT = "a file compared with a lookup table"
_DAY = 86_400
_MODES = (("add", "add its rows to the table"), ("replace", "make the table what the file says"))
_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


class FileForm(forms.Form):
    """A file, and what it is to the table."""

    file = forms.FileField(
        help_text="CSV or XLSX, at most 5 MB. The first row names the columns code and means."
    )
    mode = forms.ChoiceField(
        label="Use it to", choices=_MODES, initial="add", widget=forms.RadioSelect
    )


@requires("lookups.edit")
def export_csv(request: HttpRequest, pk: int) -> HttpResponse:
    table = lookups_words.find(pk)
    return _download(
        table, write_csv(lookup_files.table_of(table)), "text/csv; charset=utf-8", "csv"
    )


@requires("lookups.edit")
def export_xlsx(request: HttpRequest, pk: int) -> HttpResponse:
    table = lookups_words.find(pk)
    return _download(table, write_xlsx(lookup_files.table_of(table)), _XLSX, "xlsx")


def _download(table: LookupTable, data: bytes, content_type: str, ending: str) -> HttpResponse:
    whose = f"-{table.customer.slug}" if table.customer else ""
    name = re.sub(r"[^\w-]", "_", f"{table.name}{whose}")
    response = HttpResponse(data, content_type=content_type)
    disposition = content_disposition_header(as_attachment=True, filename=f"{name}.{ending}")
    response["Content-Disposition"] = disposition or "attachment"
    response["X-Content-Type-Options"] = "nosniff"
    return response


@requires("lookups.edit")
def import_file(request: HttpRequest, pk: int) -> HttpResponse:
    """The form; a POST compares the file with the table and writes nothing."""
    table = lookups_words.find(pk)
    form = FileForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        upload, mode = form.cleaned_data["file"], form.cleaned_data["mode"]
        try:
            return _compared(request, table, upload, mode=mode)
        except TableError as error:
            form.add_error("file", str(error))
    context = {"table": lookups_words.head(table), "form": form}
    status = 422 if form.errors else 200
    return render(request, "integrations/lookup_import.html", context, status=status)


def _compared(
    request: HttpRequest, table: LookupTable, upload: UploadedFile, *, mode: Any
) -> HttpResponse:
    data, name = upload.read(), upload.name or "The file"
    now = _now(request, table)
    plan = lookup_files.plan(table, now, read_table(data, name), mode=mode)
    kept = {"table": table.pk, "name": name, "mode": mode, "base": plan.base}
    kept["file"] = b64encode(data).decode()
    token = signing.dumps(kept, salt=_SALT, compress=True) if plan.fits else ""
    return _plan_page(request, table, plan, name=name, token=token)


def _now(request: HttpRequest, table: LookupTable) -> Content:
    return lookup_drafts.drafted(table, lookup_drafts.of(table, request.user))


def _plan_page(
    request: HttpRequest, table: LookupTable, plan: Plan, *, name: str, token: str
) -> HttpResponse:
    changes = list(_changes(plan))
    context = {
        "table": lookups_words.head(table),
        "name": name,
        "facts": _facts(plan),
        "notes": plan.notes,
        "refused": plan.refused[:MOST_SHOWN],
        "refused_more": max(len(plan.refused) - MOST_SHOWN, 0),
        "changes": changes[:MOST_SHOWN],
        "changes_more": max(len(changes) - MOST_SHOWN, 0),
        "token": token,
        "apply_url": f"/lookups/{table.pk}/import/apply/",
        "verb": f"Take {counted(len(changes), 'change')} into a draft",
    }
    status = 422 if plan.refused else 200
    return render(request, "integrations/lookup_plan.html", context, status=status)


def _facts(plan: Plan) -> list[dict[str, Any]]:
    counts = (
        ("Refused", len(plan.refused)),
        ("Removed", len(plan.removed)),
        ("Changed", len(plan.changed)),
        ("Added", len(plan.added)),
        ("Stay as they are", plan.unchanged),
    )
    return [{"label": label, "value": "", "strong": number(count)} for label, count in counts]


def _changes(plan: Plan) -> list[dict[str, str]]:
    """What takes something away stands first."""
    return [
        *({"word": "removed", "code": c, "old": v, "new": ""} for c, v in plan.removed.items()),
        *({"word": "changed", "code": c, "old": o, "new": n} for c, (o, n) in plan.changed.items()),
        *({"word": "added", "code": c, "old": "", "new": v} for c, v in plan.added.items()),
    ]


@requires("lookups.edit")
@require_POST
def apply_file(request: HttpRequest, pk: int) -> HttpResponse:
    """Make the person's draft what the plan said, if it still is what the plan was made for."""
    table = lookups_words.find(pk)
    try:
        kept = signing.loads(request.POST.get("plan", ""), salt=_SALT, max_age=_DAY)
        if kept["table"] != table.pk:
            raise signing.BadSignature
    except signing.BadSignature:
        return _again(
            request, table, "Not applied: the comparison is older than a day. Compare again."
        )
    read = read_table(b64decode(kept["file"]), kept["name"])
    plan = lookup_files.plan(table, _now(request, table), read, mode=kept["mode"])
    if plan.refused:
        return _plan_page(request, table, plan, name=kept["name"], token="")
    if plan.base != kept["base"]:
        reason = (
            f"Not taken: {table.name} was changed after the file was compared with it."
            " Compare it again."
        )
        return _again(request, table, reason)
    draft = lookup_drafts.replace(table, plan.content, by=request.user)
    done = len(plan.added) + len(plan.changed) + len(plan.removed)
    messages.success(request, f"{counted(done, 'change')} of {kept['name']} are in your draft")
    evidence.order(draft)
    return redirect(f"/changes/{draft.pk}/")


def _again(request: HttpRequest, table: LookupTable, reason: str) -> HttpResponse:
    form = FileForm()
    context = {"table": lookups_words.head(table), "form": form, "reason": reason}
    return render(request, "integrations/lookup_import.html", context, status=409)
