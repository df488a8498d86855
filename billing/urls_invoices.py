"""Invoices and the runs that make them."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
