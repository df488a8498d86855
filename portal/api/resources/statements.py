"""Monthly statements of what was promised and delivered."""

from typing import Any

from django.http import HttpResponse
from rest_framework import serializers

from monitoring.domain import statement_files
from monitoring.models import Statement
from monitoring.queries import statements
from monitoring.seal import plain
from portal.api.base import Resource
from portal.api.fields import Instant, Month
from portal.api.operation import operation
from portal.api.pages import Page
from portal.api.resources.filters import OfCustomer, choice, listed, load, narrowed, of_customer


class StatementShape(serializers.Serializer[Any]):
    id = serializers.IntegerField()
    customer = serializers.CharField(source="customer.slug")
    period = serializers.CharField(help_text="YYYY-MM, by the customer's calendar.")
    state = serializers.ChoiceField(choices=Statement.State.values)
    number = serializers.IntegerField(allow_null=True)
    hash = serializers.CharField(help_text="SHA-256 of the content, once sealed.")
    summary = serializers.DictField()
    sealed_at = Instant(allow_null=True)
    approved_at = Instant(allow_null=True)
    sent_at = Instant(allow_null=True)


class StatementDetail(StatementShape):
    content = serializers.SerializerMethodField()

    def get_content(self, statement: Statement) -> dict[str, Any]:
        return plain(statement.said)


class StatementFilters(OfCustomer):
    period = Month(required=False)
    state = choice(Statement.State.values)


class Statements(Resource):
    permissions = {"GET": ("statements.view",)}

    @operation(
        "List statements, the newest first", StatementShape, paged=True, filters=StatementFilters
    )
    def get(self, request: Any) -> Page:
        found = narrowed(
            self, of_customer(self, statements.listed()), {"period": "period", "state": "state"}
        )
        return listed(self, found, "-period", "-pk")


def _whole() -> Any:
    return statements.listed().defer(None)


class OneStatement(Resource):
    permissions = {"GET": ("statements.view",)}

    @operation("Read a statement", StatementDetail)
    def get(self, request: Any, pk: int) -> Any:
        return load(_whole(), pk=pk)


class StatementPdf(Resource):
    permissions = {"GET": ("statements.view",)}

    @operation("A statement as PDF", "application/pdf")
    def get(self, request: Any, pk: int) -> HttpResponse:
        return pdf(load(_whole(), pk=pk))


def pdf(statement: Any) -> HttpResponse:
    """The file."""
    response = HttpResponse(statement_files.pdf(statement), content_type="application/pdf")
    name = statement_files.name_of(statement, "pdf")
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
