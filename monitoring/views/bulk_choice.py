"""Which cases a person chose on the desk: by their boxes, or all that its filters match."""

from typing import Any

from django.db.models import QuerySet
from django.http import QueryDict

from monitoring.models import ExceptionCase
from monitoring.queries import choice as choices
from monitoring.queries import desk
from monitoring.views import choosing
from portal.core import clock

_MOST_DIGITS = 18


def chosen_cases(given: QueryDict, person: Any) -> QuerySet[ExceptionCase] | list[int]:
    """`case`: the numbers of the boxes. `all`: everything that matches `query`, as it stands in the
    desk's address, and not only the page that was shown."""
    if given.get("all"):
        return _matching(QueryDict(given.get("query", "")), person)
    texts = given.getlist("case")
    return [int(t) for t in texts if t.isascii() and t.isdigit() and len(t) <= _MOST_DIGITS]


def _matching(query: QueryDict, person: Any) -> QuerySet[ExceptionCase]:
    choice = choosing.read(query)
    cases = ExceptionCase.objects.filter(choices.wanted(choice, person))
    return desk.ordered(cases, at=clock.now(), by_end=choice.view == "closed")
