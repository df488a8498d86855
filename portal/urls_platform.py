"""The platform console, in the public schema."""

from django.urls import include, path

urlpatterns = [
    path("", include("portal.pages.urls_platform")),
    path("", include("portal.console.urls")),
    path("", include("billing.urls")),
]

handler400 = "portal.pages.views.errors.unreadable"
handler403 = "portal.pages.views.errors.not_allowed"
handler404 = "portal.pages.views.errors.not_found"
handler500 = "portal.pages.views.errors.failed"
