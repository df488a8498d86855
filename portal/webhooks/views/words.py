"""Receivers and what was sent to them, in words and shapes."""

import json
from typing import Any, Final

from integrations.views import spoken
from portal.core import clock
from portal.webhooks import schedule
from portal.webhooks.catalogue import CHOOSABLE
from portal.webhooks.domain import places
from portal.webhooks.models import Webhook, WebhookDelivery
from portal.webhooks.queries.figures import Share

STATES: Final = {
    "waiting": ("waiting", "to be sent"),
    "sent": ("good", "delivered"),
    "failed": ("bad", "given up"),
}


def tabs(current: str) -> list[dict[str, Any]]:
    return [
        {"label": label, "url": url, "current": name == current, "count": None}
        for name, label, url in (
            ("webhooks", "Receivers", "/webhooks/"),
            ("events", "Events", "/webhooks/events/"),
        )
    ]


def state(webhook: Webhook) -> dict[str, str]:
    """How a receiver does."""
    if not webhook.is_on:
        since = spoken.moment(webhook.off_since)
        if webhook.off_reason:
            return {"shape": "bad", "word": f"switched off since {since}"}
        return {"shape": "snoozed", "word": f"paused since {since}"}
    if webhook.failing_since:
        return {"shape": "bad", "word": f"failing since {spoken.moment(webhook.failing_since)}"}
    if webhook.last_good_at is None:
        return {"shape": "due", "word": "nothing sent yet"}
    return {"shape": "good", "word": "delivering"}


def trouble(webhook: Webhook) -> str:
    """What is wrong and what to do, for the top of its page; "" where nothing is."""
    if webhook.is_on and webhook.failing_since:
        return (
            f"{webhook.last_error} Nothing was taken since {spoken.moment(webhook.failing_since)}. What"
            " waits is tried again by itself, for up to three days."
        )
    if not webhook.is_on and webhook.off_reason:
        return (
            f"Switched off: {webhook.off_reason} What happens meanwhile is kept for thirty days. Mend the"
            " receiver, switch it on, and send again what it missed."
        )
    return ""


def types(webhook: Webhook) -> str:
    """`every event`, or the first it wants and how many more."""
    if not webhook.types:
        return "every event"
    first, more = webhook.types[0], len(webhook.types) - 1
    return f"{first} and {more} more" if more else str(first)


def share(found: Share) -> str:
    """`99.2 % of 1,204 tries`, and never 100 % of what did not all go well."""
    if found.percent is None:
        return "none"
    shown = "100" if found.good == found.of else f"{min(found.percent, 99.9):.1f}"
    return f"{shown} % of {spoken.counted(found.of, 'try', 'tries')}"


def last_failure(webhook: Webhook) -> str:
    if not webhook.last_error:
        return ""
    return f"{webhook.last_error} {spoken.moment(webhook.last_error_at)}"


def row(webhook: Webhook, found: Share) -> dict[str, Any]:
    """One receiver in the list."""
    return {
        "url": f"/webhooks/{webhook.pk}/",
        "name": webhook.name,
        "place": places.shown(webhook.url),
        "types": types(webhook),
        "whose": webhook.customer.name if webhook.customer else "all customers",
        "state": state(webhook),
        "share": share(found),
        "failure": last_failure(webhook),
    }


def delivery_state(delivery: WebhookDelivery) -> dict[str, str]:
    shape, word = STATES[delivery.state]
    if delivery.state == "waiting" and delivery.tries:
        return {"shape": "bad", "word": f"failed, next try {_coming(delivery)}"}
    return {"shape": shape, "word": word}


def _coming(delivery: WebhookDelivery) -> str:
    left = delivery.due_at - clock.now()
    return f"in {spoken.span(left)}" if left.total_seconds() >= 1 else "now"


def delivery_row(delivery: WebhookDelivery) -> dict[str, Any]:
    """One line of the log."""
    took = delivery.last_milliseconds
    return {
        "url": f"/webhooks/{delivery.webhook_id}/sent/{delivery.pk}/",
        "type": delivery.event.type,
        "id": delivery.event.message_id,
        "asked_by": delivery.asked_by,
        "state": delivery_state(delivery),
        "error": "" if delivery.state == "sent" else delivery.last_error,
        "status": str(delivery.last_status or "none") if delivery.tries else "",
        "took": f"{took:,}" if took is not None else "",
        "tries": f"{delivery.tries} of {schedule.MOST_TRIES}" if delivery.tries else "",
        "at": spoken.moment(delivery.sent_at or delivery.made_at, seconds=True),
    }


def pretty(body: str) -> str:
    """The same JSON, an indent for each level."""
    return json.dumps(json.loads(body), indent=2, ensure_ascii=False)


def type_options(chosen: str, *, among: list[str] | None = None) -> list[dict[str, Any]]:
    names = among or list(CHOOSABLE)
    return [{"value": name, "label": name, "chosen": name == chosen} for name in names]
