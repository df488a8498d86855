"""The page that the link at the end of a mail opens. Looking changes nothing, because mail programs open
links, too; mail programs that offer to unsubscribe post to the same address (RFC 8058).
"""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt

from monitoring.domain.notices import unsubscribing
from monitoring.models import NoticeMail
from monitoring.notification_forms import LABELS
from portal.accounts.rules import OPEN_TO_ALL, requires
from portal.core.links import NoLinkError
from portal.tenants.rows import beyond_limit


@csrf_exempt  # the token in the address is what allows it: a mail program has no form of ours
@requires(OPEN_TO_ALL)
def unsubscribe(request: HttpRequest, token: str) -> HttpResponse:
    is_used = request.method == "POST"
    try:
        # The link is the right to do so, also for somebody who is signed in as a customer.
        with beyond_limit():
            mail = unsubscribing.use(token) if is_used else unsubscribing.find(token)
        context, status = _shown(mail, is_used=is_used), 200
    except NoLinkError:
        over = _("It is not whole, or was never ours. Open it again from the mail you got.")
        context, status = {"title": _("This link does not work"), "over": over}, 404
    page = render(request, "customer/unsubscribe.html", context, status=status)
    page["Cache-Control"] = "no-store"
    page["Referrer-Policy"] = "same-origin"
    page["X-Robots-Tag"] = "noindex"
    return page


def _shown(mail: NoticeMail, *, is_used: bool) -> dict[str, Any]:
    title = _("You get no more of these mails") if is_used else _("No more of these mails?")
    kinds = [str(LABELS[kind][0]) for kind in mail.kinds if kind in LABELS]
    return {"title": title, "kinds": kinds, "email": mail.person.email, "done": is_used}
