"""What a customer's person asks us by themselves. Runs under the customer's database role."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from integrations.models import Record
from integrations.queries import own_find
from monitoring.domain import own_question
from monitoring.domain.own_question import NotTakenError
from monitoring.own_question_form import AskUsForm
from portal.accounts.rules import requires


@requires("own.questions")
def ask(request: HttpRequest) -> HttpResponse:
    if request.method != "POST":
        about = request.GET.get("about", "").strip()[:80]
        return _page(request, AskUsForm(initial={"about": about}))
    form = AskUsForm(request.POST)
    if not form.is_valid():
        return _page(request, form, status=422)
    person: Any = request.user
    about = form.cleaned_data["about"].strip()
    try:
        own_question.ask(
            person, form.cleaned_data["text"], about=about, order_id=_order(person, about)
        )
    except NotTakenError as error:
        form.add_error(None, str(error))
        return _page(request, form, status=422)
    messages.success(request, _("Thank you. We have your question; the answer stands here."))
    return redirect("/questions/")


def _order(person: Any, about: str) -> UUID | None:
    """The one order that goes by what was entered; what names none is left as words."""
    found: list[Record] = own_find.find(person.customer_id, about) if about else []
    orders = [one.pk for one in found if one.object_type == "order"]
    return orders[0] if len(orders) == 1 else None


def _page(request: HttpRequest, form: AskUsForm, *, status: int = 200) -> HttpResponse:
    return render(request, "customer/ask_us.html", {"form": form}, status=status)
