"""The documents of a fix: by reason, a page of the chosen reason, and the chosen document."""

from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest

from integrations.views import spoken
from integrations.views.addresses import place
from monitoring import taxonomy
from monitoring.domain.carrying import ENDED
from monitoring.domain.foreseeing import ACCEPTED
from monitoring.models import ExceptionCase, Fix, FixItem
from monitoring.queries import fix_groups, fix_results
from monitoring.queries.fix_groups import Group, Groups, Page, Row
from monitoring.queries.fix_results import Tally
from monitoring.views import addresses, words
from monitoring.views.fix_document import chosen_document
from monitoring.views.fix_steps import ends
from monitoring.views.outcomes import outcome
from portal.core import clock, manner

_SKIPPABLE = ("purged", "deadly")


def table(request: HttpRequest, case: ExceptionCase, fix: Fix, counts: Tally) -> dict[str, Any]:
    """The groups, the documents of the chosen one, and the chosen document."""
    if not counts.tried:
        return {"groups": None, "documents": [], "document": None, "before": "", "after": ""}
    foretold = fix.applied_at is None
    find = fix_groups.foreseen if foretold else fix_groups.happened
    groups = find(fix, now=clock.now())
    chosen = _chosen(request, groups)
    page = fix_groups.page(
        fix_groups.alike(fix, chosen.first, _columns(chosen, foretold=foretold)),
        before=addresses.number(request.GET, "before"),
        after=addresses.number(request.GET, "after"),
    )
    return {
        "groups": _groups(request, case, fix, groups, chosen),
        **_neighbours(request, groups, chosen),
        **_documents(request, fix, chosen, page),
    }


def _chosen(request: HttpRequest, groups: Groups) -> Group:
    wanted = addresses.number(request.GET, "reason")
    return next((one for one in groups.rows if one.first == wanted), groups.rows[0])


def _columns(chosen: Group, *, foretold: bool) -> tuple[str, ...]:
    """In what the documents of a group are alike."""
    if foretold:
        return fix_groups.FORESEEN
    return fix_groups.HAPPENED if chosen.kind else fix_groups.STILL_THERE


def _reason_url(request: HttpRequest, group: Group) -> str:
    return addresses.with_values(request, reason=str(group.first), document="")


def _neighbours(request: HttpRequest, groups: Groups, chosen: Group) -> dict[str, str]:
    at = groups.rows.index(chosen)
    before = groups.rows[at - 1] if at else None
    after = groups.rows[at + 1] if at + 1 < len(groups.rows) else None
    return {
        "before": _reason_url(request, before) if before else "",
        "after": _reason_url(request, after) if after else "",
    }


def _groups(
    request: HttpRequest, case: ExceptionCase, fix: Fix, groups: Groups, chosen: Group
) -> dict[str, Any]:
    foretold = fix.applied_at is None
    cases = {} if foretold else fix_results.cases_of_held(fix)
    return {
        "title": "After the fix" if foretold else "Now",
        "currency": groups.currency,
        "cutoffs": foretold and not ends(fix) and any(group.with_cutoff for group in groups.rows),
        "rows": [
            {
                **_status(fix, group),
                "why": _why(fix, group),
                "documents": manner.number(group.documents),
                "value": _value(group, groups),
                "in_time": manner.number(group.in_time) if group.with_cutoff else "none",
                "links": _then(case, fix, group) if foretold else _now(group, cases),
                "url": _reason_url(request, group),
                "current": group == chosen,
            }
            for group in groups.rows
        ],
        "total": {
            "documents": manner.number(groups.documents),
            "value": words.amount(groups.amount, groups.currency) if groups.currency else "",
            "in_time": manner.number(groups.in_time),
        },
        "more": f"{manner.number(groups.more)} more reasons with fewer documents"
        if groups.more > 0
        else "",
    }


def _status(fix: Fix, group: Group) -> dict[str, str]:
    shape, word = outcome(group.kind, ends=ends(fix), noted=_noted(group))
    return {"shape": shape, "word": word}


def _noted(group: Group) -> bool:
    """Whether the documents are not held, and only the remark on them ends."""
    return group.text == ACCEPTED if group.kind == "pass" else group.text != ENDED


def _why(fix: Fix, group: Group) -> str:
    if ends(fix) and group.kind in ("pass", "passed") and not _noted(group):
        return "it takes no effect"
    plain = {"passed": "as foreseen", "moving": "under way"}
    return group.text or plain.get(group.kind, "")


def _value(group: Group, groups: Groups) -> str:
    if group.amount is None:
        return "none"
    if group.currency and group.currency == groups.currency:
        return words.amount(group.amount, group.currency)
    return words.money(group.amount, group.currency) if group.currency else "several currencies"


def _then(case: ExceptionCase, fix: Fix, group: Group) -> list[dict[str, str]]:
    """What happens next with the documents of a group."""
    if group.kind == FixItem.Verdict.PASS:
        ending = "accept" if group.text == ACCEPTED else "skip"
        return [_text(ending if ends(fix) else "replay")]
    if group.kind == FixItem.Verdict.IMPOSSIBLE:
        return _of_impossible(case, fix, group)
    if group.code == FixItem.SAME_CAUSE or group.fingerprint is None:
        return [_text("stays here")]
    if group.case:
        return [_text(f"moves to case C-{group.case}", f"/cases/{group.case}/")]
    return [_text(f"new case, {taxonomy.kind(group.code).label}")]


def _of_impossible(case: ExceptionCase, fix: Fix, group: Group) -> list[dict[str, str]]:
    if group.code not in _SKIPPABLE or ends(fix):
        return [_text("nothing to do")]
    query = urlencode({"remedy": "skip", "fix": fix.pk, "first": group.first, "reason": group.text})
    return [_text("skip with this reason", f"/cases/{case.pk}/?{query}#remedy-part")]


def _now(group: Group, cases: dict[str, list[int]]) -> list[dict[str, str]]:
    if group.kind != FixItem.Outcome.HELD:
        return []
    return [_text(f"case C-{number}", f"/cases/{number}/") for number in cases.get(group.text, [])]


def _text(text: str, url: str = "") -> dict[str, str]:
    return {"text": text, "url": url}


def _documents(request: HttpRequest, fix: Fix, group: Group, page: Page) -> dict[str, Any]:
    wanted = place(request.GET, "document")
    chosen = next((row for row in page.rows if row.item.message_id == wanted), None)
    chosen = chosen or (page.rows[0] if page.rows else None)
    word = _status(fix, group)["word"]
    return {
        "documents_title": f"{manner.number(group.documents)}, {word}",
        "documents": [_row(request, fix, row, chosen) for row in page.rows],
        "pager": _pager(request, page),
        "document": chosen_document(request, fix, chosen) if chosen else None,
    }


def _row(request: HttpRequest, fix: Fix, row: Row, chosen: Row | None) -> dict[str, Any]:
    noted = row.item.reason == ACCEPTED
    shape, word = outcome(row.item.outcome or row.item.verdict, ends=ends(fix), noted=noted)
    return {
        "number": row.number,
        "url": addresses.with_values(request, here=True, document=str(row.item.message_id)),
        "shape": shape,
        "word": word,
        "amount": words.amount(row.item.worth, row.item.currency),
        "chosen": row == chosen,
    }


def _pager(request: HttpRequest, page: Page) -> dict[str, str]:
    newer = addresses.with_values(request, before=str(page.newer), document="")
    older = addresses.with_values(request, after=str(page.older), document="")
    return {
        "shown": spoken.counted(len(page.rows), "document"),
        "newer_url": newer if page.newer else "",
        "older_url": older if page.older else "",
    }
