"""Doing something about a case: a remedy of documents is tried first, on a page of its own."""

from django.contrib import messages
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from monitoring import remedies
from monitoring.domain.deeds import NotDoneError
from monitoring.domain.fixing import NothingLeftError
from monitoring.domain.leases import HeldError
from monitoring.domain.states import NotNowError
from monitoring.models import CaseEvent, ExceptionCase, Fix
from monitoring.remedies import Remedy
from monitoring.views import case as pages
from monitoring.views.holding import refuse_if_held
from monitoring.views.loading import load
from portal.accounts.rules import requires

GONE = "Nothing was left to do: somebody took care of these documents meanwhile."


@requires("desk.work")
@require_POST
def remedy(request: HttpRequest, number: int, slug: str) -> HttpResponse:
    """Begin one remedy with the documents the page showed."""
    found = load(number)
    chosen = remedies.named(slug)
    if chosen is None:
        raise Http404
    situation = pages.situate(request, found, pages.documents_page(request, found))
    if not chosen.offered(situation):
        return _gone(request, found)
    form = chosen.form(situation, request.POST)
    if not form.is_valid():
        return _refused(request, found, chosen, form)
    try:
        refuse_if_held(found, situation.person)
        begun = chosen.apply(situation, form.cleaned_data)
    except NothingLeftError:
        return _gone(request, found)
    except NotDoneError as error:
        form.refuse(error) if hasattr(form, "refuse") else form.add_error(None, str(error))
        return _refused(request, found, chosen, form)
    except (HeldError, NotNowError) as error:
        messages.error(request, str(error))
        return _go(request, f"/cases/{found.pk}/")
    if isinstance(begun, Fix):
        return _go(request, f"/cases/{found.pk}/fixes/{begun.pk}/")
    return _done(request, found, begun)


def _refused(
    request: HttpRequest, found: ExceptionCase, chosen: Remedy, form: Form
) -> HttpResponse:
    """The page again with what is wrong. htmx takes nothing but a 200."""
    status = 200 if request.headers.get("HX-Request") else 422
    return pages.page(request, found, tried=(chosen, form), status=status)


def _gone(request: HttpRequest, found: ExceptionCase) -> HttpResponse:
    messages.info(request, GONE if found.is_open else f"{found.label} is closed already.")
    return _go(request, f"/cases/{found.pk}/")


def _go(request: HttpRequest, url: str) -> HttpResponse:
    """To another page. htmx would put it in the place of this one without its scripts."""
    if request.headers.get("HX-Request"):
        return HttpResponse(headers={"HX-Redirect": url})
    return redirect(url)


def _done(request: HttpRequest, found: ExceptionCase, event: CaseEvent) -> HttpResponse:
    url = f"/cases/{found.pk}/?done={event.pk}"
    if not request.headers.get("HX-Request"):
        return redirect(url)
    response = pages.page(request, load(found.pk), done=event)
    response["HX-Push-Url"] = url
    return response
