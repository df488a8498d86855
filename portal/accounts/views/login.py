"""Signing in and out, the same on a partner's site and on the platform console."""

from django.conf import settings
from django.contrib import auth
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext, gettext_noop
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from portal.accounts.domain import mails, signing_in, ways
from portal.accounts.domain.lockout import LockedError, WrongError
from portal.accounts.domain.ways import OtherWayError
from portal.accounts.forms import LoginForm
from portal.accounts.models import Person
from portal.accounts.rules import OPEN_TO_ALL, requires
from portal.accounts.views import onward
from portal.core.afterwards import afterwards
from portal.core.sender import address_of
from portal.tenants.rows import lift_limit

NOT_FOUND = gettext_noop(
    "Email and password do not go together. Check both; capitals count in the password."
)
TOO_LATE = gettext_noop("The first step was too long ago. Log in again.")


@requires(OPEN_TO_ALL)
@never_cache
def login(request: HttpRequest) -> HttpResponse:
    """The first step: the password, or a passkey instead of all steps."""
    going = onward.asked_for(request)
    if request.user.is_authenticated:
        return onward.go(going)
    form = LoginForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        return _by_password(request, form, going)
    return _page(request, form, going, status=422 if form.errors else 200)


def _by_password(request: HttpRequest, form: LoginForm, going: str) -> HttpResponse:
    email = form.cleaned_data["username"]
    try:
        person = signing_in.by_password(
            request, email=email, password=form.cleaned_data["password"]
        )
    except OtherWayError as error:
        form.add_error(None, str(error))
        return _page(request, form, going, status=422)
    except (WrongError, LockedError) as error:
        refuse(form, error, wrong=NOT_FOUND)
        answer = _page(request, form, going, status=status_of(error))
        return tell_of_wait(request, answer, error, email)
    if signing_in.go_on(request, person, onward=going):
        return onward.go(going)
    return redirect(second_step_of(request, person))


def second_step_of(request: HttpRequest, person: Person) -> str:
    """The page of the person's second step: codes for whoever has an app, else a passkey that works here."""
    host = request.get_host().partition(":")[0]
    if hasattr(person, "authenticator") or not person.passkeys.filter(host=host).exists():
        return reverse("login-code")
    return reverse("login-passkey")


def refuse(form: Form, error: WrongError | LockedError, *, wrong: str) -> None:
    """Say on the form what is wrong, or how long to wait."""
    form.add_error(None, str(error) if isinstance(error, LockedError) else gettext(wrong))


def status_of(error: WrongError | LockedError) -> int:
    return 429 if isinstance(error, LockedError) else 422


def tell_of_wait(
    request: HttpRequest, answer: HttpResponse, error: WrongError | LockedError, email: str
) -> HttpResponse:
    """Say when to come back; after the answer, write to whoever's account has to wait from now on."""
    if isinstance(error, LockedError):
        answer["Retry-After"] = str(error.seconds)
    elif error.first_wait:
        address, agent = address_of(request), request.META.get("HTTP_USER_AGENT", "")
        afterwards(answer, lambda: mails.locked(email, address=address, agent=agent))
    return answer


def _page(request: HttpRequest, form: LoginForm, going: str, *, status: int) -> HttpResponse:
    notice = gettext(TOO_LATE) if "late" in request.GET else ""
    context = {"form": form, "next": going, "notice": notice, "providers": ways.providers()}
    return render(request, "login.html", context, status=status)


@requires(OPEN_TO_ALL)
@require_POST
def logout(request: HttpRequest) -> HttpResponse:
    """End the session."""
    lift_limit()  # the session is not among what the customer role may touch
    auth.logout(request)
    return redirect(settings.LOGOUT_REDIRECT_URL)
