"""Pages every site has."""

from django.urls import include, path

from portal.pages.views import (
    colleagues,
    customers,
    find,
    overview,
    own_home,
    rail,
    site,
    tokens,
)

urlpatterns = [
    path("", site.home, name="home"),
    path("", include("portal.accounts.urls")),
    path("", include("portal.pages.urls_people")),
    path("brand.css", site.brand_css, name="brand-css"),
    path("theme/", site.theme, name="theme"),
    path("rail/", rail.rail, name="rail"),
    path("you/", site.you, name="you"),
    path("colleagues/", colleagues.colleagues, name="colleagues"),
    path("colleagues/<int:pk>/end/", colleagues.end, name="end-colleague"),
    path("colleagues/<int:pk>/let-in/", colleagues.let_in, name="let-colleague-in"),
    path("colleagues/invitations/<int:pk>/resend/", colleagues.resend, name="resend-own"),
    path("colleagues/invitations/<int:pk>/withdraw/", colleagues.withdraw, name="withdraw-own"),
    path("find/", find.find, name="find"),
    path("home/", own_home.home, name="own-home"),
    path("home/<slug:slug>/", own_home.panel, name="own-home-panel"),
    path("overview/", overview.overview, name="overview"),
    path("overview/<slug:slug>/", overview.panel, name="overview-panel"),
    path("tokens/", tokens.tokens, name="tokens"),
    path("tokens/new/", tokens.new, name="new-token"),
    path("tokens/<int:pk>/revoke/", tokens.revoke, name="revoke-token"),
    path("customers/", customers.customers, name="customers"),
    path("customers/<slug:slug>/calendar/", customers.calendar, name="customer-calendar"),
]
