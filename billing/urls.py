"""Pages of the fourth floor: what it is worth. The platform has the same for its partners."""

from django.urls import include, path

urlpatterns = [
    path("plans/", include("billing.urls_plans")),
    path("invoices/", include("billing.urls_invoices")),
    path("billing/", include("billing.urls_accounts")),
    path("margin/", include("billing.urls_margin")),
]
