"""The partner's OpenID providers."""

from django.urls import path

from portal.pages.views import sign_in, sign_in_rules

urlpatterns = [
    path("", sign_in.listing, name="sign-in"),
    path("new/", sign_in.new, name="provider-new"),
    path("<int:pk>/", sign_in.provider, name="provider"),
    path("<int:pk>/edit/", sign_in.edit, name="provider-edit"),
    path("<int:pk>/try/", sign_in.try_it, name="provider-try"),
    path("<int:pk>/switch/", sign_in.switch, name="provider-switch"),
    path("<int:pk>/only-way/", sign_in.only_way, name="provider-only-way"),
    path("<int:pk>/remove/", sign_in.remove, name="provider-remove"),
    path("<int:pk>/people/<int:identity>/forget/", sign_in.forget, name="provider-forget"),
    path("<int:pk>/preview/", sign_in_rules.preview, name="provider-preview"),
    path("<int:pk>/rules/add/", sign_in_rules.add, name="provider-rule-add"),
    path("<int:pk>/rules/<int:rule>/up/", sign_in_rules.raise_up, name="provider-rule-up"),
    path("<int:pk>/rules/<int:rule>/remove/", sign_in_rules.remove, name="provider-rule-remove"),
]
