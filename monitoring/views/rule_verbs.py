"""What is done with a rule. Each says what it did, or shows the page with the reason why not."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from monitoring.domain import learn, rule_evidence, rule_states
from monitoring.domain.deeds import NotDoneError
from monitoring.domain.rule_states import State
from monitoring.domain.states import NotNowError
from monitoring.models import Fix, RemedyRule
from monitoring.views import addresses
from monitoring.views.rule import LimitsForm, load, page
from portal.accounts.rules import requires

Verb = Callable[[HttpRequest, RemedyRule], str]
SCOPES = (learn.ONE_CUSTOMER, learn.ALL_CUSTOMERS)


class _UnfitLimitsError(Exception):
    """The limits on the page cannot be taken; the form says why."""

    def __init__(self, form: LimitsForm) -> None:
        super().__init__("limits")
        self.form = form


def _limits(request: HttpRequest) -> dict[str, Any]:
    form = LimitsForm(request.POST)
    if not form.is_valid():
        raise _UnfitLimitsError(form)
    return form.cleaned_data


def _page_of(verb: Verb) -> Callable[[HttpRequest, int], HttpResponse]:
    """Do it and show what it says; or show the page with the reason why not."""

    @require_POST
    @wraps(verb)
    def view(request: HttpRequest, pk: int) -> HttpResponse:
        try:
            said = verb(request, load(pk))
        except _UnfitLimitsError as error:
            return page(request, load(pk), form=error.form, status=422)
        except NotNowError as error:
            return page(request, load(pk), refused=str(error), status=409)
        messages.success(request, said)
        return redirect(f"/rules/{pk}/")

    return view


@requires("desk.work")
@require_POST
def propose(request: HttpRequest) -> HttpResponse:
    """A rule of a remedy, for its customer unless it says for all."""
    fix_id, scope = addresses.number(request.POST, "fix"), request.POST.get("scope")
    if fix_id is None or scope not in SCOPES or not Fix.objects.filter(pk=fix_id).exists():
        raise Http404
    try:
        made = learn.propose(fix_id, request.user, scope=scope)
    except NotDoneError as error:
        messages.error(request, str(error))
        return redirect("/rules/")
    messages.success(request, f"{made} is proposed: it is being tried on what is open now")
    return redirect(f"/rules/{made.pk}/")


@requires("desk.work")
@_page_of
def try_again(request: HttpRequest, rule: RemedyRule) -> str:
    """Count and try anew: other cases are open by now."""
    rule_evidence.gather(rule.pk)
    return f"{rule} is being tried on what is open now"


@requires("rules.approve")
@_page_of
def limits(request: HttpRequest, rule: RemedyRule) -> str:
    rule_states.set_limits(rule.pk, request.user, _limits(request))
    return f"{rule} keeps to these limits from now on"


@requires("rules.approve")
@_page_of
def approve(request: HttpRequest, rule: RemedyRule) -> str:
    """Let it suggest, within the limits that stood on the page."""
    rule_states.approve(rule.pk, request.user, State.SUGGESTING, limits=_limits(request))
    return f"{rule} suggests from now on"


@requires("rules.approve")
@_page_of
def act(request: HttpRequest, rule: RemedyRule) -> str:
    rule_states.approve(rule.pk, request.user, State.ACTING)
    return f"{rule} acts by itself from now on"


@requires("rules.approve")
@_page_of
def suggest(request: HttpRequest, rule: RemedyRule) -> str:
    rule_states.only_suggest(rule.pk, request.user)
    return f"{rule} only suggests from now on"


@requires("rules.approve")
@_page_of
def off(request: HttpRequest, rule: RemedyRule) -> str:
    rule_states.switch_off(rule.pk, request.user, request.POST.get("reason", ""))
    return f"{rule} is switched off"


@requires("rules.approve")
@_page_of
def on(request: HttpRequest, rule: RemedyRule) -> str:
    rule_states.switch_on(rule.pk, request.user)
    return f"{rule} suggests again"
