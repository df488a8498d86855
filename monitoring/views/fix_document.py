"""One document of a fix before and after, with what was checked and what would be sent."""

from typing import Any

from django.http import HttpRequest

from integrations.domain.foresee import BusyError, Pair
from integrations.queries import documents
from integrations.queries.panes import pane
from integrations.views import hidden
from monitoring.domain import foreseeing
from monitoring.domain.deeds import NotDoneError
from monitoring.domain.foreseeing import ACCEPTED
from monitoring.models import Fix, FixItem
from monitoring.queries import held
from monitoring.queries.fix_groups import Row
from monitoring.queries.held import Document
from monitoring.remedies import Situation
from monitoring.views import addresses, words
from monitoring.views.differences import changes, rows, veiled
from monitoring.views.document import panes
from monitoring.views.fix_steps import ends
from portal.accounts.models import Person
from portal.core.manner import number

MOST_BODY = 20_000
TABS = (("", "Changed"), ("whole", "Whole"), ("raw", "Raw"))


def chosen_document(request: HttpRequest, fix: Fix, row: Row) -> dict[str, Any]:
    """The context of the chosen document: foretold while nothing has changed, else what became of it."""
    person: Any = request.user
    refused = hidden.reason(person, fix.case.customer.name)
    known = {
        "number": row.number,
        "order_url": _order_url(person, row),
        "note": _note(row.item),
        "refused": refused,
    }
    told = _ended(row.item) if ends(fix) else _became(row.item)
    if row.message is None or fix.checked_at is None:
        return {**known, "told": told}
    if fix.applied_at or ends(fix):
        return {**known, "told": told, "panes": _as_it_is(fix, row, person)}
    try:
        pair = foreseeing.pair(fix, row.item.message_id)
    except (BusyError, NotDoneError) as error:
        return {**known, "told": str(error)}
    return {**known, **_foretold(request, row, pair, refused=refused)}


def _as_it_is(fix: Fix, row: Row, person: Person) -> list[dict[str, Any]]:
    """The document as it came or went and in the hub, with what is wrong with it now."""
    if row.message is None or not person.may("payloads.view"):
        return []
    document = Document(row.message, row.item.amount, row.item.currency)
    wrong = [one for one in held.problems(row.message) if one.closed_at is None]
    return panes(Situation(fix.case, person, document), row.message, wrong)


def _order_url(person: Person, row: Row) -> str:
    order_id = row.message.order_id if row.message else None
    return f"/orders/{order_id}/" if order_id and person.may("orders.view") else ""


def _note(item: FixItem) -> str:
    return f"to {', '.join(item.targets)}" if item.targets else ""


def _became(item: FixItem) -> str:
    """What became of it, or what the dry run said of it."""
    if item.outcome:
        told = f": {item.told}" if item.told else ""
        return f"{item.get_outcome_display().capitalize()}{told}."
    foretold = f": {item.reason}" if item.reason else ""
    return f"{item.get_verdict_display().capitalize()}{foretold}."


def _ended(item: FixItem) -> str:
    """What a remedy that lets nothing go on does to it, or did. There is nothing to compare: it stays as
    it is."""
    noted = item.reason == ACCEPTED
    if item.outcome == FixItem.Outcome.PASSED:
        return "Its remark was accepted." if noted else "It ended here and takes no effect."
    if item.outcome or item.verdict != FixItem.Verdict.PASS:
        return f"Cannot be skipped: {item.reason}." if item.outcome == "" else _became(item)
    if noted:
        return "Its remark is accepted. The document went on before and stays as it is."
    return "It ends here and takes no effect: nothing of it goes on, and nothing is sent."


def _foretold(request: HttpRequest, row: Row, pair: Pair, *, refused: str) -> dict[str, Any]:
    wanted = request.GET.get("show", "")
    lines = rows(pair)
    changed = sum(line["changed"] for line in lines)
    tab = wanted if wanted in ("whole", "raw") and not (wanted == "raw" and refused) else ""
    shown = changes(lines) if tab == "" else lines
    return {
        "tabs": _tabs(request, tab, changed=changed, refused=refused),
        "diff": _diff(pair, [veiled(line) for line in shown] if refused else shown)
        if tab != "raw"
        else None,
        "panes": _raw(row, pair) if tab == "raw" else [],
        "checks": [check._asdict() for check in pair.checks],
        "sends": [_sending(one, refused=bool(refused)) for one in pair.sends],
    }


def _tabs(
    request: HttpRequest, current: str, *, changed: int, refused: str
) -> list[dict[str, Any]]:
    return [
        {
            "label": label,
            "url": addresses.with_values(request, here=True, show=key),
            "count": changed if key == "" else None,
            "current": key == current,
        }
        for key, label in TABS
        if not (key == "raw" and refused)
    ]


def _diff(pair: Pair, lines: list[dict[str, Any]]) -> dict[str, Any]:
    return {
        "old_title": f"Now: {_wrong(pair.before.problems)}",
        "new_title": f"With the fix: {_wrong(pair.after.problems)}",
        "rows": lines,
        "sentence": "" if lines else "Nothing in the document changes.",
    }


def _wrong(problems: Any) -> str:
    if not problems:
        return "nothing is wrong"
    at = next((problem.path for problem in problems if problem.path), "")
    return f"held at {words.place(at)}" if at else f"held: {problems[0].text}"


def _raw(row: Row, pair: Pair) -> list[dict[str, Any]]:
    """The bytes as they came, and those that would go out."""
    payload = documents.payload_of(row.message) if row.message else None
    found = []
    if payload:
        found.append(pane("As it is", payload.body, content_type=payload.content_type))
    for one in pair.sends:
        found.append(pane(f"To {one.target}", one.body.encode(), content_type=""))
    return found


def _sending(one: Any, *, refused: bool) -> dict[str, Any]:
    name = one.object_type.replace("_", " ")
    return {
        "text": f"{name} to {one.target} · {number(one.size)} bytes",
        "body": "" if refused else one.body[:MOST_BODY],
    }
