"""Which site is asked for: the host name decides the schema."""

from django.http import HttpRequest, HttpResponse, HttpResponseNotFound
from django_tenants.middleware.main import TenantMainMiddleware

from portal.core import problem_json
from portal.tenants import brand

UNKNOWN_SITE = (
    "<!doctype html><meta charset=utf-8><title>No site here</title>"
    "<p>There is no site at this address. Check the spelling, or ask whoever gave it to you."
)


class PartnerByHost(TenantMainMiddleware):
    """Sets the schema by host. An unknown host gets a page that names nobody."""

    def process_request(self, request: HttpRequest) -> HttpResponse | None:
        answer: HttpResponse | None = super().process_request(request)
        if answer is None and hasattr(request, "tenant"):
            # Here, where nobody is limited yet: a customer's people may not read the table.
            request.brand = brand.of(request.tenant)  # type: ignore[attr-defined]
        return answer

    def no_tenant_found(self, request: HttpRequest, hostname: str) -> HttpResponse:
        if problem_json.wants_problem(request):
            return problem_json.answer("not-found", "There is no site at this address.")
        return HttpResponseNotFound(UNKNOWN_SITE)
