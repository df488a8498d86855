"""A statement as files, to the partner's people and to the customer's own."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse

from monitoring.domain import statement_files
from monitoring.models import Statement
from monitoring.queries import statements
from monitoring.views.statement import load
from portal.accounts.rules import requires

_TYPES = {
    "pdf": "application/pdf",
    "csv": "text/csv; charset=utf-8",
    "json": "application/json",
}


@requires("statements.view")
def download(request: HttpRequest, pk: int, ending: str) -> HttpResponse:
    return _file(load(pk), ending)


@requires("statements.view")
def evidence(request: HttpRequest, pk: int) -> HttpResponse:
    return _evidence(load(pk))


@requires("own.statements")
def own_download(request: HttpRequest, period: str, ending: str) -> HttpResponse:
    return _file(own_or_404(request, period), ending)


@requires("own.statements")
def own_evidence(request: HttpRequest, period: str) -> HttpResponse:
    return _evidence(own_or_404(request, period))


def own_or_404(request: HttpRequest, period: str) -> Any:
    """The customer's statement of a month, as far as they may see it."""
    person: Any = request.user
    found = statements.own(person.customer_id).defer(None).filter(period=period).first()
    if found is None:
        raise Http404
    return found


def _file(one: Statement, ending: str) -> HttpResponse:
    """The sealed bytes go out as they are: their SHA-256 is the statement's."""
    make = {"pdf": statement_files.pdf, "csv": statement_files.table, "json": _sealed_bytes}
    if ending not in make:
        raise Http404
    return _attached(HttpResponse(make[ending](one), _TYPES[ending]), one, ending)


def _sealed_bytes(one: Statement) -> bytes:
    return bytes(one.content)


def _evidence(one: Statement) -> HttpResponse:
    if not one.is_sealed:
        raise Http404
    # Not streamed: rows are read under the customer's limit, which ends with the request.
    body = b"".join(statement_files.evidence_lines(one))
    return _attached(HttpResponse(body, _TYPES["csv"]), one, "evidence.csv")


def _attached(response: Any, one: Statement, ending: str) -> Any:
    name = statement_files.name_of(one, ending)
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
