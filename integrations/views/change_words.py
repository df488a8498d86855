"""A change request in words: what it changes, how far it is, what may be done with it."""

from typing import Any, NamedTuple

from integrations.domain import approval, differences, drafts, evidence, faults
from integrations.models import ChangeRequest, Endpoint, Flow, Kind, Version
from integrations.views import spoken
from integrations.views.endpoint_words import object_words
from portal.core import clock

State = ChangeRequest.State

SHAPES: dict[str, str] = {
    State.DRAFT: "open",
    State.ASKED: "waiting",
    State.APPROVED: "work",
    State.LIVE: "good",
    State.ROLLED_BACK: "risk",
    State.REFUSED: "risk",
    State.WITHDRAWN: "due",
}


def title(change: ChangeRequest) -> str:
    """What a change is about, by the names people use: “Orders from Harbor store”."""
    return subject_title(change.kind, change.key)


def subject_title(kind: str, key: str) -> str:
    words = key.split(" ")
    if kind == Kind.MAPPING:
        way = "from" if words[2] == "in" else "to"
        return f"Mapping: {object_words(words[1]).lower()} {way} {endpoint_label(words[0])}"
    if kind == Kind.CONTRACT:
        return f"Contract: {object_words(words[1]).lower()} of {endpoint_label(words[0])}"
    if kind == Kind.LOOKUP:
        return f"Lookup: {key}"
    if kind == Kind.EXTENSION:
        return f"Extension: {words[-1]} of {words[0]}"
    if kind == Kind.FLOW:
        return f"Flow: {_flow_label(key)}"
    return "Routing rules"


def endpoint_label(slug: str) -> str:
    found = Endpoint.objects.filter(slug=slug).values_list("label", flat=True).first()
    return found or slug


def _flow_label(slug: str) -> str:
    flow = Flow.objects.filter(slug=slug).select_related("source", "target").first()
    if flow is None:
        return slug
    return f"{object_words(flow.object_type).lower()}, {flow.source.label} → {flow.target.label}"


class Where(NamedTuple):
    """A state as a shape and a word."""

    shape: str
    word: str


def state(change: ChangeRequest) -> Where:
    shape, word = SHAPES[change.state], str(change.get_state_display())
    if change.state == State.APPROVED and change.publish_at:
        word = f"goes live {spoken.moment(change.publish_at)}"
    if change.state == State.LIVE and change.watch_until and change.watch_until > clock.now():
        shape, word = "work", f"live, watched for {spoken.span(change.watch_until - clock.now())}"
    return Where(shape, word)


def result(change: ChangeRequest) -> Where:
    """What the evidence says in one line."""
    found = change.evidence
    if change.testing and not change.testing.get("failed"):
        return Where("work", "being tested")
    if not found or not evidence.is_of_this_draft(change):
        return Where("waiting", "not tested")
    counts, alarms = found["counts"], found["alarms"]
    if alarms:
        return Where(
            "bad", f"{alarms} to look at, {counts['changed']} of {counts['documents']} change"
        )
    return Where("good", f"{counts['changed']} of {counts['documents']} change")


def steps(change: ChangeRequest) -> list[dict[str, Any]]:
    """Draft → Evidence → Approval → Live → Watch, with the one it is at."""
    at = 0
    if change.state in drafts.EDITABLE and change.evidence and evidence.is_of_this_draft(change):
        at = 1
    if change.state in (State.ASKED, State.APPROVED):
        at = 2
    if change.state in (State.LIVE, State.ROLLED_BACK):
        at = 4 if change.watch_until and change.watch_until > clock.now() else 3
    labels = ("Draft", "Evidence", "Approval", "Live", "Watch")
    return [{"label": label, "url": "", "current": at == n} for n, label in enumerate(labels)]


class Actions(NamedTuple):
    """What this person may do with the change now; `why_not` where something is missing."""

    edit: bool
    test: bool
    ask: bool
    make_live: bool
    approve: bool
    send_back: bool
    publish: bool
    take_back: bool
    withdraw: bool
    roll_back: bool
    take_over: bool
    why_not: str


def right_to_edit(kind: str) -> str:
    """The permission to write drafts of a kind: lookups are for operators, too."""
    return "lookups.edit" if kind == Kind.LOOKUP else "mappings.edit"


def actions(change: ChangeRequest, person: Any) -> Actions:
    own = change.author_id == person.pk
    editor = person.may(right_to_edit(change.kind))
    writable = change.state in drafts.EDITABLE and editor
    editable = (
        writable and own
    )  # whoever could write in another's draft could approve their own words
    tested = bool(change.evidence) and evidence.is_of_this_draft(change)
    lets = approval.may_approve(change, person)
    may_publish = person.may("changes.publish") or (
        change.kind == Kind.LOOKUP and not approval.needs_two(change) and editor
    )
    outdated = change.state in ChangeRequest.OPEN and not _is_on_top(change)
    wrong = faults.find(drafts.subject_of(change), change.content) if editable else []
    ready = editable and tested and not wrong and not outdated
    return Actions(
        edit=editable,
        test=writable or (change.state == State.ASKED and lets),
        ask=ready,
        make_live=ready and lets and may_publish,
        approve=change.state == State.ASKED and lets and not outdated,
        send_back=change.state in (State.ASKED, State.APPROVED) and lets and not own,
        publish=change.state == State.APPROVED and may_publish and not outdated,
        take_back=change.state in (State.ASKED, State.APPROVED) and own,
        withdraw=change.state in ChangeRequest.OPEN and (own or may_publish),
        roll_back=change.state == State.LIVE and may_publish,
        take_over=outdated and editable,
        why_not=_why_not(change, person, wrong=wrong, outdated=outdated, lets=lets),
    )


def _is_on_top(change: ChangeRequest) -> bool:
    live, _ = drafts.live_content(drafts.subject_of(change))
    return (live.pk if live else None) == change.base_id


def _why_not(
    change: ChangeRequest, person: Any, *, wrong: list[str], outdated: bool, lets: bool
) -> str:
    if wrong:
        return f"Mend this first: {wrong[0]}"
    if outdated:
        return (
            "Something newer is live than what this draft was made from. Compare, take it over, and"
            " test again."
        )
    if change.state == State.ASKED and not lets:
        if person.pk == change.author_id:
            return "You wrote it: somebody else has to approve it."
        return "Approving is for people whose role has the right to."
    return ""


def version_row(version: Version, before: Version | None) -> dict[str, Any]:
    """A version of the history with what it changed."""
    found = differences.between(version.kind, before.content if before else None, version.content)
    return {
        "number": f"v{version.number}",
        "at": spoken.moment(version.at),
        "author": version.author or "found changed",
        "cause": version.cause,
        "sentence": differences.sentence(found, differences.NOUNS[version.kind])
        if before
        else "the first one kept",
        "differences": [one._asdict() for one in found[:50]] if before else [],
    }
