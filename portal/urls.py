"""A partner's site."""

from django.urls import include, path

urlpatterns = [
    path("", include("portal.pages.urls")),
    path("", include("integrations.urls")),
    path("", include("monitoring.urls")),
]
