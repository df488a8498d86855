"""Publishing a draft: what it changes, what it would have brought, who moves, and who lets it go."""

from collections.abc import Iterator
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from billing.domain import accounts, plan_checks, plans, simulate
from billing.domain.plans import NotPublishedError
from billing.domain.subscriptions import NotAgreedError
from billing.models import Plan, PlanVersion
from billing.plans import effect, reading
from billing.plans.month import month, month_after, months_back
from billing.queries import sold
from billing.rating import TermsError
from billing.views import plan_side, plan_simulated, plan_words
from billing.views.plan import load
from billing.views.plan_sheet import Sheet
from billing.views.plans import today
from integrations.views import spoken
from portal.accounts.rules import requires

State = PlanVersion.State
NEW, EVERYONE = "new", "everyone"


class PublishForm(forms.Form):
    """Why, who moves, and from when on."""

    note = forms.CharField(
        label="What changes, and why", max_length=300, help_text="Whoever asks later reads it here."
    )
    who = forms.ChoiceField(label="Who gets these prices", widget=forms.RadioSelect)
    from_month = forms.ChoiceField(label="From", help_text="Only where everyone moves.")
    edition = forms.IntegerField(widget=forms.HiddenInput, min_value=0)

    def __init__(self, data: Any = None, **more: Any) -> None:
        super().__init__(data, **more)
        many = plan_side.many()
        self.fields["who"].choices = [  # type: ignore[attr-defined]
            (NEW, f"New {many} only; whoever has an earlier version keeps it"),
            (EVERYONE, f"Everyone, from a month on; {many} with an earlier version move"),
        ]
        self.fields["from_month"].choices = [*_months()]  # type: ignore[attr-defined]

    def said(self) -> dict[str, Any]:
        found = self.cleaned_data
        moves = found["who"] == EVERYONE
        from_month = found["from_month"] if moves else ""
        return {"note": found["note"], "moves": moves, "from_month": from_month}


def _months() -> Iterator[tuple[str, str]]:
    """Last month, for what was forgotten, this one and the next six."""
    now = month(accounts.month_now())
    at = months_back(now, 1)
    for _ in range(8):
        closed = ", which is over: the difference is billed next" if at < now else ""
        yield at.key, f"{at.begins:%B %Y}{closed}"
        at = month_after(at)


@requires("money.publish", "money.prices")
def publish(request: HttpRequest, slug: str) -> HttpResponse:
    plan = load(slug)
    draft = plan_words.open_one(list(plan.versions.all()))
    if draft is None:
        raise Http404
    form = PublishForm(request.POST or None, initial=_first(draft))
    if request.method != "POST" or not form.is_valid():
        return _page(request, plan, draft, form, status=422 if request.method == "POST" else 200)
    try:
        said = _done(request, draft, form)
    except TermsError as error:
        return _page(request, plan, draft, form, refused=str(error), status=409)
    except (NotPublishedError, NotAgreedError) as error:
        return _page(request, plan, draft, form, refused=str(error), status=409)
    messages.success(request, said)
    return redirect(f"/plans/{slug}/")


def _first(draft: PlanVersion) -> dict[str, Any]:
    following = month_after(month(accounts.month_now())).key
    return {
        "note": draft.note,
        "who": EVERYONE if draft.moves else NEW,
        "from_month": draft.from_month or following,
        "edition": draft.edition,
    }


def _done(request: HttpRequest, draft: PlanVersion, form: PublishForm) -> str:
    """Ask, or publish; the sentence that says what happened."""
    said, edition = form.said(), form.cleaned_data["edition"]
    if request.POST.get("do") == "ask":
        if not request.user.may("money.prices"):  # type: ignore[union-attr]
            raise NotPublishedError("Asking is for whoever may change prices.")
        plans.ask(draft, edition=edition, **said)
        return f"{draft} waits for somebody else to publish it."
    if not request.user.may("money.publish"):  # type: ignore[union-attr]
        raise NotPublishedError(
            "You may write prices, and somebody else publishes them. Ask for it."
        )
    needed = accounts.entity().second_person
    plans.publish(draft, edition=edition, by=request.user, second_person=needed, **said)
    return f"{draft} is published."


def _page(
    request: HttpRequest,
    plan: Plan,
    draft: PlanVersion,
    form: PublishForm,
    *,
    refused: str = "",
    status: int = 200,
) -> HttpResponse:
    published = plan_words.sold_one(list(plan.versions.all()))
    content = reading.read(draft.content)
    before = reading.read(published.content) if published else None
    names = [name for found in sold.by_version(plan, today()).values() for name in found]
    context = {
        "plan": {"name": plan.name, "slug": plan.slug},
        "side": {"one": plan_side.one(), "many": plan_side.many()},
        "draft": {"number": draft.number, "author": draft.author, "asked": draft.state == State.ASKED},
        "changes": plan_words.changes(before, content),
        "customers": plan_words.named(names, most=6),
        "counted": plan_side.counted(len(names)),
        "effect": _effect(plan, draft),
        "problems": _problems(draft),
        "unfit": plans.unfit(draft),
        "form": form,
        **_rights(request, draft),
        "refused": refused,
    }  # fmt: skip
    return render(request, "billing/plan_publish.html", context, status=status)


def _problems(draft: PlanVersion) -> list[dict[str, str]]:
    """What would keep it from being published, such as a metric that was archived meanwhile."""
    found = plan_checks.problems(draft.content)
    problems: list[dict[str, str]] = Sheet(
        draft.content, problems=found, live=None, metrics=()
    ).shown()["problems"]
    return problems


def _rights(request: HttpRequest, draft: PlanVersion) -> dict[str, Any]:
    """{may_publish, why_not}: of two persons the other one publishes."""
    if not request.user.may("money.publish"):  # type: ignore[union-attr]
        return {"may_publish": False, "why_not": "Publishing is for whoever may publish prices."}
    if accounts.entity().second_person and draft.author_id == request.user.pk:
        return {
            "may_publish": False,
            "why_not": "You wrote these prices: somebody else publishes them.",
        }
    return {"may_publish": True, "why_not": ""}


def _effect(plan: Plan, draft: PlanVersion) -> dict[str, Any] | None:
    """What it would have brought, where that was looked at for these very prices."""
    made = simulate.newest(plan)
    if made is None or made.state != made.State.DONE or made.content != draft.content:
        return None
    found = effect.effects(effect.read(made.result))
    currency = made.content["currency"]
    total = found.total
    return {
        "sentence": plan_simulated.sentence(found, currency),
        "about": f"{made.months} months to {month(made.until).begins:%B %Y}",
        "url": f"/plans/{plan.slug}/simulations/{made.pk}/",
        "margin": spoken.amount(total.margin, currency) if total.margin is not None else "",
        "currency": currency,
    }
