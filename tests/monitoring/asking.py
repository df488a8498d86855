"""Asking the customer of a case in tests."""

from datetime import timedelta
from typing import Any

from monitoring.domain import questions
from monitoring.models import CaseQuestion, ExceptionCase

YES = {
    "label": "Yes",
    "remedy": "lookup",
    "terms": {"table": "sku", "code": "TENT-OLD", "value": "TENT-2P", "insist": False},
    "words": "TENT-OLD → TENT-2P added to lookup sku",
}
NO = {"label": "No", "remedy": "", "terms": {}, "words": ""}
TEXT = "Is TENT-OLD the same as TENT-2P?"


def ask(case: ExceptionCase, person: Any, **fields: Any) -> tuple[CaseQuestion, str]:
    """Yes or no, for three days; Yes adds a lookup row."""
    wanted = {
        "text": TEXT,
        "form": "yes_no",
        "options": [YES, NO],
        "email": "",
        "lasts": timedelta(days=3),
        **fields,
    }
    return questions.ask(case, person=person, **wanted)


def told(case: ExceptionCase, *actions: str) -> list[tuple[str, str]]:
    """Who said what in the log of the case, of these actions, oldest first."""
    events = case.events.filter(action__in=actions).order_by("pk")
    return list(events.values_list("actor", "text"))
