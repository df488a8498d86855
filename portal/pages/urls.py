"""Pages every site has."""

from django.urls import include, path

from portal.pages.views import (
    brand,
    brand_files,
    brand_preview,
    customers,
    legal,
    overview,
    rail,
    site,
)

urlpatterns = [
    path("", site.home, name="home"),
    path("", include("portal.accounts.urls")),
    path("brand.css", site.brand_css, name="brand-css"),
    path("brand/", brand.brand, name="brand"),
    path("brand/live/", brand.live, name="brand-live"),
    path("brand/publish/", brand.publish, name="brand-publish"),
    path("brand/discard/", brand.discard, name="brand-discard"),
    path("brand/<int:number>/undo/", brand.undo, name="brand-undo"),
    path("brand/<int:number>/again/", brand.go_back, name="brand-again"),
    path("brand/preview/brand.css", brand_preview.css, name="brand-preview-css"),
    path("brand/preview/paper.png", brand_preview.paper, name="brand-preview-paper"),
    path("brand/preview/<slug:surface>/", brand_preview.preview, name="brand-preview"),
    path("brand/logo-<int:pk>.<str:ending>", brand_files.logo, name="brand-logo"),
    path("brand/icon-<int:size>.png", brand_files.icon, name="brand-icon"),
    path("legal/<slug:name>/", legal.legal, name="legal"),
    path("theme/", site.theme, name="theme"),
    path("rail/", rail.rail, name="rail"),
    path("you/", site.you, name="you"),
    path("overview/", overview.overview, name="overview"),
    path("overview/<slug:slug>/", overview.panel, name="overview-panel"),
    path("customers/", customers.customers, name="customers"),
    path("customers/<slug:slug>/calendar/", customers.calendar, name="customer-calendar"),
]
