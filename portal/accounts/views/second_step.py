"""What comes after a right password, and the passkey that needs none."""

from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext_noop
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from portal.accounts.domain import passkeys, signing_in
from portal.accounts.domain.lockout import LockedError, WrongError
from portal.accounts.domain.passkeys import NotAcceptedError, Place
from portal.accounts.domain.signing_in import OverError, Pending
from portal.accounts.forms import CodeForm
from portal.accounts.rules import OPEN_TO_ALL, requires
from portal.accounts.views import onward
from portal.accounts.views.login import refuse, status_of, tell_of_wait

WRONG_CODE = gettext_noop(
    "That code does not fit. Wait for the next one of the app: each works once, recovery codes too."
)


def place_of(request: HttpRequest) -> Place:
    """The site as passkeys know it."""
    host = request.get_host()
    name: str = request.tenant.name  # type: ignore[attr-defined]
    return Place(host.partition(":")[0], f"{request.scheme}://{host}", name)


@requires(OPEN_TO_ALL)
@never_cache
def code(request: HttpRequest) -> HttpResponse:
    """The second step by a code of the app, or by a recovery code."""
    if request.user.is_authenticated:
        return onward.go("")
    waiting = signing_in.pending(request)
    if waiting is None:
        return _start_again(request)
    form = CodeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        return _by_code(request, form, waiting)
    return _code_page(request, form, waiting, status=422 if form.errors else 200)


def _by_code(request: HttpRequest, form: CodeForm, waiting: Pending) -> HttpResponse:
    try:
        return onward.go(signing_in.by_code(request, form.cleaned_data["code"]).onward)
    except OverError:
        return _start_again(request)
    except (WrongError, LockedError) as error:
        refuse(form, error, wrong=WRONG_CODE)
        answer = _code_page(request, form, waiting, status=status_of(error))
        return tell_of_wait(request, answer, error, waiting.person.email)


def _code_page(
    request: HttpRequest, form: CodeForm, waiting: Pending, *, status: int
) -> HttpResponse:
    person = waiting.person
    context: dict[str, Any] = {
        "form": form,
        "email": person.email,
        "app": hasattr(person, "authenticator"),
        "passkey": passkeys.usable(person, place_of(request).host),
    }
    return render(request, "accounts/code.html", context, status=status)


def _start_again(request: HttpRequest) -> HttpResponse:
    return redirect(f"{reverse('login')}?late=1")


@requires(OPEN_TO_ALL)
@never_cache
def passkey(request: HttpRequest) -> HttpResponse:
    """Signing in by a passkey: alone, or as the second step."""
    going = onward.asked_for(request)
    if request.user.is_authenticated:
        return onward.go(going)
    if request.method != "POST":
        return _passkey_page(request, going)
    try:
        signed_in = signing_in.by_passkey(
            request, place_of(request), request.POST.get("credential", "")
        )
    except LockedError as error:
        answer = _passkey_page(request, going, error=str(error), status=429)
        answer["Retry-After"] = str(error.seconds)
        return answer
    except NotAcceptedError as error:
        return _passkey_page(request, going, error=str(error), status=422)
    return onward.go(signed_in.onward or going)


def _passkey_page(
    request: HttpRequest, going: str, *, error: str = "", status: int = 200
) -> HttpResponse:
    waiting = signing_in.pending(request)
    context = {"next": going, "error": error, "email": waiting.person.email if waiting else ""}
    return render(request, "accounts/passkey.html", context, status=status)


@requires(OPEN_TO_ALL)
@never_cache
@require_POST
def passkey_options(request: HttpRequest) -> HttpResponse:
    """What the browser has to ask a passkey for."""
    return JsonResponse(signing_in.ask_for_passkey(request, place_of(request)))
