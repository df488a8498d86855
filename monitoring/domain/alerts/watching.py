"""Limits of the business: what is past one is an alert, until it is back within it."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

from django.db import transaction

from monitoring.alerting import keys
from monitoring.domain.alerts import ending, late_orders, look, raising, texts
from monitoring.domain.alerts.receivers import Directory
from monitoring.models import Alert, AlertRule
from monitoring.queries import limits
from monitoring.queries.limits import Passed
from portal.core import clock
from portal.tenants.site import Site, current_site

EVERY: Final = timedelta(seconds=30)
FINDERS: Final[Mapping[str, Callable[..., list[Passed]]]] = {
    "late_orders": late_orders.find,
    "old_queue": limits.old_queues,
    "old_stock": limits.old_stock,
}
_BACK: Final = {
    "late_orders": "No order nears its cut-off any more: they went out, or missed it an hour ago.",
    "old_stock": "A stock report has come.",
    "old_queue": "The queue is short again.",
}


def rules() -> list[AlertRule]:
    """Those that watch a limit."""
    return list(AlertRule.objects.filter(is_on=True).exclude(subject=AlertRule.Subject.CASES))


@transaction.atomic
def watch(rule: AlertRule) -> None:
    """Raise what is past the limit of a rule, and end what is back within it."""
    site, now = current_site(), clock.now()
    found = FINDERS[rule.subject](rule.minutes, customers=rule.customer_ids, now=now)
    passed = {_key(rule, one): one for one in found}
    open_now = {alert.key: alert for alert in ending.open_alerts().filter(rule=rule)}
    _keep(rule, open_now, passed, site, now)
    back = [alert for key, alert in open_now.items() if key not in passed]
    ending.end(back, [_BACK[rule.subject]] * len(back), site, now=now)
    fresh = [one for key, one in passed.items() if one.is_past and key not in open_now]
    wanted = [_alert(rule, one, site, now) for one in fresh]
    raising.begin(wanted, rule, Directory(site), now=now)
    if fresh:
        look()


def _key(rule: AlertRule, one: Passed) -> str:
    return keys.of_watch(rule.pk, customer=one.customer_id, endpoint=one.endpoint_id)


def _alert(rule: AlertRule, one: Passed, site: Site, now: datetime) -> Alert:
    return Alert(
        key=_key(rule, one), rule=rule, customer_id=one.customer_id, endpoint_id=one.endpoint_id,
        severity=rule.severity, raised_at=now, title=_title(rule, one)[:300],
        facts={"lines": _lines(rule, one, site, now)},
    )  # fmt: skip


def _keep(
    rule: AlertRule,
    open_now: dict[str, Alert],
    passed: dict[str, Passed],
    site: Site,
    now: datetime,
) -> None:
    """What is still past its limit says how far."""
    kept = [alert for key, alert in open_now.items() if key in passed]
    for alert in kept:
        alert.facts = {"lines": _lines(rule, passed[alert.key], site, now)}
    Alert.objects.bulk_update(kept, ["facts"])


def _title(rule: AlertRule, one: Passed) -> str:
    limit = texts.minutes(rule.minutes)
    return {
        "late_orders": f"Orders are not with their warehouse {limit} before their cut-off",
        "old_stock": f"{one.name} has sent no stock report for {limit}",
        "old_queue": f"Documents wait for {one.name} for over {limit}",
    }[rule.subject]


def _lines(rule: AlertRule, one: Passed, site: Site, now: datetime) -> Sequence[Any]:
    """(label, text); times are in the partner's zone, because everybody reads the same lines."""
    zone = ZoneInfo(site.zone)
    worst = texts.moment(one.worst, zone, now) if one.worst else ""
    if rule.subject == "old_stock":
        return [["Last report", worst or f"over {texts.minutes(2 * rule.minutes)} ago"]]
    if rule.subject == "old_queue":
        return [["Documents", f"{one.documents:,}"], ["Oldest", worst]]
    lines = [["Orders", f"{one.documents:,}"], ["First cut-off", worst]]
    if one.amount:
        lines.append(["At risk", texts.amount(one.amount, one.currency)])
    return lines
