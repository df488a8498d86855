"""What a person sees when a request fails: in the site's brand, without needing a person."""

from typing import Any, Final

import structlog
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.utils.translation import get_language, gettext, gettext_noop

from integrations.views.hidden import who_grants
from portal.core import links, problem_json, tongue
from portal.core.ids import short, uuid7
from portal.pages import context, readers, works_for
from portal.tenants.flag_kinds import Flag
from portal.tenants.models import Partner

CLOSED_FOR: Final = 3600  # seconds until a program that found a site closed looks again
log = structlog.get_logger()


_REFUSALS = {
    403: (
        gettext_noop("The page was open for too long"),
        gettext_noop("Nothing was changed. Load the page again and repeat what you did."),
    ),
    400: (
        gettext_noop("This request cannot be read"),
        gettext_noop(
            "It holds characters that no form of ours sends. Load the page again and repeat."
        ),
    ),
    405: (
        "Pages do not take this",
        "They are asked for, and forms are sent to them. Programs use the API.",
    ),
    408: (
        gettext_noop("This took too long to arrive"),
        gettext_noop("Nothing was changed. Look at your connection and send it again."),
    ),
    413: (
        gettext_noop("This is too large"),
        gettext_noop("A form may have at most 10 MB with its files."),
    ),
    503: (
        gettext_noop("Too much is arriving at once"),
        gettext_noop("Nothing was changed. Send it again in a moment."),
    ),
}


def unreadable(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return refused(request, 400)


def refused(request: HttpRequest, status: int) -> HttpResponse:
    """A request that reached no view: 400, 403 without its token, 405, 408, 413 or 503."""
    if problem_json.wants_problem(request):
        response = problem_json.answer(problem_json.slug_of(status))
    else:
        response = _refused_page(request, status)
    if status == 503:
        response["Retry-After"] = "5"
    return response


def _refused_page(request: HttpRequest, status: int) -> HttpResponse:
    """In the reader's language. Some are refused before anybody knows who asks: then in the browser's."""
    language = get_language() if hasattr(request, "user") else readers.asked_by_browser(request)
    with tongue.speaking(tongue.first(language or "")):
        title, reason = (gettext(text) for text in _REFUSALS[status])
        return _page(request, status, template="refused", title=title, reason=reason)


def not_allowed(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    if problem_json.wants_problem(request):
        return problem_json.answer("not-allowed", str(exception or ""))
    return _page(request, 403, reason=str(exception or ""), who=_who_grants(request))


def for_all(request: HttpRequest) -> HttpResponse:
    """Somebody who works for some customers would have changed what is for all, or another's."""
    names = works_for.names()
    who = f"{', '.join(names[:-1])} and {names[-1]}" if len(names) > 1 else "".join(names)
    reason = (
        f"This is for all customers; you work for {who or 'no customer now'}. Nothing was changed."
        " Ask somebody who works for all customers."
    )
    if problem_json.wants_problem(request):
        return problem_json.answer("not-allowed", reason)
    return _page(request, 403, template="refused", title="Not yours to change", reason=reason)


def _who_grants(request: HttpRequest) -> str:
    """Whom one of the partner's people can ask. A customer's people do not learn who is who here."""
    person = getattr(request, "user", None)
    if person is None or not person.is_authenticated or person.is_customer:
        return ""
    return who_grants()


def not_included(request: HttpRequest, flag: Flag) -> HttpResponse:
    """A feature that the partner's tier leaves out."""
    reason = f"{flag.label}: this is not part of what your site has. {flag.off}"
    if problem_json.wants_problem(request):
        return problem_json.answer("not-included", reason)
    return _page(request, 403, template="refused", title="Not switched on here", reason=reason)


def closed(request: HttpRequest, partner: Partner) -> HttpResponse:
    """The site of a partner that is suspended (come again) or archived (do not), for whoever comes."""
    for_now = partner.state == Partner.State.SUSPENDED
    if problem_json.wants_problem(request):
        response = problem_json.answer("closed" if for_now else "gone")
    else:
        status = 503 if for_now else 410
        language = tongue.first(readers.asked_by_browser(request), partner.language)
        with tongue.speaking(language):
            response = _page(request, status, template="closed", for_now=for_now)
    if for_now:
        response["Retry-After"] = str(CLOSED_FOR)
    return response


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    if problem_json.wants_problem(request):
        return problem_json.answer("not-found")
    return _page(request, 404)


def forged(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form came without its token: an old tab, or another site's doing."""
    if problem_json.wants_problem(request):
        return problem_json.answer("forged")
    return refused(request, 403)


def failed(request: HttpRequest) -> HttpResponse:
    """Our fault; the reference leads from what the person tells us to the log."""
    reference = short(uuid7())
    log.error("page failed", reference=reference, path=_path(request), method=request.method)
    return failure(request, reference)


def failure(request: HttpRequest, reference: str) -> HttpResponse:
    """What is seen of a fault of ours."""
    if problem_json.wants_problem(request):
        return problem_json.answer("failed", reference=reference)
    return _page(request, 500, reference=reference)


def _page(request: HttpRequest, status: int, *, template: str = "", **facts: Any) -> HttpResponse:
    shown = context.plain(request) if hasattr(request, "tenant") else {}
    text = render_to_string(f"errors/{template or status}.html", {**shown, **facts})
    return HttpResponse(text, status=status)


def _path(request: HttpRequest) -> str:
    """Where it happened. The address of such a link is its key, and no log holds keys."""
    doors = (door for door in links.DOORS if request.path.startswith(door))
    return next((f"{door}…" for door in doors), request.path)
