"""Addresses of the console's own pages."""

from django.urls import path

from portal.console.views import fleet, life, partners, tiers

urlpatterns = [
    path("partners/", partners.partners, name="partners"),
    path("partners/open/", partners.open_one, name="open-partner"),
    path("partners/openings/<int:pk>/", partners.opening, name="opening"),
    path("partners/openings/<int:pk>/link/", partners.opening_link, name="opening-link"),
    path("partners/<slug:slug>/", partners.partner, name="partner"),
    path("partners/<slug:slug>/delete/", life.delete, name="delete-partner"),
    path("partners/<slug:slug>/export/", life.export, name="export-partner"),
    path("partners/<slug:slug>/tier/", tiers.put_in_tier, name="partner-tier"),
    path("partners/<slug:slug>/features/<slug:flag>/", tiers.feature, name="partner-feature"),
    path("partners/<slug:slug>/<slug:verb>/", life.turn, name="turn-partner"),
    path("exports/<int:pk>/", life.download, name="export"),
    path("exports/<int:pk>/progress/", life.progress, name="export-progress"),
    path("exports/<int:pk>/remove/", life.remove, name="remove-export"),
    path("fleet/", fleet.fleet, name="fleet"),
    path("fleet/schemas/", fleet.schemas, name="schemas"),
    path("fleet/failures/<slug:fingerprint>/", fleet.failure, name="failure"),
    path("tiers/", tiers.tiers, name="tiers"),
    path("tiers/new/", tiers.tier, name="new-tier"),
    path("tiers/<slug:slug>/", tiers.tier, name="tier"),
    path("retention/", tiers.retention, name="retention"),
]
