"""What was used: facts, each noted once."""

from typing import Any

from rest_framework import serializers

from billing.models import Account, UsageFact
from portal.api.base import Resource
from portal.api.fields import Instant, Month, Quantity
from portal.api.operation import operation
from portal.api.pages import Page, PageFilters
from portal.api.problems import refuse
from portal.api.resources.filters import listed, narrowed


class FactShape(serializers.Serializer[Any]):
    id = serializers.IntegerField()
    account = serializers.CharField(source="account.slug")
    kind = serializers.CharField()
    key = serializers.CharField()
    revision = serializers.IntegerField(help_text="The highest of a key counts.")
    happened_at = Instant()
    day = serializers.DateField()
    billed_in = serializers.CharField(help_text="The month whose invoice knows it first.")
    quantity = Quantity()
    times = serializers.IntegerField()
    properties = serializers.DictField()
    free = serializers.CharField(help_text="Why it is never billed.")
    reason = serializers.CharField()


class FactFilters(PageFilters):
    account = serializers.SlugField(max_length=41)
    month = Month()
    kind = serializers.SlugField(required=False, max_length=30)


class Usage(Resource):
    permissions = {"GET": ("money.view",)}

    @operation(
        "List the facts of usage of an account's month", FactShape, paged=True, filters=FactFilters
    )
    def get(self, request: Any) -> Page:
        asked = self.asked
        account = Account.objects.filter(slug=asked["account"]).first()
        if account is None:
            raise refuse("There is no such account.", at="account")
        found = UsageFact.objects.select_related("account").filter(account=account)
        found = found.filter(billed_in=asked["month"])
        return listed(self, narrowed(self, found, {"kind": "kind"}), "pk")
