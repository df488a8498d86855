"""Who has the ball: us, the customer, or a third party. The clocks are measured from it."""

from collections.abc import Mapping, Sequence

from monitoring.models import CaseSpan, ExceptionCase
from portal.core import clock

Party = ExceptionCase.Party


def begin(cases: Sequence[ExceptionCase], *, reason: str) -> None:
    """The ball is ours from now on: the cases opened, or came back."""
    now = clock.now()
    CaseSpan.objects.bulk_create(
        CaseSpan(case=case, party=Party.US, reason=reason, began_at=now) for case in cases
    )


def hand(cases: Sequence[ExceptionCase], party: str, *, reason: str) -> None:
    """Somebody else has the ball of these cases, or we have it again. The same party goes on as it is."""
    now, reason = clock.now(), reason[:200]
    running = list(CaseSpan.objects.filter(case__in=cases, ended_at=None))
    going_on = {s.case_id for s in running if (s.party, s.reason) == (party, reason)}
    ended = [span.pk for span in running if span.case_id not in going_on]
    CaseSpan.objects.filter(pk__in=ended).update(ended_at=now)
    CaseSpan.objects.bulk_create(
        CaseSpan(case=case, party=party, reason=reason, began_at=now)
        for case in cases
        if case.pk not in going_on
    )


def correct(holders: Mapping[int, tuple[str, str]]) -> None:
    """Of these cases, who has had the ball all along since it last changed hands: case number →
    (party, reason). What was handed over by mistake counts as if it had not been."""
    running = list(CaseSpan.objects.filter(case__in=holders, ended_at=None))
    wrong = [
        span for span in running
        if span.party != holders[span.case_id][0]
        or (span.party != Party.US and span.reason != holders[span.case_id][1])
    ]  # fmt: skip
    for span in wrong:
        span.party, span.reason = holders[span.case_id]
    CaseSpan.objects.bulk_update(wrong, ["party", "reason"])
