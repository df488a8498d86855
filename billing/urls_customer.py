"""What a customer sees of their bills."""

from django.urls import URLPattern, path

from billing.views import bill, bills

urlpatterns: list[URLPattern] = [
    path("bills/", bills.bills, name="bills"),
    path("bills/budget/", bills.budget, name="own-budget"),
    path("bills/<int:pk>/", bill.bill, name="bill"),
    path("bills/<int:pk>/bill.<slug:ending>", bill.download, name="bill-file"),
    path("bills/<int:pk>/lines/<int:at>/", bill.line, name="bill-line"),
]
