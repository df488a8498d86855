"""Lookup tables and their rows. Rows are written to the asker's draft, as on the pages."""

from typing import Any

from django.db.models import Count
from rest_framework import serializers

from integrations.domain import lookup_drafts, lookups
from integrations.domain.drafts import NotNowError
from integrations.models import LookupTable
from portal.api.base import Resource
from portal.api.fields import Instant
from portal.api.operation import Body, operation
from portal.api.pages import Page, PageFilters
from portal.api.problems import ProblemError, conflicts, refusals
from portal.api.resources.changes import ChangeShape
from portal.api.resources.filters import OfCustomer, listed, load, narrowed, of_customer

_EDIT = ("lookups.edit",)
_DRAFTED = "Stands in your draft; live once the draft was tested and published as a change."


class LookupShape(serializers.Serializer[Any]):
    id = serializers.IntegerField()
    name = serializers.CharField()
    customer = serializers.SerializerMethodField(help_text="Null: the partner's, for all.")
    default = serializers.ChoiceField(choices=LookupTable.Default.values)
    default_value = serializers.CharField()
    rows = serializers.IntegerField(source="size")

    def get_customer(self, table: LookupTable) -> str | None:
        return table.customer.slug if table.customer else None


class LookupRowShape(serializers.Serializer[Any]):
    code = serializers.CharField()
    value = serializers.CharField()
    added_by = serializers.CharField()
    added_at = Instant()


class LookupFilters(OfCustomer):
    name = serializers.SlugField(required=False, max_length=40)


class RowFilters(PageFilters):
    code = serializers.CharField(required=False, max_length=200, help_text="This one alone.")


class RowPut(Body):
    code = serializers.CharField(max_length=200)
    value = serializers.CharField(max_length=200)
    insist = serializers.BooleanField(
        default=False, help_text="Use it although it is no product we know."
    )


class RowRemoval(Body):
    code = serializers.CharField(max_length=200)


def _tables() -> Any:
    return LookupTable.objects.select_related("customer").annotate(size=Count("rows"))


class Lookups(Resource):
    permissions = {"GET": _EDIT}

    @operation("List lookup tables", LookupShape, paged=True, filters=LookupFilters)
    def get(self, request: Any) -> Page:
        return listed(self, narrowed(self, of_customer(self, _tables()), {"name": "name"}), "pk")


class OneLookup(Resource):
    permissions = {"GET": _EDIT}

    @operation("Read a lookup table", LookupShape)
    def get(self, request: Any, pk: int) -> LookupTable:
        return load(_tables(), pk=pk)


class LookupRows(Resource):
    permissions = {"GET": _EDIT, "POST": _EDIT}

    @operation("List the rows that are live", LookupRowShape, paged=True, filters=RowFilters)
    def get(self, request: Any, pk: int) -> Page:
        found = load(_tables(), pk=pk).rows.all()
        return listed(self, narrowed(self, found, {"code": "code"}), "code", "pk")

    @operation(
        "Say what a code means",
        ChangeShape,
        takes=RowPut,
        about=_DRAFTED,
        example={"code": "TENT-OLD", "value": "TENT-2P"},
    )
    def post(self, request: Any, pk: int) -> Any:
        table = load(_tables(), pk=pk)
        with conflicts(NotNowError), refusals(lookups.NotAProductError, at="/value"):
            return lookup_drafts.put(table, **self.sent, by=request.user)


class LookupRowRemovals(Resource):
    permissions = {"POST": _EDIT}

    @operation("Let a code mean nothing any more", ChangeShape, takes=RowRemoval, about=_DRAFTED)
    def post(self, request: Any, pk: int) -> Any:
        table = load(_tables(), pk=pk)
        drafted = lookup_drafts.drafted(table, lookup_drafts.of(table, request.user))
        if self.sent["code"] not in drafted["rows"]:
            raise ProblemError("conflict", f"{self.sent['code']} has no row.")
        with conflicts(NotNowError):
            return lookup_drafts.remove(table, self.sent["code"], by=request.user)
