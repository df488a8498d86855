"""Beginning an invoice run."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from billing.domain import runs
from billing.views import invoice_words, invoices
from billing.views.invoice import this_person
from portal.accounts.rules import requires
from portal.tenants.current import is_platform


@requires("money.bill")
@require_POST
def start(request: HttpRequest) -> HttpResponse:
    """Begin the drafts of a month for everyone. The platform has no workers: there it is through at once."""
    key = request.POST.get("month", "")
    try:
        runs.start(key, by=this_person(request))
    except ValueError as error:  # a NotStartedError, or no month
        return invoices.page(request, refused=str(error), status=409)
    if is_platform():
        runs.finish()
    messages.success(request, f"Drafts of {invoice_words.month_name(key)} are being made")
    return redirect(f"/invoices/?month={key}")
