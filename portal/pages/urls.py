"""Pages every site has."""

from django.urls import include, path

from portal.pages.views import customers, overview, rail, site, tokens

urlpatterns = [
    path("", site.home, name="home"),
    path("", include("portal.accounts.urls")),
    path("brand.css", site.brand_css, name="brand-css"),
    path("theme/", site.theme, name="theme"),
    path("rail/", rail.rail, name="rail"),
    path("you/", site.you, name="you"),
    path("overview/", overview.overview, name="overview"),
    path("overview/<slug:slug>/", overview.panel, name="overview-panel"),
    path("tokens/", tokens.tokens, name="tokens"),
    path("tokens/new/", tokens.new, name="new-token"),
    path("tokens/<int:pk>/revoke/", tokens.revoke, name="revoke-token"),
    path("customers/", customers.customers, name="customers"),
    path("customers/<slug:slug>/calendar/", customers.calendar, name="customer-calendar"),
]
