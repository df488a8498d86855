"""Who is billed, by which prices and rules."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
