"""One plan: what it costs in words, its versions, and who has which."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from billing.domain import plans as verbs
from billing.domain.plans import NotPublishedError
from billing.models import Metric, Plan
from billing.plans import price_words, reading
from billing.queries import sold
from billing.views import plan_side, plan_words
from billing.views.plans import today
from portal.accounts.rules import requires

Verb = Callable[[HttpRequest, Plan], str]


class NameForm(forms.Form):
    """What people call it; bills that were sent keep the name they had."""

    name = forms.CharField(label="Name", max_length=80)
    description = forms.CharField(label="Description", max_length=300, required=False)


def load(slug: str) -> Plan:
    """The plan with its versions, or 404."""
    found = Plan.objects.filter(slug=slug).prefetch_related("versions").first()
    if found is None:
        raise Http404
    return found


@requires("money.view")
def plan(request: HttpRequest, slug: str) -> HttpResponse:
    return page(request, load(slug))


def page(
    request: HttpRequest,
    one: Plan,
    *,
    form: NameForm | None = None,
    refused: str = "",
    status: int = 200,
) -> HttpResponse:
    """`refused`: why the last action was not done."""
    versions = list(one.versions.all())
    names = sold.by_version(one, today())
    published = [v for v in versions if v.published_at]
    about = {"name": one.name, "description": one.description}
    context = {
        "plan": _head(one, versions, sum(map(len, names.values()))),
        **_prices(versions),
        "versions": [plan_words.version(v, names.get(v.pk, [])) for v in published],
        "side": {"one": plan_side.one(), "many": plan_side.many()},
        "form": form or NameForm(about),
        "may_edit": request.user.may("money.prices"),  # type: ignore[union-attr]
        "refused": refused,
    }
    return render(request, "billing/plan.html", context, status=status)


def _head(one: Plan, versions: list[Any], held: int) -> dict[str, Any]:
    return {
        "name": one.name,
        "slug": one.slug,
        "description": one.description,
        "addon": one.is_addon,
        "archived": bool(one.archived_at),
        "state": plan_words.state(one, versions),
        "customers": plan_side.counted(held),
        "waits": plan_words.waits(versions),
        "has_draft": plan_words.open_one(versions) is not None,
    }


def _prices(versions: list[Any]) -> dict[str, Any]:
    """{shown, is_draft, charges, holds}: the version that is sold, or the first draft."""
    shown = plan_words.sold_one(versions) or plan_words.open_one(versions)
    if shown is None:
        return {"shown": "", "charges": [], "holds": []}
    content = reading.read(shown.content)
    units = dict(Metric.objects.values_list("code", "name"))
    return {
        "shown": f"v{shown.number}",
        "is_draft": shown.published_at is None,
        "currency": content.currency,
        "charges": plan_words.charges(content, units),
        "holds": price_words.of_plan(content),
    }


def _verb(do: Verb) -> Callable[[HttpRequest, str], HttpResponse]:
    """Do it and show what it says; or show the page with the reason why not."""

    @require_POST
    @wraps(do)
    def view(request: HttpRequest, slug: str) -> HttpResponse:
        one = load(slug)
        try:
            said = do(request, one)
        except NotPublishedError as error:
            return page(request, load(slug), refused=str(error), status=409)
        messages.success(request, said)
        return redirect(f"/plans/{slug}/" if Plan.objects.filter(pk=one.pk).exists() else "/plans/")

    return view


@requires("money.prices")
@_verb
def archive(request: HttpRequest, one: Plan) -> str:
    verbs.archive(one)
    return f"Nobody new gets {one.name}. Whoever has it keeps it."


@requires("money.prices")
@_verb
def bring_back(request: HttpRequest, one: Plan) -> str:
    verbs.bring_back(one)
    return f"{one.name} is sold again."


@requires("money.prices")
@_verb
def delete(request: HttpRequest, one: Plan) -> str:
    verbs.delete(one)
    return f"{one.name} is deleted."


@requires("money.prices")
@_verb
def discard(request: HttpRequest, one: Plan) -> str:
    draft = plan_words.open_one(list(one.versions.all()))
    if draft is None:
        raise NotPublishedError(f"{one.name} has no draft.")
    verbs.discard(draft)
    return f"Draft v{draft.number} is thrown away."


@requires("money.prices")
@require_POST
def rename(request: HttpRequest, slug: str) -> HttpResponse:
    one, form = load(slug), NameForm(request.POST)
    if not form.is_valid():
        return page(request, one, form=form, status=422)
    one.name, one.description = form.cleaned_data["name"], form.cleaned_data["description"]
    one.save(update_fields=["name", "description"])
    messages.success(request, "Saved.")
    return redirect(f"/plans/{slug}/")
