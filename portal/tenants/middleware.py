"""Which site is asked for: the host name decides the schema."""

from collections.abc import Callable
from ipaddress import ip_address, ip_network
from typing import Any, Final
from urllib.parse import urlsplit

from django.conf import settings
from django.db import connection
from django.http import (
    HttpRequest,
    HttpResponse,
    HttpResponseNotFound,
    HttpResponsePermanentRedirect,
)
from django_tenants.middleware.main import TenantMainMiddleware

from portal.core import problem_json
from portal.tenants import brand
from portal.tenants.hosts.claims import may_have_certificate
from portal.tenants.models import Domain, Partner

Handler = Callable[[HttpRequest], HttpResponse]
UNKNOWN_SITE = (
    "<!doctype html><meta charset=utf-8><title>No site here</title>"
    "<p>There is no site at this address. Check the spelling, or ask whoever gave it to you."
)
TLS_ASK: Final = "/tls/ask"
_PASSED_ON: Final = ("HTTP_X_FORWARDED_FOR", "HTTP_FORWARDED")
# What stays where it is asked for: programs keep their address, a page's own parts come with it, and a
# house whose domain broke is mended from its sub-domain.
_STAYS: Final = ("/domains/", "/api/", "/brand", "/rail/", "/.well-known/")
_LOGIN: Final = "/login/"


class CertificateAsked:
    """The proxy asks whether it may get a certificate for a host: 200 for sites, 404 for the rest. It is
    answered before sites are told apart, and only to whom the settings name."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.path != TLS_ASK:
            return self.get_response(request)
        connection.set_schema_to_public()  # type: ignore[attr-defined]
        known = _may_ask(request) and may_have_certificate(request.GET.get("domain", ""))
        return HttpResponse(status=200) if known else HttpResponseNotFound(UNKNOWN_SITE)


def _may_ask(request: HttpRequest) -> bool:
    """Whom the proxy passes on is a visitor, although the connection is the proxy's own."""
    if any(name in request.META for name in _PASSED_ON):
        return False
    try:
        address = ip_address(request.META.get("REMOTE_ADDR", ""))
    except ValueError:
        return False
    return any(address in ip_network(one, strict=False) for one in settings.TLS_ASK_FROM)


class PartnerByHost(TenantMainMiddleware):
    """Sets the schema by host. An unknown host gets a page that names nobody."""

    def process_request(self, request: HttpRequest) -> HttpResponse | None:
        answer: HttpResponse | None = super().process_request(request)
        if answer is None and hasattr(request, "tenant"):
            # Here, where nobody is limited yet: a customer's people may not read the table.
            request.brand = brand.of(request.tenant)  # type: ignore[attr-defined]
        return answer

    @staticmethod
    def hostname_from_request(request: HttpRequest) -> str:
        """The whole name: a `www` in front is a name of its own, which somebody has to prove."""
        return request.get_host().partition(":")[0].rstrip(".").lower()

    def get_tenant(self, domain_model: Any, hostname: str) -> Partner:
        domain = domain_model.objects.select_related("tenant").get(domain=hostname)
        partner: Partner = domain.tenant
        partner.asked_at_primary = domain.is_primary  # type: ignore[attr-defined]
        return partner

    def no_tenant_found(self, request: HttpRequest, hostname: str) -> HttpResponse:
        if problem_json.wants_problem(request):
            return problem_json.answer("not-found", "There is no site at this address.")
        return HttpResponseNotFound(UNKNOWN_SITE)


class PrimaryHost:
    """Leads readers from a partner's other hosts to the primary one."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        partner: Any = getattr(request, "tenant", None)
        if partner is None or partner.asked_at_primary or _stays(request):
            return self.get_response(request)
        primary = Domain.objects.filter(tenant=partner, is_primary=True).first()
        if primary is None:
            return self.get_response(request)
        answer = HttpResponsePermanentRedirect(_address(request, primary.domain))
        answer.status_code = 308
        answer["Cache-Control"] = "no-store"  # the primary host may be another one tomorrow
        return answer


def _stays(request: HttpRequest) -> bool:
    if request.method not in ("GET", "HEAD"):
        return True
    onward = urlsplit(request.GET.get("next", "")).path if request.path == _LOGIN else request.path
    return onward.startswith(_STAYS)


def _address(request: HttpRequest, host: str) -> str:
    port = request.get_host().partition(":")[2]
    place = f"{host}:{port}" if port else host
    return f"{request.scheme}://{place}{request.get_full_path()}"
