"""What a customer sees first, put together of all floors. Runs under the customer's database role."""

from typing import Any, Final

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from billing.views import bills
from monitoring.views import home as parts
from portal.accounts.rules import requires
from portal.core import clock, panels
from portal.core.panels import Panel

BASE: Final = "/home/"


def _bill(request: HttpRequest) -> dict[str, Any]:
    """The newest bill that was sent to them. Whoever may not see bills sees none."""
    person: Any = request.user
    if not person.may("own.bills"):
        return {"bill": None}
    newest = bills.own(person.customer_id).first()
    return {"bill": bills.row(newest, bills.today()) if newest else None}


PANELS = {
    **parts.PANELS,
    "bill": Panel(gettext_lazy("Your latest bill"), "customer/home/bill.html", _bill),
}


@requires("own.orders")
def home(request: HttpRequest) -> HttpResponse:
    context = {
        "headline": _("Your orders today"),
        "day": date_format(timezone.localtime(clock.now()), _("l j F")),
        "panels": panels.shown(request, PANELS, base=BASE),
    }
    return render(request, "customer/home.html", context)


@requires("own.orders")
def panel(request: HttpRequest, slug: str) -> HttpResponse:
    """One panel again, or nothing where it has not changed."""
    return panels.answer(request, PANELS, slug, base=BASE)
