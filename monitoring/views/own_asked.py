"""What a customer asked us, and what we answered. Runs under the customer's database role."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _

from integrations.views import spoken
from monitoring.domain.own_question import CODE
from monitoring.models import ExceptionCase
from monitoring.queries.asked import Note
from portal.core import clock

MOST = 20
SHOWN_FOR = timedelta(days=30)


def asked(customer_id: int, notes: Sequence[Note]) -> list[dict[str, Any]]:
    """Their questions that are open or were answered lately, the newest first, each with its answers."""
    recent = Q(closed_at=None) | Q(closed_at__gte=clock.now() - SHOWN_FOR)
    found = ExceptionCase.objects.filter(recent, customer_id=customer_id, code=CODE)
    return [_shown(one, notes) for one in found.order_by("-number")[:MOST]]


def _shown(case: ExceptionCase, notes: Sequence[Note]) -> dict[str, Any]:
    answers = [note for note in notes if note.case == case.pk]
    return {
        "text": case.customer_title,
        "at": spoken.moment(case.opened_at),
        "answers": [{"at": spoken.moment(one.at), "text": one.text} for one in answers[::-1]],
        **_standing(case, is_answered=bool(answers)),
    }


def _standing(case: ExceptionCase, *, is_answered: bool) -> dict[str, str]:
    if not case.is_open:
        return {"shape": "good", "word": _("done")}
    if is_answered:
        return {"shape": "good", "word": _("answered")}
    return {"shape": "work", "word": _("we are on it")}
