"""The context of a list's page."""

from typing import Any

from django.forms import Form
from django.http import HttpRequest

from integrations.views import spoken
from integrations.views.spoken import counted
from monitoring.domain import bulk, bulk_items, deeds
from monitoring.domain.bulk_verbs import VERBS
from monitoring.models import BulkAction, BulkItem
from monitoring.queries import bulk as queries
from monitoring.queries.bulk import Page, Progress, Sums
from monitoring.views import addresses, bulk_words, words
from monitoring.views.bulk_words import Said
from portal.core import clock
from portal.core.manner import number

State = BulkAction.State
KEYS = {
    "acknowledge": "c", "assign": "a", "tag": "l", "wait": "w", "snooze": "z", "take_up": "u",
    "retry": "t", "skip": "s",
}  # fmt: skip
_TRIED_FIRST = "Tried on {documents} first. You see what would happen before anything does."
_PASSING = {
    "submit": "Let go of {all_of} whose dry run passes wholly",
    "passing": "{documents}. The others stay held. Undo for 10 minutes.",
    "running": "What passes wholly can be let go once every dry run is over.",
    "none": "No dry run passes wholly: open a case to see why.",
}
_ENDING = {
    "submit": "Skip {all_of} that can be skipped wholly",
    "passing": "{documents}. What is held of them ends here and takes no effect. The others stay held."
    " Undo for 10 minutes.",
    "running": "What can be skipped wholly can be skipped once every dry run is over.",
    "none": "None can be skipped wholly: open a case to see why.",
}
_AS_SHOWN = "Done to the cases that are still as shown here, and to no other. Undo for 10 minutes."


def url(found: BulkAction) -> str:
    return f"/desk/bulk/{found.pk}/"


def desk_url(query: str) -> str:
    """Back to where the list was chosen."""
    return f"/desk/?{query}" if query else "/desk/"


def at_rest(found: BulkAction) -> bool:
    """Nothing more will happen to the list by itself."""
    return found.state not in BulkAction.WORKING and not bulk_words.under_way(
        queries.progress(found)
    )


def context(request: HttpRequest, found: BulkAction, verb: str, form: Form) -> dict[str, Any]:
    sums = queries.sums(found)
    page = _page(request, found)
    fixes = queries.progress(found)
    shown = found.state == State.SHOWN
    return {
        "title": _title(sums),
        "facts": [
            {"before": "list", "value": found.label},
            {"before": "frozen at", "value": spoken.moment(found.made_at)},
        ],
        "desk_url": desk_url(found.query),
        "tabs": _tabs(request, verb) if shown else [],
        "verb": _verb(found, verb, form, sums) if shown else None,
        "result": None if shown else _result(found, fixes, sums),
        "go": _go(found, fixes) if found.state == State.TRIED else None,
        "rows": _rows(found, page, fixes),
        "currency": _currency(page),
        "column": _column(found),
        "pager": _pager(request, page),
    }


def _page(request: HttpRequest, found: BulkAction) -> Page:
    """What asks how far it is gets no rows: they come once it is at its end."""
    if request.headers.get("HX-Request"):
        return Page([], None, None)
    return queries.page(
        found,
        before=addresses.number(request.GET, "before"),
        after=addresses.number(request.GET, "after"),
    )


def _column(found: BulkAction) -> str:
    if found.state == State.SHOWN:
        return "Now"
    tried = found.state in (State.ACTING, State.TRIED) and VERBS[found.verb].words
    return "Dry run" if tried else "What became of it"


def _title(sums: Sums) -> str:
    parts = [counted(sums.cases, "case"), counted(sums.documents, "document")]
    return ", ".join([*parts, *(words.money(amount, code) for code, amount in sums.at_risk)])


def _tabs(request: HttpRequest, verb: str) -> list[dict[str, Any]]:
    return [
        {
            "label": one.label,
            "url": addresses.with_values(request, here=True, verb=slug),
            "key": KEYS[slug],
            "current": slug == verb,
        }
        for slug, one in VERBS.items()
    ]


def _verb(found: BulkAction, verb: str, form: Form, sums: Sums) -> dict[str, Any]:
    documents = counted(sums.documents, "document")
    return {
        "slug": verb,
        "title": VERBS[verb].label,
        "form": form,
        "action": f"{url(found)}?verb={verb}",
        "shown": found.digest,
        "submit": f"{VERBS[verb].label} {number(sums.cases)}",
        "note": _TRIED_FIRST.format(documents=documents) if VERBS[verb].words else _AS_SHOWN,
    }


def _result(found: BulkAction, fixes: dict[int, Progress], sums: Sums) -> dict[str, Any]:
    outcomes = queries.outcomes(found)
    effect = ("undone",) if found.state == State.UNDONE else BulkItem.TOOK_EFFECT
    took = sum(count for (outcome, _), count in outcomes.items() if outcome in effect)
    left = bulk.left(found).count() if found.state in BulkAction.WORKING else 0
    running = found.state in BulkAction.WORKING or bulk_words.under_way(fixes)
    return {
        "text": bulk_words.headline(found, took=took, total=sums.cases, running=running),
        "figures": bulk_words.figures(outcomes, fixes),
        "progress": bulk_words.progress(found, fixes, left=left, total=sums.cases),
        "poll_url": url(found) if running else "",
        "undo": _undo(found) if took else None,
    }


def _undo(found: BulkAction) -> dict[str, str] | None:
    until, now = found.undo_until, clock.now()
    if until is None or until <= now:
        return None
    seconds = int((until - now).total_seconds())
    left = f"{seconds // 60}:{seconds % 60:02}"
    return {"url": f"{url(found)}undo/", "left": left, "until": until.isoformat()}


def _go(found: BulkAction, fixes: dict[int, Progress]) -> dict[str, Any]:
    """The button that lets go what passes wholly, once every dry run is over."""
    passing = [] if bulk_words.under_way(fixes) else bulk.passing(found)
    say = _ENDING if deeds.of(found.verb).ends else _PASSING
    documents = counted(sum(fix.documents for fix in passing), "document")
    all_of = "the one" if len(passing) == 1 else f"the {number(len(passing))}"
    what = "passing" if passing else "running" if bulk_words.under_way(fixes) else "none"
    return {
        "action": f"{url(found)}go/",
        "keep_url": f"{url(found)}keep/",
        "shown": bulk.name_of(passing),
        "submit": say["submit"].format(all_of=all_of) if passing else "",
        "note": say[what].format(documents=documents),
    }


def _rows(found: BulkAction, page: Page, fixes: dict[int, Progress]) -> list[dict[str, Any]]:
    bite = bulk_items.look(page.rows, lock=False) if found.state == State.SHOWN else None
    return [
        _row(item, _ahead(found, item, bite) if bite else bulk_words.of_item(item, fixes))
        for item in page.rows
    ]


def _ahead(found: BulkAction, item: BulkItem, bite: bulk_items.Bite) -> Said:
    """How the case stands, or why nothing would be done to it."""
    wrong = bulk_items.objection(item, bite, found.person, word="meanwhile")
    if wrong:
        return Said(bulk_words.of_outcome(wrong[0]).shape, "", wrong[1])
    return bulk_words.of_case(bite.cases[item.case_id])


def _row(item: BulkItem, said: Said) -> dict[str, Any]:
    case = item.case
    fix = f"fixes/{item.fix_id}/" if item.fix_id else ""
    return {
        "url": f"/cases/{case.pk}/{fix}",
        "id": case.label,
        "severity": words.severity(case),
        "cause": words.cause(case),
        "where": words.where(case),
        "documents": number(item.documents),
        "at_risk": words.amount(case.at_risk, case.currency),
        "currency": case.currency,
        "shape": said.shape,
        "said": said.text,
    }


def _currency(page: Page) -> str:
    """The one currency of the page; of several, the column names none."""
    found = {item.case.currency for item in page.rows if item.case.at_risk}
    return found.pop() if len(found) == 1 else ""


def _pager(request: HttpRequest, page: Page) -> dict[str, str]:
    newer, older = str(page.newer), str(page.older)
    return {
        "shown": counted(len(page.rows), "case"),
        "newer_url": addresses.with_values(request, before=newer) if page.newer else "",
        "older_url": addresses.with_values(request, after=older) if page.older else "",
    }
