"""Which cases a person chose on the desk: by their boxes, or all that its filters match."""

from django.db.models import QuerySet
from django.http import QueryDict

from monitoring.models import ExceptionCase
from monitoring.queries import desk

_COLUMNS = {"customer": "customer__slug", "cause": "code", "endpoint": "endpoint__slug"}
_MOST_DIGITS = 18


def chosen_cases(given: QueryDict) -> QuerySet[ExceptionCase] | list[int]:
    """`case`: the numbers of the boxes. `all`: everything that matches `query`, as it stands in the
    desk's address, and not only the page that was shown."""
    if given.get("all"):
        return _matching(QueryDict(given.get("query", "")))
    texts = given.getlist("case")
    return [int(t) for t in texts if t.isascii() and t.isdigit() and len(t) <= _MOST_DIGITS]


def _matching(query: QueryDict) -> QuerySet[ExceptionCase]:
    cases = desk.in_view(query.get("view", ""))
    wanted = {column: query.get(name) for name, column in _COLUMNS.items()}
    cases = cases.filter(**{column: value for column, value in wanted.items() if value})
    text = query.get("q", "").strip()
    return (desk.matching(cases, text) if text else cases).order_by(*desk.ORDER)
