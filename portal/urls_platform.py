"""The platform console, in the public schema."""

from django.urls import include, path

urlpatterns = [path("", include("portal.pages.urls_platform"))]
