"""Parts of what a customer sees first: what went wrong and what was done, where the orders are, what waits
for their answer, whether promises were kept. They run under the customer's database role."""

from datetime import timedelta
from typing import Any

from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext, gettext_noop
from django.utils.translation import gettext_lazy as _

from integrations.views import spoken
from monitoring.domain import own_titles
from monitoring.queries import asked, kept, own_motion
from monitoring.queries.own_motion import Cause, Motion
from monitoring.views import promise_words as words
from monitoring.views import service
from portal.core import clock, manner
from portal.core.manner import number
from portal.core.panels import Panel
from portal.customers.models import Customer

MOST_NOTES = 3
# The legs of an order's way in the order in which they come, and what is shown at them.
_LEGS = {
    "ingest": ("work", gettext_noop("being checked by us")),
    "transmit": ("due", gettext_noop("going to the warehouse")),
    "ship": ("due", gettext_noop("at the warehouse")),
    "confirm": ("waiting", gettext_noop("shipped, your shop is being told")),
    "invoice": ("waiting", gettext_noop("shipped, not billed yet")),
}


def _orders(request: HttpRequest) -> dict[str, Any]:
    found = own_motion.motion()
    may_ask = request.user.may("own.questions")  # type: ignore[union-attr]
    return {"rows": [_leg(kind, found[kind], may_ask=may_ask) for kind in _LEGS if kind in found]}


def _leg(kind: str, motion: Motion, *, may_ask: bool) -> dict[str, Any]:
    shape, word = _LEGS[kind]
    questions = "/questions/" if may_ask else ""
    return {
        "shape": shape,
        "word": gettext(word),
        "orders": number(motion.orders),
        "oldest": spoken.age(motion.oldest),
        "number": motion.number if motion.order_id else "",
        "url": f"/orders/{motion.order_id}/" if motion.order_id else questions,
    }


def causes(request: HttpRequest) -> dict[str, Any]:
    customer_id: int = request.user.customer_id  # type: ignore[union-attr, assignment]
    month = timezone.localtime(clock.now()).replace(
        day=1, hour=0, minute=0, second=0, microsecond=0
    )
    notes = asked.own_notes(most=MOST_NOTES)
    return {
        "month": manner.month(month.date()),
        "rows": [_cause(one) for one in own_motion.causes(customer_id, since=month)],
        "notes": [{"at": spoken.moment(note.at), "text": note.text} for note in notes],
    }


def _cause(cause: Cause) -> dict[str, Any]:
    held = spoken.counted(cause.documents, "document") if cause.documents else ""
    return {
        "title": own_titles.said(cause.title),
        "shape": "work" if cause.open else "good",
        "word": gettext("we are on it") if cause.open else gettext("solved"),
        "held": held,
        "done": _done(cause),
        "last": spoken.moment(cause.last),
    }


def _done(cause: Cause) -> str:
    solved = cause.cases - cause.open
    if not solved or cause.seconds is None:
        return ""
    took = spoken.span(timedelta(seconds=cause.seconds))
    if solved == 1:
        return gettext("put right in %(took)s") % {"took": took}
    return gettext("put right %(times)s times, in %(took)s on average") % {
        "times": solved,
        "took": took,
    }


def _promises(request: HttpRequest) -> dict[str, Any]:
    """What runs now: the month, as a rule. Whoever may not read of the service reads of none."""
    person: Any = request.user
    if not person.may("own.service"):
        return {"rows": [], "planned": []}
    customer = Customer.objects.get(pk=person.customer_id)
    now = clock.now()
    windows = [one for one in kept.own_windows() if one.begins <= now < one.ends and one.total]
    ranked = sorted(windows, key=lambda one: -one.share)
    missed = sum(one.is_kept is False for one in ranked)
    return {
        "month": words.window(ranked[0], customer.time_zone) if ranked else "",
        "said": gettext("%(kept)s of %(all)s") % {"kept": len(ranked) - missed, "all": len(ranked)},
        "missed": missed,
        "rows": [service.row(one, over=False) for one in ranked],
        "planned": service.planned(customer),
    }


def _questions(request: HttpRequest) -> dict[str, Any]:
    """What waits for their answer. Whoever may not answer is asked nothing."""
    person: Any = request.user
    if not person.may("own.questions"):
        return {"rows": [], "may_ask": False}
    found = asked.to_answer(person.customer_id)[:MOST_NOTES]
    rows = [{"text": one.text, "asked": spoken.moment(one.asked_at)} for one in found]
    return {"rows": rows, "may_ask": True}


# What is wrong stands first, then where things are, then what needs them.
PANELS = {
    "causes": Panel(_("What went wrong, and what was done"), "customer/home/causes.html", causes),
    "orders": Panel(_("Your orders on their way"), "customer/home/orders.html", _orders),
    "questions": Panel(_("What we ask you"), "customer/home/questions.html", _questions),
    "promises": Panel(_("What we promised"), "customer/home/promises.html", _promises),
}
