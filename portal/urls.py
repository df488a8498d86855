"""A partner's site."""

from django.urls import include, path

urlpatterns = [
    path("", include("portal.pages.urls")),
    path("", include("integrations.urls")),
    path("", include("monitoring.urls")),
    path("", include("billing.urls")),
    path("api/", include("billing.urls_api")),
    path("api/", include("portal.api.urls")),
    path("", include("billing.urls_customer")),
    path("webhooks/", include("portal.webhooks.urls")),
    path("", include("portal.privacy.urls")),
]

handler400 = "portal.pages.views.errors.unreadable"
handler403 = "portal.pages.views.errors.not_allowed"
handler404 = "portal.pages.views.errors.not_found"
handler500 = "portal.pages.views.errors.failed"
