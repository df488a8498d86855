"""The audit log, on both sides of the house."""

from django.urls import path

from portal.pages.views import audit

urlpatterns = [
    path("audit/", audit.audit, name="audit"),
    path("audit/check/", audit.check, name="audit-check"),
    path("audit/audit.<slug:ending>", audit.download, name="audit-file"),
]
