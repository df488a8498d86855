"""The questions of a case in the operator's words: where each of them stands."""

from typing import Any

from integrations.views import spoken
from monitoring.domain import questions
from monitoring.models import CaseQuestion


def row(question: CaseQuestion) -> dict[str, Any]:
    """One line of the list."""
    shape, word = _state(question)
    return {
        "text": question.text,
        "shape": shape,
        "word": word,
        "to": question.email or "by link",
        "by": question.asked_by,
        "asked": spoken.moment(question.asked_at),
        "until": spoken.moment(question.expires_at),
        "remark": question.remark,
        "revoke_url": ""
        if questions.why_over(question)
        else f"/cases/{question.case_id}/ask/{question.pk}/revoke/",
    }


def _state(question: CaseQuestion) -> tuple[str, str]:
    if question.answered_at:
        return "good", f"answered: {question.answer}"
    if question.revoked_at:
        return "due", "taken back"
    if questions.why_over(question):
        return "risk", "no answer"
    opened = question.opened_at
    return "waiting", f"opened {spoken.moment(opened)}" if opened else "not opened yet"
