"""Adding passkeys, naming them, and removing them."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from django.views.decorators.http import require_POST

from portal.accounts import devices
from portal.accounts.domain import factors, passkeys, sessions, signing_in
from portal.accounts.domain.passkeys import NotAcceptedError
from portal.accounts.forms import PasskeyForm
from portal.accounts.models import Passkey
from portal.accounts.rules import SIGNED_IN, for_setting_up, requires
from portal.accounts.views.authenticator import ask_and_remove
from portal.accounts.views.confirmed import confirmed
from portal.accounts.views.page import shown
from portal.accounts.views.second_step import place_of
from portal.accounts.views.security import show_codes
from portal.tenants.rows import beyond_limit

TOO_LATE = gettext_noop("That took too long, or was answered before. Try again.")


@requires(SIGNED_IN)
@for_setting_up
@confirmed
def add(request: HttpRequest) -> HttpResponse:
    """Name a passkey and keep what the browser made."""
    usual = devices.in_words(request.META.get("HTTP_USER_AGENT", ""))
    form = PasskeyForm(request.POST or None, initial={"name": usual})
    if request.method == "POST" and form.is_valid():
        try:
            return _add(request, form.cleaned_data["name"])
        except NotAcceptedError as error:
            form.add_error(None, str(error))
    return shown(
        request, "passkey_add", title=_("Add a passkey"), form=form, script="js/passkeys.js",
        status=422 if form.errors else 200,
    )  # fmt: skip


def _add(request: HttpRequest, name: str) -> HttpResponse:
    person: Any = request.user
    state = signing_in.take_challenge(request)
    if state is None:
        raise NotAcceptedError(TOO_LATE)
    answer = request.POST.get("credential", "")
    with beyond_limit():  # their own key, whoever they are
        passkeys.add(person, place_of(request), state=state, answer=answer, name=name)
        codes = factors.first_codes(person, here=request.session.session_key)
    said = _("The passkey %(name)s is added. You are logged out everywhere else")
    messages.success(
        request, (said if codes else _("The passkey %(name)s is added")) % {"name": name}
    )
    if codes:
        show_codes(request, codes)
        return redirect("recovery-codes")
    return redirect("security")


@requires(SIGNED_IN)
@for_setting_up
@require_POST
def options(request: HttpRequest) -> HttpResponse:
    """What the browser has to make; asked for by the page that adds one."""
    if not sessions.is_fresh(request):
        text = _("Too much time has passed. Load this page again and enter your password.")
        return JsonResponse({"error": text}, status=403)
    with beyond_limit():
        asked = passkeys.ask_to_add(request.user, place_of(request))  # type: ignore[arg-type]
    signing_in.keep_challenge(request, asked.state)
    return JsonResponse(asked.options)


@requires(SIGNED_IN)
@for_setting_up
def rename(request: HttpRequest, pk: int) -> HttpResponse:
    """Give a passkey another name."""
    person: Any = request.user
    with beyond_limit():
        key = Passkey.objects.filter(person=person, pk=pk).first()
    if key is None:
        raise Http404
    form = PasskeyForm(request.POST or None, initial={"name": key.name})
    if request.method == "POST" and form.is_valid():
        key.name = form.cleaned_data["name"]
        with beyond_limit():
            key.save(update_fields=["name"])
        messages.success(request, _("The passkey is called %(name)s") % {"name": key.name})
        return redirect("security")
    status = 422 if form.errors else 200
    return shown(
        request, "form", title=_("Rename a passkey"), form=form, submit=_("Rename"), status=status
    )


@requires(SIGNED_IN)
@for_setting_up
@confirmed
def remove(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask, and forget a passkey."""
    person: Any = request.user
    with beyond_limit():
        key = Passkey.objects.filter(person=person, pk=pk).first()
    if key is None:
        raise Http404
    what = _("the passkey %(name)s") % {"name": key.name}
    return ask_and_remove(request, what, lambda: factors.remove_passkey(person, pk))
