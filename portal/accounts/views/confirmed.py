"""Entering the password again before something that a stolen session must not do."""

from collections.abc import Callable
from functools import wraps
from typing import Any, Concatenate, ParamSpec
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from portal.accounts.domain import passwords, sessions
from portal.accounts.domain.lockout import LockedError, WrongError
from portal.accounts.forms import ConfirmForm
from portal.accounts.rules import SIGNED_IN, for_setting_up, requires
from portal.accounts.views import onward
from portal.accounts.views.login import refuse, status_of, tell_of_wait
from portal.accounts.views.page import shown
from portal.tenants.rows import beyond_limit

Given = ParamSpec("Given")
View = Callable[Concatenate[HttpRequest, Given], HttpResponse]
NOT_RIGHT = gettext_noop("That is not your password. Capitals count.")


def confirmed(view: View[Given]) -> View[Given]:
    """A view for whoever has signed in, or entered the password again, within the last ten minutes."""

    @wraps(view)
    def asked(request: HttpRequest, *args: Given.args, **kwargs: Given.kwargs) -> HttpResponse:
        if sessions.is_fresh(request):
            return view(request, *args, **kwargs)
        back = request.path if request.method == "GET" else reverse("security")
        return HttpResponseRedirect(f"{reverse('confirm')}?{urlencode({'next': back})}")

    return asked


@requires(SIGNED_IN)
@for_setting_up
def confirm(request: HttpRequest) -> HttpResponse:
    """Ask for the password again, and go on to where the person was going."""
    person: Any = request.user
    going = onward.asked_for(request) or reverse("security")
    form = ConfirmForm(request.POST or None)
    if request.method != "POST" or not form.is_valid():
        return _page(request, form, going, status=422 if form.errors else 200)
    try:
        with beyond_limit():  # their own password, whoever they are
            passwords.is_right(request, person, form.cleaned_data["password"])
    except (WrongError, LockedError) as error:
        refuse(form, error, wrong=NOT_RIGHT)
        answer = _page(request, form, going, status=status_of(error))
        return tell_of_wait(request, answer, error, person.email)
    sessions.confirm(request)
    return onward.go(going)


def _page(request: HttpRequest, form: ConfirmForm, going: str, *, status: int) -> HttpResponse:
    known = request.user.has_usable_password()  # type: ignore[union-attr]
    return shown(
        request, "confirm", title=_("Your password again"), form=form, next=going, known=known,
        status=status,
    )  # fmt: skip
