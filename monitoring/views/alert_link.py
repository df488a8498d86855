"""The page that the link of a message opens: for whoever has the link. Looking changes nothing, because
mail programs and chat rooms open links, too.
"""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from integrations.views import spoken
from monitoring.domain.alerts import acknowledging
from monitoring.models import Alert
from monitoring.views import alert_words
from portal.accounts.rules import OPEN_TO_ALL, requires
from portal.core.links import LinkOverError, NoLinkError
from portal.tenants.rows import beyond_limit

NOT_WHOLE = (
    "It is not whole, or was never ours. Open it again from the message you got, or sign in to see"
    " what fires."
)


@requires(OPEN_TO_ALL)
def take(request: HttpRequest, token: str) -> HttpResponse:
    """What the message was about, and a button that says "I have it"."""
    try:
        # The link is the right to say so, also for somebody who is signed in as a customer.
        with beyond_limit():
            context, status = _use(token) if request.method == "POST" else _look(token), 200
    except NoLinkError:
        context, status = {"title": "This link does not work", "over": NOT_WHOLE}, 404
    except LinkOverError as error:
        context, status = {"title": "This link is over", "over": str(error)}, 410
    page = render(request, "monitoring/alert_link.html", context, status=status)
    page["Cache-Control"] = "no-store"
    # Not `no-referrer`: with that a browser sends our own form from nowhere, and it is refused.
    page["Referrer-Policy"] = "same-origin"
    page["X-Robots-Tag"] = "noindex"
    return page


def _look(token: str) -> dict[str, Any]:
    message = acknowledging.find(token)
    found = acknowledging.alerts_of(message)
    return {"title": "Do you have it?", "alerts": [_alert(one) for one in found]}


def _use(token: str) -> dict[str, Any]:
    message = acknowledging.use(token)
    found = acknowledging.alerts_of(message)
    who = acknowledging.who(message)
    return {"title": "You have it", "done": who, "alerts": [_alert(one) for one in found]}


def _alert(alert: Alert) -> dict[str, Any]:
    return {
        "severity": f"S{alert.severity}",
        "title": alert.title,
        "where": alert_words.where(alert),
        "since": spoken.moment(alert.raised_at),
        "state": alert_words.state(alert),
        "url": f"/cases/{alert.case_id}/" if alert.case_id else "/alerts/",
    }
