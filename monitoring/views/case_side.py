"""What stands beside a case and beside its fixes: clocks, facts, memory, the same elsewhere, the log."""

from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest

from integrations.views import spoken
from monitoring import remedies
from monitoring.domain import learn
from monitoring.models import CaseEvent, ExceptionCase, Fix, RemedyRule
from monitoring.queries import memory, rules
from monitoring.queries.memory import Memory, Remembered
from monitoring.remedies import DocumentRemedy, Remedy
from monitoring.views import addresses, words
from monitoring.views.case_clocks import clocks_context
from portal.accounts.models import Person
from portal.core.manner import number

FIRST = 50


def side(
    request: HttpRequest, case: ExceptionCase, *, blocked: str, fix: Fix | None = None
) -> dict[str, Any]:
    """The context of `monitoring/case_side.html`. `fix` is the one whose page it is."""
    person: Any = request.user
    known = memory.of(case)
    may = person.may("desk.work")
    return {
        **clocks_context(case),
        "facts": _facts(case),
        "suggestion": _suggestion(case, person),
        "memory": _memory(case, known, person) if known.remedies else None,
        "elsewhere": _elsewhere(case, fix or _carrying(known, person), person, blocked=blocked),
        **_activity(request, case, person),
        "comment_url": f"/cases/{case.pk}/comment/" if may else "",
        "customer_may_read": not case.is_internal,
    }


def _facts(case: ExceptionCase) -> list[dict[str, str]]:
    rows = [
        ("Cause", words.kind(case.code)),
        ("Severity", words.severity(case)),
        ("State", case.get_state_display()),
        ("Opened", spoken.moment(case.opened_at)),
        ("Came back", _came_back(case)),
        ("Last seen", spoken.moment(case.last_seen_at)),
        ("Cut-off", words.cutoff(case)),
        ("Endpoint", "" if case.is_of_channel else case.endpoint.label),
        ("Assigned to", words.assigned(case)),
        ("Tags", ", ".join(case.tags)),
    ]
    return [{"label": label, "value": value} for label, value in rows if value]


def _came_back(case: ExceptionCase) -> str:
    if not case.times_back:
        return ""
    times = "once" if case.times_back == 1 else f"{case.times_back} times, the last"
    return f"{times} {spoken.moment(case.began_at)}"


def _memory(case: ExceptionCase, known: Memory, person: Person) -> dict[str, Any]:
    top = known.remedies[0]
    by = "once, by" if known.times == 1 else f"{number(known.times)} times, {number(top.times)} by"
    of_kind = "" if known.same_cause else "Not this cause, but its kind: "
    return {
        "lead": f"{of_kind}{'fixed' if of_kind else 'Fixed'} {by}",
        "top": top.fix.words,
        "url": _remembered(case, top, known, person)["url"],
        "median": words.median(top),
        "propose": top.fix.pk if _worth_a_rule(top, person) else None,
        "rows": [_remembered(case, one, known, person) for one in known.remedies[1:]],
    }


def _worth_a_rule(top: Remembered, person: Person) -> bool:
    """Applied often enough, and no rule has come of it yet."""
    if top.times < learn.OFTEN or not person.may("desk.work"):
        return False
    return not RemedyRule.objects.filter(remedy=top.remedy, words=top.fix.words).exists()


def _suggestion(case: ExceptionCase, person: Person) -> dict[str, str] | None:
    """What a rule proposes for the case, filled in."""
    found = rules.suggestion(case) if case.is_open else None
    remedy = remedies.named(found.rule.remedy) if found else None
    if found is None or remedy is None:
        return None
    usable = all(person.may(permission) for permission in remedy.permissions)
    return {
        "words": found.words,
        "url": _filled(case, remedy, found.terms) if usable else "",
        "rule": found.rule.label,
        "rule_url": f"/rules/{found.rule.pk}/",
    }


def _remembered(
    case: ExceptionCase, one: Remembered, known: Memory, person: Person
) -> dict[str, str]:
    remedy = remedies.named(one.remedy)
    seen = f"{number(one.times)} of {number(known.times)}, {words.median(one)}"
    usable = remedy and case.is_open and all(person.may(p) for p in remedy.permissions)
    return {
        "text": one.fix.words,
        "seen": seen,
        "url": _filled(case, remedy, one.terms) if usable and remedy else "",
    }


def _filled(case: ExceptionCase, remedy: Remedy, terms: dict[str, Any]) -> str:
    """The page of the case with this remedy filled in."""
    values = {name: str(terms[name]) for name in remedy.proposes if terms.get(name)}
    return f"/cases/{case.pk}/?{urlencode({'remedy': remedy.slug, **values})}#remedy-part"


def _carrying(known: Memory, person: Person) -> Fix | None:
    """The remembered fix that may be begun elsewhere with the same terms."""
    return next((one.fix for one in known.remedies if carries(one.fix, person)), None)


def carries(fix: Fix, person: Person) -> bool:
    """Whether this person may begin the remedy of a fix, as it is, in another case of the same cause."""
    remedy = remedies.named(fix.remedy)
    if not isinstance(remedy, DocumentRemedy) or not remedy.carries:
        return False
    return all(person.may(permission) for permission in remedy.permissions)


def _elsewhere(
    case: ExceptionCase, fix: Fix | None, person: Person, *, blocked: str
) -> list[dict[str, Any]]:
    usable = fix is not None and not blocked and carries(fix, person)
    return [
        {
            "text": words.where(other),
            "label": other.label,
            "url": f"/cases/{other.pk}/",
            "like_url": f"/cases/{other.pk}/like/{fix.pk}/" if usable and fix else "",
            "dry_run": f"dry run {number(other.documents)}",
            "title": f"{fix.words}, tried on {other.label}" if usable and fix else "",
        }
        for other in memory.elsewhere(case)
        if other.is_of_documents
    ]


def _activity(request: HttpRequest, case: ExceptionCase, person: Person) -> dict[str, Any]:
    everything = request.GET.get("activity") == "all"
    events: list[CaseEvent] = list(case.events.all()[: None if everything else FIRST + 1])
    more = case.events.count() if len(events) > FIRST and not everything else 0
    shown = events if everything else events[:FIRST]
    return {
        "activity": words.activity(shown, person),
        "activity_more": {
            "text": f"Show all {number(more)}",
            "url": addresses.with_values(request, here=True, activity="all"),
        }
        if more
        else None,
    }
