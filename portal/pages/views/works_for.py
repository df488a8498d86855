"""For whom a person of the partner works: everybody, or some customers and groups."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from portal.accounts.domain import limits
from portal.accounts.limit_form import LimitForm
from portal.accounts.models import Person
from portal.accounts.rules import requires
from portal.customers.models import Customer, CustomerGroup
from portal.pages import works_for_words


@requires("people.manage")
def page(request: HttpRequest, pk: int) -> HttpResponse:
    found = Person.objects.select_related("role")
    person = get_object_or_404(found, pk=pk, customer_id=None, role__for_customers=False)
    form = form_for(request, person)
    if request.method == "POST" and form.is_valid() and _kept(request, person, form):
        messages.success(request, f"{person.name} works for {_words(person)} from now on")
        return redirect(request.path)
    context = {
        "someone": person,
        "person_url": f"/people/{person.pk}/",
        "form": form,
        "now": f"{person.name} works for {_words(person)}.",
        "unchangeable": _why_not(request, person),
    }
    return render(request, "accounts/works_for.html", context, status=422 if form.errors else 200)


def form_for(request: HttpRequest, person: Person) -> LimitForm:
    """The form with what whoever asks may give: all they see, and the groups they work for themselves."""
    by: Any = request.user
    groups = CustomerGroup.objects.all()
    own = limits.chosen(by)
    if own is not None:
        groups = groups.filter(pk__in=own.groups)
    return LimitForm(
        request.POST if request.method == "POST" else None,
        customers=list(Customer.objects.values_list("pk", "name")),
        groups=list(groups.values_list("pk", "label")),
        chosen=limits.chosen(person),
        whole=not by.is_limited,
    )


def _kept(request: HttpRequest, person: Person, form: LimitForm) -> bool:
    """Whether it was done; why not stands in the form then."""
    by: Any = request.user
    try:
        if form.works_for is None:
            limits.lift(person, by=by)
        else:
            chosen = form.works_for
            limits.limit(person, customers=chosen.customers, groups=chosen.groups, by=by)
    except limits.LimitError as error:
        form.add_error(None, str(error))
        return False
    person.refresh_from_db()
    return True


def _why_not(request: HttpRequest, person: Person) -> str:
    by: Any = request.user
    return limits.why_not(person, by=by)


def _words(person: Person) -> str:
    return works_for_words.said([person])[person.pk]
