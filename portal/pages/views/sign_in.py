"""Who else says who somebody is: the partner's OpenID providers."""

from typing import Any

from django.contrib import messages
from django.db.models import Count
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from portal.accounts.domain import openid_calls, providers, reach
from portal.accounts.domain.reach import RefusedError
from portal.accounts.models import Identity, Provider
from portal.accounts.openid.errors import OpenIdError
from portal.accounts.rules import requires
from portal.customers.models import CustomerGroup
from portal.pages.sign_in_forms import PreviewForm, ProviderForm, RuleForm
from portal.pages.views import people_words, sign_in_words


@requires("signin.edit")
@require_safe
def listing(request: HttpRequest) -> HttpResponse:
    """All of them: there are as many as buttons fit on a page."""
    counted = Provider.objects.annotate(
        people=Count("identities", distinct=True), given=Count("rules", distinct=True)
    )
    context = {"providers": [sign_in_words.row(one) for one in counted]}
    return render(request, "house/sign_in.html", context)


@requires("signin.edit")
def new(request: HttpRequest) -> HttpResponse:
    form = ProviderForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            made = providers.make(by(request), form.given(), secret=form.cleaned_data["secret"])
        except RefusedError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, f"{made.name} is kept, and off. Try it, then switch it on")
            return redirect("provider", pk=made.pk)
    context = {"form": form, "provider": None}
    return render(request, "house/sign_in_form.html", context, status=422 if form.errors else 200)


@requires("signin.edit")
def edit(request: HttpRequest, pk: int) -> HttpResponse:
    kept = own(pk)
    form = ProviderForm(request.POST or None, kept=kept)
    if request.method == "POST" and form.is_valid():
        try:
            providers.change(by(request), pk, form.given(), secret=form.cleaned_data["secret"])
        except RefusedError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, f"{kept.name} is kept")
            return redirect("provider", pk=pk)
    context = {"form": form, "provider": kept}
    return render(request, "house/sign_in_form.html", context, status=422 if form.errors else 200)


@requires("signin.edit")
@require_safe
def provider(request: HttpRequest, pk: int) -> HttpResponse:
    """One of them: what it decides, by which rules, and whom it knows."""
    return page(request, own(pk))


@requires("signin.edit")
@require_POST
def try_it(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask it for its description and its keys, now."""
    found = own(pk)
    try:
        endpoints = openid_calls.endpoints(found.issuer, fresh=True)
        keys = len(openid_calls.keys(endpoints, fresh=True))
    except OpenIdError as error:
        return page(request, found, refused=str(error), status=422)
    return page(request, found, found=sign_in_words.found(endpoints, keys))


@requires("signin.edit")
@require_POST
def switch(request: HttpRequest, pk: int) -> HttpResponse:
    """On: its button is on the login page. Off: nobody comes in by it."""
    found, on = own(pk), request.POST.get("on") == "yes"
    try:
        providers.switch(by(request), pk, on=on)
    except (RefusedError, OpenIdError) as error:
        return page(request, found, refused=str(error), status=422)
    where = "has its button on the login page" if on else "lets nobody in any more"
    messages.success(request, f"{found.name} {where}")
    return redirect("provider", pk=pk)


@requires("signin.edit")
@require_POST
def only_way(request: HttpRequest, pk: int) -> HttpResponse:
    """Whether staff come in by it alone."""
    found, only = own(pk), request.POST.get("only") == "yes"
    try:
        providers.make_only_way(by(request), pk, only=only)
    except RefusedError as error:
        return page(request, found, refused=str(error), status=422)
    words = f"by {found.name} alone" if only else "by passwords and passkeys again, too"
    messages.success(request, f"Your people log in {words}")
    return redirect("provider", pk=pk)


@requires("signin.edit")
def remove(request: HttpRequest, pk: int) -> HttpResponse:
    """Asks first: whoever has no password here has no way in without it."""
    found = own(pk)
    if request.method == "POST":
        try:
            providers.remove(by(request), pk)
        except RefusedError as error:
            return page(request, found, refused=str(error), status=422)
        messages.success(request, f"{found.name} lets nobody in any more. Its people stay")
        return redirect("sign-in")
    context = {
        "question": f"Remove {found.name}?",
        "verb": "Remove the provider",
        "danger_text": "Its rules go with it, and whom it knows. The people stay; whoever has no"
        " password needs the link for a forgotten one to come in.",
        "back_url": f"/sign-in/{pk}/",
        "crumbs": _crumbs(found),
    }
    return render(request, "asks_first.html", context)


@requires("signin.edit")
def forget(request: HttpRequest, pk: int, identity: int) -> HttpResponse:
    """Asks first: the provider knows this person no more, and their sessions end."""
    found = own(pk)
    known = Identity.objects.select_related("person").filter(provider=found, pk=identity).first()
    if known is None:
        raise Http404
    if request.method == "POST":
        try:
            providers.forget(by(request), pk, identity)
        except RefusedError as error:
            return page(request, found, refused=str(error), status=422)
        messages.success(request, f"{found.name} does not know {known.person.name} any more")
        return redirect("provider", pk=pk)
    context = {
        "question": f"Should {found.name} forget {known.person.name}?",
        "verb": "Forget the person",
        "danger_text": "They are logged out everywhere. Next time their address decides who they are,"
        " as for the first time.",
        "back_url": f"/sign-in/{pk}/",
        "crumbs": _crumbs(found),
    }
    return render(request, "asks_first.html", context)


def page(
    request: HttpRequest, found: Provider, /, *, status: int = 200, **more: Any
) -> HttpResponse:
    """The page of a provider. `more`: refused, found; forms with what was entered; outcome of a preview."""
    port = request.get_host().partition(":")[2]
    context = {
        "provider": sign_in_words.page(
            found, scheme=request.scheme or "https", port=f":{port}" if port else ""
        ),
        "rules": sign_in_words.rules(found, groups()),
        "people": sign_in_words.people(found),
        "rule_form": rule_form(request, None),
        "preview_form": PreviewForm(),
        **more,
    }
    return render(request, "house/sign_in_provider.html", context, status=status)


def rule_form(request: HttpRequest, data: Any) -> RuleForm:
    """With what this person may give."""
    return RuleForm(
        data,
        roles=reach.roles_within(by(request)),
        customers=people_words.customers(),
        groups=list(groups().items()),
    )


def groups() -> dict[int, str]:
    return dict(CustomerGroup.objects.values_list("pk", "label"))


def own(pk: int) -> Provider:
    found = Provider.objects.filter(pk=pk).first()
    if found is None:
        raise Http404
    return found


def by(request: HttpRequest) -> Any:
    return request.user


def _crumbs(found: Provider) -> list[dict[str, str]]:
    return [
        {"label": "Sign-in", "url": "/sign-in/"},
        {"label": found.name, "url": f"/sign-in/{found.pk}/"},
    ]
