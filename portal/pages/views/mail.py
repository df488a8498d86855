"""The partner's own mail server: set up, tested, switched on; and what was sent to whom."""

from typing import Any, Final

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from portal.accounts.rules import requires
from portal.core.mail import Mail, NotSentError
from portal.pages.mail_form import MailServerForm
from portal.pages.views import mail_words
from portal.tenants.letter import letter
from portal.tenants.mailing import looking, server
from portal.tenants.models import MailServer, Partner, SentMail
from portal.tenants.site import current_site

MOST: Final = 200


@requires("mail.edit")
def mail(request: HttpRequest) -> HttpResponse:
    """The server and how it does; a POST keeps what was entered."""
    partner = _partner(request)
    kept = MailServer.objects.filter(partner=partner).first()
    given = request.POST if request.method == "POST" else None
    form = MailServerForm(given, partner=partner, kept=kept)
    if given is not None and form.is_valid():
        own = server.keep(partner, form.given(), password=form.password_given(), by=_who(request))
        looking.look(own)
        messages.success(request, "It is kept." if own.is_on else "It is kept. Send a test now.")
        return redirect("mail")
    shown = MailServer.objects.filter(partner=partner).first() if form.errors else kept
    context = {
        "tabs": mail_words.tabs("mail"),
        "form": form,
        "own": mail_words.page(shown) if shown else None,
        "without_own": mail_words.without_own(),
        "test_to": request.user.email,  # type: ignore[union-attr]
    }
    return render(request, "house/mail.html", context, status=422 if form.errors else 200)


@requires("mail.edit")
@require_POST
def test(request: HttpRequest) -> HttpResponse:
    """A mail to oneself; what the server answered stands on the page."""
    own, person = _own(request), _person(request)
    site = current_site()
    context = {"who": person.name, "host": own.host, "url": f"{site.url}/mail/"}
    mail = Mail(
        **letter("mail_test", site, {}, context).parts, to=[person.email],
        name=own.from_name or site.name, address=own.from_address, reply_to=own.reply_to,
    )  # fmt: skip
    try:
        said = server.test(own, mail, by=person.name)
    except NotSentError as error:
        why = f" It said: {error.said}" if error.said else ""
        messages.error(request, f"Not sent to {person.email}: {error}.{why}")
    else:
        messages.success(request, f"Taken for {person.email}. The server said: {said}")
    return redirect("mail")


@requires("mail.edit")
@require_POST
def switch(request: HttpRequest) -> HttpResponse:
    """On: mails go out over it. Off: over the shared one."""
    _own(request)
    on = request.POST.get("on") == "yes"
    try:
        own = server.switch(_partner(request), on=on, by=_who(request))
    except server.NotTestedError as error:
        messages.error(request, str(error))
    else:
        through_own = f"Mails go out through {own.host}"
        now = through_own if own.is_on else mail_words.without_own()
        messages.success(
            request, f"{now} from now on" if own.is_on else f"{own.host} is off. {now}"
        )
    return redirect("mail")


@requires("mail.edit")
@require_POST
def look(request: HttpRequest) -> HttpResponse:
    """At SPF, DKIM and DMARC of the sender's domain."""
    looking.look(_own(request))
    return redirect("mail")


@requires("mail.edit")
def forget(request: HttpRequest) -> HttpResponse:
    """Asks first: its password goes with it."""
    own = _own(request)
    if request.method == "POST":
        server.forget(_partner(request))
        messages.success(request, f"{own.host} is forgotten. {mail_words.without_own()}")
        return redirect("mail")
    context = {
        "question": f"Forget {own.host}?",
        "verb": "Forget the server",
        "danger_text": f"Its password goes with it. {mail_words.without_own()} then, and never in your"
        " sender’s name.",
        "back_url": "/mail/",
        "crumbs": [{"label": "Mail", "url": "/mail/"}],
    }
    return render(request, "asks_first.html", context)


@requires("mail.edit")
@require_safe
def log(request: HttpRequest) -> HttpResponse:
    """The last 200 mails of 90 days: kind, to whom, when, and what became of each."""
    sent = SentMail.objects.filter(partner=_partner(request)).order_by("-at", "-pk")[:MOST]
    context = {"tabs": mail_words.tabs("mail-log"), "mails": [mail_words.row(one) for one in sent]}
    return render(request, "house/mail_log.html", context)


def _own(request: HttpRequest) -> MailServer:
    own = MailServer.objects.filter(partner=_partner(request)).first()
    if own is None:
        raise Http404
    return own


def _partner(request: HttpRequest) -> Partner:
    partner: Partner = request.tenant  # type: ignore[attr-defined]
    return partner


def _person(request: HttpRequest) -> Any:
    return request.user


def _who(request: HttpRequest) -> str:
    return str(_person(request).name)
