"""Platform staff ask to see what a customer of a partner sees, and go there by a link that works once.

What is asked stands in the partner's schema alone: its people and the customer read of it there.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST
from django_tenants.utils import schema_context

from portal.accounts.models import Person
from portal.accounts.rules import requires
from portal.audit import who
from portal.audit.who import Who
from portal.core.afterwards import afterwards
from portal.customers.models import Customer
from portal.pages.support_forms import AskForm
from portal.pages.views import support_words
from portal.support import endings
from portal.support.domain import asking, consent, handing, platform_staff, states
from portal.support.domain.asking import Asker, NotAskedError
from portal.support.models import Rule, SupportAccess
from portal.support.queries import accesses
from portal.support.queries.accesses import SIZE
from portal.tenants.models import Partner
from portal.tenants.site import current_site

PERMISSION = platform_staff.PERMISSION


@requires(PERMISSION)
def support(request: HttpRequest) -> HttpResponse:
    """A partner, a customer of it, one of its people; a POST asks."""
    partners = list(_partners().order_by("name"))
    partner = next((one for one in partners if one.slug == request.GET.get("partner")), None)
    context: dict[str, Any] = {"partners": partners, "partner": partner}
    if partner is None:
        return render(request, "platform/support.html", context)
    by: Any = request.user
    with _at(partner, by):
        states.settle()
        customer = Customer.objects.filter(slug=request.GET.get("customer", "")).first()
        form, asked = _form(request, by, customer) if customer else (None, None)
        rows = [
            support_words.row(one, by=None, platform_key=platform_staff.key(by))
            for one in accesses.listed()
            .filter(house=SupportAccess.House.PLATFORM)[:SIZE]
        ]  # fmt: skip
        context |= {
            "customers": list(Customer.objects.values("slug", "name")),
            "customer": customer,
            "closed": bool(customer and consent.of(customer.pk).rule == Rule.NEVER),
            "form": form,
            "rows": rows,
        }
    if asked is not None:
        return _told(request, partner, asked)
    return render(
        request, "platform/support.html", context, status=422 if form and form.errors else 200
    )


def _partners() -> QuerySet[Partner]:
    """Those whose site is open: elsewhere nobody could answer, and nobody could look."""
    return Partner.living().filter(state=Partner.State.OPEN)


@contextmanager
def _at(partner: Partner, by: Person) -> Iterator[None]:
    """In the partner's schema, where `by` is nobody: its audit trail names them."""
    with (
        schema_context(partner.schema_name),
        who.from_elsewhere(Who(by.name, why="platform support")),
    ):
        yield


def _form(
    request: HttpRequest, by: Person, customer: Customer
) -> tuple[AskForm, SupportAccess | None]:
    """The form, and what was asked by it. Cases are the partner's: nobody of the platform names one."""
    people = accesses.people_of(customer.pk)
    longest = consent.of(customer.pk).longest
    form = AskForm(request.POST or None, people=people, longest=longest)
    del form.fields["case"]
    if request.method != "POST" or not form.is_valid():
        return form, None
    given = form.cleaned_data
    person = next(one for one in people if one.pk == given["person"])
    try:
        return form, asking.ask(
            Asker(by.name, platform_key=platform_staff.key(by)),
            person,
            reason=given["reason"],
            minutes=given["minutes"],
        )
    except NotAskedError as error:
        form.add_error(error.field, str(error))
        return form, None


def _told(request: HttpRequest, partner: Partner, asked: SupportAccess) -> HttpResponse:
    answer = redirect(f"/support/?partner={partner.slug}")
    if asked.state != SupportAccess.State.ASKED:
        messages.success(request, "They allow it without asking. Open it when ready")
        return answer

    def write() -> None:
        with schema_context(partner.schema_name):
            asking.tell_deciders(asked)

    messages.success(request, f"Asked. It begins once {asked.customer.name} allows it")
    afterwards(answer, write)
    return answer


def _mine(request: HttpRequest, pk: int) -> SupportAccess:
    """Within the partner's schema."""
    by: Any = request.user
    found = SupportAccess.objects.filter(pk=pk, staff_key=platform_staff.key(by)).first()
    if found is None:
        raise Http404
    return found


def _partner(slug: str) -> Partner:
    found = _partners().filter(schema_name=slug).first()
    if found is None:
        raise Http404
    return found


@requires(PERMISSION)
@require_POST
def open_site(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """The link that leads to the partner's site, shown once."""
    by: Any = request.user
    partner = _partner(slug)
    with _at(partner, by):
        access = _mine(request, pk)
        if access.state != SupportAccess.State.GRANTED:
            messages.error(request, "The customer has not allowed it, or it was begun already")
            return redirect(f"/support/?partner={partner.slug}")
        url = f"{current_site().url}/support/enter/{handing.hand_over(access)}/"
    page = render(
        request, "platform/support_open.html", {"url": url, "access": access, "partner": partner}
    )
    page["Referrer-Policy"] = "no-referrer"
    return page


@requires(PERMISSION)
@require_POST
def end(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """It is over, or not needed any more."""
    by: Any = request.user
    partner = _partner(slug)
    with _at(partner, by):
        states.end(_mine(request, pk), how=endings.ENDED_IT % {"name": by.name})
    messages.success(request, "Ended")
    return redirect(f"/support/?partner={partner.slug}")
