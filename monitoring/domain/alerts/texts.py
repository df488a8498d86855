"""What a message about an alert says, in its receiver's zone."""

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from typing import Final
from zoneinfo import ZoneInfo

from monitoring.alerting.content import Content, Item, Purpose, plain
from monitoring.models import Alert, ExceptionCase
from portal.core.currencies import MINOR_UNITS
from portal.core.money import Money
from portal.core.money_format import format_money
from portal.customers.durations import duration_text
from portal.tenants.site import Site

_MOST_EVIDENCE: Final = 5
_TWO_DAYS: Final = 2 * 24 * 60
_OBJECTS: Final = {"order": "order", "shipment": "shipment", "inventory": "stock report"}


def about(alert: Alert, purpose: Purpose, *, site: Site, zone: ZoneInfo, now: datetime) -> Content:
    """The message of one alert. Its case, customer and endpoint are read with it."""
    return Content(
        purpose=purpose,
        title=alert.title,
        where=where(alert),
        severity=alert.severity,
        facts=tuple(_facts(alert, purpose, zone, now)),
        url=site.url + address(alert),
    )


def where(alert: Alert) -> str:
    """`Harbor Outfitters · Web shop`."""
    if alert.case and alert.case.is_of_channel:
        return "Webhooks" if alert.case.code == ExceptionCase.WEBHOOK_OFF else "Alert channels"
    places = [alert.customer.name, alert.endpoint.label if alert.endpoint else ""]
    return " · ".join(place for place in places if place)


def address(alert: Alert) -> str:
    """The page about it, on the partner's site."""
    return f"/cases/{alert.case_id}/" if alert.case_id else "/alerts/"


def _facts(alert: Alert, purpose: Purpose, zone: ZoneInfo, now: datetime) -> list[tuple[str, str]]:
    if purpose == "over":
        lasted = span(alert.raised_at, alert.over_at or now)
        return [("Because", alert.over_cause or "it is gone"), ("It lasted", lasted)]
    if purpose == "acknowledged":
        return [("Who has it", alert.acknowledged_by)]
    known = _of_case(alert.case, zone, now) if alert.case else _of_limit(alert)
    if purpose in ("escalated", "repeated"):
        known.insert(0, ("Unanswered for", span(alert.raised_at, now)))
    return known


def _of_limit(alert: Alert) -> list[tuple[str, str]]:
    return [(label, text) for label, text in alert.facts.get("lines", ())]


def _of_case(case: ExceptionCase, zone: ZoneInfo, now: datetime) -> list[tuple[str, str]]:
    facts = [("Case", case.label)]
    if case.documents:
        facts.append(("Held", counted(case.documents, _OBJECTS.get(case.object_type, "document"))))
    if case.at_risk:
        facts.append(("At risk", amount(case.at_risk, case.currency)))
    if case.cutoff_at:
        at = f" at {case.cutoff_site}" if case.cutoff_site else ""
        facts.append(("Cut-off", f"{moment(case.cutoff_at, zone, now)}{at}"))
    if case.resolve_due:
        facts.append(("Resolve by", moment(case.resolve_due, zone, now)))
    if case.times_back:
        facts.append(("Came back", counted(case.times_back, "time")))
    evidence: Sequence[Sequence[str]] = case.evidence.get("lines", ())
    return facts + [(label, text) for label, text in evidence[:_MOST_EVIDENCE]]


def moment(at: datetime, zone: ZoneInfo, now: datetime) -> str:
    """`10:40 PST, in 44 min`, with its day when that is another."""
    local, today = at.astimezone(zone), now.astimezone(zone)
    day = "" if local.date() == today.date() else f"{local:%a} {local.day} {local:%b} "
    left = f"in {span(now, at)}" if at > now else f"{span(at, now)} ago"
    return f"{day}{local:%H:%M %Z}, {left}"


def minutes(count: int) -> str:
    """A limit: `30 min`, `1 h 30`."""
    return duration_text(count)


def span(begins: datetime, ends: datetime) -> str:
    """`44 min`, `1 h 26`, `3 d`."""
    minutes = max(0, int((ends - begins).total_seconds() // 60))
    return duration_text(minutes) if minutes < _TWO_DAYS else f"{minutes // 1440} d"


def amount(value: Decimal, currency: str) -> str:
    """`$1,792.00`; with the currency's name where we know nothing else of it."""
    if currency in MINOR_UNITS:
        return format_money(Money(value, currency), with_currency=True)
    return f"{value:,.2f} {currency}".strip()


def counted(number: int, one: str) -> str:
    return f"1 {one}" if number == 1 else f"{number:,} {one}s"


def digest(
    alerts: Sequence[Alert], *, since: datetime, site: Site, zone: ZoneInfo, now: datetime
) -> Content:
    """What came while a receiver was not to be told one by one."""
    local = since.astimezone(zone)
    return Content(
        purpose="digest",
        title=f"{counted(len(alerts), 'alert')} since {local:%a %H:%M %Z}",
        where=_how_many_open(alerts),
        items=tuple(
            Item(
                plain(f"S{alert.severity} {alert.title}", most=200),
                plain(" · ".join([where(alert), stands(alert, zone)]), most=200),
                site.url + address(alert),
            )
            for alert in alerts
        ),
        url=f"{site.url}/alerts/",
    )


def _how_many_open(alerts: Sequence[Alert]) -> str:
    free = sum(1 for one in alerts if not one.over_at and not one.acknowledged_at)
    if not free:
        return "Nothing of it waits any more."
    return f"{counted(free, 'alert')} of them nobody has yet."


def stands(alert: Alert, zone: ZoneInfo) -> str:
    """How an alert stands now."""
    if alert.over_at:
        return f"over since {alert.over_at.astimezone(zone):%H:%M}"
    if alert.acknowledged_at:
        return f"{alert.acknowledged_by} has it"
    return f"open since {alert.raised_at.astimezone(zone):%a %H:%M}"


def test(channel: str, *, site: Site, by: str) -> Content:
    """What shows that a channel works."""
    return Content(
        purpose="test",
        title=f"A test from {site.name}",
        where=f"{by} wanted to see whether {channel} works. It does; nothing is wrong.",
        url=f"{site.url}/alerts/channels/",
    )
