"""Pages every site has."""

from django.urls import include, path

from portal.pages.views import customers, domains, mail, overview, rail, site

urlpatterns = [
    path("", site.home, name="home"),
    path("", include("portal.accounts.urls")),
    path("brand.css", site.brand_css, name="brand-css"),
    path("theme/", site.theme, name="theme"),
    path("rail/", rail.rail, name="rail"),
    path("you/", site.you, name="you"),
    path("overview/", overview.overview, name="overview"),
    path("overview/<slug:slug>/", overview.panel, name="overview-panel"),
    path(".well-known/site-check", domains.here, name="domain-here"),
    path("domains/", domains.domains, name="domains"),
    path("domains/primary/", domains.primary, name="domain-primary"),
    path("domains/<int:pk>/", domains.domain, name="domain"),
    path("domains/<int:pk>/check/", domains.check, name="domain-check"),
    path("domains/<int:pk>/remove/", domains.remove, name="domain-remove"),
    path("mail/", mail.mail, name="mail"),
    path("mail/test/", mail.test, name="mail-test"),
    path("mail/switch/", mail.switch, name="mail-switch"),
    path("mail/look/", mail.look, name="mail-look"),
    path("mail/forget/", mail.forget, name="mail-forget"),
    path("mail/log/", mail.log, name="mail-log"),
    path("customers/", customers.customers, name="customers"),
    path("customers/<slug:slug>/calendar/", customers.calendar, name="customer-calendar"),
]
