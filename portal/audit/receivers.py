"""Entries of the audit trail are marked as they are written."""

from contextvars import ContextVar
from typing import Any

from auditlog.models import LogEntry
from auditlog.signals import pre_log
from django.contrib.contenttypes.models import ContentType
from django.db.models import Model
from django.db.models.signals import post_save
from django.dispatch import receiver

from portal.audit.domain import marking

_about: ContextVar[Model | None] = ContextVar("what the entry is about", default=None)


@receiver(pre_log)
def note_what_it_is_about(instance: Model, **_: Any) -> None:
    _about.set(instance)


@receiver(post_save, sender=LogEntry)
def mark_entry(instance: LogEntry, created: bool, **_: Any) -> None:
    about = _about.get()
    _about.set(None)
    if created:
        marking.mark(instance, about if about is not None and _is_about(instance, about) else None)


def _is_about(entry: LogEntry, about: Model) -> bool:
    """A change that changed nothing was announced, and wrote no entry."""
    kind = ContentType.objects.get_for_model(about, for_concrete_model=True)
    return (entry.content_type_id, str(entry.object_pk)) == (kind.pk, str(about.pk))
