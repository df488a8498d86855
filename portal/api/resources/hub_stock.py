"""Stock as an application reads it."""

from typing import Any

from rest_framework import serializers

from integrations.queries import hub_stock
from portal.api.fields import Instant, Quantity
from portal.api.operation import operation
from portal.api.pages import Page, PageFilters
from portal.api.resources.filters import listed
from portal.api.resources.hub import HubResource


class HubSiteStockShape(serializers.Serializer[Any]):
    site = serializers.CharField()
    available = Quantity()
    reserved = Quantity(help_text="Taken by orders that have not left yet.")
    incoming = Quantity(allow_null=True, help_text="Null: the site does not say.")
    as_of = Instant(help_text="When the site counted.")


class HubStockShape(serializers.Serializer[Any]):
    sku = serializers.CharField()
    available = Quantity(help_text="What a new order could take, at all sites shown.")
    sellable = serializers.IntegerField(
        allow_null=True,
        help_text="What this application may sell, with its share and buffer; null: nothing is set aside.",
    )
    sites = HubSiteStockShape(many=True)


class HubStockFilters(PageFilters):
    sku = serializers.CharField(required=False, max_length=100)
    site = serializers.CharField(required=False, max_length=20)
    changed_since = Instant(
        required=False,
        help_text="Items of which a report or an order changed something since then.",
    )


class HubStock(HubResource):
    permissions = {"GET": ("hub.stock",)}

    @operation("Read stock, by item", HubStockShape, paged=True, filters=HubStockFilters)
    def get(self, request: Any) -> Page:
        application = self.application()
        wanted = {
            name: self.asked[name]
            for name in ("sku", "site", "changed_since")
            if name in self.asked
        }
        found = listed(self, hub_stock.items(application.customer_id, **wanted), "number")
        skus = [record.number for record in found.rows]
        rows = hub_stock.of(application, skus, site=self.asked.get("site", ""))
        return Page(rows, found.next)
