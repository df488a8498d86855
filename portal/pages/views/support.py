"""Acting as a customer's person: asking for it, beginning it, ending it, and the platform's way in."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.middleware.csrf import rotate_token
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from integrations.views import spoken
from integrations.views.addresses import with_values
from monitoring.models import ExceptionCase
from monitoring.views.addresses import number
from portal.accounts.models import Person
from portal.accounts.rules import OPEN_TO_ALL, SIGNED_IN, requires
from portal.core.afterwards import afterwards
from portal.core.links import NoLinkError
from portal.customers.models import Customer
from portal.pages.support_forms import AskForm, length
from portal.pages.views import support_words
from portal.support import endings
from portal.support.domain import acting, asking, consent, states
from portal.support.domain.asking import Asker, NotAskedError
from portal.support.domain.states import NotNowError
from portal.support.models import Rule, SupportAccess
from portal.support.queries import accesses
from portal.support.queries.accesses import SIZE
from portal.tenants.rows import beyond_limit

PERMISSION = acting.PERMISSION
MANAGES = "people.manage"


@requires(PERMISSION)
def support(request: HttpRequest) -> HttpResponse:
    """Everything that was asked, and the form for one more; a POST asks."""
    states.settle()
    customer = Customer.objects.filter(slug=request.GET.get("customer", "")).first()
    if customer is None:
        return _page(request, None, None)
    people = accesses.people_of(customer.pk)
    terms = consent.of(customer.pk)
    form = AskForm(request.POST or None, people=people, longest=terms.longest)
    if request.method == "POST" and form.is_valid():
        by: Any = request.user
        if asked := _asked(form, customer, people, Asker(by.name, by)):
            return _told(request, asked)
    return _page(request, customer, form, status=422 if form.errors else 200)


def _asked(
    form: AskForm, customer: Customer, people: list[Person], by: Asker
) -> SupportAccess | None:
    given = form.cleaned_data
    theirs = ExceptionCase.objects.filter(customer=customer)
    if given["case"] and not theirs.filter(pk=given["case"]).exists():
        form.add_error("case", f"There is no case {given['case']} of {customer.name}.")
        return None
    person = next(one for one in people if one.pk == given["person"])
    try:
        return asking.ask(
            by, person, reason=given["reason"], minutes=given["minutes"], case=given["case"]
        )
    except NotAskedError as error:
        form.add_error(error.field, str(error))
        return None


def _told(request: HttpRequest, asked: SupportAccess) -> HttpResponse:
    answer = redirect("support")
    if asked.state == SupportAccess.State.ASKED:
        messages.success(request, f"Asked. It begins once {asked.customer.name} allows it")
        afterwards(answer, lambda: _write(asked))
    else:
        messages.success(
            request, f"{asked.customer.name} allows it without asking. Begin when ready"
        )
    return answer


def _write(asked: SupportAccess) -> None:
    asking.tell_deciders(asked)


def _page(
    request: HttpRequest, customer: Customer | None, form: AskForm | None, *, status: int = 200
) -> HttpResponse:
    by: Any = request.user
    found = list(accesses.listed(before=number(request.GET, "before"))[: SIZE + 1])
    older = with_values(request, before=str(found[SIZE - 1].pk)) if found[SIZE:] else ""
    rows = [support_words.row(one, by=by.pk, manages=by.may(MANAGES)) for one in found[:SIZE]]
    context = {
        "customers": Customer.objects.values("slug", "name"),
        "customer": customer,
        "terms": _terms(customer) if customer else "",
        "closed": bool(customer and consent.of(customer.pk).rule == Rule.NEVER),
        "form": form,
        "rows": rows,
        "pager": {"shown": spoken.counted(len(rows), "access", "accesses"), "older_url": older},
    }
    return render(request, "support/support.html", context, status=status)


def _terms(customer: Customer) -> str:
    """What the customer allows, in a sentence."""
    terms = consent.of(customer.pk)
    most = length(terms.longest)
    if terms.rule == Rule.NEVER:
        return f"{customer.name} allows nobody to act as their people."
    if terms.rule == Rule.ALWAYS:
        until = f", until {spoken.moment(terms.until)}" if terms.until else ""
        return f"{customer.name} allows it without asking, {most} at most{until}."
    return f"{customer.name} is asked each time, and allows {most} at most."


def _mine(request: HttpRequest, pk: int) -> SupportAccess:
    by: Any = request.user
    found = SupportAccess.objects.filter(pk=pk, staff=by).select_related("customer").first()
    if found is None:
        raise Http404
    return found


@requires(PERMISSION)
@require_POST
def begin(request: HttpRequest, pk: int) -> HttpResponse:
    """From now on this browser acts as the customer's person."""
    by: Any = request.user
    try:
        acting.begin(request, _mine(request, pk), by=by)
    except NotNowError as error:
        messages.error(request, str(error))
        return redirect("support")
    return redirect("home")


@requires(PERMISSION)
@require_POST
def withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    """It is not needed any more."""
    by: Any = request.user
    states.end(_mine(request, pk), how=endings.WITHDREW_IT % {"name": by.name})
    messages.success(request, "Withdrawn")
    return redirect("support")


@requires(MANAGES)
def stop(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask, and then end an access of somebody else: the customer and the audit log read who did it."""
    by: Any = request.user
    states.settle()
    found = SupportAccess.objects.filter(pk=pk).select_related("customer").first()
    if found is None:
        raise Http404
    back = "support" if by.may(PERMISSION) else "people"
    if found.state == SupportAccess.State.OVER:
        messages.error(request, f"This access is over: {found.ended_how}")
        return redirect(back)
    if request.method == "POST":
        states.end(found, how=f"{by.name} ended it")
        messages.success(request, f"{found.staff_name} acts as {found.person_name} no more")
        return redirect(back)
    context = {
        "question": f"End the access of {found.staff_name} as {found.person_name}?",
        "verb": "End the access",
        "danger_text": f"From their next click on they see nothing of {found.customer.name} by it."
        f" {found.customer.name} reads that you ended it.",
        "back_url": f"/{back}/",
        "crumbs": [
            {"label": "Support access" if back == "support" else "People", "url": f"/{back}/"}
        ],
    }
    return render(request, "asks_first.html", context)


@requires(SIGNED_IN)
@require_POST
def end(request: HttpRequest) -> HttpResponse:
    """Whoever acts here acts no more."""
    access: SupportAccess | None = getattr(request, "acting", None)
    if access is None:
        raise Http404
    with beyond_limit():
        states.end(access, how=endings.ENDED_IT % {"name": access.staff_name})
        stays = acting.leave(request)
    messages.success(request, f"You act as {access.person_name} no more")
    return redirect("support" if stays else "login")


@requires(OPEN_TO_ALL)
def enter(request: HttpRequest, token: str) -> HttpResponse:
    """Somebody of the platform's comes in by their link; only pressing the button uses it up."""
    try:
        if request.method == "POST":
            acting.begin_as_guest(request, token)
            rotate_token(request)
            return redirect("home")
        found = acting.find_handover(token)
    except NoLinkError:
        raise Http404 from None
    except NotNowError as error:
        return render(request, "support/enter.html", {"refused": str(error)}, status=410)
    access = found.access
    context = {"access": access, "length": length(access.minutes)}
    return render(request, "support/enter.html", context)
