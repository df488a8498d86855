"""Changes of crosswalks: each is written to the person's draft, and live only once its effect was seen."""

from typing import Any

from django.db import transaction

from integrations.domain import approval, drafts, lookups, subjects
from integrations.domain.subjects import Content, Subject, owned_by
from integrations.models import ChangeRequest, Kind, LookupTable


def subject_of(table: LookupTable) -> Subject:
    return Subject(table.customer_id, Kind.LOOKUP, table.name)


def of(table: LookupTable, person: Any) -> ChangeRequest | None:
    """The person's open draft of the table."""
    own = ChangeRequest.objects.select_related("base").filter(**owned_by(subject_of(table)))
    named = own.filter(kind=Kind.LOOKUP, key=table.name, author_id=person.pk)
    return named.filter(state__in=drafts.EDITABLE).first()


def drafted(table: LookupTable, draft: ChangeRequest | None) -> Content:
    """What the table would say with the draft; what it says where there is none."""
    said = draft.content if draft else None
    return said or subjects.lookup_content(table)


@transaction.atomic
def put(
    table: LookupTable, code: str, value: str, *, by: Any, insist: bool = False
) -> ChangeRequest:
    """Say in the draft what `code` means. NotAProductError as `lookups.put`."""
    if not insist:
        lookups.must_be_product(table, code, value)
    content = _begun(table, by)
    return _keep(table, {**content, "rows": {**content["rows"], code: value}}, by)


@transaction.atomic
def remove(table: LookupTable, code: str, *, by: Any) -> ChangeRequest:
    """The code means nothing any more in the draft; the table's default decides."""
    content = _begun(table, by)
    rows = {other: value for other, value in content["rows"].items() if other != code}
    return _keep(table, {**content, "rows": rows}, by)


@transaction.atomic
def undo(table: LookupTable, code: str, *, by: Any) -> ChangeRequest:
    """The code means in the draft what it means live."""
    live = subjects.lookup_content(table)["rows"]
    return (
        put(table, code, live[code], by=by, insist=True)
        if code in live
        else remove(table, code, by=by)
    )


@transaction.atomic
def set_default(
    table: LookupTable, default: str, default_value: str = "", *, by: Any
) -> ChangeRequest:
    """Say in the draft what a code without a row does."""
    content = _begun(table, by)
    return _keep(table, {**content, "default": default, "default_value": default_value}, by)


@transaction.atomic
def replace(table: LookupTable, content: Content, *, by: Any) -> ChangeRequest:
    """Make `content` the whole draft."""
    _begun(table, by)
    return _keep(table, content, by)


def _begun(table: LookupTable, by: Any) -> Content:
    """The draft's content, on top of what is live now."""
    draft = of(table, by)
    if draft is None:
        return subjects.lookup_content(table)
    live, _ = drafts.live_content(subject_of(table))
    if (live.pk if live else None) != draft.base_id:
        drafts.rebase(draft, actor=by.name)
    return drafted(table, draft)


def _keep(table: LookupTable, content: Content, by: Any) -> ChangeRequest:
    """The draft with this content; withdrawn when that is what is live already."""
    draft = drafts.begin(subject_of(table), author=by, content=content)
    if content == subjects.lookup_content(table):
        return approval.withdraw(draft.pk, actor=by)
    return draft
