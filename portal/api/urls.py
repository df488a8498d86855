"""The API's addresses on a partner's site, and the pages about it."""

from django.urls import include, path

from portal.api import pages_about

urlpatterns = [
    path("v1/schema/", pages_about.schema, name="api-schema"),
    path("v1/", include("portal.api.urls_v1")),
    path("docs/", pages_about.docs, name="api-docs"),
    path("problems/", pages_about.problems, name="api-problems"),
    path("problems/<slug:slug>", pages_about.problem, name="api-problem"),
]
