"""A new password for whoever forgot theirs."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from portal.accounts.domain import lockout, mails, passwords
from portal.accounts.domain.lockout import LockedError
from portal.accounts.forms import ForgotForm, NewPasswordForm
from portal.accounts.rules import OPEN_TO_ALL, requires
from portal.core.afterwards import afterwards
from portal.tenants.rows import beyond_limit


@requires(OPEN_TO_ALL)
@never_cache
def forgot(request: HttpRequest) -> HttpResponse:
    """Ask for a link by mail. The answer is the same whether or not there is such a person."""
    form = ForgotForm(request.POST or None)
    if request.method != "POST" or not form.is_valid():
        context = {"form": form, "sent": "sent" in request.GET}
        status = 422 if form.errors else 200
        return render(request, "accounts/forgot.html", context, status=status)
    email = form.cleaned_data["email"]
    try:
        with beyond_limit():  # a customer's person may be signed in at the same time
            passwords.ask_for_link(request, email)
    except LockedError as error:
        form.add_error(None, str(error))
        refused = render(request, "accounts/forgot.html", {"form": form}, status=429)
        refused["Retry-After"] = str(error.seconds)
        return refused
    answer = redirect(f"{reverse('forgot')}?sent=1")
    afterwards(answer, lambda: mails.password_link(email))
    return answer


@requires(OPEN_TO_ALL)
@never_cache
def reset(request: HttpRequest, token: str) -> HttpResponse:
    """Set a new password by the link. Nobody is signed in by it: a second step stays a second step."""
    with beyond_limit():  # whoever is signed in: the link says whose password it is
        person = passwords.whose(token)
    if person is None:
        return render(request, "accounts/reset.html", {"form": None}, status=404)
    form = NewPasswordForm(request.POST or None, person=person)
    if request.method == "POST" and form.is_valid():
        with beyond_limit():
            passwords.change(person, form.cleaned_data["new"])
            lockout.forgive(person.email)
        messages.success(request, _("Your new password is set. Log in with it"))
        return redirect("login")
    status = 422 if form.errors else 200
    return render(request, "accounts/reset.html", {"form": form}, status=status)
