"""Adding an authenticator app, and removing it."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from portal.accounts.domain import authenticators, factors
from portal.accounts.domain.factors import StillNeededError
from portal.accounts.forms import CodeForm
from portal.accounts.rules import SIGNED_IN, for_setting_up, requires
from portal.accounts.views.confirmed import confirmed
from portal.accounts.views.page import shown
from portal.accounts.views.security import show_codes
from portal.core import secrets
from portal.core.secrets import Secret
from portal.tenants.rows import beyond_limit

_NEW = "authenticator"
NOT_SHOWN = gettext_noop(
    "The app does not show that code now. Wait for the next one, and check the clock of the phone."
)


@requires(SIGNED_IN)
@for_setting_up
@confirmed
def add(request: HttpRequest) -> HttpResponse:
    """Show the secret until the app shows the code that belongs to it."""
    person: Any = request.user
    secret = _secret(request)
    form = CodeForm(request.POST or None, label=_("Code of the app"))
    if request.method == "POST" and form.is_valid():
        digits = "".join(form.cleaned_data["code"].split())
        with beyond_limit():  # their own app, whoever they are
            if authenticators.add(person, secret, digits):
                del request.session[_NEW]
                return _added(request, person)
        form.add_error("code", _(NOT_SHOWN))
    site: str = request.tenant.name  # type: ignore[attr-defined]
    offered = authenticators.offer(secret, account=person.email, issuer=site)
    return shown(
        request, "authenticator", title=_("Authenticator app"), form=form, offered=offered,
        status=422 if form.errors else 200,
    )  # fmt: skip


def _secret(request: HttpRequest) -> Secret:
    """The one that was shown, or a new one. In the session it is encrypted, as everywhere at rest."""
    if _NEW not in request.session:
        made = secrets.encrypt({"secret": authenticators.new_secret()})
        request.session[_NEW] = made.decode()
    secret: Secret = secrets.decrypt(request.session[_NEW].encode())["secret"]
    return secret


def _added(request: HttpRequest, person: Any) -> HttpResponse:
    codes = factors.first_codes(person, here=request.session.session_key)
    said = _("Your authenticator app is added. You are logged out everywhere else")
    messages.success(request, said if codes else _("Your authenticator app is added"))
    if codes:
        show_codes(request, codes)
        return redirect("recovery-codes")
    return redirect("security")


@requires(SIGNED_IN)
@for_setting_up
@confirmed
def remove(request: HttpRequest) -> HttpResponse:
    """Ask, and forget the app."""
    person: Any = request.user
    return ask_and_remove(
        request, _("your authenticator app"), lambda: factors.remove_authenticator(person)
    )


def ask_and_remove(request: HttpRequest, what: str, verb: Callable[[], object]) -> HttpResponse:
    """A page that asks, and after it the verb; where a role needs what would go, the page says so."""
    error = ""
    if request.method == "POST":
        try:
            with beyond_limit():  # their own, whoever they are
                verb()
        except StillNeededError as still:
            error = str(still)
        else:
            messages.success(
                request, _("%(what)s is removed") % {"what": f"{what[:1].upper()}{what[1:]}"}
            )
            return redirect("security")
    title = _("Remove %(what)s?") % {"what": what}
    status = 422 if error else 200
    return shown(request, "remove", title=title, what=what, error=error, status=status)
