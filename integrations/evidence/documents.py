"""What happens to whole documents: their key, their validity, their way, their sums."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from integrations.evidence.changes import DocumentChange
from integrations.evidence.sums import broken_sums
from integrations.evidence.verdict import Verdict, alarm, note


class Finding(NamedTuple):
    """A verdict on a document; `before` and `after` are what a sample of it shows."""

    verdict: Verdict
    document: DocumentChange
    path: str
    before: str
    after: str


def judge_documents(changes: Sequence[DocumentChange]) -> Iterator[Finding]:
    """The findings of each document and of all of them together."""
    for change in changes:
        yield from _validity(change)
        if change.validity == "valid":
            yield from _key(change)
            yield from _route(change)
            yield from _sums(change)
    yield from _collisions(changes)


def _validity(change: DocumentChange) -> Iterator[Finding]:
    if change.validity == "newly_valid":
        why = change.old.problems[0].text if change.old.problems else ""
        yield Finding(note("newly_valid"), change, "", why, "valid")
    elif change.validity == "newly_invalid":
        problem = change.new.problems[0] if change.new.problems else None
        path, text = (problem.path, problem.text) if problem else ("", "nothing comes out")
        yield Finding(alarm("newly_invalid"), change, path, "valid", text)


def _key(change: DocumentChange) -> Iterator[Finding]:
    old, new = change.old.key, change.new.key
    if old and old != new:
        yield Finding(alarm("key_changed"), change, "", old, new)


def _route(change: DocumentChange) -> Iterator[Finding]:
    old, new = change.old.target, change.new.target
    if old != new:
        verdict = note("now_routed") if not old else alarm("rerouted" if new else "unrouted")
        yield Finding(verdict, change, "", old or "nowhere", new or "nowhere")


def _sums(change: DocumentChange) -> Iterator[Finding]:
    if not change.fields or change.old.body is None or change.new.body is None:
        return
    old, new = broken_sums(change.old.body), broken_sums(change.new.body)
    for name in sorted(new - old):
        yield Finding(alarm("sums_broken"), change, _SUM_PATHS[name], "adds up", "does not")
    for name in sorted(old - new):
        yield Finding(note("sums_repaired"), change, _SUM_PATHS[name], "did not add up", "adds up")


_SUM_PATHS = {"totals": "totals.total", "lines": "totals.lines", "prices": "lines[].total"}


def _collisions(changes: Sequence[DocumentChange]) -> Iterator[Finding]:
    """Documents that had keys of their own, or none, and share one with another's now."""
    holders: dict[str, list[DocumentChange]] = defaultdict(list)
    for change in changes:
        if change.new.valid and change.new.key:
            holders[change.new.key].append(change)
    for key, found in holders.items():
        if len({change.old.key for change in found if change.old.key}) > 1:
            yield from (
                Finding(alarm("keys_collide"), change, "", change.old.key, key)
                for change in found
                if change.old.key != key
            )
