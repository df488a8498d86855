"""The mail that brings a customer the link of a question."""

from typing import Any

from django.http import HttpRequest
from django.template.loader import render_to_string

from monitoring.models import CaseQuestion
from monitoring.views import asked_words
from portal.core.mail import NotSentError
from portal.tenants import mailing
from portal.tenants.site import current_site

_TEXT, _HTML = "emails/question.txt", "emails/question.html"


def send(request: HttpRequest, question: CaseQuestion, *, url: str) -> dict[str, Any] | None:
    """Send it in the site's name; what became of it in words, or None when nobody was to get one."""
    if not question.email:
        return None
    partner: Any = request.tenant  # type: ignore[attr-defined]
    context = _context(question, partner, url=url)
    try:
        mailing.send(
            current_site(),
            kind="question",
            to=[question.email],
            subject=context["subject"],
            text=render_to_string(_TEXT, context),
            html=render_to_string(_HTML, context),
        )
    except NotSentError as error:
        text = f"Not sent to {question.email}: {error}. Send the link yourself."
        return {"state": "bad", "text": text}
    return {"state": "good", "text": f"Sent to {question.email}."}


def _context(question: CaseQuestion, partner: Any, *, url: str) -> dict[str, Any]:
    return {
        "brand": {
            "name": partner.name,
            "accent": partner.accent_light,
            "accent_ink": partner.accent_ink_light,
        },
        "subject": f"{partner.name} has a question for you",
        "question": question,
        "customer": question.customer.name,
        "about": asked_words.about(question.case),
        "labels": [option["label"] for option in question.options],
        "until": asked_words.until(question),
        "url": url,
    }
