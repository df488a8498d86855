"""One receiver and what was sent to it."""

from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, render

from integrations.views import spoken
from integrations.views.addresses import with_values
from monitoring.views import addresses
from portal.accounts.rules import requires
from portal.core import clock
from portal.webhooks.domain import again, places
from portal.webhooks.models import Webhook, WebhookDelivery
from portal.webhooks.queries import figures
from portal.webhooks.queries.figures import Share
from portal.webhooks.views import words

SIZE = 100
_FILTERS = ("state", "type")


def found(pk: int) -> Webhook:
    """The receiver, or 404."""
    return get_object_or_404(Webhook.objects.select_related("customer"), pk=pk)


@requires("webhooks.manage")
def webhook(request: HttpRequest, pk: int) -> HttpResponse:
    """Newest first, a hundred a page."""
    one = found(pk)
    log = _filtered(one, request.GET)
    before = addresses.number(request.GET, "before")
    if before is not None:
        log = log.filter(pk__lt=before)
    rows = list(log.select_related("event")[: SIZE + 1])
    older = with_values(request, before=str(rows[SIZE - 1].pk)) if rows[SIZE:] else ""
    active = any(request.GET.get(name) for name in _FILTERS)
    context = {
        "webhook": _shown(one),
        "facts": _facts(one),
        "progress": progress(one),
        "filters": [_states(request.GET), _types(one, request.GET)],
        "clear_url": request.path if active else "",
        "log": [words.delivery_row(row) for row in rows[:SIZE]],
        "empty": "" if rows else _nothing(active=active),
        "pager": {"shown": spoken.counted(len(rows[:SIZE]), "message"), "older_url": older},
    }
    return render(request, "webhooks/webhook.html", context)


def _shown(one: Webhook) -> dict[str, Any]:
    return {
        "pk": one.pk,
        "name": one.name,
        "is_on": one.is_on,
        "state": words.state(one),
        "trouble": words.trouble(one),
    }


def _facts(one: Webhook) -> list[dict[str, str]]:
    share = figures.shares([one.pk]).get(one.pk, Share())
    facts = [
        ("Address", places.shown(one.url)),
        ("Hears of", words.types(one)),
        ("Of", one.customer.name if one.customer else "all customers"),
        ("Went well, 24 h", words.share(share)),
        ("Waiting", spoken.counted(figures.waiting(one.pk), "message")),
        ("Secret", _secret(one)),
    ]
    return [{"label": label, "value": value} for label, value in facts]


def _secret(one: Webhook) -> str:
    if one.has_two_secrets(clock.now()):
        return f"exchanged, the one before signs until {spoken.moment(one.previous_until)}"
    return "set, not shown"


def progress(one: Webhook) -> dict[str, Any] | None:
    """How far the replay is that is under way; None where none is."""
    last = one.replays.first() if one.is_on and again.running(one) else None
    if last is None:
        return None
    made = figures.progress(last)
    failed = f", {made.failed} failed" if made.failed else ""
    return {
        "done": made.done,
        "total": made.total,
        "text": f"{made.done:,} of {made.total:,} sent again{failed}",
        "poll_url": f"/webhooks/{one.pk}/progress/",
        "refresh_url": f"/webhooks/{one.pk}/",
    }


def _filtered(one: Webhook, query: QueryDict) -> QuerySet[WebhookDelivery]:
    log = one.deliveries.order_by("-pk")
    if query.get("state") in words.STATES:
        log = log.filter(state=query["state"])
    if query.get("type"):
        log = log.filter(event__type=query["type"])
    return log


def _states(query: QueryDict) -> dict[str, Any]:
    chosen = query.get("state", "")
    options = [
        {"value": name, "label": word, "chosen": name == chosen}
        for name, (_, word) in words.STATES.items()
    ]
    return {"name": "state", "label": "State", "options": options, "active": bool(chosen)}


def _types(one: Webhook, query: QueryDict) -> dict[str, Any]:
    chosen = query.get("type", "")
    options = words.type_options(chosen, among=one.types)
    return {"name": "type", "label": "Event", "options": options, "active": bool(chosen)}


def _nothing(*, active: bool) -> str:
    if active:
        return "No message matches."
    return "Nothing was sent yet. Send a test to see that it works."


@requires("webhooks.manage")
def delivery(request: HttpRequest, pk: int, number: int) -> HttpResponse:
    """One message: what was sent, and what came of each try."""
    one = found(pk)
    rows = WebhookDelivery.objects.select_related("event", "event__customer")
    row = get_object_or_404(rows, webhook=one, pk=number)
    context = {
        "webhook": _shown(one),
        "row": words.delivery_row(row),
        "number": number,
        "facts": _delivery_facts(row),
        "body": words.pretty(row.event.body),
        "attempts": [_attempt(n, a) for n, a in enumerate(row.attempts.all(), start=1)],
    }
    return render(request, "webhooks/delivery.html", context)


def _delivery_facts(row: WebhookDelivery) -> list[dict[str, Any]]:
    facts = [
        ("Id", row.event.message_id, True),
        ("Customer", row.event.customer.name if row.event.customer else "", False),
        ("Put into the outbox", spoken.moment(row.made_at, seconds=True), False),
        ("Sent again by", row.asked_by, False),
        ("Delivered", spoken.moment(row.sent_at, seconds=True), False),
    ]
    return [{"label": label, "value": value, "mono": mono} for label, value, mono in facts if value]


def _attempt(number: int, one: Any) -> dict[str, Any]:
    return {
        "number": number,
        "at": spoken.moment(one.at, seconds=True),
        "shape": "bad" if one.error else "good",
        "status": str(one.status) if one.status else "no answer",
        "took": f"{one.milliseconds:,}",
        "error": one.error,
        "answer": one.answer,
    }
