"""Alerts, rules and channels in words and shapes."""

from typing import Any, Final

from integrations.views import spoken
from monitoring import taxonomy
from monitoring.domain.alerts import texts
from monitoring.models import Alert, AlertChannel, AlertMessage, AlertRule, AlertStep, ExceptionCase
from portal.core.manner import number
from portal.customers.calendar import as_time, zone_words
from portal.customers.durations import duration_text

TABS: Final = (
    ("alerts", "Firing"),
    ("alert-log", "Sent"),
    ("alert-rules", "Rules"),
    ("alert-channels", "Channels"),
    ("rotas", "On call"),
)
STATES: Final = {
    "waiting": ("waiting", "to be sent"),
    "held": ("snoozed", "kept for a digest"),
    "gathered": ("good", "came in a digest"),
    "sent": ("good", "sent"),
    "failed": ("bad", "not sent"),
    "dropped": ("due", "not needed"),
}
PURPOSES: Final = {
    "raised": "began",
    "came_back": "came back",
    "repeated": "said again",
    "escalated": "next step",
    "acknowledged": "in hand",
    "over": "over",
    "digest": "digest",
    "test": "test",
}


def state(alert: Alert) -> dict[str, str]:
    """How an alert stands: a shape and its word."""
    if alert.over_at:
        return {"shape": "good", "word": f"over since {spoken.moment(alert.over_at)}"}
    if alert.acknowledged_at:
        return {"shape": "work", "word": f"{alert.acknowledged_by} has it"}
    return {"shape": "open", "word": "nobody has it"}


def holder(alert: Alert) -> dict[str, str]:
    """The same for a column that is headed "Who has it"."""
    if alert.acknowledged_at:
        return {"shape": "work", "word": alert.acknowledged_by}
    return {"shape": "open", "word": "nobody"}


def message_state(message: AlertMessage) -> dict[str, str]:
    shape, word = STATES[message.state]
    if message.state == "waiting" and message.tries:
        return {"shape": "bad", "word": f"tried {spoken.counted(message.tries, 'time')}"}
    if message.state == "held":
        return {"shape": shape, "word": f"kept until {spoken.moment(message.due_at)}"}
    return {"shape": shape, "word": word}


def where(alert: Alert) -> str:
    return texts.where(alert)


def scope(rule: AlertRule) -> str:
    """Which cases, or which limit, in one line."""
    whose = rule.customer.name if rule.customer else _of_group(rule)
    if rule.subject != AlertRule.Subject.CASES:
        limit = duration_text(rule.minutes)
        said = {
            "late_orders": f"orders held {limit} before their cut-off",
            "old_stock": f"no stock report for {limit}",
            "old_queue": f"documents waiting for over {limit}",
        }[rule.subject]
        return f"{said} · {whose} · as S{rule.severity}"
    parts = [
        "every severity" if rule.severity == 4 else f"S{rule.severity}" + _worse(rule),
        dict(ExceptionCase.Origin.choices).get(rule.origin, ""),
        taxonomy.kind(rule.code).label if rule.code else rule.category,
        f"over {number(rule.value_over, 2)} at risk" if rule.value_over is not None else "",
        whose,
    ]
    return "cases: " + " · ".join(part for part in parts if part)


def _of_group(rule: AlertRule) -> str:
    """Whoever is limited may see none of a group's customers, and then not its name."""
    if rule.group_id is None:
        return "all customers"
    return f"customers of {rule.group.label}" if rule.group else "customers of a group"


def _worse(rule: AlertRule) -> str:
    return " and worse" if rule.severity > 1 else ""


def times(rule: AlertRule) -> str:
    """When it is told."""
    told = {
        "at_once": "at once",
        "hourly": "every hour, together",
        "daily": f"daily at {as_time(rule.digest_minute)}, together",
    }[rule.timing]
    if rule.quiet_from is None or rule.quiet_until is None:
        return told
    passes = ", S1 rings" if rule.urgent_passes else ""
    return f"{told} · quiet {as_time(rule.quiet_from)}–{as_time(rule.quiet_until)}{passes}"


def steps(found: list[AlertStep]) -> str:
    """Who is told: `Nights, Ops room; after 15 min Ana Ruiz`."""
    text = ""
    for step in found:
        wait = f"after {duration_text(step.wait_minutes)} " if step.wait_minutes else ""
        between = "" if not text else "; " if wait else ", "
        text += between + wait + receiver(step)
    return text or "nobody"


def receiver(step: AlertStep) -> str:
    holder: Any = step.channel or step.rota or step.person
    return str(holder.name) if holder else ""


def channel_state(channel: AlertChannel) -> dict[str, str]:
    if not channel.is_on:
        return {"shape": "snoozed", "word": "switched off"}
    if channel.failing_since:
        return {"shape": "bad", "word": f"fails since {spoken.moment(channel.failing_since)}"}
    if channel.last_good_at:
        return {"shape": "good", "word": f"works, last {spoken.moment(channel.last_good_at)}"}
    return {"shape": "due", "word": "not used yet"}


def place(channel: AlertChannel) -> str:
    """What may be shown of where it leads."""
    settings = channel.settings
    if channel.kind == AlertChannel.Kind.MAIL:
        return ", ".join(settings.get("addresses", ()))
    if channel.kind == AlertChannel.Kind.PAGERDUTY:
        return {"eu": "Europe"}.get(settings.get("region", ""), "United States")
    return str(settings.get("host", ""))


def zone(name: str) -> str:
    return zone_words(name)
