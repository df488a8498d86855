"""Whether the audit trail is as it was written: the chain, each entry in it, and none beside it."""

from collections.abc import Iterator
from itertools import islice
from typing import Final, NamedTuple

from auditlog.models import LogEntry
from django.db.models import Exists, OuterRef

from portal.audit.domain import chaining, content
from portal.audit.models import Mark
from portal.core import sealing
from portal.core.sealing import Head, Link

_AT_ONCE: Final = 1000


class Found(NamedTuple):
    """`broken`: the first thing that is wrong, in a sentence; blank when nothing is. `entry_id` names the
    entry it is about, where it is about one."""

    entries: int
    head: Head
    broken: str
    entry_id: int | None = None


def check(*, expected: Head | None = None) -> Found:
    """Look at all of it. What waits for its place in the chain gets it first."""
    chaining.chain()
    keys = chaining.keys()
    examined = sealing.examine(_links(), keys, expected=expected)
    for found in (_broken_entry(keys, examined.length), _chain(examined), _beside(examined)):
        if found:
            return found
    return Found(examined.length, examined.head, "")


def _links() -> Iterator[Link]:
    sealed = Mark.objects.exclude(number=None).order_by("number")
    for mark in sealed.iterator(chunk_size=_AT_ONCE):
        yield Link(mark.number or 0, content.of_mark(mark), mark.previous, mark.digest)


def _chain(examined: sealing.Examined) -> Found | None:
    if examined.flaw is None:
        return None
    at = Mark.objects.filter(number=examined.flaw.number).values_list("entry_id", flat=True).first()
    said = examined.flaw.sentence + (f" It is the seal of entry {at}." if at else "")
    return Found(examined.length, examined.head, said, at)


def _broken_entry(keys: list[bytes], upto: int) -> Found | None:
    """The first entry, of the rows of the chain that are whole, that is not as it was sealed."""
    sealed = Mark.objects.filter(number__lte=upto).order_by("number")
    rows = sealed.iterator(chunk_size=_AT_ONCE)
    while marks := list(islice(rows, _AT_ONCE)):
        entries = LogEntry.objects.in_bulk([mark.entry_id for mark in marks])
        for mark in marks:
            if said := _wrong(mark, entries.get(mark.entry_id), keys):
                number = mark.number or 0
                head = Head(number - 1, mark.previous)
                return Found(number - 1, head, f"Row {number}: {said}", mark.entry_id)
    return None


def _wrong(mark: Mark, entry: LogEntry | None, keys: list[bytes]) -> str:
    if entry is None:
        return f"entry {mark.entry_id} was deleted."
    same_actor = entry.actor_id is None or entry.actor_id == mark.actor_id
    if same_actor and sealing.is_mac(keys, content.of_entry(entry, mark), mark.mac):
        return ""
    return f"entry {mark.entry_id} was changed after it was written."


def _beside(examined: sealing.Examined) -> Found | None:
    """An entry that nothing of ours wrote: it has no mark."""
    marked = Mark.objects.filter(entry_id=OuterRef("pk"))
    unmarked = LogEntry.objects.filter(~Exists(marked)).order_by("pk")
    if (first := unmarked.values_list("pk", flat=True).first()) is None:
        return None
    said = f"Entry {first} was inserted past the application: it has no seal."
    return Found(examined.length, examined.head, said, first)
