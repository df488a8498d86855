"""What is left of what customers pay."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
