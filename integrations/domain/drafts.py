"""Drafts of changes: begun from what is live, saved as one types, and what stands in their way."""

from typing import Any

from django.db import transaction
from django.db.models import F

from integrations.connectors import registry
from integrations.domain import history, subjects
from integrations.domain.subjects import Content, Subject, owned_by
from integrations.models import ChangeEvent, ChangeRequest, Endpoint, Kind, Version
from portal.core import clock
from portal.customers.models import Customer

State = ChangeRequest.State
EDITABLE = (State.DRAFT, State.REFUSED)


class NotNowError(ValueError):
    """The change request is not in a state for this; the text says what to do instead."""


def subject_of(change: ChangeRequest) -> Subject:
    return Subject(change.customer_id, change.kind, change.key)


def live_content(subject: Subject) -> tuple[Version | None, Content | None]:
    """What is live now, with its version. A mapping nobody has changed is its connector's default,
    and has no version."""
    customers = Customer.objects.all()
    if subject.customer_id is not None:
        customers = customers.filter(pk=subject.customer_id)
    customer = customers.first()
    if customer is None:
        return None, None
    history.keep(customer.pk, subjects.live(customer))
    version = history.newest(subject)
    if version is None or version.content is None:
        return version, default_content(subject)
    return version, subjects.without_number(version.content)


def default_content(subject: Subject) -> Content | None:
    """What holds where nobody has changed anything: for a mapping its connector's default."""
    if subject.kind != Kind.MAPPING:
        return None
    slug, object_type, direction = subject.key.split(" ")
    endpoint = Endpoint.objects.filter(**owned_by(subject), slug=slug).first()
    if endpoint is None:
        return None
    mappings: Any = registry.get(endpoint.connector).mapper.MAPPINGS
    rows = mappings.get((object_type, direction))
    return None if rows is None else {"rows": [list(row) for row in rows]}


@transaction.atomic
def begin(subject: Subject, *, author: Any, content: Content | None = None) -> ChangeRequest:
    """The author's open draft of this subject, or a new one that says what is live now.

    With `content`, the draft says that instead.
    """
    own = ChangeRequest.objects.filter(
        **owned_by(subject), kind=subject.kind, key=subject.key, author=author
    )
    draft = own.filter(state__in=EDITABLE).first()
    if draft is None:
        base, live = live_content(subject)
        draft = ChangeRequest.objects.create(
            customer_id=subject.customer_id,
            kind=subject.kind,
            key=subject.key,
            base=base,
            content=live,
            author=author,
            author_name=author.name[:80],
        )
        note(draft, author.name, "begun")
    if content is not None and content != draft.content:
        save(draft, content, edition=draft.edition)
    return draft


def save(change: ChangeRequest, content: Content | None, *, edition: int) -> int:
    """Keep what has been typed; `edition` is the one it was typed over. Returns the new edition.

    NotNowError when it was saved elsewhere since, or is no draft any more.
    """
    saved = ChangeRequest.objects.filter(pk=change.pk, edition=edition, state__in=EDITABLE).update(
        content=content, edition=F("edition") + 1, state=State.DRAFT
    )
    change.refresh_from_db()
    if not saved:
        raise NotNowError(_why_not_saved(change, edition))
    return change.edition


def _why_not_saved(change: ChangeRequest, edition: int) -> str:
    if change.state not in EDITABLE:
        return (
            f"Not saved: {change} is {change.get_state_display()}. Take it back to go on editing."
        )
    return f"Not saved: {change} was changed in another window. Load it again to go on."


def rebase(change: ChangeRequest, *, actor: str) -> None:
    """Take what is live now as the base: the author has looked at what was published meanwhile.

    In a lookup, the rows the draft does not touch become what they are live now. NotNowError when it
    is no draft any more.
    """
    before = change.base.content if change.base else None
    base, live = live_content(subject_of(change))
    content, edition = change.content, change.edition
    if change.kind == Kind.LOOKUP and before and live and content:
        content, edition = _merged(before, content, live), edition + 1
    rebased = ChangeRequest.objects.filter(pk=change.pk, state__in=EDITABLE).update(
        base=base, content=content, edition=edition, evidence=None, evidence_of="",
        updated_at=clock.now(),
    )  # fmt: skip
    change.refresh_from_db()
    if not rebased:
        raise NotNowError(f"{change} is {change.get_state_display()}: take it back first.")
    note(change, actor, "rebased", f"now on top of {change.base or 'the default'}")


def _merged(before: Content, drafted: Content, live: Content) -> Content:
    """What the draft changed, on top of what is live."""
    old, rows = before["rows"], drafted["rows"]
    changed = {code for code in old.keys() | rows.keys() if old.get(code) != rows.get(code)}
    kept = {code: value for code, value in live["rows"].items() if code not in changed}
    told = {
        name: drafted[name] if drafted[name] != before[name] else live[name]
        for name in ("default", "default_value")
    }
    return {**told, "rows": kept | {code: rows[code] for code in rows if code in changed}}


def note(change: ChangeRequest, actor: str, verb: str, text: str = "") -> None:
    """Write a step, or a remark, to the change's own history."""
    ChangeEvent.objects.create(change=change, actor=actor[:80], verb=verb, text=text[:500])
