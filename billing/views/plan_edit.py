"""The plan editor: prices left, and right what they come to, while they are being written."""

from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from billing.domain import catalogue, plan_checks, plans, simulate
from billing.domain.plans import NotPublishedError
from billing.domain.simulate import NotSimulatedError
from billing.models import Metric, Plan, PlanVersion
from billing.plans import reading
from billing.plans.content import PlanContent
from billing.plans.fields import Problem
from billing.queries import sold
from billing.rating import TermsError
from billing.views import plan_fields, plan_live, plan_moves, plan_side, plan_simulated, plan_words
from billing.views.plan import load
from billing.views.plan import page as plan_page
from billing.views.plan_live import About
from billing.views.plan_sheet import Sheet
from billing.views.plans import today
from integrations.views import spoken
from portal.accounts.rules import requires


@requires("money.prices")
def edit(request: HttpRequest, slug: str) -> HttpResponse:
    """Write the draft. What is wrong is said at its place, and nothing typed is lost. A draft begins when it
    is saved for the first time."""
    plan = load(slug)
    if plan.archived_at:
        text = f"{plan.name} is archived. Bring it back before you change it."
        return plan_page(request, plan, refused=text, status=409)
    catalogue.ensure_metrics()
    draft = _draft(plan)
    if request.method != "POST":
        return _page(request, plan, draft, draft.content)
    content = plan_fields.read(request.POST)
    verb, _, place = request.POST.get("do", "look").partition(" ")
    if verb in ("save", "publish", "simulate"):
        return _save(request, plan, draft, content, then=verb)
    plan_moves.move(content, verb, place)
    return _page(request, plan, draft, content)


def _draft(plan: Plan) -> PlanVersion:
    """The draft there is, or what one would begin with: that is nowhere kept, and its edition is 0."""
    versions = list(plan.versions.all())
    found = plan_words.open_one(versions)
    if found:
        return found
    newest = versions[0]
    return PlanVersion(plan=plan, number=newest.number + 1, content=newest.content, edition=0)


def _save(
    request: HttpRequest, plan: Plan, draft: PlanVersion, content: dict[str, Any], *, then: str
) -> HttpResponse:
    try:
        saved = _saved(request, plan, draft, content)
        if then == "simulate":
            _simulate(request, saved)
    except TermsError:
        return _page(request, plan, draft, content, status=422)
    except (NotPublishedError, NotSimulatedError) as error:
        return _page(request, plan, draft, content, refused=str(error), status=409)
    if then == "publish":
        return redirect(f"/plans/{plan.slug}/publish/")
    if then == "save":
        messages.success(request, f"Draft v{saved.number} is saved.")
    return redirect(f"/plans/{plan.slug}/edit/{'#history' if then == 'simulate' else ''}")


@transaction.atomic
def _saved(
    request: HttpRequest, plan: Plan, draft: PlanVersion, content: dict[str, Any]
) -> PlanVersion:
    """The draft as it was written; what says the same is no new edition."""
    checked = plans.check(content)
    edition = _edition(request)
    if edition != draft.edition:
        raise NotPublishedError(_meanwhile(draft))
    held = plans.draft(plan, author=request.user)
    if draft.edition and checked == reading.read(held.content):
        return held
    return plans.save(held, content, edition=held.edition, author=request.user)


def _edition(request: HttpRequest) -> int:
    text = request.POST.get("edition", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0


def _meanwhile(draft: PlanVersion) -> str:
    if not draft.edition:
        return (
            "The draft was published or thrown away meanwhile, and what you wrote is not saved. Open the"
            " editor in another tab, compare, and write it there."
        )
    return (
        f"{draft.author} changed draft v{draft.number} meanwhile, and what you wrote is not saved. Open the"
        " editor in another tab, compare, and write it there."
    )


def _simulate(request: HttpRequest, draft: PlanVersion) -> None:
    months = request.POST.get("months", "")
    simulate.ask(
        draft,
        months=int(months) if months in ("3", "6", "12") else 6,
        everyone=request.POST.get("scope") == "everyone",
        by=request.user.name,  # type: ignore[union-attr]
    )


@requires("money.prices")
@require_POST
def live(request: HttpRequest, slug: str) -> HttpResponse:
    """The right side again, for what stands in the form now; nothing is kept."""
    plan = load(slug)
    context = _shown(request, plan, plan_fields.read(request.POST))
    return render(request, "billing/plan_live.html", context)


def _page(
    request: HttpRequest,
    plan: Plan,
    draft: PlanVersion,
    content: dict[str, Any],
    *,
    refused: str = "",
    status: int = 200,
) -> HttpResponse:
    names = sold.by_version(plan, today())
    context = {
        **_shown(request, plan, content),
        "draft": _head(plan, draft, sum(map(len, names.values()))),
        "edition": _edition(request) if request.method == "POST" else draft.edition,
        "currencies": sorted({"EUR", "GBP", "USD", content["currency"]}),
        "history": plan_simulated.part(plan, draft),
        "refused": refused,
        "may_publish": request.user.may("money.publish"),  # type: ignore[union-attr]
    }
    if request.headers.get("HX-Request"):
        status = 200
    return render(request, "billing/plan_edit.html", context, status=status)


def _shown(request: HttpRequest, plan: Plan, content: dict[str, Any]) -> dict[str, Any]:
    """{plan, sheet, verdict, …}: both sides of the editor."""
    metrics = list(Metric.objects.filter(archived_at=None))
    problems = plan_checks.problems(content)
    published = plan_words.sold_one(list(plan.versions.all()))
    sheet = Sheet(
        content, problems=problems, live=published.content if published else None, metrics=metrics
    ).shown()
    about = About(plan, content, _content(published), metrics, request.POST or None)
    right = plan_live.shown(about, problems)
    return {
        "plan": {"name": plan.name, "slug": plan.slug},
        "side": {"one": plan_side.one(), "many": plan_side.many()},
        "sheet": sheet,
        **right,
        "verdict": _verdict(problems, right),
    }


def _content(published: PlanVersion | None) -> PlanContent | None:
    return reading.read(published.content) if published else None


def _verdict(problems: list[Problem], right: dict[str, Any]) -> dict[str, str]:
    """{shape, word} for the bar."""
    if problems:
        word = "1 thing keeps" if len(problems) == 1 else f"{len(problems)} things keep"
        return {"shape": "bad", "word": f"{word} it from being saved"}
    if right["said"]:
        return {
            "shape": "risk",
            "word": f"{spoken.counted(len(right['said']), 'thing')} to think of",
        }
    return {"shape": "good", "word": "nothing is wrong with these prices"}


def _head(plan: Plan, draft: PlanVersion, held: int) -> dict[str, Any]:
    published = plan_words.sold_one(list(plan.versions.all()))
    over = f"over v{published.number}" if published else "nothing is sold yet"
    return {
        "number": draft.number,
        "is_kept": draft.edition > 0,
        "note": f"{over} · {plan_side.counted(held)}",
        "asked": draft.state == PlanVersion.State.ASKED,
        "author": draft.author,
    }
