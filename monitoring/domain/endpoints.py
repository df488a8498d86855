"""What a person does about an endpoint that cannot be reached: try it again, also with new credentials."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.db import transaction

from integrations.connectors.client import Check
from integrations.domain import credentials, health
from integrations.models import Message
from monitoring.domain import states
from monitoring.domain.deeds import NotDoneError
from monitoring.models import CaseEvent, ExceptionCase
from portal.jobs import lanes


@transaction.atomic
def try_again(case: ExceptionCase, *, person: Any) -> CaseEvent:
    """Close the endpoint's breaker now and let what waits go, in order. If it fails, the case comes
    back."""
    states.take(case.pk, person)
    endpoint = case.endpoint
    waiting = Message.objects.filter(
        endpoint=endpoint, direction="out", state__in=("waiting", "sending")
    ).count()
    health.reset(endpoint)
    lanes.wake("poll", str(endpoint.pk))
    return CaseEvent.objects.create(
        case=case, actor=person.name[:80], action="try", documents=waiting,
        text=f"Tried {endpoint.label} again, {waiting:,} waiting",
    )  # fmt: skip


class KeysRefusedError(NotDoneError):
    """The new credentials do not work; `checks` are the lines of the test."""

    def __init__(self, checks: Sequence[Check]) -> None:
        failed = next(check for check in checks if check.passed is False)
        super().__init__(f"Nothing was kept. {failed.text}")
        self.checks = checks


def enter_credentials(case: ExceptionCase, entered: Mapping[str, str], *, person: Any) -> CaseEvent:
    """Try new secrets, keep them if they work, then let what waits go. KeysRefusedError if they do not.

    HeldError when another has the case. The log names which secrets were entered, and none of them.
    """
    states.take(case.pk, person)
    checks = credentials.enter(case.endpoint, entered)
    if credentials.refused(checks):
        raise KeysRefusedError(checks)
    named = [s.label for s in credentials.wanted(case.endpoint) if entered.get(s.name)]
    CaseEvent.objects.create(
        case=case, actor=person.name[:80], action="credentials",
        text=f"Entered for {case.endpoint.label}: {', '.join(named)}"[:500],
    )  # fmt: skip
    return try_again(case, person=person)
