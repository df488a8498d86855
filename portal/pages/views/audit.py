"""The audit log: who did what, as whom, why, before and after; as files; and whether it is whole."""

import csv
import io
import json
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from datetime import datetime, time, timedelta
from typing import Any, Final

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.views.decorators.http import require_POST
from django_tenants.utils import schema_context

from integrations.formats.table_cells import guarded
from integrations.views import spoken
from integrations.views.addresses import with_values
from integrations.views.filters import search
from monitoring.views.addresses import number
from portal.accounts.domain.limits import working_as
from portal.accounts.models import Person
from portal.accounts.rules import requires
from portal.audit.domain import checking
from portal.audit.queries import entries
from portal.audit.queries.entries import SIZE, Asked, Entry
from portal.pages.views import audit_words, people_words
from portal.tenants.current import current_schema

PERMISSION: Final = "audit.view"
_MOST_PEOPLE: Final = 500
_FILTERS: Final = ("person", "kind", "customer", "action", "from", "to", "q")
_TYPES: Final = {
    "csv": "text/csv; charset=utf-8",
    "jsonl": "application/x-ndjson; charset=utf-8",
}


@requires(PERMISSION)
def audit(request: HttpRequest) -> HttpResponse:
    """The newest entries first, narrowed to what is asked for."""
    asked, names = _asked(request), dict(people_words.customers())
    rows, more = entries.page(asked, before=number(request.GET, "before"))
    by: Any = request.user
    older = with_values(request, before=str(rows[SIZE - 1].row.pk)) if more else ""
    active = any(request.GET.get(name) for name in _FILTERS)
    context = {
        "filters": _filters(request, names),
        "search": search(request, "Object, value, name or reason"),
        "days": {name: _day(request, name) or "" for name in ("from", "to")},
        "clear_url": request.path if active else "",
        "rows": audit_words.rows(rows, names),
        "sided": bool(names),
        "empty": "Nothing here matches." if active else "Nothing was changed yet.",
        "pager": {"shown": spoken.counted(len(rows), "entry", "entries"), "older_url": older},
        "files": [_file(request, ending) for ending in _TYPES],
        "limited": by.is_limited,
    }
    return render(request, "house/audit.html", context)


def _asked(request: HttpRequest) -> Asked:
    """What the address asks for; what cannot be read asks for nothing."""
    start, end = _day(request, "from"), _day(request, "to")
    action = number(request.GET, "action")
    return Asked(
        person_id=number(request.GET, "person"),
        kind=request.GET.get("kind", "")[:100],
        customer_id=number(request.GET, "customer"),
        action=action if action in audit_words.ACTIONS else None,
        start=_midnight(start) if start else None,
        end=_midnight(_day_after(end)) if end else None,
        text=request.GET.get("q", "").strip()[:200],
    )


def _day(request: HttpRequest, name: str) -> str:
    """The day in the address, as it is written there; blank for none and for what is none."""
    text = request.GET.get(name, "")
    try:
        found = parse_date(text)
    except ValueError:
        return ""
    return text if found and 1970 <= found.year <= 9000 else ""


def _day_after(day: str) -> str:
    return (datetime.fromisoformat(day) + timedelta(days=1)).date().isoformat()


def _midnight(day: str) -> datetime:
    zone = timezone.get_current_timezone()
    return datetime.combine(datetime.fromisoformat(day).date(), time.min, tzinfo=zone)


def _filters(request: HttpRequest, names: dict[int, str]) -> list[dict[str, Any]]:
    people = Person.objects.order_by("name").values_list("pk", "name")[:_MOST_PEOPLE]
    kinds = sorted(
        (audit_words.kind(found.model_class(), found.model), found.model)
        for found in entries.kinds()
    )
    selects = [
        _select(request, "person", "Person", [(str(pk), name) for pk, name in people]),
        _select(request, "kind", "Kind", [(value, label) for label, value in kinds]),
        _select(request, "customer", "Customer", [(str(pk), name) for pk, name in names.items()]),
        _select(
            request,
            "action",
            "Action",
            [(str(at), word) for at, word in audit_words.ACTIONS.items()],
        ),
    ]
    return [select for select in selects if select["options"]]


def _select(
    request: HttpRequest, name: str, label: str, options: list[tuple[str, str]]
) -> dict[str, Any]:
    chosen = request.GET.get(name, "")
    return {
        "name": name,
        "label": label,
        "options": [{"value": v, "label": text, "chosen": v == chosen} for v, text in options],
        "active": bool(chosen),
    }


def _file(request: HttpRequest, ending: str) -> dict[str, str]:
    query = request.GET.urlencode()
    url = f"/audit/audit.{ending}"
    return {"label": ending.upper(), "url": f"{url}?{query}" if query else url}


@requires(PERMISSION)
def download(request: HttpRequest, ending: str) -> StreamingHttpResponse:
    """Everything that the filters leave, line by line."""
    if ending not in _TYPES:
        raise Http404
    by: Any = request.user
    make = {"csv": _csv, "jsonl": _json_lines}[ending]
    lines = make(
        _batches(current_schema(), _asked(request), lambda: working_as(by)),
        names=dict(people_words.customers()),
    )
    response = StreamingHttpResponse(lines, content_type=_TYPES[ending])
    response["Content-Disposition"] = f'attachment; filename="audit.{ending}"'
    return response


def _batches(
    schema: str, asked: Asked, limit: Callable[[], AbstractContextManager[None]]
) -> Iterator[list[Entry]]:
    """They are read after the request's own limit has ended, so each part is read under the same one."""
    found = entries.everything(asked)
    while True:
        with schema_context(schema), limit():
            some = next(found, None)
        if some is None:
            return
        yield some


def _csv(batches: Iterator[list[Entry]], *, names: dict[int, str]) -> Iterator[str]:
    yield "\ufeff" + _line(list(audit_words.COLUMNS))
    for some in batches:
        yield "".join(_line(audit_words.cells(one, names)) for one in some)


def _line(cells: list[str]) -> str:
    out = io.StringIO()
    csv.writer(out).writerow([guarded(cell) for cell in cells])
    return out.getvalue()


def _json_lines(batches: Iterator[list[Entry]], *, names: dict[int, str]) -> Iterator[str]:
    for some in batches:
        rows = (
            dict(zip(audit_words.COLUMNS, audit_words.cells(one, names), strict=True))
            for one in some
        )
        yield "".join(f"{json.dumps(row, ensure_ascii=False)}\n" for row in rows)


@requires(PERMISSION)
@require_POST
def check(request: HttpRequest) -> HttpResponse:
    """Look at the whole chain, and say which row is broken first."""
    by: Any = request.user
    if by.is_limited:
        messages.error(
            request, "You see what you changed yourself. Ask somebody who works for everybody"
        )
        return redirect("audit")
    found = checking.check()
    return render(request, "house/audit_checked.html", {"found": found})
