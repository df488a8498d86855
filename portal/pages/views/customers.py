"""The partner's customers, and what each is promised: working hours and targets."""

from typing import Any
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from billing.views import groups
from portal.accounts.rules import requires
from portal.core import clock
from portal.customers import calendars, promises
from portal.customers.calendar import week_words, zone_words
from portal.customers.durations import duration_text
from portal.customers.forms import SEVERITIES, PromisesForm
from portal.customers.models import Customer
from portal.customers.targets import targets
from portal.pages.views import new_customer

NOBODY = "Nobody is in this group yet."


@requires("customers.view")
def customers(request: HttpRequest) -> HttpResponse:
    """All of them, or a group's: there are as many as a person knows by name."""
    selects, slug = groups.select(request)
    found = Customer.objects.prefetch_related("groups")
    if slug:
        found = found.filter(groups__slug=slug)
    rows = [_row(customer) for customer in found]
    context = {
        "customers": rows,
        "filters": selects,
        "clear_url": request.path if slug else "",
        "may_edit": request.user.may(new_customer.EDIT),  # type: ignore[union-attr]
        "has_groups": bool(selects),
        "may_add": new_customer.may_add(request.user),
        "empty": {"text": NOBODY, "action": None} if slug else new_customer.begin(request.user),
    }
    return render(request, "customers/customers.html", context)


def _row(customer: Customer) -> dict[str, Any]:
    calendar = calendars.of(customer)
    return {
        "customer": customer,
        "groups": ", ".join(group.label for group in customer.groups.all()),
        "zone": zone_words(calendar.zone),
        "hours": week_words(calendar.week),
        "targets": _pair(customer, 1),
    }


def _pair(customer: Customer, severity: int) -> list[str]:
    return [duration_text(minutes) for minutes in targets(customer.policies, severity)]


@requires("customers.view")
def calendar(request: HttpRequest, slug: str) -> HttpResponse:
    """Working hours and targets: a form for those who may edit them, words for the others."""
    customer = get_object_or_404(Customer, slug=slug)
    may_edit = request.user.may(new_customer.EDIT)  # type: ignore[union-attr]
    if request.method == "POST" and not may_edit:
        raise PermissionDenied
    form = PromisesForm(request.POST or None, customer=customer)
    if request.method == "POST" and form.is_valid():
        actor = request.user.name  # type: ignore[union-attr]
        promises.promise(customer, calendar=form.calendar, targets=form.targets, actor=actor)
        messages.success(request, f"Cases of {customer.name} are measured like this from now on")
        return redirect(request.path)
    context = {"form": form, "may_edit": may_edit, **_told(customer)}
    status = 422 if form.errors else 200
    return render(request, "customers/calendar.html", context, status=status)


def _told(customer: Customer) -> dict[str, Any]:
    kept = calendars.of(customer)
    today = clock.now().astimezone(ZoneInfo(kept.zone)).date()
    return {
        "customer": customer,
        "words": kept.words,
        "zone": zone_words(kept.zone),
        "closed_days": calendars.closed_days(kept, since=today),
        "targets": [(f"S{n}", words, *_pair(customer, n)) for n, words in SEVERITIES.items()],
    }
