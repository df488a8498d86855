"""A new customer of the partner, and what comes next for them."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from portal.accounts.rules import requires
from portal.customers import adding, calendars
from portal.customers.adding_form import AddingForm
from portal.customers.models import Customer
from portal.tenants.models import Partner

EDIT = "customers.edit"
_STEPS = (
    (
        "Onboard the first endpoint",
        "The system they work with: its address, its flows, a first document.",
        "/onboarding/new/?customer={slug}",
        ("endpoints.onboard",),
    ),
    (
        "Invite their owner",
        "Somebody of theirs who sees their orders and invites their colleagues.",
        "/people/invite/?customer={pk}",
        ("people.manage",),
    ),
)


def may_add(person: Any) -> bool:
    """Whoever works for some customers adds none: it would not be one of theirs."""
    return bool(person.may(EDIT)) and not person.is_limited


def begin(person: Any) -> dict[str, Any]:
    """What a page says that has no customer to show: a sentence, and where to begin for whoever may."""
    if may_add(person):
        action = {"label": "Add the first customer", "url": "/customers/new/"}
        return {"text": "No customer yet.", "action": action}
    return {"text": "No customer yet. Whoever edits customers adds the first one.", "action": None}


@requires(EDIT)
def new(request: HttpRequest) -> HttpResponse:
    if not may_add(request.user):
        raise PermissionDenied
    partner: Partner = request.tenant  # type: ignore[attr-defined]
    form = AddingForm(request.POST or None, zone=partner.time_zone)
    if request.method == "POST" and form.is_valid() and (made := _made(form)):
        return redirect("customer-next", made.slug)
    status = 422 if form.errors else 200
    return render(request, "customers/new.html", {"form": form}, status=status)


def _made(form: AddingForm) -> Customer | None:
    """The customer; None when it was refused, and the form says why."""
    try:
        return adding.add(**form.cleaned_data)
    except adding.SlugTakenError as error:
        form.add_error("slug", str(error))
    except adding.NotAddedError as error:
        for path, text in error.problems:
            form.add_error(str(path[0]), text)
    return None


@requires("customers.view")
def coming(request: HttpRequest, slug: str) -> HttpResponse:
    """What comes next for a customer who was added, for whoever may do it."""
    customer = get_object_or_404(Customer, slug=slug)
    person: Any = request.user
    steps = [
        {
            "label": label,
            "words": words,
            "url": url.format(slug=slug, pk=customer.pk) if any(map(person.may, needed)) else "",
        }
        for label, words, url, needed in _STEPS
    ]
    context = {
        "customer": customer,
        "hours": calendars.of(customer).words,
        "steps": steps,
    }
    return render(request, "customers/next.html", context)
