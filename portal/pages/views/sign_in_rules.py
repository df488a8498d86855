"""Rules of a provider: added, ordered, removed, and tried on what it says of somebody."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from portal.accounts.domain import openid_rules, provider_rules
from portal.accounts.domain.reach import RefusedError
from portal.accounts.models import ProviderRule, Role
from portal.accounts.rules import requires
from portal.pages.sign_in_forms import PreviewForm
from portal.pages.views import people_words, sign_in, sign_in_words


@requires("signin.edit")
@require_POST
def add(request: HttpRequest, pk: int) -> HttpResponse:
    found, form = sign_in.own(pk), sign_in.rule_form(request, request.POST)
    if form.is_valid():
        given = form.cleaned_data
        try:
            made = provider_rules.add(
                sign_in.by(request), pk, claim=given["claim"], value=given["value"],
                role=Role.objects.get(pk=given["role"]), customer_id=given["customer"],
                group_id=given["group"],
            )  # fmt: skip
        except RefusedError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, f"{made.claim} {made.value} gives {made.role.label}")
            return redirect("provider", pk=pk)
    return sign_in.page(request, found, rule_form=form, status=422)


@requires("signin.edit")
@require_POST
def remove(request: HttpRequest, pk: int, rule: int) -> HttpResponse:
    return _about(request, pk, rule, provider_rules.remove, "is no rule any more")


@requires("signin.edit")
@require_POST
def raise_up(request: HttpRequest, pk: int, rule: int) -> HttpResponse:
    return _about(request, pk, rule, provider_rules.raise_up, "counts before the one above it")


def _about(request: HttpRequest, pk: int, rule: int, verb: Any, words: str) -> HttpResponse:
    try:
        done = verb(sign_in.by(request), pk, rule)
    except ProviderRule.DoesNotExist:
        raise Http404 from None
    except RefusedError as error:
        return sign_in.page(request, sign_in.own(pk), refused=str(error), status=422)
    messages.success(request, f"{done.claim} {done.value} {words}")
    return redirect("provider", pk=pk)


@requires("signin.edit")
@require_POST
def preview(request: HttpRequest, pk: int) -> HttpResponse:
    """What the rules would give somebody of whom the provider says this. Nothing happens."""
    found, form = sign_in.own(pk), PreviewForm(request.POST)
    if not form.is_valid():
        return sign_in.page(request, found, preview_form=form, status=422)
    given = openid_rules.given(found, form.cleaned_data["claims"])
    customers = dict(people_words.customers())
    outcome = sign_in_words.rule(given.rule, customers, sign_in.groups()) if given else {}
    return sign_in.page(request, found, preview_form=form, outcome=outcome, previewed=True)
