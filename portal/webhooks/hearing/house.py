"""Promises, changes, statements, people."""

from typing import Any, Final

from django.db.models.signals import post_save
from django.dispatch import receiver

from integrations.domain.drafts import live_content, subject_of
from integrations.domain.publishing import ChangePublished
from integrations.models import ChangeRequest
from monitoring.domain.statement_log import SEALED, StatementMoved
from monitoring.models import Statement
from portal.accounts.models import Person
from portal.core.events import subscribe
from portal.customers.promises import PromisesMade
from portal.support.domain.states import AccessBegun, AccessEnded
from portal.support.models import SupportAccess
from portal.webhooks.domain import wanted
from portal.webhooks.domain.outbox import News, tell

_JOINED: Final = "person.joined"


@subscribe(PromisesMade)
def promises_made(event: PromisesMade) -> None:
    tell([News("promises.changed", event.customer_id, {"actor": event.actor})])


@subscribe(ChangePublished)
def change_published(event: ChangePublished) -> None:
    name = "change.rolled_back" if event.rolled_back else "change.published"
    if wanted.wants(name):
        change = ChangeRequest.objects.get(pk=event.change_id)
        live, _ = live_content(subject_of(change))
        last = change.events.order_by("-pk").values_list("actor", flat=True).first()
        data = {
            "change": change.pk,
            "subject": f"{change.kind} {change.key}".strip(),
            "live_version": live.number if live else None,
            "actor": last or "",
        }
        tell([News(name, change.customer_id, data)])


@subscribe(StatementMoved)
def statement_moved(event: StatementMoved) -> None:
    """Its customer sees a statement once it is approved."""
    name = f"statement.{event.verb}"
    if wanted.wants(name):
        statement = Statement.objects.get(pk=event.statement_id)
        data = {
            "statement": statement.number or 0,
            "month": statement.period,
            "hash": statement.hash,
        }
        is_private = event.verb == SEALED
        tell([News(name, statement.customer_id, data, is_private=is_private)])


@subscribe(AccessBegun)
def access_begun(event: AccessBegun) -> None:
    _access("support.access.begun", event.access_id)


@subscribe(AccessEnded)
def access_ended(event: AccessEnded) -> None:
    _access("support.access.ended", event.access_id)


def _access(name: str, access_id: int) -> None:
    if wanted.wants(name):
        access = SupportAccess.objects.get(pk=access_id)
        until = access.ended_at or access.ends_at
        data = {
            "access": access.pk,
            "who": access.staff_name,
            "as_whom": access.person_name,
            "reason": access.reason,
            "until": until.isoformat() if until else "",
        }
        ended = {"how": access.ended_how} if name.endswith("ended") else {}
        tell([News(name, access.customer_id, {**data, **ended})])


@receiver(post_save, sender=Person)
def person_saved(sender: type[Person], instance: Person, created: bool, **_: Any) -> None:
    """However they came: by an invitation, by single sign-on or by a command."""
    if created and wanted.wants(_JOINED):
        data = {"person": instance.pk, "name": instance.name, "role": instance.role.slug}
        tell([News(_JOINED, instance.customer_id, data)])
