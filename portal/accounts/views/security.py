"""How a person signs in: their password, their app, their passkeys, their recovery codes."""

from typing import Any

from django.contrib import auth, messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from portal.accounts.domain import passwords, recovery
from portal.accounts.domain.lockout import LockedError, WrongError
from portal.accounts.forms import NewPasswordForm
from portal.accounts.models import Authenticator, Passkey
from portal.accounts.rules import SIGNED_IN, for_setting_up, requires
from portal.accounts.views.confirmed import NOT_RIGHT, confirmed
from portal.accounts.views.login import refuse, status_of, tell_of_wait
from portal.accounts.views.page import shown
from portal.core import secrets
from portal.tenants.rows import beyond_limit

_CODES = "codes"


@requires(SIGNED_IN)
@for_setting_up
def security(request: HttpRequest) -> HttpResponse:
    """The state of each, and what to do about it."""
    person: Any = request.user
    with beyond_limit():  # their own, whoever they are
        context = {
            "app": Authenticator.objects.filter(person=person).first(),
            "passkeys": list(Passkey.objects.filter(person=person)),
            "codes": recovery.left(person),
            "reset": person.factor_resets.order_by("-at").first(),
            "missing": request.lacks_second_step,  # type: ignore[attr-defined]
            "asked_for": person.role.requires_mfa,
            "host": request.get_host().partition(":")[0],
        }
    return shown(request, "security", title=_("Security"), **context)


@requires(SIGNED_IN)
@for_setting_up
def password(request: HttpRequest) -> HttpResponse:
    """Change one's own password; every other session ends."""
    person: Any = request.user
    form = NewPasswordForm(request.POST or None, person=person, asks_old=True)
    if request.method != "POST" or not form.is_valid():
        return _password_page(request, form, status=422 if form.errors else 200)
    try:
        with beyond_limit():  # their own password, whoever they are
            passwords.is_right(request, person, form.cleaned_data["old"])
            passwords.change(person, form.cleaned_data["new"], but=request.session.session_key)
            auth.update_session_auth_hash(request, person)
    except (WrongError, LockedError) as error:
        refuse(form, error, wrong=NOT_RIGHT)
        answer = _password_page(request, form, status=status_of(error))
        return tell_of_wait(request, answer, error, person.email)
    messages.success(request, _("Your password is changed. You are logged out everywhere else"))
    return redirect("security")


def _password_page(request: HttpRequest, form: NewPasswordForm, *, status: int) -> HttpResponse:
    return shown(
        request, "form", title=_("Change password"), form=form, submit=_("Change password"),
        lead=_("You stay logged in here, and are logged out everywhere else."), status=status,
    )  # fmt: skip


@requires(SIGNED_IN)
@for_setting_up
@confirmed
@require_POST
def renew_codes(request: HttpRequest) -> HttpResponse:
    """Make new recovery codes; the old ones are void."""
    with beyond_limit():
        show_codes(request, recovery.renew(request.user))  # type: ignore[arg-type]
    return redirect("recovery-codes")


def show_codes(request: HttpRequest, codes: list[str]) -> None:
    """Keep codes until the next page has shown them, once."""
    request.session[_CODES] = secrets.encrypt({"codes": codes}).decode()


@requires(SIGNED_IN)
@for_setting_up
def codes(request: HttpRequest) -> HttpResponse:
    """Recovery codes that were made just now. Looking again shows nothing."""
    kept = request.session.pop(_CODES, None)
    if kept is None:
        return redirect("security")
    plain = [code.reveal() for code in secrets.decrypt(kept.encode())["codes"]]
    return shown(request, "codes", title=_("Recovery codes"), codes=plain)
