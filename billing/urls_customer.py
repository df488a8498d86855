"""What a customer sees of their bills."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
