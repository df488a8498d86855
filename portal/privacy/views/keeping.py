"""How long things are kept, what would go now, and legal holds."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from integrations.views import spoken
from portal.accounts.rules import requires
from portal.core import clock
from portal.privacy.domain import holds, retention
from portal.privacy.forms import DaysForm, HoldForm, LiftForm
from portal.privacy.models import LegalHold, RetentionDay
from portal.tenants.retention_kinds import KINDS

_DAYS, _HOLDS = 14, 100
_MB = 2**20


@requires("privacy.keep")
def keeping(request: HttpRequest) -> HttpResponse:
    """Terms with what they would remove now; a POST chooses one."""
    terms = retention.terms()
    given = request.POST if request.method == "POST" else None
    asked = request.POST.get("kind", "")
    if given is not None and asked not in KINDS:
        raise Http404
    forms = {k: DaysForm(given if k == asked else None, term=term) for k, term in terms.items()}
    if given is not None and forms[asked].is_valid():
        days = forms[asked].cleaned_data["days"]
        try:
            retention.choose(asked, days, actor=who(request))
        except retention.OutOfBoundsError as error:
            forms[asked].add_error("days", str(error))
        else:
            messages.success(request, f"{KINDS[asked].label}: kept for {days} days from now on")
            return redirect("keeping")
    today = clock.now().date()
    context = {
        "kinds": [_kind(terms[kind], forms[kind]) for kind in KINDS],
        "holds": [_hold(one, today) for one in _all_holds()],
        "removed": [_removed(one) for one in _last_days()],
    }
    return render(request, "privacy/keeping.html", context, status=422 if given else 200)


def _kind(term: retention.Term, form: DaysForm) -> dict[str, Any]:
    kind, going = KINDS[term.kind], retention.preview(term)
    more = "more than " if going.number >= retention.COUNTED else ""
    size = f", {going.size / _MB:,.1f} MB" if going.size else ""
    return {
        "kind": term.kind,
        "label": kind.label,
        "about": kind.about,
        "form": form,
        "chosen": "chosen here" if term.is_chosen else "as usual",
        "going": f"{more}{going.number:,}{size}" if going.number else "nothing",
    }


def _all_holds() -> list[LegalHold]:
    return list(LegalHold.objects.select_related("customer").order_by("-pk")[:_HOLDS])


def _hold(one: LegalHold, today: Any) -> dict[str, Any]:
    in_force = one.is_in_force(today)
    ended = f"lifted by {one.lifted_by}: {one.lift_reason}" if one.lifted_at else "its day is over"
    return {
        "whose": one.customer.name if one.customer else one.person,
        "about": "all of a customer’s data" if one.customer else "a person",
        "reason": one.reason,
        "until": spoken.day(one.until) if one.until else "until it is lifted",
        "by": f"{one.placed_by}, {spoken.moment(one.placed_at)}",
        "state": {
            "shape": "waiting" if in_force else "snoozed",
            "word": "in force" if in_force else ended,
        },
        "lift_url": f"/keeping/holds/{one.pk}/lift/" if in_force else "",
    }


def _last_days() -> list[RetentionDay]:
    return list(RetentionDay.objects.order_by("-day", "kind")[:_DAYS])


def _removed(one: RetentionDay) -> dict[str, str]:
    return {
        "day": spoken.day(one.day),
        "what": KINDS[one.kind].label if one.kind in KINDS else one.kind,
        "number": f"{one.removed:,}",
        "size": f"{one.size / _MB:,.1f} MB" if one.size else "",
    }


@requires("privacy.keep")
def place_hold(request: HttpRequest) -> HttpResponse:
    form = HoldForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        customer = given["customer"]
        holds.place(
            customer_id=customer.pk if customer else None, person=given["person"],
            reason=given["reason"], until=given["until"], actor=who(request),
        )  # fmt: skip
        messages.success(request, "It is held: nothing of it is removed or erased")
        return redirect("keeping")
    return render(request, "privacy/hold.html", {"form": form}, status=422 if form.errors else 200)


@requires("privacy.keep")
def lift_hold(request: HttpRequest, pk: int) -> HttpResponse:
    """Asks first: what was held may be removed at once."""
    hold = get_object_or_404(LegalHold.objects.select_related("customer"), pk=pk, lifted_at=None)
    whose = hold.customer.name if hold.customer else hold.person
    form = LiftForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        if holds.lift(pk, actor=who(request), reason=form.cleaned_data["reason"]):
            messages.success(request, f"The hold on {whose} is lifted")
        return redirect("keeping")
    context = {
        "question": f"Lift the hold on {whose}?",
        "verb": "Lift the hold",
        "danger_text": "What is older than its term is removed within the hour, and a person’s data can be"
        " erased.",
        "form": form,
        "back_url": "/keeping/",
        "crumbs": [{"label": "Retention", "url": "/keeping/"}],
    }
    return render(request, "asks_first.html", context, status=422 if form.errors else 200)


def who(request: HttpRequest) -> str:
    person: Any = request.user
    return str(person.name)
