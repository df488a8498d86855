"""The figures over the desk: what is open and at stake, and how many cases each view has."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, NamedTuple

from django.db.models import Count, Min, Q, Sum

from monitoring.models import ExceptionCase
from monitoring.queries import choice, risk
from monitoring.queries.choice import IS_OF_DOCUMENTS, IS_OPEN
from monitoring.queries.risk import Stake


class Tally(NamedTuple):
    """What is open. `documents`: those that cases hold, and not what others wait for. `views` and `saved`:
    cases of each, in their order; `matching`: of the choice."""

    cases: int
    documents: int
    oldest: datetime | None
    views: dict[str, int]
    saved: list[int]
    matching: int
    stake: Stake


def tally(person: Any, *, matching: Q, saved: Sequence[Q] = ()) -> Tally:
    """Count all of it in one query; what is at stake takes two more."""
    views = {f"view_{name}": choice.in_view(name, person) for name in choice.VIEWS}
    own = {f"saved_{place}": condition for place, condition in enumerate(saved)}
    asked = {**views, **own, "matching": matching}
    found = ExceptionCase.objects.filter(IS_OPEN | choice.closed_today()).aggregate(
        held=Sum("documents", filter=IS_OPEN & IS_OF_DOCUMENTS, default=0),
        all_documents=Sum("documents", filter=IS_OPEN, default=0),
        oldest=Min("opened_at", filter=IS_OPEN),
        **{name: Count("pk", filter=condition) for name, condition in asked.items()},
    )
    return Tally(
        cases=found["view_"],
        documents=found["held"],
        oldest=found["oldest"],
        views={name: found[f"view_{name}"] for name in choice.VIEWS},
        saved=[found[name] for name in own],
        matching=found["matching"],
        stake=risk.stake(documents=found["all_documents"]),
    )
