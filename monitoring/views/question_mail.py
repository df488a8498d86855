"""The mail that brings a customer the link of a question."""

from typing import Any

from monitoring.domain.notices import choices
from monitoring.models import CaseQuestion
from monitoring.views import asked_words
from portal.accounts import languages
from portal.core import tongue
from portal.core.mail import NotSentError
from portal.tenants import mailing
from portal.tenants.letter import letter
from portal.tenants.site import current_site


def send(question: CaseQuestion, *, url: str) -> dict[str, Any] | None:
    """Send it in the site's name; what became of it in words, or None when nobody was to get one."""
    if not question.email:
        return None
    if choices.unwilling("question", [question.email], customer_id=question.customer_id):
        text = f"{question.email} switched these mails off. Send the link yourself."
        return {"state": "bad", "text": text}
    try:
        with tongue.speaking(
            languages.of_address(question.email, customer_id=question.customer_id)
        ):
            _write(question, url=url)
    except NotSentError as error:
        text = f"Not sent to {question.email}: {error}. Send the link yourself."
        return {"state": "bad", "text": text}
    return {"state": "good", "text": f"Sent to {question.email}."}


def _write(question: CaseQuestion, *, url: str) -> None:
    site = current_site()
    said = letter("question", site, _variables(question), _context(question, url=url))
    mailing.send(site, kind="question", **said.parts, to=[question.email])


def _variables(question: CaseQuestion) -> dict[str, str]:
    return {
        "customer": question.customer.name,
        "person": question.asked_by,
        "until": asked_words.until(question),
    }


def _context(question: CaseQuestion, *, url: str) -> dict[str, Any]:
    return {
        "question": question,
        "customer": question.customer.name,
        "about": asked_words.about(question.case),
        "labels": [option["label"] for option in question.options],
        "until": asked_words.until(question),
        "url": url,
    }
