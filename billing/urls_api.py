"""What other systems may call."""

from django.urls import path

from billing.api.usage import usage_events

urlpatterns = [path("usage/", usage_events, name="usage-api")]
