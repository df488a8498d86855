"""The platform console: partners and the networks they may reach. Never a document."""

from django.urls import include, path

from portal.pages.views import brand_files, platform, platform_support, site
from portal.pages.views.metrics import metrics

urlpatterns = [
    path("", site.home, name="home"),
    path("", include("portal.accounts.urls")),
    path("", include("portal.pages.urls_people")),
    path("brand.css", site.brand_css, name="brand-css"),
    path("brand/icon-<int:size>.png", brand_files.icon, name="brand-icon"),
    path("theme/", site.theme, name="theme"),
    path("you/", site.you, name="you"),
    path("metrics", metrics, name="metrics"),
    path("support/", platform_support.support, name="support"),
    path("support/<slug:slug>/<int:pk>/open/", platform_support.open_site, name="support-open"),
    path("support/<slug:slug>/<int:pk>/end/", platform_support.end, name="support-stop"),
    path("", include("portal.pages.urls_audit")),
    path("networks/", platform.networks, name="networks"),
    path("networks/<int:pk>/remove/", platform.remove_network, name="remove-network"),
]
