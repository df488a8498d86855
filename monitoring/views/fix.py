"""A remedy on its way: what it would do, how far it is, what it did."""

from typing import Any

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render

from integrations.views import spoken
from monitoring import remedies
from monitoring.models import ExceptionCase, Fix
from monitoring.queries import fix_results
from monitoring.views import words
from monitoring.views.case_side import side
from monitoring.views.fix_actions import actions
from monitoring.views.fix_progress import progress, progress_told
from monitoring.views.fix_said import said
from monitoring.views.fix_steps import steps
from monitoring.views.fix_table import table
from monitoring.views.holding import holder
from monitoring.views.loading import load, load_fix
from portal.accounts.rules import requires


@requires("desk.view")
def fix(request: HttpRequest, number: int, pk: int) -> HttpResponse:
    case = load(number)
    return page(request, case, load_fix(case, pk))


def page(request: HttpRequest, case: ExceptionCase, found: Fix) -> HttpResponse:
    """The page of a fix in whatever state it is."""
    person: Any = request.user
    counts = fix_results.tally(found)
    holding = holder(case, person, fix=found.pk)
    remedy = remedies.named(found.remedy)
    context = {
        "case": {
            "id": case.label,
            "title": case.title,
            "where": words.where(case),
            "url": f"/cases/{case.pk}/",
        },
        "holder": holding,
        "fix": {
            "remedy": remedy.label if remedy else found.remedy,
            "words": found.words,
            "frozen": _frozen(found),
            "by": found.person_name,
        },
        "steps": steps(found, counts),
        "progress": progress(found, counts),
        "said": said(found, counts),
        **table(request, case, found, counts),
        "actions": actions(found, counts, person=person, holding=holding),
        **side(request, case, blocked=holding["blocked"], fix=found),
    }
    return render(request, "monitoring/fix.html", context)


def _frozen(found: Fix) -> str:
    count = spoken.counted(found.documents, "document")
    return f"{count} frozen at {spoken.moment(found.created_at)} · list {found.label}"


@requires("desk.view")
def watch(request: HttpRequest, number: int, pk: int) -> HttpResponse:
    """What the page asks each second while something is under way: the progress, or, once that is over,
    the whole page in its new state."""
    case = load(number)
    found = load_fix(case, pk)
    if found.state != request.GET.get("was"):
        # The links of the page lead to the page, and not to the question that brought it.
        request.path, request.GET = f"/cases/{case.pk}/fixes/{found.pk}/", QueryDict()
        answer = page(request, case, found)
        answer["HX-Retarget"] = answer["HX-Reselect"] = "main"
        answer["HX-Reswap"] = "outerHTML show:none"
        return answer
    counts = fix_results.tally(found)
    shown = progress(found, counts)
    context = {"progress": shown, "told": progress_told(shown)}
    return render(request, "monitoring/fix_progress.html", context)
