"""What every site has whoever looks: the way in, its colours, the theme, one's own settings."""

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from portal.accounts.forms import SettingsForm
from portal.accounts.models import Person
from portal.accounts.rules import OPEN_TO_ALL, SIGNED_IN, requires
from portal.pages import context, nav
from portal.pages.brand_shown import stylesheet_version
from portal.pages.readers import defaults_of
from portal.tenants.colour import stylesheet
from portal.tenants.rows import beyond_limit

YEAR = 365 * 24 * 3600


@requires(SIGNED_IN)
def home(request: HttpRequest) -> HttpResponse:
    """Everyone lands on the first page of their work."""
    partner: Any = request.tenant  # type: ignore[attr-defined]
    person: Any = request.user
    groups = context.groups_of(person, partner)
    return redirect(nav.first_page(groups, person, off=partner.flags_off))


@requires(OPEN_TO_ALL)
def brand_css(request: HttpRequest) -> HttpResponse:
    """The partner's accents as custom properties; kept as long as the address names their version."""
    brand = request.brand  # type: ignore[attr-defined]
    response = HttpResponse(stylesheet(brand.colours), content_type="text/css")
    current = request.GET.get("v") == stylesheet_version(brand)
    response["Cache-Control"] = f"public, max-age={YEAR}, immutable" if current else "no-cache"
    return response


@requires(OPEN_TO_ALL)
@require_POST
def theme(request: HttpRequest) -> HttpResponse:
    """Fix the theme, or follow the system again. Scripts set the same cookie themselves."""
    back = request.headers.get("Referer", "")
    safe = url_has_allowed_host_and_scheme(back, allowed_hosts={request.get_host()})
    response = HttpResponseRedirect(back if safe else "/")
    chosen = request.POST.get("theme", "")
    if chosen in context.THEMES:
        response.set_cookie(
            "theme", chosen, max_age=YEAR, samesite="Lax", secure=settings.SESSION_COOKIE_SECURE
        )
    return response


@requires(SIGNED_IN)
def you(request: HttpRequest) -> HttpResponse:
    """What a person decides about their own pages."""
    person: Any = request.user
    defaults = defaults_of(request)
    form = SettingsForm(
        request.POST or None, person=person, zone=defaults.zone, language=defaults.language
    )
    if request.method == "POST" and form.is_valid():
        with beyond_limit():  # their own row, whoever they are
            Person.objects.filter(pk=person.pk).update(**form.cleaned_data)
        messages.success(request, _("Your settings are saved"))
        return redirect("you")
    return render(request, "you.html", {"form": form}, status=422 if form.errors else 200)
