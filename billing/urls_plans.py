"""Plans and their prices."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
