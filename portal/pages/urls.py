"""Pages every site has."""

from django.urls import include, path

from portal.pages.views import customers, groups, overview, rail, site, works_for

urlpatterns = [
    path("", site.home, name="home"),
    path("", include("portal.accounts.urls")),
    path("brand.css", site.brand_css, name="brand-css"),
    path("theme/", site.theme, name="theme"),
    path("rail/", rail.rail, name="rail"),
    path("you/", site.you, name="you"),
    path("overview/", overview.overview, name="overview"),
    path("overview/<slug:slug>/", overview.panel, name="overview-panel"),
    path("customers/", customers.customers, name="customers"),
    path("customers/groups/", groups.listing, name="customer-groups"),
    path("customers/groups/new/", groups.new, name="customer-group-new"),
    path("customers/groups/<slug:slug>/", groups.edit, name="customer-group"),
    path("customers/groups/<slug:slug>/delete/", groups.delete, name="customer-group-delete"),
    path("people/<int:pk>/customers/", works_for.page, name="works-for"),
    path("customers/<slug:slug>/calendar/", customers.calendar, name="customer-calendar"),
]
