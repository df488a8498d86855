"""Days that are not as usual: promotions and quiet days, as people marked them."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from integrations.views import spoken
from monitoring.domain import expectation_settings
from monitoring.domain.expectation_settings import UnfitMarkError
from monitoring.expectation_forms import MarkForm
from monitoring.models import MarkedDays
from portal.accounts.rules import requires

SIZE = 100
_HERE = "/expectations/days/"


@requires("expectations.view")
def marked_days(request: HttpRequest) -> HttpResponse:
    return _page(request, MarkForm())


@requires("expectations.mark")
@require_POST
def mark(request: HttpRequest) -> HttpResponse:
    form = MarkForm(request.POST)
    if not form.is_valid():
        return _page(request, form, status=422)
    try:
        made = expectation_settings.mark(**form.cleaned_data, person=request.user)
    except UnfitMarkError as error:
        form.add_error("last", str(error))
        return _page(request, form, status=422)
    messages.success(request, f"Marked for {made.customer.name}: {_days(made)}")
    return redirect(_HERE)


@requires("expectations.mark")
@require_POST
def unmark(request: HttpRequest, pk: int) -> HttpResponse:
    if not MarkedDays.objects.filter(pk=pk).exists():
        raise Http404
    gone = expectation_settings.unmark(pk)
    messages.success(request, f"{_days(gone)} of {gone.customer.name} is as usual")
    return redirect(_HERE)


def _page(request: HttpRequest, form: MarkForm, *, status: int = 200) -> HttpResponse:
    found = MarkedDays.objects.select_related("customer")[:SIZE]
    context = {
        "days": [_row(one) for one in found],
        "may_mark": request.user.may("expectations.mark"),  # type: ignore[union-attr]
        "form": form,
    }
    return render(request, "monitoring/marked_days.html", context, status=status)


def _row(one: MarkedDays) -> dict[str, Any]:
    return {
        "pk": one.pk,
        "reason": one.reason,
        "customer": one.customer.name,
        "days": _days(one),
        "factor": "not known" if one.factor is None else f"{one.factor.normalize():f} times",
        "by": f"{one.author_name}, {spoken.moment(one.created_at)}",
    }


def _days(one: MarkedDays) -> str:
    first, last = spoken.day(one.first), spoken.day(one.last)
    return first if first == last else f"{first} to {last}"
