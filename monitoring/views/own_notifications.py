"""Which mails a customer's person gets. Runs under the customer's database role."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from integrations.views import spoken
from monitoring.domain import own_notifications
from monitoring.domain.notices import choices
from monitoring.domain.notices.choices import NEEDS, UnfitChoiceError, Wish
from monitoring.notification_forms import NotificationForm
from portal.accounts.models import Person
from portal.accounts.rules import requires
from portal.core import clock
from portal.customers.models import Customer

OWN = ("own.orders", "own.questions", "own.service", "own.statements", "own.bills")


@requires(*OWN)
def notifications(request: HttpRequest) -> HttpResponse:
    person: Any = request.user
    wish = choices.of(person, Customer.objects.get(pk=person.customer_id))
    kinds = _kinds(person)
    if request.method != "POST":
        initial = {**wish.how, "hour": wish.hour, "paused_until": wish.paused_until}
        return _page(request, NotificationForm(initial=initial, kinds=kinds), wish)
    form = NotificationForm(request.POST, kinds=kinds)
    if not form.is_valid() or not _saved(form, wish):
        return _page(request, form, wish, status=422)
    messages.success(request, _("Saved. It holds from the next mail on."))
    return redirect("/notifications/")


def _kinds(person: Person) -> list[str]:
    """The mails about what they may see."""
    return [str(kind) for kind, needed in NEEDS.items() if person.may(needed)]


def _saved(form: NotificationForm, wish: Wish) -> bool:
    """What they may not see stays as it was."""
    given = form.cleaned_data
    how = {**wish.how, **{kind: given[kind] for kind in form.kinds}}
    try:
        own_notifications.choose(
            wish.person, how, hour=given["hour"], paused_until=given["paused_until"],
            today=wish.today(clock.now()),
        )  # fmt: skip
    except UnfitChoiceError as error:
        form.add_error("paused_until" if given["paused_until"] else None, str(error))
        return False
    return True


def _page(
    request: HttpRequest, form: NotificationForm, wish: Wish, *, status: int = 200
) -> HttpResponse:
    paused = wish.paused_until and wish.today(clock.now()) < wish.paused_until
    context = {
        "form": form,
        "email": wish.person.email,
        "zone": str(wish.zone).replace("_", " "),
        "paused": spoken.day(wish.paused_until) if paused and wish.paused_until else "",
    }
    return render(request, "customer/notifications.html", context, status=status)
