"""Evidence for a change: the last real documents, run through what is live and through the draft."""

from collections.abc import Callable, Iterator, Sequence
from typing import Any

import structlog

from integrations.canonical.problem import Problem
from integrations.domain import configuration, drafts, history, subjects
from integrations.domain.configuration import Configuration
from integrations.domain.rerun import Runner, Stored, Wanted, latest
from integrations.domain.subjects import Content, Contents, Subject
from integrations.evidence import DocumentChange, Evidence, Result, compare, weigh
from integrations.evidence.evidence import Concern, FieldEvidence
from integrations.models import ChangeRequest, Endpoint, Kind
from portal.core import clock
from portal.customers.models import Customer
from portal.jobs import lanes

DOCUMENTS, MOST_DOCUMENTS = 200, 2_000
_MOST_CHANGED = 50
SHARED_CUSTOMERS = 20
_TELL_EVERY = 20
log = structlog.get_logger()
Progress = Callable[[int, int], None]


def gather(
    change: ChangeRequest, *, most: int = DOCUMENTS, progress: Progress = lambda done, of: None
) -> dict[str, Any]:
    """Replay the newest `most` documents the change concerns, and store what it shows.

    A partner-wide lookup is tried on the documents of the customers that have one. Nothing is
    written to the hub and nothing is sent.
    """
    subject = drafts.subject_of(change)
    changes: list[DocumentChange] = []
    upto = 0
    for customer in _concerned(subject):
        old, new, upto = _both(customer, subject, change.content)
        documents = _documents(subject, old, change.content, customer.pk, most=most - len(changes))
        changes += _replay(old, new, documents, progress=progress)
    evidence = weigh(changes, noun="document")
    change.evidence = as_json(evidence, changes)
    change.evidence_of = label(change, upto)
    ChangeRequest.objects.filter(pk=change.pk, edition=change.edition).update(
        evidence=change.evidence, evidence_of=change.evidence_of
    )
    return change.evidence


def order(change: ChangeRequest, *, most: int = DOCUMENTS) -> None:
    """Have the evidence gathered by a worker, of the newest `most` documents; `testing` says how far
    it is."""
    change.testing = {"done": 0, "of": 0, "failed": "", "most": min(max(most, 1), MOST_DOCUMENTS)}
    ChangeRequest.objects.filter(pk=change.pk).update(testing=change.testing)
    lanes.wake("evidence", str(change.pk))


def gather_asked(change_id: int) -> None:
    """Gather what was ordered. A failure stands in `testing`, for a person to order it again."""
    change = ChangeRequest.objects.filter(pk=change_id, testing__isnull=False).first()
    if change is None:
        return
    most = (change.testing or {}).get("most", DOCUMENTS)
    try:
        gather(change, most=most, progress=lambda done, of: _tell(change_id, done, of))
        failed = None
    except Exception:  # whatever a draft does, the lane goes on and the person is told
        log.exception("evidence failed", change=change_id)
        failed = {"failed": "The replay stopped over an error of ours; an engineer can see it."}
    ChangeRequest.objects.filter(pk=change_id).update(testing=failed)


def _tell(change_id: int, done: int, of: int) -> None:
    if done % _TELL_EVERY == 0:
        ChangeRequest.objects.filter(pk=change_id).update(
            testing={"done": done, "of": of, "failed": ""}
        )


def label(change: ChangeRequest, upto: int) -> str:
    """What evidence is about: this draft, on top of everything live up to version `upto`."""
    return f"{subjects.digest(change.content)} {upto}"


def is_of_this_draft(change: ChangeRequest) -> bool:
    """Whether the evidence shows what would go live, and not what was drafted before."""
    return change.evidence_of.split(" ")[0] == subjects.digest(change.content)


def is_current(change: ChangeRequest) -> bool:
    """Whether nothing else went live for the customer since the evidence was gathered."""
    return change.evidence_of.endswith(f" {_upto(change.customer_id)}")


def _upto(customer_id: int | None) -> int:
    first = Customer.objects.first()
    return history.last_id(customer_id or (first.pk if first else 0))


def _concerned(subject: Subject) -> Sequence[Customer]:
    if subject.customer_id is not None:
        return [Customer.objects.get(pk=subject.customer_id)]
    return list(Customer.objects.order_by("pk")[:SHARED_CUSTOMERS])


def _both(
    customer: Customer, subject: Subject, content: Content | None
) -> tuple[Configuration, Configuration, int]:
    contents = subjects.live(customer)
    upto = history.keep(customer.pk, contents)
    old = configuration.build(customer.pk, contents)
    return old, configuration.build(customer.pk, overlay(contents, subject, content)), upto


def overlay(contents: Contents, subject: Subject, content: Content | None) -> Contents:
    """The contents with one subject as drafted."""
    changed = {s: c for s, c in contents.items() if s != subject}
    if content is not None:
        number = contents.get(subject, {}).get("version", 0) + 1
        versioned = subject.kind in (Kind.MAPPING, Kind.RULES)
        changed[subject] = {**content, "version": number} if versioned else content
    return changed


def _documents(
    subject: Subject,
    config: Configuration,
    drafted: Content | None,
    customer_id: int,
    *,
    most: int,
) -> list[Stored]:
    if most <= 0:
        return []
    if subject.kind == Kind.MAPPING:
        slug, object_type, direction = subject.key.split(" ")
        return latest(
            customer_id, Wanted(_endpoint_id(customer_id, slug), object_type, direction), most=most
        )
    if subject.kind == Kind.CONTRACT:
        slug, object_type = subject.key.split(" ")
        return latest(
            customer_id, Wanted(_endpoint_id(customer_id, slug), object_type, "in"), most=most
        )
    if subject.kind == Kind.RULES:
        return latest(customer_id, Wanted(None, "order", "in"), most=most)
    if subject.kind == Kind.FLOW:
        flow = config.contents.get(subject) or drafted
        return (
            latest(customer_id, Wanted(flow["from"], flow["object"], "in"), most=most)
            if flow
            else []
        )
    if subject.kind == Kind.EXTENSION:
        return latest(customer_id, Wanted(None, subject.key.split(" ")[0], ""), most=most)
    return _of_lookup(subject.key, config, customer_id, most=most)


def _endpoint_id(customer_id: int, slug: str) -> int:
    return Endpoint.objects.values_list("pk", flat=True).get(customer_id=customer_id, slug=slug)


def _of_lookup(name: str, config: Configuration, customer_id: int, *, most: int) -> list[Stored]:
    """An equal share of each mapping that asks this table."""
    users = [
        (endpoint.id, object_type, direction)
        for endpoint in config.endpoints.values()
        for object_type, direction in endpoint.connector.mapper.MAPPINGS
        if name in config.lookups_of(endpoint.id, object_type, direction)
    ]
    share = max(1, most // max(1, len(users)))
    return [d for user in users for d in latest(customer_id, Wanted(*user), most=share)]


def _replay(
    old: Configuration,
    new: Configuration,
    documents: Sequence[Stored],
    *,
    progress: Progress,
) -> Iterator[DocumentChange]:
    before, after = Runner(old), Runner(new)
    for done, document in enumerate(documents, 1):
        yield compare(document.name, _run(before, document), _run(after, document))
        progress(done, len(documents))


def _run(runner: Runner, document: Stored) -> Result:
    """What comes out; a document that stops our own code is held then, and ends no replay."""
    try:
        return runner.run(document)
    except Exception:
        log.exception("replay of a document failed", message=str(document.id))
        return Result(None, (Problem("poison", "", "", "This document stops our own code"),))


def as_json(evidence: Evidence, changes: Sequence[DocumentChange]) -> dict[str, Any]:
    """For storing and for the page: sentences first, then counts, fields, and documents to look at."""
    changed = [change for change in changes if change.changed]
    return {
        "at": clock.now().isoformat(),
        "summary": list(evidence.summary),
        "counts": {
            **evidence.counts._asdict(),
            "refused": dict(evidence.counts.refused),
            "routes": [[*way, n] for way, n in evidence.counts.routes.items()],
        },
        "alarms": len(evidence.alarms),
        "warnings": [_concern(warning) for warning in evidence.warnings],
        "fields": [_concern(field) for field in evidence.fields],
        "documents": [_document(change) for change in changed[:_MOST_CHANGED]],
    }


def _concern(found: Concern | FieldEvidence) -> dict[str, Any]:
    return {**found._asdict(), "samples": [sample._asdict() for sample in found.samples]}


def _document(change: DocumentChange) -> dict[str, Any]:
    return {
        "name": change.name,
        "validity": change.validity,
        "before": _side(change.old),
        "after": _side(change.new),
        "fields": [
            {"at": f.at, "before": _short(f.before), "after": _short(f.after), "kind": f.kind}
            for f in change.fields[:_MOST_CHANGED]
        ],
    }


def _side(result: Result) -> dict[str, Any]:
    return {"target": result.target, "problems": [problem.text for problem in result.problems]}


def _short(value: Any) -> str:
    text = "none" if value is None else str(value)
    return text if len(text) <= 120 else text[:119] + "…"
