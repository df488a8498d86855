"""One break: what both sides say since when, what it looks like, and what is done about it."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.text import capfirst
from django.views.decorators.http import require_POST

from integrations.views import spoken
from monitoring.domain import reconcile_correct, reconcile_second
from monitoring.domain.reconcile_evidence import CHANNEL_SIDES
from monitoring.domain.states import NotNowError
from monitoring.models import Break, CaseCause, Correction
from monitoring.views import recon_offers, recon_story, recon_words
from monitoring.views.recon_forms import CorrectionForm
from portal.accounts.rules import requires


def load(pk: int) -> Break:
    """The break with whose it is, or 404."""
    found = (
        Break.objects.select_related(
            "reconciliation__customer",
            "customer",
            "endpoint",
            "first_run",
            "last_run",
            "closed_run",
        )
        .filter(pk=pk)
        .first()
    )
    if found is None:
        raise Http404
    return found


@requires("recon.view")
def difference(request: HttpRequest, pk: int) -> HttpResponse:
    return page(request, load(pk))


def page(
    request: HttpRequest,
    one: Break,
    *,
    forms: dict[str, CorrectionForm] | None = None,
    refused: str = "",
    status: int = 200,
) -> HttpResponse:
    """The page of one break; `refused`: why the last action was not done."""
    person: Any = request.user
    corrections = list(one.corrections.all())
    asked = next((c for c in corrections if c.state == Correction.State.ASKED), None)
    may_ask = person.may("recon.work") and not asked
    context = {
        "one": _head(one),
        "crumbs": _crumbs(one),
        "refused": refused,
        "facts": _facts(one),
        "sides": _sides(one),
        "causes": [_cause(found) for found in one.causes],
        "movements": [recon_words.moved(found) for found in reversed(one.movements)],
        "story": recon_story.facts(one, corrections),
        "trail": recon_story.trail(one),
        "corrections": [_correction(found) for found in corrections],
        "asked": recon_offers.asked(asked, person) if asked else None,
        "options": recon_offers.options(one, forms or {}) if may_ask else [],
        "name_it": recon_offers.name_it(one, person),
        "second": recon_offers.second(one),
        "may_make_flows": person.may("mappings.edit"),
    }
    return render(request, "monitoring/recon_break.html", context, status=status)


def _head(one: Break) -> dict[str, Any]:
    case = (
        CaseCause.objects.filter(fingerprint=one.fingerprint)
        .order_by("-pk")
        .values_list("case_id", flat=True)
        .first()
    )
    return {
        "id": one.pk,
        "label": one.label,
        "title": _title(one),
        "state": recon_words.break_state(one),
        "is_back": one.is_back,
        "under_way": one.under_way,
        "case": f"C-{case}" if case else "",
        "case_url": f"/cases/{case}/" if case else "",
    }


def _title(one: Break) -> str:
    """What differs by how much; what has no quantities is its own sentence."""
    if one.code != "recon_mismatch":
        return one.sentence
    where = f" at {recon_words.place(one)}" if recon_words.place(one) else ""
    verb = "differed" if one.status == Break.Status.CLOSED else "differs"
    return f"{one.sku}{where} {verb} by {recon_words.gap(one.gap)}"


def _crumbs(one: Break) -> list[dict[str, str]]:
    named = one.reconciliation
    return [
        {"label": "Reconciliation", "url": "/reconciliation/"},
        {"label": named.label, "url": f"/reconciliation/{named.pk}/"},
        {"label": one.label, "url": ""},
    ]


def _facts(one: Break) -> list[dict[str, str]]:
    found = [
        ("Item", one.sku),
        ("Invoice" if one.state == "invoice_unmatched" else "Order", one.subject),
        ("Line", one.line_no),
        ("Site", "" if one.code in CHANNEL_SIDES else recon_words.place(one)),
        ("With", one.endpoint.label),
        ("Holder", recon_words.holder(one.cause, one.state)),
        ("Worth", _worth(one)),
    ]
    return [{"label": label, "value": value} for label, value in found if value]


def _worth(one: Break) -> str:
    if one.value:
        return spoken.money(one.value, one.customer.currency)
    return "" if reconcile_second.is_worth_known(one) else "not known"


def _sides(one: Break) -> list[dict[str, str]]:
    if one.code == "invoice_differs":
        return [{"value": one.left or "none", "word": "by the order"},
                {"value": one.right or "none", "word": "in the books"}]  # fmt: skip
    if one.code in CHANNEL_SIDES:
        return _of_channel(one)
    if one.code != "recon_mismatch":
        return [{"value": one.left or "none", "word": "one side"},
                {"value": one.right or "none", "word": "the other"}]  # fmt: skip
    return [
        {"value": recon_words.quantity(one.left), "word": "the ERP"},
        {"value": recon_words.quantity(one.right), "word": "the warehouse"},
        {"value": recon_words.gap(one.gap), "word": "gap"},
    ]


def _of_channel(one: Break) -> list[dict[str, str]]:
    """What is compared of a channel, and how far it is apart."""
    left, right = (word.lower() for word in CHANNEL_SIDES[one.code])
    return [
        {
            "value": recon_words.quantity(one.left) or "none",
            "word": f"{left}, {one.endpoint.label}",
        },
        {"value": recon_words.quantity(one.right) or "none", "word": right},
        {"value": recon_words.gap(one.gap), "word": "gap"},
    ]


def _cause(found: dict[str, Any]) -> dict[str, Any]:
    return {
        "sentence": found["sentence"],
        "sure": f"{found['confidence']:.0%}",
        "evidence": [{"label": label, "value": text} for label, text in found["evidence"]],
    }


def _correction(one: Correction) -> dict[str, Any]:
    return {
        "what": capfirst(recon_words.correction(one)),
        "state": recon_words.correction_state(one),
        "reason": one.reason,
        "outcome": one.outcome,
        "who": recon_story.who(one),
        "at": spoken.moment(one.at),
    }


@requires("recon.work")
@require_POST
def correct(request: HttpRequest, pk: int, kind: str) -> HttpResponse:
    """Correct it, or ask somebody to let it through."""
    one = load(pk)
    if kind not in Correction.Kind.values:
        raise Http404
    form = recon_offers.form(one, kind, request.POST)
    if not form.is_valid():
        return page(request, one, forms={kind: form}, status=422)
    given = form.cleaned_data
    try:
        made = reconcile_correct.ask(
            pk,
            kind,
            actor=request.user,
            reason=given["reason"],
            quantity=given.get("quantity", ""),
            order=given.get("order", ""),
        )
    except NotNowError as error:
        return page(request, one, forms={kind: form}, refused=str(error), status=409)
    return _said(request, made)


@requires("recon.approve")
@require_POST
def approve(request: HttpRequest, pk: int, correction: int) -> HttpResponse:
    """Let a correction through."""
    one = _with(pk, correction)
    try:
        made = reconcile_correct.approve(correction, actor=request.user)
    except NotNowError as error:
        return page(request, one, refused=str(error), status=409)
    return _said(request, made)


@requires("recon.approve")
@require_POST
def refuse(request: HttpRequest, pk: int, correction: int) -> HttpResponse:
    """Send a correction back."""
    one = _with(pk, correction)
    try:
        reconcile_correct.refuse(
            correction, actor=request.user, reason=request.POST.get("reason", "")
        )
    except NotNowError as error:
        return page(request, one, refused=str(error), status=409)
    messages.success(request, "Sent back")
    return redirect(f"/reconciliation/breaks/{pk}/")


def _with(pk: int, correction: int) -> Break:
    one = load(pk)
    if not one.corrections.filter(pk=correction).exists():
        raise Http404
    return one


def _said(request: HttpRequest, made: Correction) -> HttpResponse:
    """What became of it. What was not done stands on the page, where it can be mended."""
    one = load(made.difference_id)
    if made.state == Correction.State.FAILED:
        return page(request, one, refused=made.outcome, status=409)
    if made.state == Correction.State.ASKED:
        messages.success(request, "Asked. Somebody else lets it through")
    else:
        messages.success(request, made.outcome)
    return redirect(f"/reconciliation/breaks/{one.pk}/")
