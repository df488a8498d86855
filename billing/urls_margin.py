"""What is left of what customers pay."""

from django.urls import path

from billing.views import margin, margin_account

urlpatterns = [
    path("", margin.margin, name="margin"),
    path("reckon/", margin.reckon, name="margin-reckon"),
    path("<slug:slug>/", margin_account.account, name="margin-account"),
]
