"""Pages of the middle floor: what moves."""

from django.urls import path, register_converter
from django.urls.converters import StringConverter

from integrations.views import endpoint, endpoints, flows, lookups, order, orders, own_orders, raw


class DigestConverter(StringConverter):
    """A SHA-256 in hex."""

    regex = "[0-9a-f]{64}"


register_converter(DigestConverter, "sha256")

urlpatterns = [
    path("orders/", orders.orders, name="orders"),
    path("orders/<uuid:pk>/", order.order, name="order"),
    path("orders/<uuid:pk>/as-customer/", own_orders.as_customer, name="order-as-customer"),
    path("messages/<uuid:pk>/raw/", raw.raw, name="raw"),
    path("messages/<uuid:pk>/raw/<sha256:sha256>", raw.raw, name="raw-of-history"),
    path("endpoints/", endpoints.endpoints, name="endpoints"),
    path("endpoints/<slug:slug>/", endpoint.endpoint, name="endpoint"),
    path("endpoints/<slug:slug>/pause/", endpoint.pause, name="pause-endpoint"),
    path("endpoints/<slug:slug>/resume/", endpoint.resume, name="resume-endpoint"),
    path("endpoints/<slug:slug>/test/", endpoint.test, name="test-endpoint"),
    path("flows/", flows.flows, name="flows"),
    path("lookups/", lookups.lookups, name="lookups"),
    path("lookups/<int:pk>/", lookups.lookup, name="lookup"),
    path("lookups/<int:pk>/rows/<int:row_pk>/remove/", lookups.remove_row, name="remove-row"),
]
