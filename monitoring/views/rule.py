"""One rule: what it would have done and would do now, how it did, how far it may go."""

from typing import Any

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from integrations.views import spoken
from monitoring.domain.rule_states import LIMITS
from monitoring.models import Fix, RemedyRule
from monitoring.views import rule_words
from portal.accounts.rules import requires
from portal.core.manner import number
from portal.core.moment_field import MomentField

MOST_ROWS = 50
_MOST = 2_000_000_000


class LimitsForm(forms.Form):
    """How far a rule may go by itself."""

    most_documents = forms.IntegerField(
        label="Documents",
        min_value=1,
        max_value=_MOST,
        help_text="Of one case. More: it only suggests.",
    )
    most_amount = forms.DecimalField(
        label="At risk", min_value=0, max_digits=14, decimal_places=2,
        help_text="Of one case, in its own currency.",
    )  # fmt: skip
    most_per_day = forms.IntegerField(
        label="In 24 hours", min_value=1, max_value=_MOST, help_text="Documents of all its cases."
    )
    expires_at = MomentField(label="Expires", required=False, help_text="Empty: never.")
    suggestions_needed = forms.IntegerField(
        label="Right before it acts", min_value=1, max_value=1000,
        help_text="Suggestions in a row that people took and that helped.",
    )  # fmt: skip


@requires("desk.view")
def rule(request: HttpRequest, pk: int) -> HttpResponse:
    return page(request, load(pk))


def load(pk: int) -> RemedyRule:
    """The rule, or 404."""
    found = RemedyRule.objects.select_related("customer").filter(pk=pk).first()
    if found is None:
        raise Http404
    return found


def limits_of(one: RemedyRule) -> LimitsForm:
    given = {name: getattr(one, name) for name in LIMITS}
    return LimitsForm(initial={**given, "most_amount": f"{one.most_amount:.2f}"})


def page(
    request: HttpRequest,
    one: RemedyRule,
    *,
    refused: str = "",
    form: LimitsForm | None = None,
    status: int = 200,
) -> HttpResponse:
    """The page of one rule; `refused` is why the last action was not done."""
    context = {
        "rule": rule_words.row(one),
        "when": rule_words.when(one),
        "scope": rule_words.scope(one),
        "may": rule_words.actions(one, request.user)._asdict(),
        "refused": refused,
        "off": rule_words.off_words(one),
        "off_by_itself": not one.off_by,
        "over": rule_words.is_over(one),
        "figures": rule_words.figures(one),
        "progress": rule_words.progress(one),
        "evidence": one.evidence,
        "trying": _trying(one),
        "tried_at": spoken.moment(rule_words.instant(one.evidence.get("at"))),
        "form": form or limits_of(one),
        "zone": timezone.get_current_timezone_name(),
        "facts": _facts(one),
        "deeds": [rule_words.deed(fix) for fix in _deeds(one)],
        "activity": [
            {"at": spoken.moment(step.at), "text": ": ".join(filter(None, (step.actor, step.text)))}
            for step in one.steps.all()[:MOST_ROWS]
        ],
    }
    return render(request, "monitoring/rule.html", context, status=status)


def _trying(one: RemedyRule) -> dict[str, Any] | None:
    left = len(one.evidence.get("left", ()))
    if not left:
        return None
    done = len(one.evidence["now"])
    text = f"{number(done)} of {number(done + left)} open cases tried"
    return {"done": done, "total": done + left, "text": text, "cancel_url": ""}


def _deeds(one: RemedyRule) -> list[Fix]:
    own, taken = Fix.objects.filter(rule=one), Fix.objects.filter(suggested_by=one)
    return list((own | taken).select_related("case__customer").order_by("-pk")[:MOST_ROWS])


def _facts(one: RemedyRule) -> list[dict[str, str]]:
    facts = [
        {"label": "For", "value": rule_words.scope(one)},
        {"label": "Proposed by", "value": f"{one.proposed_by}, {spoken.moment(one.proposed_at)}"},
    ]
    if one.approved_by:
        value = f"{one.approved_by}, {spoken.moment(one.approved_at)}"
        facts.append({"label": "Approved by", "value": value})
    if one.expires_at:
        facts.append({"label": "Expires", "value": spoken.moment(one.expires_at)})
    if one.last_fired_at:
        facts.append({"label": "Last acted", "value": spoken.moment(one.last_fired_at)})
    return facts
