"""Alerts of a case with everything that may hang on them, the mark in every text."""

from datetime import UTC, date, datetime, timedelta
from hashlib import sha256

from monitoring.alerting.content import Content, Item, to_json
from monitoring.models import (
    Alert,
    AlertChannel,
    AlertCourse,
    AlertMessage,
    AlertRule,
    AlertStep,
    ExceptionCase,
    Rota,
    RotaMember,
    RotaSwap,
)
from portal.accounts.models import Person, Role
from portal.core import clock
from portal.core.secrets import encrypt
from tests.isolation.marks import house

_AT = datetime(2026, 3, 2, 13, 58, 4, tzinfo=UTC)


def plant(case: ExceptionCase, text: str) -> None:
    """It fires: told to a channel that fails, next to whoever is on call."""
    ours = house(text)
    channel = AlertChannel.objects.create(
        name=f"{ours} room", kind="webhook", settings={"host": f"{ours}.test"}, last_error=ours,
        secrets=encrypt({"url": f"https://{ours}.test/in", "secret": ours * 3}), failing_since=_AT,
    )  # fmt: skip
    rota = _rota(ours)
    rule = AlertRule.objects.create(
        name=f"{text} rule",
        customer=case.customer,
        category=text[:20],
        origin=text[:14],
        is_on=False,
    )
    AlertStep.objects.create(rule=rule, position=0, channel=channel)
    AlertStep.objects.create(rule=rule, position=1, wait_minutes=15, rota=rota)
    alert = Alert.objects.create(
        key=f"C-{case.pk} {text}", case=case, customer=case.customer, endpoint=case.endpoint,
        severity=1, title=f"Alert {text}", facts={"lines": [["Held", text]]}, rule=rule,
        acknowledged_by=text, over_cause=text,
    )  # fmt: skip
    AlertCourse.objects.create(alert=alert, rule=rule, next_at=None)
    content = Content(
        "raised", f"SKU {text}", where=text, severity=1, facts=(("Case", text),),
        url=f"http://{text}.test/", items=(Item(text, text, f"http://{text}.test/"),),
    )  # fmt: skip
    AlertMessage.objects.create(
        purpose="raised", alert=alert, rule=rule, channel=channel, receiver=f"{text} room", lane=text[:20],
        state="sent", content=to_json(content), due_at=_AT, sent_at=_AT, last_answer=f"{text} took it",
        link_hash=sha256(text.encode()).hexdigest()[:20] + text,
        link_ends_at=clock.now() + timedelta(days=7),
    )  # fmt: skip


def _rota(text: str) -> Rota:
    person = Person.objects.create_person(
        email=f"{text}@on-call.test", name=f"{text} on call", password=None,
        role=Role.objects.get(slug="operator"),
    )  # fmt: skip
    rota = Rota.objects.create(
        name=f"{text} rota", time_zone="UTC", first_on=date(2026, 3, 2), minute=480
    )
    RotaMember.objects.create(rota=rota, position=0, person=person)
    RotaSwap.objects.create(
        rota=rota, person=person, begins_at=_AT, ends_at=_AT + timedelta(days=9_999), made_by=text
    )
    return rota
