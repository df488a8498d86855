"""A customer's own page about who looked at their data: what they allow, who asks, and the ledger."""

import csv
import io
from collections.abc import Callable, Iterator
from typing import Any, Final

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST
from django_tenants.utils import schema_context

from integrations.formats.table_cells import guarded
from portal.accounts.models import Person
from portal.accounts.rules import requires
from portal.pages.support_forms import ConsentForm
from portal.pages.views import privacy_page
from portal.support.domain import consent, deciding
from portal.support.domain.consent import ConsentError
from portal.support.domain.deciding import NotTheirsError
from portal.support.domain.states import NotNowError
from portal.support.models import LedgerEntry, Rule, SupportAccess
from portal.support.queries import ledger
from portal.tenants.current import current_schema
from portal.tenants.rows import limited_to_customer

READ, DECIDE = "own.privacy", "own.consent"
_COLUMNS: Final = (
    "row", "at", "what", "access", "who", "from", "as_whom", "why", "page", "path", "more", "digest",
)  # fmt: skip
_SHOWN: Final = {"who", "house", "as_whom", "why", "page", "path"}


@requires(READ)
def privacy(request: HttpRequest) -> HttpResponse:
    """Who looked at their data in a month, what waits for them, and what they allow."""
    return privacy_page.page(request)


@requires(DECIDE)
@require_POST
def change(request: HttpRequest) -> HttpResponse:
    """What they allow from now on."""
    by: Any = request.user
    form = ConsentForm(request.POST)
    if form.is_valid():
        given = form.cleaned_data
        try:
            consent.change(
                by, rule=Rule(given["rule"]), longest=given["longest"], until=form.ends_at()
            )
        except ConsentError as error:
            form.add_error("until", str(error))
        else:
            messages.success(request, _("Saved. It holds from now on"))
            return redirect("privacy")
    return privacy_page.page(request, form, status=422)


@requires(DECIDE)
@require_POST
def grant(request: HttpRequest, pk: int) -> HttpResponse:
    return _decided(request, pk, deciding.grant, _("%(who)s may look now"))


@requires(DECIDE)
@require_POST
def refuse(request: HttpRequest, pk: int) -> HttpResponse:
    return _decided(request, pk, deciding.refuse, _("%(who)s may not look"))


@requires(DECIDE)
@require_POST
def end(request: HttpRequest, pk: int) -> HttpResponse:
    return _decided(request, pk, deciding.end, _("%(who)s sees nothing any more"))


def _decided(
    request: HttpRequest, pk: int, verb: Callable[[Person, int], SupportAccess], words: str
) -> HttpResponse:
    by: Any = request.user
    try:
        done = verb(by, pk)
    except NotTheirsError:
        raise Http404 from None
    except NotNowError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, words % {"who": done.staff_name})
    return redirect("privacy")


@requires(READ)
def download(request: HttpRequest) -> StreamingHttpResponse:
    """The whole ledger, row by row."""
    by: Any = request.user
    lines = _lines(current_schema(), by.customer_id)
    response = StreamingHttpResponse(lines, content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="who-looked.csv"'
    return response


def _lines(schema: str, customer_id: int) -> Iterator[str]:
    """It is read after the request's own limit has ended, so each part is read under one of its own."""
    yield "\ufeff" + _line(_COLUMNS)
    number = 0
    while True:
        with schema_context(schema), limited_to_customer(customer_id):
            rows = ledger.after(customer_id, number)
        if not rows:
            return
        yield "".join(_line(_cells(row)) for row in rows)
        number = rows[-1].number


def _cells(row: LedgerEntry) -> list[str]:
    said = row.said
    more = "; ".join(f"{name} {said[name]}" for name in sorted(said) if name not in _SHOWN)
    known = [str(said.get(name, "")) for name in ("who", "house", "as_whom", "why", "page", "path")]
    access = str(row.access_id or "")
    return [str(row.number), row.at.isoformat(), str(row.kind), access, *known, more, row.digest]


def _line(cells: Any) -> str:
    out = io.StringIO()
    csv.writer(out).writerow([guarded(cell) for cell in cells])
    return out.getvalue()
