"""What is done with a rule. Each says what it did, or shows the page with the reason why not."""

from collections.abc import Callable

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

Verb = Callable[[RemedyRule], str]
SCOPES = (learn.ONE_CUSTOMER, learn.ALL_CUSTOMERS)


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


def _do(request: HttpRequest, pk: int, verb: Verb) -> HttpResponse:
    """Do it and say so; or show the page with the reason why not."""
    try:
        said = verb(load(pk))
    except NotNowError as error:
        return page(request, load(pk), refused=str(error), status=409)
    messages.success(request, said)
    return redirect(f"/rules/{pk}/")


@requires("desk.work")
@require_POST
def try_again(request: HttpRequest, pk: int) -> HttpResponse:
    """Count and try anew: other cases are open by now."""

    def verb(rule: RemedyRule) -> str:
        rule_evidence.gather(rule.pk)
        return f"{rule} is being tried on what is open now"

    return _do(request, pk, verb)


@requires("rules.approve")
@require_POST
def limits(request: HttpRequest, pk: int) -> HttpResponse:
    form = LimitsForm(request.POST)
    if not form.is_valid():
        return page(request, load(pk), form=form, status=422)

    def verb(rule: RemedyRule) -> str:
        rule_states.set_limits(rule.pk, request.user, form.cleaned_data)
        return f"{rule} keeps to these limits from now on"

    return _do(request, pk, verb)


@requires("rules.approve")
@require_POST
def approve(request: HttpRequest, pk: int) -> HttpResponse:
    """Let it suggest, within the limits that stood on the page."""
    form = LimitsForm(request.POST)
    if not form.is_valid():
        return page(request, load(pk), form=form, status=422)

    def verb(rule: RemedyRule) -> str:
        rule_states.approve(rule.pk, request.user, State.SUGGESTING, limits=form.cleaned_data)
        return f"{rule} suggests from now on"

    return _do(request, pk, verb)


@requires("rules.approve")
@require_POST
def act(request: HttpRequest, pk: int) -> HttpResponse:
    def verb(rule: RemedyRule) -> str:
        rule_states.approve(rule.pk, request.user, State.ACTING)
        return f"{rule} acts by itself from now on"

    return _do(request, pk, verb)


@requires("rules.approve")
@require_POST
def suggest(request: HttpRequest, pk: int) -> HttpResponse:
    def verb(rule: RemedyRule) -> str:
        rule_states.only_suggest(rule.pk, request.user)
        return f"{rule} only suggests from now on"

    return _do(request, pk, verb)


@requires("rules.approve")
@require_POST
def off(request: HttpRequest, pk: int) -> HttpResponse:
    def verb(rule: RemedyRule) -> str:
        rule_states.switch_off(rule.pk, request.user, request.POST.get("reason", ""))
        return f"{rule} is switched off"

    return _do(request, pk, verb)


@requires("rules.approve")
@require_POST
def on(request: HttpRequest, pk: int) -> HttpResponse:
    def verb(rule: RemedyRule) -> str:
        rule_states.switch_on(rule.pk, request.user)
        return f"{rule} suggests again"

    return _do(request, pk, verb)
