"""Addresses of a partner's pages about what is kept and what is erased."""

from django.urls import path

from portal.privacy.views import erasure, keeping

urlpatterns = [
    path("keeping/", keeping.keeping, name="keeping"),
    path("keeping/holds/", keeping.place_hold, name="place-hold"),
    path("keeping/holds/<int:pk>/lift/", keeping.lift_hold, name="lift-hold"),
    path("erasure/", erasure.erasures, name="erasures"),
    path("erasure/<int:pk>/", erasure.erasure, name="erasure"),
    path("erasure/<int:pk>/agree/", erasure.agree, name="agree-erasure"),
    path("erasure/<int:pk>/drop/", erasure.drop, name="drop-erasure"),
    path("erasure/<int:pk>/certificate/", erasure.certificate, name="erasure-certificate"),
]
