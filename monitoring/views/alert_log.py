"""What was sent to whom, and what became of it."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.urls import reverse

from integrations.views import spoken
from integrations.views.addresses import with_values
from monitoring.alerting.content import as_text, from_json
from monitoring.models import AlertChannel, AlertMessage
from monitoring.queries import alerts as queries
from monitoring.views import addresses, alert_words
from monitoring.views.alerts import tabs
from portal.accounts.rules import requires

SIZE = 100
_FILTERS = ("state", "channel", "alert", "case")


@requires("alerts.view")
def log(request: HttpRequest) -> HttpResponse:
    """Newest first, a hundred a page."""
    found = _filtered(request.GET)
    before = addresses.number(request.GET, "before")
    if before is not None:
        found = found.filter(pk__lt=before)
    rows = list(found[: SIZE + 1])
    older = with_values(request, before=str(rows[SIZE - 1].pk)) if rows[SIZE:] else ""
    active = any(request.GET.get(name) for name in _FILTERS)
    context = {
        "tabs": tabs("alert-log"),
        "filters": [_states(request.GET), _channels(request.GET)],
        "kept": addresses.kept(request, "alert", "case"),
        "clear_url": request.path if active else "",
        "messages_sent": [row(one) for one in rows[:SIZE]],
        "empty": None if rows else {"text": _nothing(active=active), "action": None},
        "pager": {"shown": spoken.counted(len(rows[:SIZE]), "message"), "older_url": older},
    }
    return render(request, "monitoring/alert_log.html", context)


def _filtered(query: QueryDict) -> Any:
    found = queries.messages()
    if query.get("state") in alert_words.STATES:
        found = found.filter(state=query["state"])
    for name, field in (("channel", "channel"), ("alert", "alert"), ("case", "alert__case")):
        wanted = addresses.number(query, name)
        if wanted is not None:
            found = found.filter(**{field: wanted})
    return found


def row(message: AlertMessage) -> dict[str, Any]:
    """One message in the list."""
    content = from_json(message.content)
    return {
        "url": reverse("alert-message", args=[message.pk]),
        "headline": content.headline,
        "why": alert_words.PURPOSES[message.purpose],
        "to": message.receiver,
        "state": alert_words.message_state(message),
        "answer": message.last_answer,
        "at": spoken.moment(message.sent_at or message.made_at),
    }


def _states(query: QueryDict) -> dict[str, Any]:
    chosen = query.get("state", "")
    options = [
        {"value": name, "label": word, "chosen": name == chosen}
        for name, (_, word) in alert_words.STATES.items()
    ]
    return {"name": "state", "label": "State", "options": options, "active": bool(chosen)}


def _channels(query: QueryDict) -> dict[str, Any]:
    chosen = query.get("channel", "")
    options = [
        {"value": str(one.pk), "label": one.name, "chosen": str(one.pk) == chosen}
        for one in AlertChannel.objects.all()
    ]
    return {"name": "channel", "label": "Channel", "options": options, "active": bool(chosen)}


def _nothing(*, active: bool) -> str:
    return "No message matches." if active else "Nothing was sent yet."


@requires("alerts.view")
def message(request: HttpRequest, pk: int) -> HttpResponse:
    """One message as it was sent. Of its link nothing is shown."""
    found = queries.messages().filter(pk=pk).first()
    if found is None:
        raise Http404
    link = "the link is not shown" if found.link_hash else ""
    context = {
        "row": row(found),
        "text": as_text(from_json(found.content), link=link),
        "facts": _facts(found),
        "gathered": [row(one) for one in queries.messages().filter(digest=found)[:SIZE]],
    }
    return render(request, "monitoring/alert_message.html", context)


def _facts(found: AlertMessage) -> list[dict[str, str]]:
    facts = [
        ("To", found.receiver),
        ("Put into the outbox", spoken.moment(found.made_at, seconds=True)),
        ("Sent", spoken.moment(found.sent_at, seconds=True)),
        ("Tries", f"{found.tries}" if found.tries else ""),
        ("Last answer", found.last_answer),
        ("Link used", spoken.moment(found.link_used_at)),
    ]
    if found.digest_id:
        facts.append(("Came in", f"message {found.digest_id}"))
    return [{"label": label, "value": value} for label, value in facts if value]
