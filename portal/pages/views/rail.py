"""The rail again, while somebody looks at a page that renews itself."""

from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string

from portal.accounts.rules import SIGNED_IN, requires
from portal.pages import context


@requires(SIGNED_IN)
def rail(request: HttpRequest) -> HttpResponse:
    """The entries of the page at `at`, or 204 where they are as `had` in the address says."""
    made = context.rail(request, path=request.GET.get("at", "/"))
    if request.GET.get("had") == made["rail_mark"]:
        return HttpResponse(status=204)
    return HttpResponse(render_to_string("components/rail.html", made))
