"""Doing something about a case."""

from django.contrib import messages
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from monitoring import remedies
from monitoring.domain import states
from monitoring.domain.deeds import NotDoneError
from monitoring.domain.fixing import NothingLeftError
from monitoring.domain.leases import HeldError
from monitoring.domain.states import NotNowError
from monitoring.models import CaseEvent, ExceptionCase, Fix
from monitoring.remedies import Remedy
from monitoring.views import case as pages
from portal.accounts.rules import requires

_GONE = "Nothing was left to do: somebody took care of these documents meanwhile."


@requires("desk.work")
@require_POST
def remedy(request: HttpRequest, number: int, slug: str) -> HttpResponse:
    """Apply one remedy to the documents the page showed."""
    found = pages.load(number)
    chosen = next((one for one in remedies.ALL if one.slug == slug), None)
    if chosen is None:
        raise Http404
    situation = pages.situate(request, found, pages.documents_page(request, found))
    if not chosen.offered(situation):
        return _gone(request, found)
    form = chosen.form(situation, request.POST)
    if not form.is_valid():
        return _refused(request, found, chosen, form)
    try:
        begun = chosen.apply(situation, form.cleaned_data)
    except NothingLeftError:
        return _gone(request, found)
    except NotDoneError as error:
        form.refuse(str(error)) if hasattr(form, "refuse") else form.add_error(None, str(error))
        return _refused(request, found, chosen, form)
    except (HeldError, NotNowError) as error:
        messages.error(request, str(error))
        return redirect(f"/cases/{found.pk}/")
    if isinstance(begun, Fix):
        return redirect(f"/cases/{found.pk}/fixes/{begun.pk}/")
    return _done(request, found, begun)


@requires("desk.work")
@require_POST
def comment(request: HttpRequest, number: int) -> HttpResponse:
    """A note for colleagues."""
    found = pages.load(number)
    text = request.POST.get("comment", "").strip()[:500]
    if text:
        states.comment(found, text=text, actor=request.user.name)  # type: ignore[union-attr]
    return redirect(f"/cases/{number}/")


def _refused(
    request: HttpRequest, found: ExceptionCase, chosen: Remedy, form: Form
) -> HttpResponse:
    """The page again with what is wrong. htmx takes nothing but a 200."""
    status = 200 if request.headers.get("HX-Request") else 422
    return pages.page(request, found, tried=(chosen, form), status=status)


def _gone(request: HttpRequest, found: ExceptionCase) -> HttpResponse:
    messages.info(request, _GONE)
    return redirect(f"/cases/{found.pk}/")


def _done(request: HttpRequest, found: ExceptionCase, event: CaseEvent) -> HttpResponse:
    url = f"/cases/{found.pk}/?done={event.pk}"
    if not request.headers.get("HX-Request"):
        return redirect(url)
    response = pages.page(request, pages.load(found.pk), done=event)
    response["HX-Push-Url"] = url
    return response
